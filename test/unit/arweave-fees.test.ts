import fc from 'fast-check'
import { expect, test } from 'vitest'
import { launchFinderPart, poolFinderPart, splitFee } from '../../indexers/chains/arweave/fees.ts'
import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'

test('the parts of a fee add up to it, at every height and for every fee', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 20n), fc.integer({ min: 269_510, max: 5_000_000 }), (fee, height) => {
      const { miner, endowment } = splitFee(fee, height)
      return miner + endowment === fee && miner >= 0n && endowment >= 0n
    }),
    { numRuns: 2_000 },
  )
})

test('the split changes exactly at its heights', () => {
  const miner = (height: number): bigint => splitFee(2_100_000n, height).miner
  expect([269_510, 812_969, 812_970, 2_069_869, 2_069_870].map(miner)).toEqual([
    350_000n,
    350_000n,
    350_000n,
    350_000n,
    100_000n,
  ])
})

test('below 269,510, and for a negative fee, there is no split of one transaction', () => {
  expect(() => splitFee(1n, 269_509)).toThrow('no rule splits')
  expect(() => splitFee(-1n, 1_000_000)).toThrow('no rule splits')
})

// Fees and pools of recorded neighbours: height, fees, miner part, pool before, pool after, miner's reward.
const recorded: readonly [number, bigint, bigint, bigint, bigint, bigint][] = [
  [269_511, 0n, 0n, 188_556_296_785n, 188_417_038_807n, 14_252_129_890_649n],
  [315_701, 44_724_586_091n, 7_454_097_680n, 65_478_379_663n, 102_748_868_074n, 12_624_746_987_900n],
  [
    422_251,
    21_625_343_842n,
    3_604_223_972n,
    3_026_104_059_201_252n,
    3_026_122_080_321_122n,
    9_529_726_717_016n,
  ],
  [
    633_720,
    1_837_535_833n,
    306_255_971n,
    14_778_529_747_494_998n,
    14_778_531_278_774_860n,
    5_453_920_059_762n,
  ],
  [
    812_970,
    184_719_706_697n,
    30_786_617_781n,
    27_384_501_975_998_871n,
    27_384_655_909_087_787n,
    3_429_844_463_800n,
  ],
  [235_201, 934_170_458_675n, 96_949_772_421n, 35_327_265_539n, 872_547_951_793n, 28_974_099_824_709n],
]

test.each(recorded)(
  'block %i: reward, fees, pool and inflation fit to the winston',
  (height, fees, miner, before, after, reward) => {
    expect(inflationAt(height) + fees - (after - before)).toBe(reward)
    if (height === 235_201) {
      expect(poolFinderPart(before, fees)).toBe(miner)
      return
    }
    // The recorded part sums truncations of each transaction: lower than that of the sum by less than one each.
    const whole = splitFee(fees, height).miner
    expect(whole - miner).toBeGreaterThanOrEqual(0n)
    expect(whole - miner).toBeLessThan(100n)
    const takes = fees - miner - (after - before)
    expect(takes).toBe(height === 269_511 ? 139_257_978n : 0n)
  },
)

test.each([
  [34, 1_000_000_000_000n, true, 233n],
  [42, 1_000_000_000_000n, true, 1n],
  [54, 1_000_000_000_000n, true, 1n],
  [82, 67_001_423_227n, false, 60_301_280_905n],
  [100, 521_472_182n, false, 469_324_964n],
  [114, 321_179_212n, false, 289_061_291n],
])('launch: block %i leaves the pool its rest of %i winston', (height, fees, weaveEmpty, left) => {
  expect(fees - launchFinderPart(fees, height, weaveEmpty)).toBe(left)
})

test('launch: an empty weave gives the finder all of it long before the power overflows', () => {
  expect(launchFinderPart(7n, 5_000, true)).toBe(7n)
})
