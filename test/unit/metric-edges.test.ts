import { describe, expect, it } from 'vitest'
import { day } from '../../pipeline/model/time.ts'
import { daysOf, flow, network, points, stream, values, week } from '../support/flows.ts'

const million = 1_000_000n
const one = week(() => flow(million))
const unread = flow(0n, null, {
  raw: null,
  quality: 'PENDING',
  reason: 'not ended',
  usdQuality: 'PENDING',
  usdReason: 'not ended',
})

/** The cases of METRICS 2.4, by their names there. */
describe('edge cases', () => {
  it('zero revenue day: revenue is 0, the ratio null with a reason, coverage 0', () => {
    const made = points(
      network([
        stream('emission', one),
        stream(
          'fee',
          week(() => flow(0n)),
        ),
      ]),
    )
    expect(made['fees_usd']).toMatchObject({ value: '0', quality: 'COMPLETE' })
    expect(made['subsidy_ratio']).toMatchObject({
      value: null,
      quality: 'ZERO_DENOMINATOR',
      reason: 'CONSUMPTION fees of the period are zero',
    })
    expect(made['revenue_coverage']).toMatchObject({ value: '0', quality: 'COMPLETE' })
    expect(made['net_subsidy_usd']).toMatchObject({ value: '7' })
  })

  it('data not yet complete: null and PENDING; the sum of the known days only with includePartial', () => {
    const flows = network([stream('fee', { ...one, '2026-01-07': unread })])
    expect(points(flows)['fees_usd']).toMatchObject({
      value: null,
      quality: 'PENDING',
      reason: '2026-01-07: not ended',
      daysComplete: 6,
      daysExpected: 7,
    })
    expect(points(flows, { includePartial: true })['fees_usd']).toMatchObject({
      value: '6',
      quality: 'PENDING',
    })
  })

  it('missing price: native value present, dollars null, unless the reader sets a tolerance', () => {
    const flows = network([
      stream('fee', { ...one, '2026-01-03': flow(million, null) }),
      stream('emission', one),
    ])
    expect(points(flows)['fees_usd']).toMatchObject({
      value: null,
      quality: 'NO_PRICE',
      reason: '2026-01-03: no price',
      daysPriced: 6,
      daysExpected: 7,
    })
    expect(points(flows, { maxUnpricedDays: 1 })['fees_usd']).toMatchObject({
      value: '6',
      quality: 'ESTIMATED',
      reason: '1 of 7 days have no price and are left out',
    })
    expect(points(flows, { maxUnpricedDays: 0 })['subsidy_ratio']).toMatchObject({ value: null })
  })

  it('stale price: the value is given and marked', () => {
    const stale = flow(million, million, { usdQuality: 'STALE_PRICE', usdReason: 'old' })
    const made = points(network([stream('fee', { ...one, '2026-01-02': stale })]))
    expect(made['fees_usd']).toMatchObject({ value: '7', quality: 'STALE_PRICE', reason: '2026-01-02: old' })
  })

  it('negative net emission: the sign is kept, and a negative numerator is not clamped', () => {
    const made = values(
      network([
        stream('emission', one),
        stream('fee', one),
        stream(
          'burn',
          week(() => flow(3n * million)),
          { class: 'purchase' },
        ),
      ]),
    )
    expect(made['net_emission_native']).toEqual(['-14', 'COMPLETE', 7])
    expect(made['subsidy_ratio_net']).toEqual(['-2', 'COMPLETE', 7])
    expect(made['burn_mint_ratio']).toEqual(['3', 'COMPLETE', 7])
  })

  it('negative correction event: a day may be negative, and counts as such', () => {
    const made = values(network([stream('fee', { ...one, '2026-01-05': flow(-2n * million) })]))
    expect(made['fees_usd']).toEqual(['4', 'COMPLETE', 7])
  })

  it('a fee below zero over a period gives no ratio, and says so', () => {
    const made = points(
      network([
        stream('emission', one),
        stream(
          'fee',
          week(() => flow(-million)),
        ),
      ]),
    )
    expect(made['subsidy_ratio']).toMatchObject({
      value: null,
      quality: 'ZERO_DENOMINATOR',
      reason: 'CONSUMPTION fees of the period are negative',
    })
  })

  it('burn-mint equilibrium: a payment that burns counts once as a fee and once as a burn, in no sum twice', () => {
    const made = values(
      network([
        stream(
          'emission',
          week(() => flow(0n)),
        ),
        stream('fee', one, { accrues: [{ holders: '1' }] }),
        stream('burn', one, { class: 'purchase' }),
      ]),
    )
    expect(made).toMatchObject({
      fees_usd: ['7', 'COMPLETE', 7],
      burns_usd: ['7', 'COMPLETE', 7],
      revenue_usd: ['7', 'COMPLETE', 7],
      holders_revenue_usd: ['7', 'COMPLETE', 7],
      net_emission_native: ['-7', 'COMPLETE', 7],
    })
  })

  it('settlement re-mint: a payment to providers, not an emission, but part of the supply', () => {
    const made = values(
      network([
        stream('emission', one, { class: 'settlement' }),
        stream(
          'emission',
          week(() => flow(2n * million)),
        ),
        stream(
          'burn',
          week(() => flow(4n * million)),
          { class: 'purchase' },
        ),
        stream('fee', one, { accrues: [{ supply: '1' }] }),
      ]),
    )
    expect(made).toMatchObject({
      gross_emission_native: ['14', 'COMPLETE', 7],
      remint_settlement_native: ['7', 'COMPLETE', 7],
      net_burn_native: ['21', 'COMPLETE', 7],
      net_emission_native: ['-7', 'COMPLETE', 7],
      revenue_usd: ['0', 'COMPLETE', 7],
      take_rate: ['0', 'COMPLETE', 7],
    })
  })

  it('burn then re-mint: holders get the net burn, the gross one stays visible', () => {
    const made = values(
      network([
        stream(
          'emission',
          week(() => flow(5n * million)),
        ),
        stream(
          'emission',
          week(() => flow(million)),
          { role: 'part', class: 'remint', of: ['emission'] },
        ),
        stream(
          'fee',
          week(() => flow(4n * million)),
          { accrues: [{ holders: '1' }] },
        ),
        stream(
          'burn',
          week(() => flow(4n * million)),
          { class: 'purchase' },
        ),
      ]),
    )
    expect(made).toMatchObject({
      gross_burn_native: ['28', 'COMPLETE', 7],
      net_burn_native: ['21', 'COMPLETE', 7],
      holders_revenue_usd: ['21', 'COMPLETE', 7],
      gross_emission_native: ['35', 'COMPLETE', 7],
    })
  })

  it('service fee off chain: an estimated stream makes the sum an estimate', () => {
    const estimate = week(() =>
      flow(million, million, {
        quality: 'ESTIMATED',
        reason: 'gross of the fee',
        usdQuality: 'ESTIMATED',
        usdReason: 'gross of the fee',
      }),
    )
    expect(points(network([stream('fee', estimate)]))['fees_usd']).toMatchObject({
      value: '7',
      quality: 'ESTIMATED',
      reason: '2026-01-01: gross of the fee',
    })
  })

  it.each(['PENALTY', 'BUYBACK', 'DISCRETIONARY', 'OFFCHAIN_REPORTED'] as const)(
    '%s stands apart: it is in no sum of another lens',
    (lens) => {
      const flows = network([
        stream('fee', one),
        stream(
          'fee',
          week(() => flow(9n * million)),
          { lens },
        ),
      ])
      expect(values(flows)['fees_usd']).toEqual(['7', 'COMPLETE', 7])
      expect(values(flows, { lens })['fees_usd']).toEqual(['63', 'COMPLETE', 7])
      expect(points(flows, { lens: 'PURCHASE' })['fees_usd']).toMatchObject({
        value: null,
        quality: 'NO_COVERAGE',
        reason: '2026-01-01: no stream of fees of the lens PURCHASE is declared for the day',
      })
    },
  )

  it('buyback funded by fees already counted: a share of those fees for holders, not new fees', () => {
    const flows = network([
      stream(
        'fee',
        week(() => flow(10n * million)),
        { accrues: [{ supply: '0.8', holders: '0.2' }] },
      ),
      stream(
        'fee',
        week(() => flow(2n * million)),
        { name: 'boughtBack', lens: 'BUYBACK' },
      ),
      stream(
        'burn',
        week(() => flow(2n * million)),
        { class: 'buyback' },
      ),
    ])
    expect(values(flows)).toMatchObject({
      fees_usd: ['70', 'COMPLETE', 7],
      holders_revenue_usd: ['14', 'COMPLETE', 7],
      burn_buyback_native: ['14', 'COMPLETE', 7],
    })
    expect(values(flows, { lens: 'BUYBACK' })['fees_usd']).toEqual(['14', 'COMPLETE', 7])
  })

  it('tips and deal payments: streams of their own, added inside their lens and each to be left out', () => {
    const kinds = [stream('fee', one, { name: 'tips' }), stream('fee', one, { name: 'deals' })]
    expect(values(network(kinds))['fees_usd']).toEqual(['14', 'COMPLETE', 7])
    expect(values(network(kinds.slice(1)))['fees_usd']).toEqual(['7', 'COMPLETE', 7])
  })

  it('same token, new mint or name: a swap is a migration on both sides, no emission, and the supply stays', () => {
    const moved = week(() => flow(500n * million))
    const made = values(
      network([
        stream('emission', one),
        stream('emission', moved, { name: 'newMint', class: 'oneOff' }),
        stream('burn', moved, { name: 'oldMint', class: 'migration' }),
        stream('fee', one),
      ]),
    )
    expect(made).toMatchObject({
      gross_emission_native: ['7', 'COMPLETE', 7],
      emissions_usd: ['7', 'COMPLETE', 7],
      subsidy_ratio_net: ['1', 'COMPLETE', 7],
      net_emission_native: ['7', 'COMPLETE', 7],
      one_off_mint_native: ['3500', 'COMPLETE', 7],
      burn_migration_native: ['3500', 'COMPLETE', 7],
    })
  })

  it('locked or minted: gross emission counts at mint; what is locked must be declared', () => {
    const minted = stream(
      'emission',
      week(() => flow(4n * million)),
    )
    const locked = stream('emission', one, { role: 'part', class: 'locked', of: ['emission'] })
    expect(values(network([minted, locked]))).toMatchObject({
      gross_emission_native: ['28', 'COMPLETE', 7],
      emission_liquid_native: ['21', 'COMPLETE', 7],
      emission_locked_native: ['7', 'COMPLETE', 7],
    })
    expect(values(network([minted]))['emission_liquid_native']).toEqual([null, 'NO_COVERAGE', 0])
    const free = network([minted], { absent: { locked: { truly: 'zero', why: 'all is free' } } })
    expect(values(free)['emission_liquid_native']).toEqual(['28', 'COMPLETE', 7])
  })

  it('premine and migration mints: in one_off_mint, in no emission', () => {
    const made = values(
      network([
        stream('emission', one),
        stream(
          'emission',
          { ...week(() => flow(0n)), '2026-01-04': flow(900n * million) },
          { class: 'oneOff' },
        ),
      ]),
    )
    expect(made).toMatchObject({
      gross_emission_native: ['7', 'COMPLETE', 7],
      emissions_usd: ['7', 'COMPLETE', 7],
      one_off_mint_native: ['900', 'COMPLETE', 7],
      net_emission_native: ['907', 'COMPLETE', 7],
    })
  })

  it('growth: sums over sums; a base of zero gives null with a reason', () => {
    const flows = network([
      stream('fee', { ...daysOf('2025-12-25', 7, () => flow(0n)), ...one }, {}),
      stream('emission', { ...daysOf('2025-12-25', 7, () => flow(4n * million)), ...one }),
    ])
    const made = points(flows)
    expect(made['fees_growth']).toMatchObject({ value: null, quality: 'ZERO_DENOMINATOR' })
    expect(made['emissions_growth']).toMatchObject({ value: '-0.75', quality: 'COMPLETE' })
    expect(made['emissions_growth_yoy']).toMatchObject({ value: null, quality: 'NO_COVERAGE' })
  })

  it('who keeps a fee changes on declared days, and every cent is kept by somebody', () => {
    const odd = week(() => flow(1n, 1n))
    const accrues = [
      { supply: '1/3', protocol: '2/3' },
      { since: '2026-01-05', supply: '1' },
    ]
    const made = values(network([stream('fee', odd, { accrues })]))
    expect(made).toMatchObject({
      fees_usd: ['0.000007', 'COMPLETE', 7],
      supply_side_usd: ['0.000003', 'COMPLETE', 7],
      protocol_revenue_usd: ['0.000004', 'COMPLETE', 7],
      revenue_usd: ['0.000004', 'COMPLETE', 7],
    })
  })

  it('who keeps a fee is read from its parts where they are streams, and null where nobody says', () => {
    const whole = stream(
      'fee',
      week(() => flow(6n * million)),
    )
    const part = (tokens: bigint, name: string, keeper: 'supply' | 'protocol') =>
      stream(
        'fee',
        week(() => flow(tokens * million)),
        {
          role: 'part',
          of: ['fee'],
          name,
          accrues: [{ [keeper]: '1' }],
        },
      )
    const made = values(network([whole, part(1n, 'miner', 'supply'), part(5n, 'endowment', 'protocol')]))
    expect(made).toMatchObject({
      fees_usd: ['42', 'COMPLETE', 7],
      supply_side_usd: ['7', 'COMPLETE', 7],
      protocol_revenue_usd: ['35', 'COMPLETE', 7],
    })
    expect(points(network([whole]))['supply_side_usd']).toMatchObject({
      value: null,
      reason: '2026-01-01: who keeps fee is not declared for the day',
    })
  })

  it('days before any stream of a kind began are not known, not zero', () => {
    const late = stream('fee', one, { aliveFrom: day('2026-01-04') })
    expect(points(network([late]))['fees_usd']).toMatchObject({
      value: null,
      quality: 'NO_COVERAGE',
      reason: '2026-01-01: no stream of fees of the lens CONSUMPTION is declared for the day',
      daysComplete: 4,
    })
  })

  it('a day whose proof fails carries that', () => {
    const failed = flow(million, million, {
      quality: 'PROOF_FAILED',
      reason: 'a proof fails',
      usdQuality: 'PROOF_FAILED',
      usdReason: 'a proof fails',
    })
    expect(points(network([stream('fee', { ...one, '2026-01-06': failed })]))['fees_usd']).toMatchObject({
      value: '7',
      quality: 'PROOF_FAILED',
      reason: '2026-01-06: a proof fails',
    })
  })
})

