import type { UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'
import { bumpDataVersion, storeError } from './database.ts'
import { removeEvents } from './remove_events.ts'

/**
 * Forgets everything read of a chain from a height on, in one transaction, and marks the days it touched.
 * Published values stay in the history: the days are restated when they have been read again.
 * @returns How many events were removed.
 */
export async function forgetFrom(
  db: Database,
  chain: string,
  height: number,
  now: UnixSeconds,
): Promise<number> {
  const client = await db.pool.connect()
  try {
    await client.query('begin')
    await client.query(
      `insert into stale (stream_id, day, reason, marked_at)
       select distinct s.id, d.day, 'chain repaired', to_timestamp($3) from stream s join day_height d on d.chain = s.chain
       where s.chain = $1 and coalesce(d.last_height, d.first_height) >= $2`,
      [chain, height, now],
    )
    const removed = await removeEvents(client, 's.chain = $2 and event.height >= $3', [chain, height], now)
    await client.query(
      `update coverage c set heights = heights * int8multirange(int8range(null, $2))
       from stream s where s.id = c.stream_id and s.chain = $1`,
      [chain, height],
    )
    await client.query(
      'delete from gap using stream s where s.id = gap.stream_id and s.chain = $1 and gap.to_height >= $2',
      [chain, height],
    )
    await client.query('delete from block where chain = $1 and height >= $2', [chain, height])
    await client.query('update day_height set last_height = null where chain = $1 and last_height >= $2', [
      chain,
      height,
    ])
    await client.query('update day_height set first_height = null where chain = $1 and first_height >= $2', [
      chain,
      height,
    ])
    await client.query('update chain set error = null, error_at = null where id = $1', [chain])
    await client.query('commit')
    await bumpDataVersion(db)
    return removed
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw storeError(error, 'forgetting a part of a chain')
  } finally {
    client.release()
  }
}

/** The stored blocks of a chain, highest first: what continuity can be checked with. */
export async function getStoredBlocks(
  db: Database,
  chain: string,
): Promise<{ height: number; hash: string }[]> {
  const { rows } = await db.pool.query(
    'select height, hash from block where chain = $1 order by height desc',
    [chain],
  )
  return rows
}
