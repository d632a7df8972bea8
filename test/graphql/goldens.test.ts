import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askApi, type GoldenApi, openGoldenApi } from '../support/api.ts'

const folder = fileURLToPath(new URL('./goldens/', import.meta.url))
const names = readdirSync(folder).filter((f) => f.endsWith('.graphql'))
const writing = process.env['WRITE_GOLDENS'] === '1'

let opened: GoldenApi

beforeAll(async () => {
  opened = await openGoldenApi()
})
afterAll(() => opened.close())

/** The recorded text, or undefined where there is none yet; written anew when asked for. */
function golden(name: string, kind: string, found: string): string | undefined {
  const file = join(folder, name.replace(/graphql$/, kind))
  if (writing) writeFileSync(file, found)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

describe('goldens: each query gives its answer with its statements, and no more', () => {
  it('there are some', () => expect(names.length).toBeGreaterThan(10))

  it.each(names)('%s', async (name) => {
    const { api, statements } = opened
    statements.length = 0
    const asked = await askApi(api, readFileSync(join(folder, name), 'utf8'))
    const answer = `${JSON.stringify(asked, null, 2)}\n`
    // Sorted: what is asked at the same time is sent in any order.
    const sql = `${statements
      .map((s) => `${s};`)
      .sort()
      .join('\n')}\n`
    expect(answer).toBe(golden(name, 'json', answer))
    expect(sql).toBe(golden(name, 'sql', sql))
  })
})
