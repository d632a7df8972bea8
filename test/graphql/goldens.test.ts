import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../graphql/server.ts'
import { startApi } from '../../graphql/server.ts'
import { createTestLogger } from '../support/chain.ts'
import { createDatabase } from '../support/database.ts'
import { fillGoldenStore, notingReaders, publishedAt } from '../support/golden_store.ts'

const folder = fileURLToPath(new URL('./goldens/', import.meta.url))
const names = readdirSync(folder).filter((f) => f.endsWith('.graphql'))
const writing = process.env['WRITE_GOLDENS'] === '1'

let opened: Awaited<ReturnType<typeof createDatabase>>
let api: Api
let statements: string[]

beforeAll(async () => {
  opened = await createDatabase()
  await fillGoldenStore(opened.db)
  const noting = notingReaders(opened.db)
  statements = noting.statements
  api = await startApi({
    readers: noting.readers,
    host: '127.0.0.1',
    port: 0,
    logger: createTestLogger('warnings'),
    version: 'test',
    simulated: async () => true,
    clock: () => publishedAt * 1000,
    metricsRegistry: new Registry(),
  })
})
afterAll(async () => {
  await api.close()
  await opened.drop()
})

/** The recorded text, or undefined where there is none yet; written anew when asked for. */
function golden(name: string, kind: string, found: string): string | undefined {
  const file = join(folder, name.replace(/graphql$/, kind))
  if (writing) writeFileSync(file, found)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

describe('goldens: each query gives its answer with its statements, and no more', () => {
  it('there are some', () => expect(names.length).toBeGreaterThan(10))

  it.each(names)('%s', async (name) => {
    statements.length = 0
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: readFileSync(join(folder, name), 'utf8') }),
    })
    const answer = `${JSON.stringify(await response.json(), null, 2)}\n`
    // Sorted: what is asked at the same time is sent in any order.
    const sql = `${statements
      .map((s) => `${s};`)
      .sort()
      .join('\n')}\n`
    expect(answer).toBe(golden(name, 'json', answer))
    expect(sql).toBe(golden(name, 'sql', sql))
  })
})
