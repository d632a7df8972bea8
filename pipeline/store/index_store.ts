import { sql } from 'kysely'
import type { Batch, BlockMark, ChainIdentity, SaveResult } from '../model/batch.ts'
import { IndexerError } from '../model/errors.ts'
import type { IdEncoding } from '../model/event.ts'
import type { HeightRange } from '../model/height.ts'
import type { Reading } from '../model/reading.ts'
import type { UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'
import { bumpDataVersion, storeError } from './database.ts'
import { noteHeadDay } from './heads.ts'
import { fromMultirange } from './ranges.ts'
import { saveReadings } from './readings.ts'
import { growCoverage, insertEvents } from './save_batches.ts'

/** The write side of ground state: what the engine saves through. */
export class PostgresIndexStore {
  readonly #db: Database
  readonly #now: () => UnixSeconds

  constructor(db: Database, now: () => UnixSeconds) {
    this.#db = db
    this.#now = now
  }

  /** Remembers the chain's identity. @throws IndexerError `wrong-chain` if another one is stored. */
  async claimChain(chain: string, identity: ChainIdentity, idEncoding: IdEncoding): Promise<void> {
    await this.#db.kysely
      .insertInto('chain')
      .values({ id: chain, network: identity.network, origin: identity.origin, id_encoding: idEncoding })
      .onConflict((c) =>
        c.column('id').doUpdateSet({
          network: sql`coalesce(chain.network, excluded.network)`,
          origin: sql`coalesce(chain.origin, excluded.origin)`,
        }),
      )
      .execute()
    const stored = await this.#db.kysely
      .selectFrom('chain')
      .selectAll()
      .where('id', '=', chain)
      .executeTakeFirstOrThrow()
    if (stored.network === identity.network && stored.origin === identity.origin) return
    throw new IndexerError(
      'wrong-chain',
      `the database holds ${stored.origin} data of ${chain} network '${stored.network}', the endpoint serves ` +
        `${identity.origin} '${identity.network}'; use another DATABASE_URL or DEPINDEX_DATA for it`,
      { chain },
    )
  }

  /** Heights read so far, for each stream asked for; none for a stream never read. */
  async getCoverage(streamIds: readonly number[]): Promise<ReadonlyMap<number, readonly HeightRange[]>> {
    const { rows } = await this.#db.pool.query<{ stream_id: number; heights: string }>(
      'select stream_id, heights::text from coverage where stream_id = any($1)',
      [streamIds],
    )
    const stored = new Map(rows.map((r) => [r.stream_id, fromMultirange(r.heights)]))
    return new Map(streamIds.map((id) => [id, stored.get(id) ?? []]))
  }

  /** The stored block at a height, if it is still kept. */
  async findBlock(chain: string, height: number): Promise<BlockMark | undefined> {
    const { rows } = await this.#db.pool.query<{ hash: string; parent_hash: string; time: number }>(
      'select hash, parent_hash, time from block where chain = $1 and height = $2',
      [chain, height],
    )
    const row = rows[0]
    return row && { height, hash: row.hash, parentHash: row.parent_hash, time: row.time as UnixSeconds }
  }

  /**
   * Saves batches in one transaction: all of it is stored or nothing, and saving again changes nothing.
   * @throws IndexerError `continuity-broken` if a block does not follow its stored neighbour;
   *   `store-unavailable` if the database does not take it.
   */
  async saveBatches(chain: string, batches: readonly Batch[]): Promise<SaveResult> {
    const client = await this.#db.pool.connect().catch((error) => {
      throw storeError(error, 'connecting to save events')
    })
    let failure: unknown
    const attempt = async (way: 'fresh' | 'any'): Promise<number> => {
      await client.query('begin')
      const inserted = await insertEvents(client, batches, way, this.#now())
      await growCoverage(client, chain, batches, this.#now())
      await client.query('commit')
      return inserted
    }
    try {
      const inserted = await attempt('fresh').catch(async (error) => {
        if (!isDuplicate(error)) throw error
        await client.query('rollback')
        return attempt('any')
      })
      await bumpDataVersion(this.#db)
      return { inserted }
    } catch (error) {
      failure = storeError(error, 'saving events')
      await client.query('rollback').catch((rollbackError) => {
        failure = storeError(rollbackError, 'saving events')
      })
      throw failure
    } finally {
      client.release(failure instanceof IndexerError && failure.code === 'store-unavailable')
    }
  }

  /** Keeps readings of counters. @throws IndexerError `store-conflict` if one contradicts an earlier one. */
  async saveReadings(readings: readonly Reading[]): Promise<void> {
    await saveReadings(this.#db.pool, readings, this.#now())
    await bumpDataVersion(this.#db)
  }

  /** Remembers the newest head seen, for `status` and for which days have ended. */
  async noteHead(
    chain: string,
    head: { height: number; finalized: number; time: UnixSeconds },
  ): Promise<void> {
    await this.#db.kysely
      .updateTable('chain')
      .set({
        head: head.height,
        finalized: head.finalized,
        head_time: sql`to_timestamp(${head.time})`,
        seen_at: sql`to_timestamp(${this.#now()})`,
      })
      .where('id', '=', chain)
      .execute()
    await noteHeadDay(this.#db.pool, chain, head.time, this.#now())
  }

  /** Remembers the last error of a chain, even one never reached; null clears it. */
  async noteError(chain: string, idEncoding: IdEncoding, message: string | null): Promise<void> {
    const said = {
      error: message,
      error_at: message === null ? null : sql<number>`to_timestamp(${this.#now()})`,
    }
    await this.#db.kysely
      .insertInto('chain')
      .values({ id: chain, id_encoding: idEncoding, ...said })
      .onConflict((c) => c.column('id').doUpdateSet(said))
      .execute()
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
