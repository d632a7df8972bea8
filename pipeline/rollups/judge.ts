import type { PriceScaled } from '../model/amount.ts'
import { formatPrice, rawAmount, toUsd } from '../model/amount.ts'
import { parseFraction, timesFraction } from '../model/fraction.ts'
import type { Quality } from '../model/quality.ts'
import { isShown, worse } from '../model/quality.ts'
import type { StreamRow } from '../store/catalogue.ts'
import type { FlowRow, FlowUsd } from '../store/flows.ts'
import type { DayFacts } from '../store/stale_days.ts'
import type { ChosenPrice, DayPrices } from './choose.ts'

interface Judged {
  readonly quality: Quality
  readonly reason: string | null
}

/**
 * The row of a day, whole, from ground state alone. The amount is given only if every height of the day was
 * read; the dollars only if there is a price or nothing to value. Pure.
 */
export function judgeDay(stream: StreamRow, read: DayFacts, prices: DayPrices): FlowRow {
  const facts = scaled(stream, read)
  const amount = judgeAmount(stream, facts)
  const raw = isShown(amount.quality) ? facts.raw : null
  const close = value(stream, raw, amount, prices.close)
  const { usd } = prices.close
  return {
    streamId: stream.id,
    day: facts.day,
    by: facts.by,
    span: facts.span,
    revision: stream.revision,
    raw,
    events: facts.events,
    expected: facts.expected,
    covered: facts.covered,
    quality: amount.quality,
    reason: amount.reason,
    close,
    average: value(stream, raw, amount, prices.average),
    atEvent: valueEvents(stream, raw, amount, facts, prices),
    price: usd === null ? null : formatPrice(usd),
    priceSource: prices.close.source,
    priceObservedAt: prices.close.observedAt,
    warning: prices.close.warning,
  }
}

/** The facts with amounts multiplied by what the stream declares for the day; the sum is rounded once. */
function scaled({ scale }: StreamRow, facts: DayFacts): DayFacts {
  const times = scale?.findLast((s) => s.since === undefined || facts.day >= s.since)?.times
  if (times === undefined) return facts
  const by = parseFraction(times)
  return {
    ...facts,
    raw: timesFraction(facts.raw, by),
    hours: facts.hours.map(({ hour, unstatedRaw, statedUsdMicros }) => ({
      hour,
      unstatedRaw: timesFraction(unstatedRaw, by),
      statedUsdMicros: timesFraction(statedUsdMicros, by),
    })),
  }
}

function judgeAmount(stream: StreamRow, facts: DayFacts): Judged {
  const { expected, covered, lastHeight, headDay, day, inside, failedProof } = facts
  // What is not known of a day reads the same whether its row says so or is not there.
  if (headDay !== null && day >= headDay && (covered === 0 || (expected === null && lastHeight === null)))
    return { quality: 'PENDING', reason: 'the day has not ended on the chain' }
  if (covered === 0 && facts.events === 0 && expected !== 0)
    return { quality: 'NO_COVERAGE', reason: facts.gapReason ?? 'no block of the day has been read' }
  if (expected === null) {
    return { quality: 'PARTIAL', reason: 'where the day starts or ends on the chain has not been read' }
  }
  if (covered < expected) {
    const missing = `${expected - covered} of ${expected} blocks are missing`
    return {
      quality: covered === 0 ? 'NO_COVERAGE' : 'PARTIAL',
      reason: facts.gapReason === null ? missing : `${missing}: ${facts.gapReason}`,
    }
  }
  if (inside !== null)
    return { quality: 'PARTIAL', reason: `published only as a whole, from ${inside.from} to ${inside.to}` }
  if (failedProof !== null) return { quality: 'PROOF_FAILED', reason: `a proof fails: ${failedProof}` }
  const estimate = whyEstimated(stream, facts)
  return estimate === null
    ? { quality: 'COMPLETE', reason: null }
    : { quality: 'ESTIMATED', reason: estimate }
}

function whyEstimated(stream: StreamRow, facts: DayFacts): string | null {
  if (stream.method === 'schedule') return 'a published schedule, not observed'
  if (facts.spread) return 'a longer published period, spread evenly over its days'
  return stream.estimated
}

function value(stream: StreamRow, raw: bigint | null, amount: Judged, price: ChosenPrice): FlowUsd {
  if (raw === null) return { micros: null, ...amount }
  if (raw === 0n) return { micros: 0n, ...amount }
  if (price.usd === null) return { micros: null, quality: 'NO_PRICE', reason: price.reason }
  const quality = worse(amount.quality, price.quality)
  const reason = quality === amount.quality ? (amount.reason ?? price.reason) : price.reason
  return { micros: toUsd(rawAmount(raw), stream.decimals, price.usd), quality, reason }
}

/** Dollars that events state themselves, and the others at the last price before their hour. */
function valueEvents(
  stream: StreamRow,
  raw: bigint | null,
  amount: Judged,
  facts: DayFacts,
  prices: DayPrices,
): FlowUsd {
  if (raw === null) return { micros: null, ...amount }
  if (facts.by === 'epoch' && raw !== 0n && !prices.pegged) {
    return {
      micros: null,
      quality: 'NO_PRICE',
      reason: 'by epoch there is no time of an event to price it at',
    }
  }
  if (facts.by === 'epoch') return value(stream, raw, amount, prices.close)
  let micros = 0n
  for (const { hour, unstatedRaw, statedUsdMicros } of facts.hours) {
    micros += statedUsdMicros
    if (unstatedRaw === 0n) continue
    const usd: PriceScaled | undefined = prices.hours.get(hour)
    if (usd === undefined) {
      const at = `${facts.day} ${String(hour).padStart(2, '0')}:00`
      return {
        micros: null,
        quality: 'NO_PRICE',
        reason: `no price of ${stream.token} within two hours before ${at}`,
      }
    }
    micros += toUsd(rawAmount(unstatedRaw), stream.decimals, usd)
  }
  return { micros, ...amount }
}
