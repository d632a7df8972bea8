import { rawAmount } from '../../../pipeline/model/amount.ts'
import { decodeId } from '../../../pipeline/model/encoding.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { Day } from '../../../pipeline/model/time.ts'
import { dayOf, dayOfNumber } from '../../../pipeline/model/time.ts'
import type { Matcher, Signer } from './streams.ts'
import type { Movement } from './token.ts'
import { movementsOf } from './token.ts'
import type { Call, Transaction } from './transaction.ts'

const discriminatorBytes = 8
/** No epoch of days is later than the year 9999. */
const lastDayNumber = 2_932_896n

/**
 * The events that a transaction gives to streams, in the order of execution. Pure. Its place is the movement's place
 * among all movements of the transaction, so that it is the same whatever streams ask and whichever encoding was read.
 * @throws IndexerError `rpc-bad-answer` where the node left out inner instructions, a slot or a time: another node may have
 *   them; `decode-failed` as {@link movementsOf}, and where a declared epoch is not in the caller's arguments.
 */
export function decodeTransaction(transaction: Transaction, matchers: readonly Matcher[]): Event[] {
  if (transaction.failed) return []
  const { signature, slot, time } = transaction
  const movements = movementsOf(transaction, mintsOf(matchers))
  const txId = decodeId(signature, 'base58')
  const events: Event[] = []
  for (const [position, movement] of movements.entries()) {
    const own = matchers.filter(
      (m) =>
        matches(m, movement, transaction) && (m.pair === undefined || lacks(m.pair, movement, movements)),
    )
    if (own.length === 0) continue
    if (slot === null || time === null || txId === undefined)
      throw incomplete(transaction, 'a slot and a block time')
    const sent = movement.amountRaw - movement.feeRaw
    for (const { stream, filter } of own) {
      const epoch = filter.epoch === undefined ? undefined : epochOf(transaction, movement, filter.epoch)
      events.push({
        streamId: stream.id,
        txId,
        position,
        amountRaw: rawAmount(filter.negative === true ? -sent : sent),
        height: slot,
        happenedAt: time,
        ...(filter.leg === true ? { act: `${signature} ${position}` } : {}),
        ...(movement.from === undefined ? {} : { sender: movement.from }),
        ...(movement.to === undefined ? {} : { recipient: movement.to }),
        ...(epoch === undefined ? {} : { accruedFrom: epoch, accruedTo: epoch }),
        ...(movement.authority === undefined ? {} : { detail: { authority: movement.authority } }),
      })
    }
  }
  // Asked for last: a transaction without inner instructions that shows nothing of a token may still hide some.
  if (!transaction.callsKnown && matchers.some((m) => touches(transaction, m.filter.mint)))
    throw incomplete(transaction, 'inner instructions')
  return events
}

/** The mints that some streams are about. */
function mintsOf(matchers: readonly Matcher[]): ReadonlySet<string> {
  const mints = new Set<string>()
  for (const { filter, pair } of matchers) {
    mints.add(filter.mint)
    if (pair !== undefined) mints.add(pair.mint)
  }
  return mints
}

function incomplete({ signature }: Transaction, what: string): IndexerError {
  return new IndexerError(
    'rpc-bad-answer',
    `Solana transaction ${signature}: the node gave it without ${what}`,
    {
      signature,
    },
  )
}

function touches(transaction: Transaction, mint: string): boolean {
  for (const balance of transaction.balances.values()) if (balance.mint === mint) return true
  return false
}

function matches({ type, filter }: Matcher, movement: Movement, transaction: Transaction): boolean {
  if (movement.type !== type || movement.mint !== filter.mint) return false
  if (!within(filter.from, movement.from) || !within(filter.to, movement.to)) return false
  if (filter.notFrom !== undefined && within(filter.notFrom, movement.from)) return false
  if (filter.notTo !== undefined && within(filter.notTo, movement.to)) return false
  if (filter.authority !== undefined && !signed(filter.authority, movement, transaction)) return false
  if (filter.notAuthority !== undefined && signed(filter.notAuthority, movement, transaction)) return false
  if (filter.amountRaw !== undefined && !filter.amountRaw.includes(`${movement.amountRaw}`)) return false
  if (filter.notAmountRaw?.includes(`${movement.amountRaw}`)) return false
  if (filter.exceptTransactions?.includes(transaction.signature)) return false
  const { callers } = movement
  const direct = callers.at(-1)
  const calledBy = (keys: readonly CallKey[]): boolean =>
    direct !== undefined && keys.some((k) => isCall(direct, k))
  const under = (keys: readonly CallKey[]): boolean => callers.some((c) => keys.some((k) => isCall(c, k)))
  if (filter.calledBy !== undefined && !calledBy(filter.calledBy)) return false
  if (filter.notCalledBy !== undefined && calledBy(filter.notCalledBy)) return false
  if (filter.under !== undefined && !under(filter.under)) return false
  return filter.notUnder === undefined || !under(filter.notUnder)
}

/** Whether a movement's call did not make exactly one movement of a pair, or made this kind more than once. */
function lacks(
  { within: key, type, mint }: NonNullable<Matcher['pair']>,
  movement: Movement,
  all: readonly Movement[],
): boolean {
  // Calls are told apart by identity: two of one transaction may have the same bytes.
  const call = movement.callers.find((c) => isCall(c, key))
  if (call === undefined) return true
  const inside = all.filter((m) => m.callers.includes(call))
  const partners = inside.filter((m) => m.type === type && m.mint === mint)
  const likes = inside.filter((m) => m.type === movement.type && m.mint === movement.mint)
  return partners.length !== 1 || likes.length !== 1
}

function within(list: readonly string[] | undefined, value: string | undefined): boolean {
  return list === undefined || (value !== undefined && list.includes(value))
}

/** Whether one of the signers, on the days that are declared for it, signed for a movement. */
function signed(signers: readonly Signer[], { authority }: Movement, transaction: Transaction): boolean {
  return signers.some((signer) => {
    if (typeof signer === 'string') return signer === authority
    const { address, since, until } = signer
    if (address !== authority) return false
    if (transaction.time === null) throw incomplete(transaction, 'a block time')
    const day = dayOf(transaction.time)
    return (since === undefined || day >= since) && (until === undefined || day < until)
  })
}

type CallKey = NonNullable<Matcher['filter']['under']>[number]

/** Program and discriminator are one key: the same eight bytes mean other things in other programs. */
function isCall(call: Call, { program, discriminator, account }: CallKey): boolean {
  if (call.program !== program) return false
  if (account !== undefined && !account.is.includes(call.accounts[account.at] ?? '')) return false
  return (
    discriminator === undefined ||
    dataOf(call)?.subarray(0, discriminatorBytes).toString('hex') === discriminator
  )
}

function dataOf({ data }: Call): Buffer | undefined {
  const bytes = data === undefined ? undefined : decodeId(data, 'base58')
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function epochOf(
  { signature }: Transaction,
  { callers }: Movement,
  key: NonNullable<Matcher['filter']['epoch']>,
): Day {
  const call = callers.find((c) => isCall(c, key))
  const data = call && dataOf(call)
  const number =
    data !== undefined && data.length >= key.offset + 8 ? data.readBigUInt64LE(key.offset) : undefined
  if (number !== undefined && number <= lastDayNumber) return dayOfNumber(Number(number))
  throw new IndexerError(
    'decode-failed',
    `Solana transaction ${signature}: the call of ${key.program} names no epoch at byte ${key.offset}. If the program changed, ` +
      'add a stream with a new since',
    { signature },
  )
}
