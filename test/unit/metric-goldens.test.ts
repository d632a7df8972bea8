import { expect, it } from 'vitest'
import { metrics } from '../../pipeline/metrics/index.ts'
import type { FlowStream } from '../../pipeline/model/flow.ts'
import { day } from '../../pipeline/model/time.ts'
import { daysOf, flow, network, stream, values } from '../support/flows.ts'

const million = 1_000_000n

/** The same tokens a day, at two dollars each: whole in this week, half in the one before, a quarter a year ago. */
function daily(tokens: number, name: string, more: Partial<FlowStream>): FlowStream {
  const kind = more.kind ?? 'emission'
  const part = (divisor: bigint) => () =>
    flow((BigInt(tokens) * million) / divisor, (2n * BigInt(tokens) * million) / divisor)
  const days = {
    ...daysOf('2025-01-01', 7, part(4n)),
    ...daysOf('2025-12-25', 7, part(2n)),
    ...daysOf('2026-01-01', 7, part(1n)),
  }
  return stream(kind, days, { ...more, name })
}

const flows = network(
  [
    daily(10, 'rewards', { class: 'contributor' }),
    daily(4, 'lockedRewards', { class: 'locked', role: 'part', of: ['rewards'] }),
    daily(1, 'remintedRewards', { class: 'remint', role: 'part', of: ['rewards'] }),
    daily(5, 'staking', { class: 'staker' }),
    daily(3, 'treasury', { class: 'treasury' }),
    daily(2, 'settlement', { class: 'settlement' }),
    daily(1, 'migration', { class: 'oneOff' }),
    daily(-1, 'returned', { class: 'returned' }),
    daily(6, 'unlocked', { class: 'vesting' }),
    daily(4, 'bought', { kind: 'burn', class: 'purchase' }),
    daily(3, 'used', { kind: 'burn', class: 'usage' }),
    daily(2, 'gas', { kind: 'burn', class: 'gas' }),
    daily(1, 'slashed', { kind: 'burn', class: 'penalty' }),
    daily(1, 'boughtBack', { kind: 'burn', class: 'buyback' }),
    daily(1, 'moved', { kind: 'burn', class: 'migration' }),
    daily(1, 'lost', { kind: 'burn', class: 'other' }),
    daily(7, 'vaulted', { kind: 'lock', class: 'lock' }),
    daily(3, 'unvaulted', { kind: 'lock', class: 'release' }),
    daily(9, 'creditMade', { class: 'credit', token: 'CRD' }),
    daily(9, 'creditUsed', { kind: 'burn', class: 'credit', token: 'CRD' }),
    daily(8, 'service', {
      kind: 'fee',
      class: 'payment',
      lens: 'CONSUMPTION',
      accrues: [{ supply: '1/2', protocol: '1/4', holders: '1/4' }],
    }),
    daily(12, 'credit', { kind: 'fee', class: 'payment', lens: 'PURCHASE' }),
  ],
  {
    supplies: new Map([
      [
        'supply',
        new Map([
          [day('2025-12-31'), { raw: 1_000n * million, quality: 'COMPLETE', reason: null, availableAt: 1 }],
          [day('2026-01-07'), { raw: 1_049n * million, quality: 'COMPLETE', reason: null, availableAt: 1 }],
        ]),
      ],
      [
        'circulating',
        new Map([
          [day('2026-01-07'), { raw: 500n * million, quality: 'COMPLETE', reason: null, availableAt: 1 }],
        ]),
      ],
    ]),
    closes: new Map([
      [day('2026-01-07'), { usd: 2n * 10n ** 18n, quality: 'COMPLETE', reason: null, availableAt: 1 }],
    ]),
    residuals: new Map([
      [day('2026-01-01'), { from: day('2025-12-31'), residualRaw: 5n * million }],
      [day('2026-01-03'), { from: day('2026-01-02'), residualRaw: 3n }],
    ]),
  },
)

