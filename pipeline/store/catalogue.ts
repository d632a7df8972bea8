import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { checkSymbols } from '../model/declaration.ts'
import type {
  Kind,
  NetworkDeclaration,
  PriceDeclaration,
  Scale,
  Stream,
  StreamClass,
  StreamDeclaration,
  TokenDeclaration,
  Tolerance,
} from '../model/stream.ts'
import type { UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'
import { markRedeclaredStream, markRedeclaredToken } from './redeclared.ts'
import { publishDeclarations } from './stream_life.ts'

/** Writes the declarations, numbers their streams, and marks for rebuild what a changed declaration touches. */
export async function saveCatalogue(
  db: Database,
  networks: readonly NetworkDeclaration[],
  now: UnixSeconds,
): Promise<Stream[]> {
  checkSymbols(networks)
  const streams: Stream[] = []
  await db.kysely.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('depindex catalogue'))`.execute(trx)
    for (const network of networks) {
      const row = {
        name: network.name,
        sector: network.sector,
        description: network.description,
        primary_token: Object.keys(network.tokens)[0] ?? '',
        absent: JSON.stringify(network.absent ?? {}),
        regimes: JSON.stringify(network.regimes ?? []),
        hash: hashOf(network),
      }
      await trx
        .insertInto('network')
        .values({ id: network.id, ...row })
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute()
      for (const [symbol, token] of Object.entries(network.tokens)) {
        const values = tokenRow(network.id, token)
        await markRedeclaredToken(trx, { symbol, ...values }, now)
        await trx
          .insertInto('token')
          .values({ symbol, ...values })
          .onConflict((c) => c.column('symbol').doUpdateSet(values))
          .execute()
      }
      await trx.updateTable('counter').set({ active: false }).where('network', '=', network.id).execute()
      for (const [name, counter] of Object.entries(network.counters ?? {})) {
        const values = {
          token: counter.token,
          chain: counter.chain ?? network.tokens[counter.token]?.chain ?? '',
          counter: counter.counter,
          word: counter.word,
          settings: counter.settings === undefined ? null : JSON.stringify(counter.settings),
          meaning: counter.meaning,
          evidence: JSON.stringify(counter.evidence),
          active: true,
        }
        await trx
          .insertInto('counter')
          .values({ network: network.id, name, ...values })
          .onConflict((c) => c.columns(['network', 'name']).doUpdateSet(values))
          .execute()
      }
      await trx.updateTable('stream').set({ active: false }).where('network', '=', network.id).execute()
      for (const [name, stream] of Object.entries(network.streams)) {
        const chain = stream.chain ?? network.tokens[stream.token]?.chain ?? ''
        const values = streamRow(stream, chain)
        await markRedeclaredStream(
          trx,
          { network: network.id, name, revision: stream.revision, ...values },
          now,
        )
        const { id } = await trx
          .insertInto('stream')
          .values({ network: network.id, name, revision: stream.revision, ...values })
          .onConflict((c) => c.columns(['network', 'name', 'revision']).doUpdateSet(values))
          .returning('id')
          .executeTakeFirstOrThrow()
        const decimals = network.tokens[stream.token]?.decimals ?? 0
        streams.push({
          ...stream,
          id,
          network: network.id,
          name,
          chain,
          decimals,
          role: stream.role ?? 'ledger',
        })
      }
    }
    await publishDeclarations(
      trx,
      networks.map((n) => n.id),
      now,
    )
  })
  return streams
}

function tokenRow(network: string, token: TokenDeclaration) {
  return {
    network,
    chain: token.chain,
    address: token.address ?? null,
    decimals: token.decimals,
    price: JSON.stringify(token.price),
  }
}

function streamRow(stream: StreamDeclaration, chain: string) {
  return {
    chain,
    kind: stream.kind,
    class: stream.class,
    lens: stream.lens ?? null,
    role: stream.role ?? 'ledger',
    of_streams: stream.of === undefined ? [] : [stream.of].flat(),
    since: stream.since ?? null,
    until: stream.until ?? null,
    epoch_lag: stream.epoch?.lagDays ?? null,
    estimated: stream.estimated ?? null,
    token: stream.token,
    method: stream.method,
    from_height: stream.fromHeight ?? null,
    to_height: stream.toHeight ?? null,
    accrues: stream.accrues === undefined ? null : JSON.stringify(stream.accrues),
    scale: stream.scale === undefined ? null : JSON.stringify(stream.scale),
    tolerance: stream.tolerance === undefined ? null : JSON.stringify(stream.tolerance),
    meaning: stream.meaning,
    evidence: JSON.stringify(stream.evidence),
    word: stream.word,
    settings: stream.settings === undefined ? null : JSON.stringify(stream.settings),
    hash: hashOf(stream),
    active: true,
  }
}

function hashOf(declaration: unknown): string {
  return createHash('sha256').update(JSON.stringify(declaration)).digest('hex').slice(0, 16)
}

/** What a stored stream says of itself, as rollups and proofs need it. */
export interface StreamRow {
  readonly id: number
  readonly network: string
  readonly name: string
  readonly chain: string
  readonly kind: Kind
  readonly role: string
  readonly of_streams: readonly string[]
  readonly token: string
  readonly decimals: number
  readonly method: string
  readonly revision: number
  readonly from_height: number | null
  readonly to_height: number | null
  readonly price: PriceDeclaration
  /** Why its amounts are estimates; null: they are exact. */
  readonly estimated: string | null
  readonly class: StreamClass
  /** What its days' sums are multiplied by, by date; null: nothing. */
  readonly scale: readonly Scale[] | null
  /** How far its days may lie from what they are compared with; null: not at all. */
  readonly tolerance: Tolerance | null
}

/** The streams of all networks, or of one, that are declared now or that readers still see. */
export async function getStreams(db: Database, network?: string): Promise<StreamRow[]> {
  const { rows } = await db.pool.query<StreamRow>(
    `select s.id, s.network, s.name, s.chain, s.kind, s.role, s.of_streams, s.token, t.decimals, s.method,
       s.revision, s.from_height, s.to_height, t.price, s.estimated, s.class, s.scale, s.tolerance
     from stream s join token t on t.symbol = s.token
     where (s.active or exists (select 1 from stream_life l where l.stream_id = s.id and l.retired_at = 'infinity'))
       and ($1::text is null or s.network = $1) order by s.id`,
    [network ?? null],
  )
  return rows
}
