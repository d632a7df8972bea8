import { expect, it } from 'vitest'
import { DemoClock } from '../../commands/demo_clock.ts'

it('stops two days and an hour before the end that was asked for, and does not run on unless it is to', () => {
  const clock = new DemoClock(40, false)
  expect([clock.days, clock.behind, clock.stops]).toEqual([38, 172_800, 2])
  const seen = [clock.now()]
  for (let stop = 0; stop <= clock.stops; stop += 1) {
    clock.moveTo(stop)
    seen.push(clock.now())
  }
  expect(seen).toEqual([0, 0, 169_200_000, 172_800_000])
})

it('runs on from the end once it is reached', async () => {
  const clock = new DemoClock(40, true)
  clock.moveTo(2)
  await new Promise((resolve) => setTimeout(resolve, 15))
  expect(clock.now()).toBeGreaterThan(172_800_000)
})

it('does not stop in a simulation too short for two readings', () => {
  const clock = new DemoClock(3, false)
  clock.moveTo(0)
  expect([clock.days, clock.behind, clock.stops, clock.now()]).toEqual([3, 0, 0, 0])
})
