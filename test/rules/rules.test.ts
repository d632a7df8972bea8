import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { metrics } from '../../pipeline/metrics/index.ts'
import { errorCodes } from '../../pipeline/model/errors.ts'
import { renderMetrics } from '../support/metrics_doc.ts'
import { floatsIn, moneyPath } from './floats.ts'
import { findCycle, importsOf, sourceFiles, violations } from './imports.ts'

/** Behind it docs/metrics.md is written from the declarations. */
const generatedMark = '<!-- From here on: written from the declarations by `npm run docs`. -->\n\n'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

describe('imports', () => {
  it('follow the direction of the data', () => {
    const files = sourceFiles(root)
    const imports = files.flatMap((f) => importsOf(root, f))
    expect(files.length).toBeGreaterThan(60)
    expect(imports.length).toBeGreaterThan(200)
    expect(violations(imports)).toEqual([])
    expect(findCycle(imports)).toBeUndefined()
  })

  const planted: [string, string, RegExp][] = [
    ['pipeline/model/a.ts', "import { x } from '../store/b.ts'", /may import only nothing of ours/],
    ['pipeline/metrics/a.ts', "import { x } from '../store/b.ts'", /may import only pipeline\/model/],
    ['graphql/a.ts', "import type { X } from '../indexers/define.ts'", /may import only/],
    ['indexers/chains/evm/a.ts', "import { x } from '../arweave/b.ts'", /no chain imports another/],
    ['indexers/networks/a.ts', "import { x } from './b.ts'", /no network imports another/],
    ['indexers/networks/a.ts', "import { x } from './b_part.ts'", /no network imports another/],
    ['indexers/engine/a.ts', "import pg from 'pg'", /pg, which belongs to/],
    ['commands/a.ts', "import cron from 'node-cron'", /node-cron, which belongs to/],
    ['graphql/a.ts', "const x = await import('kysely')", /kysely, which belongs to/],
  ]
  it.each(planted)('a planted violation in %s fails', (file, text, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'depindex-rules-'))
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
    expect(violations(importsOf(folder, file))).toEqual([expect.stringMatching(message)])
    rmSync(folder, { recursive: true })
  })

  it('a planted cycle is found', () => {
    const own = (file: string, target: string) => ({ file, target, own: true })
    expect(findCycle([own('a.ts', 'b.ts'), own('b.ts', 'c.ts'), own('c.ts', 'b.ts')])).toEqual([
      'b.ts',
      'c.ts',
      'b.ts',
    ])
  })
})

describe('files', () => {
  it('have one idea each: none over 300 lines', () => {
    const long = sourceFiles(root).filter((f) => read(f).split('\n').length > 301)
    expect(long).toEqual([])
  })

  it('say what every export means', () => {
    const bare = sourceFiles(root).flatMap((file) => {
      const lines = read(file).split('\n')
      return lines.flatMap((line, i) => {
        if (!/^export (async )?(function|class|const|interface|abstract class)/.test(line)) return []
        const before = lines.slice(0, i).findLast((l) => l.trim() !== '') ?? ''
        return /\*\/\s*$/.test(before) ? [] : [`${file}:${i + 1}: ${line}`]
      })
    })
    // Interfaces of options and rows say it field by field, or by the function that takes them.
    expect(
      bare.filter((b) => !/interface \w+(Options|Query|Row|Bounds|View|Result|Info|Logger)\b/.test(b)),
    ).toEqual([])
  })
})

describe('money', () => {
  it('passes through no float', () => {
    const files = sourceFiles(root).filter((f) => moneyPath.test(f))
    expect(files.length).toBeGreaterThan(100)
    expect(files.flatMap((f) => floatsIn(f, read(f)))).toEqual([])
  })

  it.each([
    ['pipeline/metrics/a.ts', 'const usd = Number(sum.usdMicros) / 1e6'],
    ['pipeline/rollups/a.ts', 'return Math.round(amountRaw * share)'],
    ['pipeline/prices/a.ts', "const price = parseFloat(row['price'])"],
    ['pipeline/prices/sources/a.ts', 'const body = JSON.parse(text)'],
    ['indexers/chains/arweave/a.ts', 'const answer = await response.json()'],
    ['migrations/a.ts', "'create table x (usd double precision)'"],
    ['graphql/a.ts', 'const value = +feesUsd * 2'],
    ['commands/a.ts', 'const shown = Number(flow.usdMicros) / 1e6'],
  ])('a planted float in %s fails', (file, line) => {
    expect(floatsIn(file, `const before = 1\n${line}`)).toEqual([expect.stringContaining(`${file}:2 `)])
  })
})

describe('documents', () => {
  it('list exactly the error codes', () => {
    const documented = [...read('docs/errors.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map((m) => m[1])
    expect(documented.sort()).toEqual(Object.keys(errorCodes).sort())
  })

  it('say of every metric what its declaration says', () => {
    const [head = '', written] = read('docs/metrics.md').split(generatedMark)
    const rendered = renderMetrics(metrics)
    if (process.env['WRITE_DOCS'] === '1')
      writeFileSync(join(root, 'docs/metrics.md'), `${head}${generatedMark}${rendered}`)
    else expect(written, 'docs/metrics.md is not current; run: npm run docs').toBe(rendered)
  })

  it('name no place of one machine', () => {
    const files = [
      ...sourceFiles(root),
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'package.json',
      'package-lock.json',
    ]
    const pattern = new RegExp(['/wo' + 'rk/', '/ro' + 'ot/', 'regis' + 'try\\.'].join('|'))
    expect(files.filter((f) => pattern.test(read(f)))).toEqual([])
  })
})
