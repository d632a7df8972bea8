import { priceScaled } from '../../../pipeline/model/amount.ts'
import { codeOf } from '../../../pipeline/model/errors.ts'
import type { PriceObservation } from '../../../pipeline/model/price.ts'
import { type UnixSeconds, unixSeconds } from '../../../pipeline/model/time.ts'
import type { OracleEvent } from './chain.ts'
import type { BlockFacts } from './facts.ts'
import { holds, valueAt } from './values.ts'

const secondsPerHour = 3_600

/**
 * The prices that the chain's own oracle stated in blocks: of each token and hour the last one, which is all that a
 * day's close needs. A price without a time of its own has its block's.
 */
export function pricesIn(blocks: Iterable<BlockFacts>, oracle: readonly OracleEvent[]): PriceObservation[] {
  const last = new Map<string, PriceObservation>()
  for (const block of blocks) {
    for (const rule of oracle) {
      for (const { event } of block.of(rule.event)) {
        if (!holds(event.attributes, rule.where)) continue
        const usd = valueAt(event.attributes, rule.price)
        if (usd === undefined) continue
        const observedAt = timeOf(valueAt(event.attributes, rule.at), block.mark.time)
        const price = priceOf(usd)
        if (price === undefined) continue
        const key = `${rule.token} ${Math.floor(observedAt / secondsPerHour)}`
        if ((last.get(key)?.observedAt ?? 0) > observedAt) continue
        last.set(key, { token: rule.token, source: 'oracle', kind: 'spot', usd: price, observedAt })
      }
    }
  }
  return [...last.values()]
}

/** A price above zero; an oracle that states none states zero. */
function priceOf(text: string): PriceObservation['usd'] | undefined {
  try {
    return priceScaled(text)
  } catch (error) {
    if (codeOf(error) === 'amount-out-of-range') return undefined
    throw error
  }
}

/** The oracle's own time, unless it is later than its block. */
function timeOf(text: string | undefined, blockTime: UnixSeconds): UnixSeconds {
  const ms = text === undefined ? Number.NaN : Date.parse(text)
  return ms > 0 && ms / 1000 <= blockTime ? unixSeconds(Math.floor(ms / 1000)) : blockTime
}
