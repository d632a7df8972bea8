import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { buildSchema, parse, validate } from 'graphql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refreshMetricTable } from '../../pipeline/rollups/metric_table.ts'
import { type GoldenApi, openGoldenApi } from '../support/api.ts'
import { createTestLogger } from '../support/chain.ts'
import { goldenNetworks, publishedAt } from '../support/golden_store.ts'
import { root } from '../support/process.ts'

const run = promisify(execFile)
const read = (file: string): string => readFileSync(`${root}/${file}`, 'utf8')
let golden: GoldenApi
beforeAll(async () => {
  const ids = goldenNetworks.map((n) => n.id)
  golden = await openGoldenApi({
    logger: createTestLogger('no warnings'),
    prepare: (db) => refreshMetricTable(db, ids, () => publishedAt),
  })
})
afterAll(() => golden.close())

/** An example, asked of the test's own server and network. */
const here = (text: string): string =>
  text.replaceAll('http://127.0.0.1:4000', golden.api.url).replaceAll('helium', 'alpha')

/** Whether a tool is installed. */
async function has(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  )
}

describe('the recipes', () => {
  it('of curl give answers without errors', async () => {
    const blocks = [...read('docs/recipes.md').matchAll(/```sh\n([\s\S]*?)```/g)].map((m) => m[1] ?? '')
    const commands = blocks.flatMap((b) => b.trim().split('\n'))
    expect(commands.length).toBeGreaterThan(3)
    for (const command of commands) {
      const { stdout } = await run('bash', ['-c', here(command)])
      expect(stdout.length, command).toBeGreaterThan(50)
      expect(stdout, command).not.toContain('"errors"')
    }
  })

  it('of Python run where pandas is installed', async ({ skip }) => {
    if (!(await has('python3', ['-c', 'import pandas']))) skip('pandas is not installed')
    const { stdout } = await run('python3', [`${root}/examples/notebooks/depindex.py`, golden.api.url])
    expect(stdout).toMatch(/alpha|Empty DataFrame/)
  })

  it('of R run where R is installed', async ({ skip }) => {
    if (!(await has('Rscript', ['--version']))) skip('R is not installed')
    const { stdout } = await run('Rscript', [`${root}/examples/notebooks/depindex.R`, golden.api.url])
    expect(stdout).toContain('NULL')
  })
})

describe('the TypeScript example', () => {
  it('asks what the schema knows', async () => {
    const schema = buildSchema(await (await fetch(`${golden.api.url}/schema.graphql`)).text())
    expect(validate(schema, parse(read('examples/typescript/subsidy.graphql')))).toEqual([])
  })

  it('is typed, and prints what the server says', async () => {
    const { GraphQLClient } = await import('graphql-request')
    const { SubsidyDocument } = await import('../../examples/typescript/generated.ts')
    const answer = await new GraphQLClient(`${golden.api.url}/graphql`).request(SubsidyDocument, {
      from: '2026-01-04',
      to: '2026-01-05',
    })
    expect(answer.metricSeries?.nodes.map((n) => n.quality)).toContain('NO_COVERAGE')
  })
})

describe('the Grafana dashboard', () => {
  interface Target {
    readonly type?: string
    readonly url?: string
    readonly rawSql?: string
    readonly root_selector?: string
    readonly columns?: readonly { readonly selector: string }[]
    readonly url_options?: { readonly body_graphql_query?: string }
  }
  const dashboard = JSON.parse(read('examples/grafana/dashboards/depindex.json')) as {
    panels: { title: string; targets: Target[] }[]
  }
  const filled = (text: string): string =>
    text
      .replaceAll(/\$\{__from:date:YYYY-MM-DD\}/g, '2026-01-01')
      .replaceAll(/\$\{__to:date:YYYY-MM-DD\}/g, '2026-01-06')
      .replaceAll(/\$__timeFilter\(([^)]+)\)/g, "$1 between '2026-01-01' and '2026-02-01'")

  it.each(dashboard.panels.map((p) => [p.title, p] as const))(
    'panel %s gets what it shows',
    async (_, panel) => {
      expect(panel.targets.length).toBeGreaterThan(0)
      for (const { type, url = '', rawSql, root_selector = '', columns = [], url_options } of panel.targets) {
        if (rawSql !== undefined) {
          const client = new pg.Client(golden.url)
          await client.connect()
          const { fields } = await client.query(filled(rawSql))
          expect(fields.length).toBeGreaterThan(1)
          await client.end()
        } else if (type === 'graphql') {
          const response = await fetch(`${golden.api.url}${url}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query: filled(url_options?.body_graphql_query ?? '') }),
          })
          let at = (await response.json()) as Record<string, never>
          for (const part of root_selector.split('.')) at = at[part] ?? ({} as never)
          const rows = at as unknown as Record<string, unknown>[]
          expect(rows.length).toBeGreaterThan(0)
          for (const { selector } of columns) expect(Object.keys(rows[0] ?? {})).toContain(selector)
        } else {
          const [head = ''] = (await (await fetch(`${golden.api.url}${filled(url)}`)).text()).split('\n')
          for (const { selector } of columns) expect(head.split(',')).toContain(selector)
        }
      }
    },
  )

  it('is provisioned with data sources of the names that it uses', () => {
    const sources = read('examples/grafana/datasources/depindex.yaml')
    const used = [...JSON.stringify(dashboard).matchAll(/"uid":"(depindex-[a-z]+)"/g)].map((m) => m[1])
    expect(new Set(used).size).toBe(2)
    for (const uid of used) expect(sources).toContain(`uid: ${uid}`)
    expect(readdirSync(`${root}/examples/grafana/dashboards`).sort()).toEqual([
      'depindex.json',
      'depindex.yaml',
    ])
  })
})
