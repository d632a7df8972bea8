import { lastTipset } from '../filecoin/rounds.ts'
import { draw, seededBytes } from '../scenario.ts'

/** The payments contract and what its simulated rails pay in: the real addresses, because networks declare them. */
export const payContracts = {
  pay: '0x23b1e018f08bb982348b15a86ee926eebf7f4daa',
  usdfc: '0x80b98d3aa09ffff255c3ba4a241111ff1262f045',
  usdc: '0xeb466342c4d449bc9f53a865d5cb90586f405215',
  fil: `0x${'0'.repeat(40)}`,
} as const

/** A channel that one client pays one payee through. */
export interface Rail {
  readonly id: number
  readonly payer: string
  readonly payee: string
  readonly token: string
  readonly operator: string
  /** The tipset that it was created in. */
  readonly height: number
  /** In smallest units of its token for each epoch. */
  readonly rate: bigint
  /** What the operator keeps, in hundredths of a percent. */
  readonly commissionBps: number
  /** Whether it is the burn of a data set's creation: paid once, to the contract itself, in the tipset of its creation. */
  readonly setUp: boolean
}

const epochsADay = 2_880
const railKey = 71
const oldRails = 12
/** Where the oldest rails were created: before every simulated day, as most real rails were. */
const oldHeight = 5_430_000
const oldSpacing = 20_000

/** An address that belongs to nobody. */
export function payAddress(seed: number, name: string): string {
  return `0x${seededBytes(seed, `pay address ${name}`, 20).toString('hex')}`
}

/**
 * The rails that exist at a height, oldest first: a dozen old ones, and from `first` on about one data set every other
 * day, which is a rail for its storage and another for its set-up.
 */
export function railsUpTo(seed: number, first: number, height: number): readonly Rail[] {
  const rails = Array.from({ length: oldRails }, (_, i) =>
    railOf(seed, i + 1, lastTipset(seed, oldHeight + i * oldSpacing), false),
  )
  for (let day = 0; first + day * epochsADay <= height; day += 1) {
    if (draw(seed, railKey, day) > 0.5) continue
    const at = lastTipset(
      seed,
      first + day * epochsADay + Math.floor(epochsADay * draw(seed, railKey, day, 1)),
    )
    if (at < first) continue
    rails.push(railOf(seed, 101 + day * 2, at, false), railOf(seed, 102 + day * 2, at, true))
  }
  return rails.filter((rail) => rail.height <= height)
}

function railOf(seed: number, id: number, height: number, setUp: boolean): Rail {
  const roll = draw(seed, railKey, id, 2)
  // Set-ups are paid in USDFC; of the rest a tenth pays in USDC and a tenth in FIL.
  const token = setUp || roll < 0.8 ? payContracts.usdfc : roll < 0.9 ? payContracts.usdc : payContracts.fil
  const perDay = 40_000 + Math.floor(2_000_000 * draw(seed, railKey, id, 3))
  const unit = token === payContracts.usdc ? 1n : 10n ** 12n
  return {
    id,
    payer: payAddress(seed, `client ${setUp ? id - 1 : id}`),
    payee: setUp ? payContracts.pay : payAddress(seed, `provider ${id % 5}`),
    token,
    operator: payAddress(seed, `service ${id % 3}`),
    height,
    rate: (BigInt(perDay) * unit) / BigInt(epochsADay),
    commissionBps: !setUp && id % 3 === 0 ? 250 : 0,
    setUp,
  }
}
