import { liftoff } from './upgrades.ts'

const attoPerFil = 10n ** 18n
const epochsPerDay = 2_880n

/** FIL of founders, investors and the foundation, and the days over which each tranche became free, since calico. */
const tranches: readonly (readonly [fil: bigint, days: bigint])[] = [
  [10_632_000n, 0n],
  [51_803_587n, 183n],
  [31_821_712n, 365n],
  [7_223_364n, 730n],
  [88_536_841n, 1_095n],
  [409_805_053n, 2_190n],
]

/** The first height at which nothing is left to vest: 2026-10-14T14:44:00Z. */
export const vestedWhole = liftoff + 2_190 * 2_880

/**
 * AttoFIL of the genesis allocations that are free at a height from 265,200 on, as the chain counts them: in each tranche
 * an equal amount an epoch, rounded down once. Earlier the chain counted by other schedules.
 * filecoin-project/lotus, chain/stmgr/supply.go; specs-actors v0.9 multisig AmountLocked.
 */
export function vestedAt(height: number): bigint {
  const elapsed = BigInt(height - liftoff)
  let vested = 0n
  for (const [fil, days] of tranches) {
    const amount = fil * attoPerFil
    const epochs = days * epochsPerDay
    const locked = elapsed >= epochs ? 0n : (amount / epochs) * (epochs - elapsed)
    vested += amount - locked
  }
  return vested
}
