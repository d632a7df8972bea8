import { isNullRound } from '../filecoin/rounds.ts'
import { draw } from '../scenario.ts'
import { payAddress, payContracts, type Rail } from './rails.ts'

/** One thing that happened to the payments contract in a tipset. */
export type Happening =
  | { readonly kind: 'created'; readonly rail: Rail }
  | ({ readonly kind: 'settled' | 'paidOnce'; readonly rail: Rail } & Split)
  /** Tokens taken out by their owner, with the event that says so. */
  | { readonly kind: 'withdrawn'; readonly token: string; readonly to: string; readonly amount: bigint }
  /** Collected fees sold for FIL, which burns: no event says so. `routed`: by way of another contract. */
  | {
      readonly kind: 'auctioned'
      readonly token: string
      readonly to: string
      readonly amount: bigint
      readonly burned: bigint
      readonly routed: boolean
    }

/** What is paid, and who gets what of it. */
export interface Split {
  readonly gross: bigint
  readonly net: bigint
  readonly commission: bigint
  readonly networkFee: bigint
}

const key = 73
const setUpPrice = 10n ** 17n

/**
 * Everything that happened to the payments contract at a height, in order; nothing in a null round. Pure.
 * @param first The first simulated height: below it rails were only created.
 * @param all Every rail up to the height or beyond.
 */
export function happeningsAt(
  seed: number,
  first: number,
  height: number,
  all: readonly Rail[],
): readonly Happening[] {
  if (isNullRound(seed, height)) return []
  const rails = all.filter((rail) => rail.height <= height)
  const made: Happening[] = []
  for (const rail of rails) {
    if (rail.height === height) made.push({ kind: 'created', rail })
  }
  if (height < first) return made
  for (const rail of rails) {
    if (rail.setUp) {
      if (rail.height === height) made.push({ kind: 'paidOnce', rail, ...split(setUpPrice, rail) })
      continue
    }
    const roll = draw(seed, key, height, rail.id)
    if (roll < 0.03) {
      const epochs = BigInt(1 + Math.floor(5_000 * draw(seed, key, height, rail.id, 1)))
      made.push({ kind: 'settled', rail, ...split(rail.rate * epochs, rail) })
    } else if (roll < 0.034) made.push({ kind: 'paidOnce', rail, ...split(rail.rate * 100n, rail) })
  }
  if (draw(seed, key, height, 0, 2) < 0.05) {
    const amount = 10n ** 15n * BigInt(1 + Math.floor(900 * draw(seed, key, height, 0, 3)))
    made.push({ kind: 'withdrawn', token: payContracts.usdfc, to: payAddress(seed, 'provider 1'), amount })
  }
  if (draw(seed, key, height, 0, 4) < 0.01) {
    const amount = 10n ** 13n * BigInt(1 + Math.floor(900 * draw(seed, key, height, 0, 5)))
    const burned = 2_100_000_000_000_000n + amount
    const routed = draw(seed, key, height, 0, 6) < 0.3
    made.push({
      kind: 'auctioned',
      token: payContracts.usdfc,
      to: payAddress(seed, 'bidder'),
      amount,
      burned,
      routed,
    })
  }
  return made
}

/** The network's 0.5 % is rounded up; the operator's share comes off what is left. */
function split(gross: bigint, { commissionBps }: Rail): Split {
  const networkFee = (gross + 199n) / 200n
  const commission = ((gross - networkFee) * BigInt(commissionBps)) / 10_000n
  return { gross, net: gross - networkFee - commission, commission, networkFee }
}
