import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allBurns,
  allMints,
  burnOf,
  emissionOf,
  emissionPart,
  feesOf,
  grossEmission,
  vesting,
} from '../../pipeline/metrics/selections.ts'
import type { FlowStream } from '../../pipeline/model/flow.ts'
import type { BurnClass, EmissionClass, Lens } from '../../pipeline/model/stream.ts'
import { lenses } from '../../pipeline/model/stream.ts'
import { flow, network, stream, values, week } from '../support/flows.ts'

const emissions = [
  'contributor',
  'staker',
  'treasury',
  'settlement',
  'oneOff',
  'returned',
  'remint',
  'locked',
  'vesting',
] as const
const burns = ['purchase', 'usage', 'gas', 'penalty', 'buyback', 'migration', 'other'] as const
const everySelection = [
  allBurns,
  allMints,
  grossEmission,
  vesting,
  emissionPart('remint'),
  emissionPart('locked'),
  ...emissions.map((c: EmissionClass) => emissionOf(c)),
  ...burns.map((c: BurnClass) => burnOf(c)),
  ...lenses.flatMap((l: Lens) => [
    feesOf(l),
    feesOf(l, 'supply'),
    feesOf(l, 'protocol'),
    feesOf(l, 'holders'),
  ]),
]

const anyStream: fc.Arbitrary<FlowStream> = fc.oneof(
  fc.constantFrom(...emissions).map((c) => stream('emission', {}, { class: c })),
  fc.constantFrom(...burns).map((c) => stream('burn', {}, { class: c })),
  fc.constantFrom(...lenses).map((lens) => stream('fee', {}, { lens })),
)

describe('the two legs of an act', () => {
  it('never meet in one sum: every selection adds one kind, and fees of one lens, only', () => {
    fc.assert(
      fc.property(fc.array(anyStream, { minLength: 1, maxLength: 30 }), (streams) => {
        for (const selection of everySelection) {
          const picked = streams.filter((s) => selection.picks(s))
          expect(picked.every((s) => s.kind === selection.kind)).toBe(true)
          expect(new Set(picked.map((s) => s.lens)).size).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('move no metric of the other kind, whatever they amount to', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 15n })
    const act = (fee: bigint, burn: bigint) =>
      values(
        network([
          stream(
            'emission',
            week(() => flow(5n)),
          ),
          stream(
            'fee',
            week(() => flow(fee)),
            { accrues: [{ holders: '1' }] },
          ),
          stream(
            'burn',
            week(() => flow(burn)),
            { class: 'purchase' },
          ),
        ]),
      )
    fc.assert(
      fc.property(amount, amount, amount, (fee, burn, other) => {
        const [whole, otherFee, otherBurn] = [act(fee, burn), act(other, burn), act(fee, other)]
        for (const id of ['burns_usd', 'gross_burn_native', 'net_emission_native', 'burn_mint_ratio'])
          expect(otherFee[id]).toEqual(whole[id])
        for (const id of ['fees_usd', 'revenue_usd', 'holders_revenue_usd', 'subsidy_ratio', 'take_rate'])
          expect(otherBurn[id]).toEqual(whole[id])
      }),
    )
  })
})
