import { expect, it } from 'vitest'
import { plannedOn } from '../../indexers/chains/schedule/amounts.ts'
import { helium } from '../../indexers/networks/helium.ts'
import { ionet } from '../../indexers/networks/ionet.ts'
import type { NetworkDeclaration, Stream } from '../../pipeline/model/stream.ts'
import { day, daysBetween } from '../../pipeline/model/time.ts'

const units = 10n ** 8n

function planned(network: NetworkDeclaration, name: string): (from: string, to: string) => bigint {
  const declared = network.streams[name]
  if (declared === undefined) throw new Error(`no stream ${name}`)
  const stream: Stream = {
    ...declared,
    id: 1,
    name,
    network: network.id,
    chain: 'schedule',
    role: 'ledger',
    decimals: 8,
  }
  const on = plannedOn(stream)
  return (from, to) => daysBetween(day(from), day(to)).reduce((sum, d) => sum + on(d), 0n)
}

it('gives each published month of io.net whole, day by day, and nothing after the plan ended', () => {
  const total = planned(ionet, 'blockRewardsPlanned')
  expect(total('2024-07-01', '2024-08-01')).toBe(3_333_333n * units)
  expect(total('2025-02-01', '2025-03-01')).toBe(3_103_568n * units)
  // The twelve published months; and all until the plan ended, which is 71.3 million less two thirds of June 2026.
  expect(total('2024-07-01', '2025-07-01')).toBe(37_840_637n * units)
  expect(total('2024-07-01', '2026-06-11') / units).toBe(69_563_371n)
  expect(total('2026-06-11', '2027-01-01')).toBe(0n)
  const day1 = total('2024-07-01', '2024-07-02')
  expect(day1 >= (3_333_333n * units) / 31n && day1 <= (3_333_333n * units) / 31n + 1n).toBe(true)
})

it('gives Helium’s supplement as planned: 196,000 HNT a day from 2026-08-06, for 360 days', () => {
  const total = planned(helium, 'supplementPlanned')
  expect(total('2026-08-05', '2026-08-06')).toBe(0n)
  expect(total('2026-08-06', '2026-08-07')).toBe(196_000n * units)
  expect(total('2026-08-06', '2028-01-01')).toBe(360n * 196_000n * units)
})
