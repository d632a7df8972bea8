import type { Batch, Gap } from '../../../pipeline/model/batch.ts'
import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Account, Agreement, AgreementQueries, Agreements } from './agreements.ts'
import { readAgreements } from './agreements.ts'
import type { CosmosClient } from './client.ts'
import { isUnknown, type Unknown } from './facts.ts'
import { batchOf, stretchEvent } from './growth.ts'
import type { Reader } from './streams.ts'
import { cutAtMidnights, type Stretch } from './stretches.ts'

const one = 10n ** 18n

/**
 * What a lease has accrued when a block has ended: its price for every block after its first one, up to its close or
 * to the block to which its account's funds reach. Whole units, fractions dropped.
 * @param fundedTo Last block that the account can pay; undefined where the lease is closed.
 * @param since Blocks up to this one do not count.
 */
export function accruedAt(lease: Agreement, fundedTo: number | undefined, height: number, since = 0): bigint {
  const start = Math.max(since, lease.createdAt)
  const end = Math.min(height, lease.closedOn ?? fundedTo ?? height)
  if (end <= start) return 0n
  const whole = (lease.price * BigInt(end - start)) / one
  return lease.cap !== undefined && whole > lease.cap ? lease.cap : whole
}

/** The last block that each open account can pay for all its open leases of a denom, by `account denom`. */
export function fundedHeights({ leases, accounts }: Agreements): ReadonlyMap<string, number> {
  const rates = new Map<string, bigint>()
  for (const { account, denom, price, closedOn } of leases) {
    if (closedOn === undefined)
      rates.set(`${account} ${denom}`, (rates.get(`${account} ${denom}`) ?? 0n) + price)
  }
  return new Map(
    [...rates].map(([key, rate]): [string, number] => {
      const at = key.lastIndexOf(' ')
      const account: Account | undefined = accounts.get(key.slice(0, at))
      const funds = account?.funds.get(key.slice(at + 1)) ?? 0n
      const blocks = rate === 0n || funds <= 0n ? 0n : funds / rate
      return [key, (account?.settledAt ?? 0) + Number(blocks > 1_000_000_000n ? 1_000_000_000n : blocks)]
    }),
  )
}

/** All leases, and how far each open account reaches. */
export interface Standing extends Agreements {
  readonly funded: ReadonlyMap<string, number>
}

/** Leases as they stood after one block, kept until a later day has to be read. */
export class AccruedReader {
  readonly #client: CosmosClient
  readonly #known = new Map<string, Standing>()

  constructor(client: CosmosClient) {
    this.#client = client
  }

  /**
   * What leases accrued in a range, day by day, from one list of all leases. A day is read once it is over: only then
   * is it known which leases could pay it.
   */
  async read(
    range: HeightRange,
    readers: readonly Reader[],
    final: number,
    signal: AbortSignal,
  ): Promise<Batch> {
    const page = (from: number, to: number) => this.#client.headers(from, to, signal)
    const streams = readers.map((r) => r.stream)
    const gapOf = (from: number, to: number, why: Unknown): Gap[] =>
      streams.map((s) => ({ streamId: s.id, from, to, code: why.code, reason: why.reason }))
    const { cut, lost } = await cutAtMidnights(range, final, page)
    const gaps = lost.flatMap(({ from, to, ...why }) => gapOf(from, to, why))
    const covered: HeightRange[] = []
    const events: Event[] = []
    for (const stretch of cut?.stretches ?? []) {
      const { from, end } = stretch
      const read = await this.#stretch(stretch, readers, final, signal)
      if (isUnknown(read)) gaps.push(...gapOf(from, end.height, read))
      else {
        covered.push({ from, to: end.height })
        events.push(...read)
      }
    }
    return batchOf(range, streams, cut, { events, covered, gaps })
  }

  async #stretch(
    stretch: Stretch,
    readers: readonly Reader[],
    final: number,
    signal: AbortSignal,
  ): Promise<readonly Event[] | Unknown> {
    const events: Event[] = []
    for (const { stream, word, settings } of readers) {
      if (word !== 'cosmos.accrued') continue
      const state = await this.#state(settings, stretch.end.height, final, signal)
      if (isUnknown(state)) return state
      const range = { from: stretch.from, to: stretch.end.height }
      const raw = accruedIn(state, settings.denom, range, (stream.fromHeight ?? 1) - 1)
      if (raw !== 0n) events.push(stretchEvent(stream, stretch, raw))
    }
    return events
  }

  async #state(
    queries: AgreementQueries,
    needed: number,
    final: number,
    signal: AbortSignal,
  ): Promise<Standing | Unknown> {
    const known = this.#known.get(queries.leases)
    if (known !== undefined && known.height >= needed) return known
    try {
      const read = await readAgreements(queries, final, this.#client, signal)
      const standing = { ...read, funded: fundedHeights(read) }
      this.#known.set(queries.leases, standing)
      return standing
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
      return { code: 'rpc-not-found', reason: `no endpoint lists the leases: ${messageOf(error)}` }
    }
  }
}

/** What the leases of a denom accrued from one block to another, both included. */
export function accruedIn(state: Standing, denom: string, { from, to }: HeightRange, since: number): bigint {
  let raw = 0n
  for (const lease of state.leases) {
    if (lease.denom !== denom || lease.createdAt >= to || (lease.closedOn ?? to) < from) continue
    const reach = lease.closedOn === undefined ? state.funded.get(`${lease.account} ${denom}`) : undefined
    raw += accruedAt(lease, reach, to, since) - accruedAt(lease, reach, from - 1, since)
  }
  return raw
}
