import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { gasOutputs, isFree, overEstimated } from '../../indexers/chains/filecoin/gas.ts'

const vectors = join(import.meta.dirname, '../../../shared/recordings/filecoin/vectors')
const absent = !existsSync(vectors)

const text = z.string().transform(BigInt)
const shape = z.object({
  variants: z.array(z.object({ epoch: z.number() })),
  base_fee: text,
  messages: z.array(
    z.object({
      to: z.string(),
      value: text,
      gaslimit: z.number(),
      feecap: text,
      premium: text,
      method: z.number(),
    }),
  ),
  receipts: z.array(z.object({ exit_code: z.number(), gas_used: z.number() })).nullable(),
  delta_f099: text.nullable(),
  delta_f02: text.nullable(),
  gas_outputs: z
    .object({
      base_fee_burn: text,
      over_estimation_burn: text,
      miner_tip: text,
      miner_penalty: text,
      refund: text,
    })
    .optional(),
  extra_f099: text.nullable().optional(),
  extra_f02: text.nullable().optional(),
})

function rows(file: string): z.infer<typeof shape>[] {
  const lines = readFileSync(join(vectors, file), 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => shape.parse(JSON.parse(line)))
}

function outputsOf(row: z.infer<typeof shape>) {
  return row.messages.map((message, i) => {
    const receipt = row.receipts?.[i]
    if (receipt === undefined) throw new Error('a row without a receipt')
    return gasOutputs({
      used: BigInt(receipt.gas_used),
      limit: BigInt(message.gaslimit),
      baseFee: row.base_fee,
      feeCap: message.feecap,
      premium: message.premium,
      free: isFree(row.variants[0]?.epoch ?? 0, message.method, receipt.exit_code),
    })
  })
}

describe.skipIf(absent)(
  'gas outputs of recorded messages (skipped where ../shared/recordings is absent)',
  () => {
    test('545 executed messages: every output to the attoFIL', () => {
      const real = rows('test-vectors.messages.ndjson')
      expect(real.length).toBe(566)
      const executed = real.filter((row) => row.receipts?.[0]?.gas_used !== 0)
      expect(executed.length).toBe(545)
      expect(executed.map((row) => outputsOf(row)[0])).toEqual(
        executed.map(({ gas_outputs: o }) => ({
          baseFeeBurn: o?.base_fee_burn,
          overEstimationBurn: o?.over_estimation_burn,
          minerTip: o?.miner_tip,
          minerPenalty: o?.miner_penalty,
          refund: o?.refund,
        })),
      )
    })

    test('21 messages whose sender could not pay burn nothing; their miner owes the base fee of the limit', () => {
      const refused = rows('test-vectors.messages.ndjson').filter((row) => row.receipts?.[0]?.gas_used === 0)
      expect(refused.length).toBe(21)
      expect(refused.map((row) => outputsOf(row)[0])).toEqual(
        refused.map((row) => ({
          baseFeeBurn: 0n,
          overEstimationBurn: 0n,
          minerTip: 0n,
          minerPenalty: row.base_fee * BigInt(row.messages[0]?.gaslimit ?? 0),
          refund: 0n,
        })),
      )
    })

    test('f099 and f02 grew by exactly the burn and the tip, where the vectors tell', () => {
      const real = rows('test-vectors.messages.ndjson')
      const burns = real.filter((r) => r.delta_f099 !== null)
      const tips = real.filter((r) => r.delta_f02 !== null)
      expect([burns.length, tips.length]).toEqual([545, 525])
      for (const row of burns) {
        const [gas] = outputsOf(row)
        expect(row.delta_f099).toBe(
          (gas?.baseFeeBurn ?? 0n) + (gas?.overEstimationBurn ?? 0n) + (row.extra_f099 ?? 0n),
        )
      }
      for (const row of tips)
        expect(row.delta_f02).toBe((outputsOf(row)[0]?.minerTip ?? 0n) + (row.extra_f02 ?? 0n))
    })

    test('synthetic messages: those that the machine refuses burn nothing, the others what the state says', () => {
      const told = rows('test-vectors.synthetic.ndjson').filter(
        (r) => r.delta_f099 !== null && r.receipts !== null,
      )
      let refused = 0
      let burned = 0
      for (const row of told) {
        const outputs = outputsOf(row)
        const gas = outputs.reduce((all, o) => all + o.baseFeeBurn + o.overEstimationBurn, 0n)
        const sent = row.messages.reduce((all, m) => all + (m.to === 'f099' ? m.value : 0n), 0n)
        expect(row.delta_f099).toBe(gas + sent)
        if (row.receipts?.every((r) => r.gas_used === 0)) refused += 1
        else burned += 1
      }
      expect({ refused: refused > 0, burned: burned > 0, all: told.length }).toEqual({
        refused: true,
        burned: true,
        all: refused + burned,
      })
    })
  },
)

describe('gas outputs', () => {
  const usual = { used: 1_000n, limit: 1_200n, baseFee: 100n, feeCap: 150n, premium: 10n }

  test('money is shared out whole: what was offered is burned, tipped or given back', () => {
    for (const change of [{}, { limit: 5_000n }, { feeCap: 90n }, { premium: 10_000n }, { limit: 1_000n }]) {
      const input = { ...usual, ...change }
      const { baseFeeBurn, overEstimationBurn, minerTip, refund } = gasOutputs(input)
      expect(baseFeeBurn + overEstimationBurn + minerTip + refund).toBe(input.limit * input.feeCap)
    }
  })

  test('a limit up to a tenth above the use costs nothing, twice the use and more costs all of the rest', () => {
    expect(
      [1_000n, 1_100n, 1_101n, 1_200n, 2_100n, 9_000n].map((limit) => overEstimated(1_000n, limit)),
    ).toEqual([0n, 0n, 0n, 20n, 1_100n, 8_000n])
  })

  test('a message that pays less than the base fee leaves the rest to the miner of its block', () => {
    expect(gasOutputs({ ...usual, feeCap: 90n })).toEqual({
      baseFeeBurn: 90_000n,
      overEstimationBurn: 1_800n,
      minerTip: 0n,
      minerPenalty: 10n * 1_020n,
      refund: 1_200n * 90n - 91_800n,
    })
  })

  test('a message that the machine refused burns nothing', () => {
    expect(gasOutputs({ ...usual, used: 0n })).toEqual({
      baseFeeBurn: 0n,
      overEstimationBurn: 0n,
      minerTip: 0n,
      minerPenalty: 120_000n,
      refund: 0n,
    })
  })

  test('a successful direct proof paid no base fee from 343,201 to 892,800, and over-estimation all the same', () => {
    const heights = [343_200, 343_201, 892_800, 892_801]
    expect(heights.map((h) => isFree(h, 5, 0))).toEqual([false, true, true, false])
    expect([isFree(500_000, 5, 16), isFree(500_000, 6, 0)]).toEqual([false, false])
    const { baseFeeBurn, overEstimationBurn } = gasOutputs({ ...usual, free: true })
    expect([baseFeeBurn, overEstimationBurn]).toEqual([0n, 2_000n])
  })
})
