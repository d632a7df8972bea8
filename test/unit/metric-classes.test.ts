import { describe, expect, it } from 'vitest'
import type { FlowStream } from '../../pipeline/model/flow.ts'
import { day } from '../../pipeline/model/time.ts'
import { daysOf, flow, network, points, stream, values, week } from '../support/flows.ts'

const million = 1_000_000n
const days = { ...daysOf('2025-12-25', 7, () => flow(100n * million)), ...week(() => flow(100n * million)) }
const one = { ...daysOf('2025-12-25', 7, () => flow(million)), ...week(() => flow(2n * million)) }

/** A network in which every metric has a value, so that each can be seen to move. */
const whole = (added: readonly FlowStream[] = []) =>
  network(
    [
      stream('emission', days, { name: 'rewards' }),
      stream('emission', one, { name: 'mintedAgain', class: 'remint', role: 'part', of: ['rewards'] }),
      stream('emission', one, { name: 'kept', class: 'locked', role: 'part', of: ['rewards'] }),
      stream('emission', one, { name: 'unlocked', class: 'vesting' }),
      stream('burn', one, { class: 'usage' }),
      stream('fee', days, { accrues: [{ supply: '0.5', protocol: '0.2', holders: '0.3' }] }),
      stream('fee', days, { name: 'bought', lens: 'PURCHASE' }),
      stream('lock', one, { class: 'lock' }),
      stream('lock', one, { name: 'released', class: 'release' }),
      ...added,
    ],
    {
      supplies: new Map(
        ['supply', 'circulating'].map((counter) => [
          counter,
          new Map(
            ['2025-12-31', '2026-01-07'].map((at) => [
              day(at),
              { raw: 10_000n * million, quality: 'COMPLETE' as const, reason: null, availableAt: 1 },
            ]),
          ),
        ]),
      ),
      closes: new Map([
        [day('2026-01-07'), { usd: 10n ** 18n, quality: 'COMPLETE', reason: null, availableAt: 1 }],
      ]),
    },
  )

/** The metrics that a further stream moves. */
function movedBy(added: FlowStream): string[] {
  const [before, after] = [values(whole()), values(whole([added]))]
  return Object.keys(before)
    .filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]))
    .sort()
}

const net = ['inflation_annualised', 'net_emission_native']
const gross = [
  'burn_mint_ratio',
  'earnings_usd',
  'emission_liquid_native',
  'emissions_annualised_usd',
  'emissions_growth',
  'emissions_usd',
  'gross_emission_native',
  ...net,
  'net_subsidy_usd',
  'revenue_coverage',
  'subsidy_ratio',
  'subsidy_ratio_net',
]
const burnt = ['burn_mint_ratio', 'burns_usd', 'gross_burn_native', ...net, 'net_burn_native']

describe('each class moves exactly these metrics', () => {
  it.each([
    ['contributor', gross],
    ['staker', gross],
    ['treasury', gross],
    ['settlement', [...net, 'net_burn_native', 'remint_settlement_native', 'subsidy_ratio_net']],
    ['oneOff', [...net, 'one_off_mint_native']],
    ['returned', net],
    ['vesting', ['vested_native']],
    ['credit', []],
  ] as const)('emission of the class %s', (name, moved) => {
    const sign = name === 'returned' ? -1n : 1n
    const added = stream(
      'emission',
      daysOf('2025-12-25', 14, (i) => flow(sign * BigInt(i + 1) * million)),
      {
        name: 'added',
        class: name,
      },
    )
    expect(movedBy(added)).toEqual([...moved].sort())
  })

  it.each([
    ['remint', ['holders_revenue_usd', 'net_burn_native', 'remint_reward_native', 'subsidy_ratio_net']],
    ['locked', ['emission_liquid_native', 'emission_locked_native']],
  ] as const)('part of an emission of the class %s', (name, moved) => {
    const added = stream('emission', one, { name: 'added', class: name, role: 'part', of: ['rewards'] })
    expect(movedBy(added)).toEqual([...moved].sort())
  })

  it.each([
    ['purchase', [...burnt, 'burn_purchase_native', 'subsidy_ratio_net']],
    ['usage', [...burnt, 'burn_usage_native', 'subsidy_ratio_net']],
    ['gas', [...burnt, 'burn_gas_native', 'subsidy_ratio_net']],
    ['penalty', [...burnt, 'burn_penalty_native', 'subsidy_ratio_net']],
    ['buyback', [...burnt, 'burn_buyback_native', 'subsidy_ratio_net']],
    ['migration', [...burnt, 'burn_migration_native']],
    ['other', [...burnt, 'burn_other_native', 'subsidy_ratio_net']],
    ['credit', []],
  ] as const)('burn of the class %s', (name, moved) => {
    expect(movedBy(stream('burn', one, { name: 'added', class: name }))).toEqual([...moved].sort())
  })

  it.each([
    ['lock', ['locked_native', 'net_locked_native']],
    ['release', ['net_locked_native', 'released_native']],
  ] as const)('lock of the class %s: neither a burn nor an emission', (name, moved) => {
    expect(movedBy(stream('lock', one, { name: 'added', class: name }))).toEqual([...moved])
  })
})

describe('locks', () => {
  it('are not known, not zero, where a network declares nothing of them', () => {
    const silent = network([stream('emission', days)])
    expect(points(silent)['locked_native']).toMatchObject({
      value: null,
      quality: 'NO_COVERAGE',
      reason: '2026-01-01: no stream of lock is declared for the day',
    })
    const none = network([stream('emission', days)], {
      absent: { lock: { truly: 'zero', why: 'nothing can be locked' } },
    })
    expect(values(none)['net_locked_native']).toEqual(['0', 'COMPLETE', 7])
  })
})

describe('several tokens of a network', () => {
  const tokens = [
    stream(
      'emission',
      week(() => flow(10n * million, 30n * million)),
      { name: 'main' },
    ),
    stream(
      'emission',
      week(() => flow(5n, 7n)),
      { name: 'second', token: 'SEC', decimals: 9 },
    ),
    stream(
      'fee',
      week(() => flow(400n, 4_000n)),
      { name: 'credits', token: 'CRD', decimals: 0 },
    ),
    stream(
      'fee',
      week(() => flow(million)),
      { name: 'paid' },
    ),
  ]

  it("are one sum in dollars, and amounts are those of the network's own token alone", () => {
    expect(values(network(tokens))).toMatchObject({
      emissions_usd: ['210.000049', 'COMPLETE', 7],
      gross_emission_native: ['70', 'COMPLETE', 7],
      fees_usd: ['7.028', 'COMPLETE', 7],
    })
  })

  it('have no sum on a day on which one of them has no price, and the reason names the day', () => {
    const unpriced = stream(
      'emission',
      { ...week(() => flow(5n, 7n)), '2026-01-04': flow(5n, null) },
      {
        name: 'second',
        token: 'SEC',
        decimals: 9,
      },
    )
    const [main, , ...fees] = tokens
    if (main === undefined) throw new Error('no main stream')
    const made = points(network([main, unpriced, ...fees]))
    expect(made['emissions_usd']).toMatchObject({
      value: null,
      quality: 'NO_PRICE',
      reason: '2026-01-04: no price',
      daysPriced: 6,
    })
    expect(made['gross_emission_native']).toMatchObject({ value: '70', quality: 'COMPLETE' })
    expect(made['fees_usd']).toMatchObject({ value: '7.028', quality: 'COMPLETE' })
  })
})
