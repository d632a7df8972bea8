import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import type { NetworkDeclaration } from '../../pipeline/model/stream.ts'
import type { Database } from '../../pipeline/store/database.ts'
import { migrate, openDatabase } from '../../pipeline/store/database.ts'

/** A migrated database of its own, dropped when closed. */
export async function createDatabase(): Promise<{ db: Database; url: string; drop(): Promise<void> }> {
  const server = inject('postgresUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(server)
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await run(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = await openDatabase({ url: url.toString(), origin: 'the test database' })
  await migrate(db, migrations)
  return {
    db,
    url: url.toString(),
    drop: async () => {
      await db.close()
      await run(`drop database ${name} with (force)`)
    },
  }
}

/** A small network for tests of the store: one token, an emission, a fee with a second path, a guard. */
export const testNetwork: NetworkDeclaration = {
  id: 'testnet',
  name: 'Testnet',
  sector: 'test',
  description: 'A network that exists in tests only.',
  tokens: { TST: { chain: 'testchain', decimals: 6, price: { market: 'test' } } },
  streams: {
    rewards: {
      kind: 'emission',
      class: 'contributor',
      token: 'TST',
      revision: 1,
      method: 'events',
      meaning: 'New tokens.',
      evidence: ['tests'],
      word: 'test.rewards',
    },
    payments: {
      kind: 'fee',
      class: 'payment',
      lens: 'CONSUMPTION',
      token: 'TST',
      revision: 1,
      method: 'events',
      meaning: 'Paid by users.',
      evidence: ['tests'],
      word: 'test.payments',
    },
    counted: {
      kind: 'fee',
      class: 'payment',
      lens: 'CONSUMPTION',
      token: 'TST',
      revision: 1,
      role: 'check',
      of: 'payments',
      method: 'counter',
      meaning: 'The same payments by a counter.',
      evidence: ['tests'],
      word: 'test.counted',
    },
    guard: {
      kind: 'emission',
      class: 'oneOff',
      token: 'TST',
      revision: 1,
      role: 'guard',
      method: 'events',
      meaning: 'Must stay empty.',
      evidence: ['tests'],
      word: 'test.guard',
    },
  },
  absent: { burn: { truly: 'zero', why: 'tests burn nothing' } },
}
