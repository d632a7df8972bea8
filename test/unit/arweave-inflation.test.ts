import { expect, test } from 'vitest'
import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'

test.each([
  [0, 1n],
  [1, 1n],
  [65_700, 1n],
  [65_701, 7_253_247_677_501n],
  [95_001, 35_857_769_106_049n],
  [235_201, 28_877_150_052_288n],
  [262_801, 14_506_466_658_865n],
  [269_511, 14_251_990_632_671n],
  [269_512, 14_251_953_042_434n],
  [315_701, 12_617_292_890_220n],
  [422_250, 9_526_147_618_666n],
  [422_251, 9_526_122_493_044n],
  [585_635, 6_191_051_161_765n],
  [633_719, 5_453_628_187_969n],
  [633_720, 5_453_613_803_791n],
  [711_150, 4_446_215_382_080n],
  [812_969, 3_399_066_811_203n],
  [812_970, 3_399_057_846_019n],
  [982_575, 2_173_105_478_427n],
  [1_132_210, 1_464_462_077_728n],
  [1_602_350, 423_785_415_242n],
  [2_048_241, 130_734_565_824n],
  [12_936_226, 1n],
  [12_936_227, 0n],
])('block %i mints %i winston', (height, expected) => {
  expect(inflationAt(height)).toBe(expected)
})

test('sums over heights agree: within 50 winston through the float eras, to the winston through the exact era', () => {
  const published = new Map([
    [95_000, 210_480_436148206538n],
    [262_800, 5_500_021_759760405532n],
    [812_969, 9_711_293_142548322692n],
    [1_132_209, 10_444_777_246135258321n],
    [1_602_349, 10_839_340_183478749191n],
    [1_801_982, 10_905_113_132156846710n],
    [2_069_869, 10_953_196_222598872239n],
  ])
  const off: bigint[] = []
  let sum = 0n
  for (let height = 0; height <= 2_069_869; height += 1) {
    sum += inflationAt(height)
    const expected = published.get(height)
    if (expected !== undefined) off.push(sum - expected)
  }
  // 550,000 float blocks; two platforms' pow may differ by a winston in some of them.
  expect(off.every((difference) => difference >= -50n && difference <= 50n)).toBe(true)
  expect(new Set(off.slice(2)).size).toBe(1)
}, 60_000)

test.each([-1, 1.5, Number.NaN])('%d is no height', (height) => {
  expect(() => inflationAt(height)).toThrow('is not a block height')
})
