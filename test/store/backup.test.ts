import { afterEach, describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { readBackup, writeBackup } from '../../pipeline/store/backup.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import type { Database } from '../../pipeline/store/database.ts'
import { createDatabase, testNetwork } from '../support/database.ts'

const opened: Awaited<ReturnType<typeof createDatabase>>[] = []
const database = async (): Promise<Database> => {
  const made = await createDatabase()
  opened.push(made)
  return made.db
}
afterEach(async () => {
  for (const { drop } of opened.splice(0)) await drop()
})

async function backup(db: Database): Promise<Buffer> {
  const parts: Buffer[] = []
  await writeBackup(db, async (bytes) => {
    parts.push(Buffer.from(bytes))
  })
  return Buffer.concat(parts)
}

/** In pieces that cut through lines. */
async function* pieces(bytes: Buffer, size = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function filled(): Promise<Database> {
  const db = await database()
  await saveCatalogue(db, [testNetwork], 1_800_000_000 as UnixSeconds)
  await db.pool.query(
    `insert into event (stream_id, tx_id, position, amount_raw, height, happened_at, act, sender, detail, stored_at) values
      (1, '\\x00ff', 0, 123456789012345678901234567890, 7, '2026-01-02 03:04:05+00', E'tab\\there', E'\\\\.', '{"line": "a\\nb", "ü": "\\\\N"}', null),
      (1, '\\x01', -1, -5, 8, '2026-01-02 03:04:06.123456+00', null, '', null, '2026-01-03')`,
  )
  await db.pool.query("insert into coverage values (1, '{[0,5),[7,9)}')")
  await db.pool.query(
    "insert into stale (stream_id, day, reason, marked_at) values (1, '2026-01-02', 'new events', '2026-01-03'), (1, '2026-01-03', 'x', '2026-01-03')",
  )
  await db.pool.query(
    "insert into dead_range (network, chain, streams, from_height, to_height, attempts, code, reason) values ('testnet', 'testchain', '{a,\"b,c\"}', 1, 2, 8, 'decode-failed', 'why')",
  )
  return db
}

describe('a backup', () => {
  it('restored and taken again is the same bytes, whatever the cells hold', async () => {
    const bytes = await backup(await filled())
    const other = await database()
    expect(await readBackup(other, pieces(bytes))).toMatchObject({
      event: 2,
      coverage: 1,
      stale: 2,
      stream: 4,
    })
    expect((await backup(other)).equals(bytes)).toBe(true)
  })

  it('lets numbers go on after the highest', async () => {
    const other = await database()
    await readBackup(other, pieces(await backup(await filled()), 1_000))
    const { rows } = await other.pool.query(
      "insert into stale (stream_id, day, reason, marked_at) values (1, '2026-01-04', 'y', now()) returning id",
    )
    expect(rows).toEqual([{ id: 3 }])
  })

  it('is refused by a database that holds data, which keeps it', async () => {
    const db = await filled()
    const bytes = await backup(db)
    await expect(readBackup(db, pieces(bytes))).rejects.toMatchObject({
      code: 'store-conflict',
      message: expect.stringContaining('already holds data (table event)'),
    })
    expect((await backup(db)).equals(bytes)).toBe(true)
  })

  it.each([
    ['cut off', (b: Buffer) => b.subarray(0, b.length - 40), /the backup is cut off in table/],
    ['something else', () => Buffer.from('hello\nworld\n'), /is no backup of depindex/],
    ['empty', () => Buffer.alloc(0), /is no backup of depindex/],
    [
      'of another schema',
      (b: Buffer) => Buffer.from(b.toString('latin1').replace('"0001_ground_state",', ''), 'latin1'),
      /was taken after migration .*; restore it with the version of depindex that made it/,
    ],
  ])('that is %s is refused and leaves nothing', async (_name, spoil, message) => {
    const bytes = await backup(await filled())
    const other = await database()
    const before = await backup(other)
    await expect(readBackup(other, pieces(spoil(bytes), 500))).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(message),
    })
    expect((await backup(other)).equals(before)).toBe(true)
  })
})