const golden: Readonly<Record<string, readonly [string | null, string, number]>> = {
  fees_usd: ['112', 'COMPLETE', 7],
  emissions_usd: ['252', 'COMPLETE', 7],
  subsidy_ratio: ['2.25', 'COMPLETE', 7],
  revenue_coverage: ['0.444444', 'COMPLETE', 7],
  net_subsidy_usd: ['140', 'COMPLETE', 7],
  subsidy_ratio_net: ['1.125', 'COMPLETE', 7],
  supply_side_usd: ['56', 'COMPLETE', 7],
  protocol_revenue_usd: ['28', 'COMPLETE', 7],
  holders_revenue_usd: ['14', 'COMPLETE', 7],
  revenue_usd: ['56', 'COMPLETE', 7],
  earnings_usd: ['-196', 'COMPLETE', 7],
  take_rate: ['0.5', 'COMPLETE', 7],
  burns_usd: ['182', 'COMPLETE', 7],
  prepaid_balance_usd: [null, 'NO_COVERAGE', 21],
  gross_emission_native: ['126', 'COMPLETE', 7],
  emission_liquid_native: ['98', 'COMPLETE', 7],
  emission_locked_native: ['28', 'COMPLETE', 7],
  vested_native: ['42', 'COMPLETE', 7],
  one_off_mint_native: ['7', 'COMPLETE', 7],
  remint_reward_native: ['7', 'COMPLETE', 7],
  remint_settlement_native: ['14', 'COMPLETE', 7],
  gross_burn_native: ['91', 'COMPLETE', 7],
  net_burn_native: ['70', 'COMPLETE', 7],
  net_emission_native: ['49', 'COMPLETE', 7],
  burn_mint_ratio: ['0.722222', 'COMPLETE', 7],
  inflation_annualised: ['2.555', 'COMPLETE', 7],
  locked_native: ['49', 'COMPLETE', 7],
  released_native: ['21', 'COMPLETE', 7],
  net_locked_native: ['28', 'COMPLETE', 7],
  supply_native: ['1049', 'COMPLETE', 7],
  supply_residual_native: ['0.000003', 'COMPLETE', 2],
  ps_circulating: ['0.342466', 'COMPLETE', 7],
  ps_fully_diluted: ['0.718493', 'COMPLETE', 7],
  pf_circulating: ['0.171233', 'COMPLETE', 7],
  pf_fully_diluted: ['0.359247', 'COMPLETE', 7],
  fees_annualised_usd: ['5840', 'COMPLETE', 7],
  revenue_annualised_usd: ['2920', 'COMPLETE', 7],
  emissions_annualised_usd: ['13140', 'COMPLETE', 7],
  fees_run_rate_usd: [null, 'NO_COVERAGE', 0],
  fees_growth: ['1', 'COMPLETE', 7],
  fees_growth_yoy: ['3', 'COMPLETE', 7],
  revenue_growth: ['1', 'COMPLETE', 7],
  revenue_growth_yoy: ['3', 'COMPLETE', 7],
  emissions_growth: ['1', 'COMPLETE', 7],
  emissions_growth_yoy: ['3', 'COMPLETE', 7],
  burn_purchase_native: ['28', 'COMPLETE', 7],
  burn_usage_native: ['21', 'COMPLETE', 7],
  burn_gas_native: ['14', 'COMPLETE', 7],
  burn_penalty_native: ['7', 'COMPLETE', 7],
  burn_buyback_native: ['7', 'COMPLETE', 7],
  burn_migration_native: ['7', 'COMPLETE', 7],
  burn_other_native: ['7', 'COMPLETE', 7],
}

it('every metric has a golden value, and gives it', () => {
  expect(Object.keys(golden).sort()).toEqual(metrics.map((m) => m.id).sort())
  expect(values(flows)).toEqual(golden)
})

it('ratios divide by revenue where the reader asks for it', () => {
  const made = values(flows, { denominator: 'REVENUE' })
  expect(made['subsidy_ratio']).toEqual(['4.5', 'COMPLETE', 7])
  expect(made['revenue_coverage']).toEqual(['0.222222', 'COMPLETE', 7])
  expect(made['net_subsidy_usd']).toEqual(['196', 'COMPLETE', 7])
})

it('a lens selects its payments alone, and the balance between two lenses is what was bought and not used', () => {
  expect(values(flows, { lens: 'PURCHASE' })['fees_usd']).toEqual(['168', 'COMPLETE', 7])
  const short = network([
    stream(
      'fee',
      daysOf('2026-01-01', 7, () => flow(8n * million, 16n * million)),
    ),
    stream(
      'fee',
      daysOf('2026-01-01', 7, () => flow(12n * million, 24n * million)),
      { lens: 'PURCHASE' },
    ),
  ])
  expect(values(short)['prepaid_balance_usd']).toEqual(['56', 'COMPLETE', 7])
})

it('a run rate is a calendar month times twelve', () => {
  const month = network([
    stream(
      'fee',
      daysOf('2025-12-01', 31, () => flow(million)),
    ),
  ])
  expect(values(month, {}, 'MONTH', '2025-12-01')['fees_run_rate_usd']).toEqual(['372', 'COMPLETE', 31])
})
