import { describe, expect, it } from 'vitest'
import { spansOf } from '../../pipeline/metrics/calendar.ts'
import { day } from '../../pipeline/model/time.ts'
import { flow, network, stream, values, week } from '../support/flows.ts'

describe('metrics', () => {
  it('are sums over sums, not means of daily ratios', () => {
    const flows = network([
      stream(
        'emission',
        week((i) => flow(BigInt(i) * 1_000_000n)),
      ),
      stream(
        'fee',
        week((i) => flow(i === 6 ? 3_000_000n : 1_000_000n)),
      ),
    ])
    expect(values(flows)).toMatchObject({
      fees_usd: ['9', 'COMPLETE', 7],
      emissions_usd: ['21', 'COMPLETE', 7],
      burns_usd: ['0', 'COMPLETE', 7],
      subsidy_ratio: ['2.333333', 'COMPLETE', 7],
      gross_emission_native: ['21', 'COMPLETE', 7],
      gross_burn_native: ['0', 'COMPLETE', 7],
    })
  })

  it('give no ratio over zero fees, and say why', () => {
    const made = values(
      network([
        stream(
          'emission',
          week(() => flow(5n)),
        ),
        stream(
          'fee',
          week(() => flow(0n)),
        ),
      ]),
    )
    expect(made['fees_usd']).toEqual(['0', 'COMPLETE', 7])
    expect(made['subsidy_ratio']).toEqual([null, 'ZERO_DENOMINATOR', 7])
  })

  it('are null when one day of the window is missing', () => {
    const { '2026-01-03': _, ...days } = week(() => flow(1_000_000n))
    const made = values(
      network([
        stream(
          'emission',
          week(() => flow(1n)),
        ),
        stream('fee', days),
      ]),
    )
    expect(made['fees_usd']).toEqual([null, 'NO_COVERAGE', 6])
    expect(made['subsidy_ratio']).toEqual([null, 'NO_COVERAGE', 6])
  })

  it('keep the native value where a price is missing', () => {
    const made = values(
      network([
        stream(
          'emission',
          week((i) => flow(1_000_000n, i === 2 ? null : 5n)),
        ),
        stream(
          'fee',
          week(() => flow(1n)),
        ),
      ]),
    )
    expect(made['gross_emission_native']).toEqual(['7', 'COMPLETE', 7])
    expect(made['emissions_usd']).toEqual([null, 'NO_PRICE', 6])
  })

  it('are pending, not zero, for days that have not ended, even of what never happens', () => {
    const made = values(
      network([stream('emission', {}), stream('fee', {})], { headDay: day('2026-01-07') }),
      {},
      'DAY',
    )
    expect(made['burns_usd']).toEqual([null, 'PENDING', 0])
    expect(made['fees_usd']).toEqual([null, 'PENDING', 0])
  })

  it('leave out lenses and classes that do not belong in the sum', () => {
    const made = values(
      network([
        stream(
          'emission',
          week(() => flow(1_000_000n)),
        ),
        stream(
          'emission',
          week(() => flow(9_000_000n)),
          { class: 'oneOff' },
        ),
        stream(
          'emission',
          week(() => flow(9_000_000n)),
          { class: 'settlement' },
        ),
        stream(
          'fee',
          week(() => flow(1_000_000n)),
        ),
        stream(
          'fee',
          week(() => flow(9_000_000n)),
          { lens: 'PURCHASE' },
        ),
      ]),
    )
    expect(made['emissions_usd']).toEqual(['7', 'COMPLETE', 7])
    expect(made['fees_usd']).toEqual(['7', 'COMPLETE', 7])
  })

  it('do not ask a stream about days before it began', () => {
    const late = stream('emission', { '2026-01-07': flow(1n) }, { aliveFrom: day('2026-01-07') })
    const made = values(
      network([
        stream(
          'emission',
          week(() => flow(1n)),
        ),
        late,
        stream(
          'fee',
          week(() => flow(1n)),
        ),
      ]),
    )
    expect(made['gross_emission_native']).toEqual(['0.000008', 'COMPLETE', 7])
  })

  it('show estimates and stale prices as such', () => {
    const made = values(
      network([
        stream(
          'emission',
          week(() => flow(1n, 1n, { quality: 'ESTIMATED', usdQuality: 'STALE_PRICE', usdReason: 'old' })),
        ),
        stream(
          'fee',
          week(() => flow(1n)),
        ),
      ]),
    )
    expect(made['gross_emission_native']).toEqual(['0.000007', 'ESTIMATED', 7])
    expect(made['emissions_usd']).toEqual(['0.000007', 'STALE_PRICE', 7])
  })

  it('do not count a kind whose absence means unknown as zero', () => {
    const made = values(
      network(
        [
          stream(
            'emission',
            week(() => flow(1n)),
          ),
        ],
        { absent: { fee: { truly: 'unknown', why: 'not observable' }, burn: { truly: 'zero', why: '' } } },
      ),
    )
    expect(made['fees_usd']).toEqual([null, 'NO_COVERAGE', 0])
  })
})

describe('periods', () => {
  it('are whole weeks, months, quarters and years that start in the range', () => {
    const spans = (g: Parameters<typeof spansOf>[2]) =>
      spansOf(day('2025-12-30'), day('2026-02-02'), g).map((s) => [s.label, s.last])
    expect(spans('WEEK')).toEqual([
      ['2026-01-05', '2026-01-11'],
      ['2026-01-12', '2026-01-18'],
      ['2026-01-19', '2026-01-25'],
      ['2026-01-26', '2026-02-01'],
    ])
    expect(spans('MONTH')).toEqual([
      ['2026-01-01', '2026-01-31'],
      ['2026-02-01', '2026-02-28'],
    ])
    expect(spans('QUARTER')).toEqual([['2026-01-01', '2026-03-31']])
    expect(spans('YEAR')).toEqual([['2026-01-01', '2026-12-31']])
    expect(spansOf(day('2026-01-07'), day('2026-01-08'), 'TRAILING_7')).toEqual([
      { label: '2026-01-07', first: '2026-01-01', last: '2026-01-07' },
    ])
  })
})