describe('published series that stand in', () => {
  const missing = {
    '2026-01-02': flow(0n, null, { raw: null, quality: 'NO_COVERAGE', usdQuality: 'NO_COVERAGE' }),
  }
  const published = week(() =>
    flow(2n * million, 2n * million, { quality: 'ESTIMATED', usdQuality: 'ESTIMATED' }),
  )
  const standIn = { role: 'standIn', method: 'import' } as const

  it('give the days that the chain does not, and are never added to it', () => {
    const made = points(
      network([
        stream('fee', { ...one, ...missing }),
        stream('fee', published, { ...standIn, name: 'published' }),
      ]),
    )
    expect(made['fees_usd']).toMatchObject({
      value: '8',
      quality: 'ESTIMATED',
      methods: ['events', 'import'],
    })
    const whole = points(
      network([stream('fee', one), stream('fee', published, { ...standIn, name: 'published' })]),
    )
    expect(whole['fees_usd']).toMatchObject({ value: '7', quality: 'COMPLETE', methods: ['events'] })
  })

  it('say nothing of one kind where they stand in for several', () => {
    const gas = stream('burn', { ...one, ...missing }, { name: 'gasBurn', class: 'gas' })
    const other = stream('burn', one, { name: 'otherBurn', class: 'other' })
    const total = { ...standIn, name: 'total', class: 'other', of: ['gasBurn', 'otherBurn'] } as const
    const made = values(network([gas, other, stream('burn', published, total)]))
    expect(made['gross_burn_native']).toEqual(['14', 'ESTIMATED', 7])
    expect(made['burn_gas_native']).toEqual([null, 'NO_COVERAGE', 6])
    expect(made['burn_other_native']).toEqual(['7', 'COMPLETE', 7])
  })

  it('stay whole where they were published by longer periods', () => {
    const inside = flow(0n, null, { raw: null, quality: 'PARTIAL', reason: 'inside', usdQuality: 'PARTIAL' })
    const weekly = stream(
      'fee',
      { ...week(() => inside), '2026-01-01': flow(70n * million, 70n * million, { span: 7 }) },
      { ...standIn, name: 'published' },
    )
    expect(values(network([weekly]))['fees_usd']).toEqual(['70', 'COMPLETE', 7])
    expect(points(network([weekly]), {}, 'TRAILING_7', '2026-01-06')['fees_usd']).toMatchObject({
      value: null,
      quality: 'NO_COVERAGE',
    })
    expect(points(network([weekly]), {}, 'DAY', '2026-01-01')['fees_usd']).toMatchObject({
      value: null,
      quality: 'PARTIAL',
      reason: '2026-01-01: published only as a whole, from 2026-01-01 to 2026-01-07',
    })
    expect(values(network([weekly, stream('fee', { ...one, ...missing })]))['fees_usd']).toEqual([
      '70',
      'COMPLETE',
      7,
    ])
    expect(values(network([weekly, stream('fee', one)]))['fees_usd']).toEqual(['7', 'COMPLETE', 7])
  })

  it('hold what was paid in other tokens, which is not added where they are used', () => {
    const gaps = week(() => flow(0n, null, { raw: null, quality: 'NO_COVERAGE', usdQuality: 'NO_COVERAGE' }))
    const other = (days: typeof gaps) => stream('fee', days, { name: 'other', token: 'OTH' })
    const total = stream('fee', published, { ...standIn, name: 'published', of: ['fee', 'other'] })
    const value = (...streams: ReturnType<typeof stream>[]) => values(network(streams))['fees_usd']
    expect(value(stream('fee', gaps), other(gaps), total)).toEqual(['14', 'ESTIMATED', 7])
    expect(value(stream('fee', gaps), other(one), total)).toEqual(['14', 'ESTIMATED', 7])
    expect(value(stream('fee', one), other(one), total)).toEqual(['14', 'COMPLETE', 7])
    expect(value(stream('fee', one), other(gaps), total)?.[1]).toBe('NO_COVERAGE')
    const apart = stream('fee', published, { ...standIn, name: 'published' })
    expect(value(stream('fee', gaps), other(one), apart)).toEqual(['21', 'ESTIMATED', 7])
  })

  it('come after a counter that the chain keeps itself', () => {
    const counter = stream(
      'fee',
      week(() => flow(3n * million)),
      {
        role: 'standIn',
        method: 'counter',
        name: 'daily',
      },
    )
    const imported = stream('fee', published, { ...standIn, name: 'published' })
    const made = points(network([stream('fee', { ...one, ...missing }), counter, imported]))
    expect(made['fees_usd']).toMatchObject({ value: '9', methods: ['counter', 'events'] })
  })
})

describe('uncounted mints', () => {
  const minted = stream('emission', one, { class: 'uncounted' })

  it('are no gross emission, which is not known where the network says so, and count in the net one', () => {
    const why = 'nobody knows what they are for'
    const flows = {
      ...network([minted, stream('burn', one, { class: 'usage' })]),
      absent: { emission: { truly: 'unknown', why }, oneOff: { truly: 'unknown', why } },
    } as const
    const made = points(flows)
    for (const metric of ['gross_emission_native', 'emissions_usd', 'one_off_mint_native']) {
      expect(made[metric]).toMatchObject({
        value: null,
        quality: 'NO_COVERAGE',
        reason: `2026-01-01: ${why}`,
      })
    }
    expect(made['net_emission_native']).toMatchObject({ value: '0', quality: 'COMPLETE' })
  })

  it('stand beside counted emission without being added to it', () => {
    const made = points(network([minted, stream('emission', one, { name: 'rewards' })]))
    expect(made['gross_emission_native']).toMatchObject({ value: '7' })
    expect(made['one_off_mint_native']).toMatchObject({ value: '0', quality: 'COMPLETE' })
  })
})
