import type { PriceScaled } from '../model/amount.ts'
import { formatPrice, rawAmount, toUsd } from '../model/amount.ts'
import type { Quality } from '../model/quality.ts'
import { isShown } from '../model/quality.ts'
import type { UnixSeconds } from '../model/time.ts'
import type { StreamRow } from '../store/catalogue.ts'
import type { DayFacts, FlowRow } from '../store/flows.ts'

/** A price as a day's close, and where it came from. */
export interface ClosePrice {
  readonly usd: PriceScaled
  readonly source: string
  readonly observedAt: UnixSeconds
  readonly stale: boolean
}

/**
 * The row of a day, whole, from ground state alone. The amount is given only if every height of the day was
 * read; the dollars only if there is a price or nothing to value. Pure.
 */
export function judgeDay(stream: StreamRow, facts: DayFacts, price: ClosePrice | undefined): FlowRow {
  const [quality, reason] = judgeAmount(stream, facts)
  const raw = isShown(quality) ? facts.raw : null
  const [usdQuality, usdReason] =
    raw === null ? [quality, reason] : judgePrice(stream, facts, price, quality, reason)
  const valued = raw !== null && isShown(usdQuality)
  return {
    streamId: stream.id,
    day: facts.day,
    revision: stream.revision,
    raw,
    events: facts.events,
    expected: facts.expected,
    covered: facts.covered,
    quality,
    reason,
    usdClose: valued ? (price === undefined ? 0n : toUsd(rawAmount(raw), stream.decimals, price.usd)) : null,
    price: valued && price !== undefined ? formatPrice(price.usd) : null,
    priceSource: valued ? (price?.source ?? null) : null,
    priceObservedAt: valued ? (price?.observedAt ?? null) : null,
    usdQuality,
    usdReason,
  }
}

function judgeAmount(stream: StreamRow, facts: DayFacts): [Quality, string | null] {
  const { expected, covered, lastHeight, headDay, day } = facts
  if (expected === null) {
    if (lastHeight === null && headDay !== null && day >= headDay)
      return ['PENDING', 'the day has not ended on the chain']
    if (covered === 0 && facts.events === 0)
      return ['NO_COVERAGE', facts.gapReason ?? 'no block of the day has been read']
    return ['PARTIAL', 'where the day starts or ends on the chain has not been read']
  }
  if (covered >= expected) {
    return stream.method === 'schedule'
      ? ['ESTIMATED', 'a published schedule, not observed']
      : ['COMPLETE', null]
  }
  const missing = `${expected - covered} of ${expected} blocks are missing`
  const reason = facts.gapReason === null ? missing : `${missing}: ${facts.gapReason}`
  return [covered === 0 ? 'NO_COVERAGE' : 'PARTIAL', reason]
}

function judgePrice(
  stream: StreamRow,
  facts: DayFacts,
  price: ClosePrice | undefined,
  quality: Quality,
  reason: string | null,
): [Quality, string | null] {
  if (price === undefined) {
    if (facts.raw === 0n) return [quality, reason]
    return ['NO_PRICE', `no price of ${stream.token} within 36 hours before the end of ${facts.day}`]
  }
  if (price.stale)
    return ['STALE_PRICE', `the price of ${stream.token} is more than a day older than the close`]
  return [quality, reason]
}
