import type { RawAmount } from '../../../pipeline/model/amount.ts'
import { rawAmount } from '../../../pipeline/model/amount.ts'
import type { Gap } from '../../../pipeline/model/batch.ts'
import { decodeId } from '../../../pipeline/model/encoding.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Day } from '../../../pipeline/model/time.ts'
import { addDays, dayNumber, dayOfNumber, dayStart, unixSeconds } from '../../../pipeline/model/time.ts'
import type { Account } from './accounts.ts'
import { fieldOf, getAccounts } from './accounts.ts'
import type { SolanaClient } from './client.ts'
import type { DailyStream } from './daily.ts'

/** A whole UTC day and its slots; skipped ones belong to the day of the block before them. */
export interface DaySlots extends HeightRange {
  readonly day: Day
}

/** Milliseconds before an account that is not there, or not closed, is looked at again. */
const lookAgainMs = 60_000

/** Reads the amounts of days from accounts that programs keep by day. */
export class DailyReader {
  readonly #client: SolanaClient
  readonly #now: () => number
  /** Days that were not to be had, until when and why: following would ask for them at every look. */
  readonly #waiting = new Map<string, { readonly until: number; readonly reason: string }>()

  /** @param now Milliseconds from any fixed point, never going back. */
  constructor(client: SolanaClient, now: () => number) {
    this.#client = client
    this.#now = now
  }

  /**
   * One event for each day whose last slot is in `range`, where it has an amount. A day that cannot be had is a gap of its
   * slots in the range.
   * @param days Whole days that end in the range.
   * @param seen A finalized slot after the last of the days: what is read must be no older.
   */
  async read(
    range: HeightRange,
    streams: readonly DailyStream[],
    days: readonly DaySlots[],
    seen: number,
    signal: AbortSignal,
  ): Promise<{ readonly events: readonly Event[]; readonly gaps: readonly Gap[] }> {
    const asked = streams.flatMap((of) => days.filter((d) => lives(of, d.day)).map((d) => ({ of, d })))
    const fresh = asked.filter(({ of, d }) => this.#waitingFor(of, d) === undefined)
    const addresses = new Set(fresh.flatMap(({ of, d }) => epochsOf(of, d.day).map(of.addressOf)))
    const accounts = await getAccounts(this.#client, [...addresses], signal, seen)
    const events: Event[] = []
    const gaps: Gap[] = []
    for (const { of, d } of asked) {
      const amount = this.#waitingFor(of, d) ?? amountOf(of, d.day, accounts)
      if (typeof amount === 'bigint') {
        if (amount !== 0n) events.push(eventOf(of, d, rawAmount(amount)))
        continue
      }
      const { reason } = amount
      const key = keyOf(of, d)
      if (!this.#waiting.has(key)) this.#waiting.set(key, { until: this.#now() + lookAgainMs, reason })
      const [from, to] = [Math.max(range.from, d.from), d.to]
      gaps.push({ streamId: of.stream.id, from, to, code: 'rpc-not-found', reason })
    }
    return { events, gaps }
  }

  #waitingFor(of: DailyStream, d: DaySlots): { readonly reason: string } | undefined {
    const waiting = this.#waiting.get(keyOf(of, d))
    if (waiting === undefined || waiting.until > this.#now()) return waiting
    this.#waiting.delete(keyOf(of, d))
    return undefined
  }
}

const keyOf = ({ stream }: DailyStream, { day }: DaySlots): string => `${stream.id} ${day}`

/** Whether a stream can have an amount on a day. */
function lives({ stream }: DailyStream, day: Day): boolean {
  const { since, until } = stream
  return (since === undefined || day >= since) && (until === undefined || day < until)
}

/** The epoch that is paid on a day, and those that its amount is computed from, all as days since 1970. */
function epochsOf({ settings }: DailyStream, day: Day): number[] {
  const epoch = dayNumber(day) - (settings.paidAfterDays ?? 0)
  return [...new Set([epoch, ...settings.value.map((t) => epoch + (t.days ?? 0))])]
}

function amountOf(
  of: DailyStream,
  day: Day,
  accounts: ReadonlyMap<string, Account>,
): bigint | { readonly reason: string } {
  const { settings, stream } = of
  const epoch = dayNumber(day) - (settings.paidAfterDays ?? 0)
  for (const number of epochsOf(of, day)) {
    const refused = refusal(of, number, accounts.get(of.addressOf(number)))
    if (refused !== undefined)
      return { reason: `${stream.name}: the account of ${dayOfNumber(number)}, ${refused}` }
  }
  let amount = BigInt(settings.plusRaw ?? 0)
  for (const term of settings.value) {
    const address = of.addressOf(epoch + (term.days ?? 0))
    const data = accounts.get(address)?.data
    const value = data && fieldOf(data, term.at, term.type ?? 'u64')
    if (value === undefined)
      return { reason: `${stream.name}: the account ${address} ends before its byte ${term.at}` }
    amount += term.minus === true ? -value : value
  }
  return amount
}

/** Why an account does not say what it should; undefined if it does. */
function refusal(of: DailyStream, epoch: number, account: Account | undefined): string | undefined {
  const { settings } = of
  const address = of.addressOf(epoch)
  if (account === undefined) return `${address}, does not exist`
  if (account.owner !== settings.program)
    return `${address}, belongs to ${account.owner}, not ${settings.program}`
  const kind = account.data.subarray(0, 8).toString('hex')
  if (kind !== settings.discriminator)
    return `${address}, is of the kind ${kind}, not ${settings.discriminator}`
  if (settings.epochAt !== undefined) {
    const named = fieldOf(account.data, settings.epochAt, 'u64')
    if (named !== BigInt(epoch))
      return `${address}, names the epoch ${named} at byte ${settings.epochAt}, not ${epoch}`
  }
  const open = settings.complete?.find((c) => (account.data[c.at] ?? 0) === 0)
  if (open !== undefined) return `${address}, is not closed yet (its byte ${open.at} is zero or absent)`
  return undefined
}

function eventOf(of: DailyStream, { day, from, to }: DaySlots, amountRaw: RawAmount): Event {
  const epoch = dayNumber(day) - (of.settings.paidAfterDays ?? 0)
  const txId = decodeId(of.addressOf(epoch), 'base58') ?? new Uint8Array()
  return {
    streamId: of.stream.id,
    txId,
    position: 0,
    amountRaw,
    height: to,
    fromHeight: from,
    happenedAt: unixSeconds(dayStart(addDays(day, 1)) - 1),
    accruedFrom: dayOfNumber(epoch),
    accruedTo: dayOfNumber(epoch),
  }
}
