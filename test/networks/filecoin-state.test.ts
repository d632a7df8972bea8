import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { miningReserve } from '../../indexers/chains/filecoin/supply.ts'
import { vestedAt, vestedWhole } from '../../indexers/chains/filecoin/vesting.ts'
import { formatScaled } from '../../pipeline/model/amount.ts'
import { cidHex, readActors, readBig, readCar } from '../support/car.ts'

const raw = join(import.meta.dirname, '../../../shared/recordings/filecoin/vectors/raw')
const absent = !existsSync(raw)
/** Spent of the reserve when mainnet began, https://github.com/CELtd/mechafil-jax (mechafil_jax/supply.py). */
const disbursed = 17_066_618_961_773_411_890_063_046n
const fil = 10n ** 18n
const gifts = 65_000_000_006_660_000_000n

const shape = z.object({
  car: z.string(),
  preconditions: z.object({
    variants: z.array(z.object({ epoch: z.number(), nv: z.number() })),
    state_tree: z.object({ root_cid: z.union([z.string(), z.object({ '/': z.string() })]) }),
    circ_supply: z.unknown(),
  }),
})

interface Row {
  readonly file: string
  readonly epoch: number
  readonly actors: ReturnType<typeof readActors>
  readonly circulating: bigint
}

function readRow(file: string): Row {
  const text = readFileSync(join(raw, file), 'utf8')
  const { car, preconditions } = shape.parse(JSON.parse(text))
  const root = preconditions.state_tree.root_cid
  // Beyond 2^53, so read from the text.
  const circulating = BigInt(/"circ_supply":\s*"?(\d+)/.exec(text)?.[1] ?? 0)
  return {
    file,
    epoch: preconditions.variants[0]?.epoch ?? 0,
    actors: readActors(readCar(car), cidHex(typeof root === 'string' ? root : root['/'])),
    circulating,
  }
}

const rows = absent
  ? []
  : readdirSync(raw)
      .filter((f) => f.startsWith('fvm__'))
      .map(readRow)
const stateOf = (row: Row, address: string) => {
  const state = row.actors.get(address)?.state
  return Array.isArray(state) ? state : undefined
}

describe.skipIf(absent)('recorded states of mainnet (skipped where ../shared/recordings is absent)', () => {
  it('f02 holds the mining reserve, 65 FIL of gifts, and the tips of the tipset so far, less what it minted', () => {
    const whole = rows.flatMap((row) => {
      const f02 = row.actors.get('0002')
      const state = stateOf(row, '0002')
      return f02 === undefined || state === undefined ? [] : [f02.balance + readBig(state[8])]
    })
    expect(whole.length).toBe(9)
    for (const one of whole) {
      const tips = one - miningReserve - gifts
      expect(tips >= 0n && tips < fil).toBe(true)
    }
  })

  it('vested by the schedule + mined + reserve spent - burned - locked is the recorded circulating supply, but for what earlier messages of the tipset moved', () => {
    const off = rows.flatMap((row) => {
      const [f02, f04, f05, f099] = [
        stateOf(row, '0002'),
        stateOf(row, '0004'),
        stateOf(row, '0005'),
        row.actors.get('0063'),
      ]
      if (f02 === undefined || f04 === undefined || f05 === undefined || f099 === undefined) return []
      const locked = readBig(f04[4]) + readBig(f05[8]) + readBig(f05[9]) + readBig(f05[10])
      const own = vestedAt(row.epoch) + readBig(f02[8]) + disbursed - f099.balance - locked
      return [own - row.circulating]
    })
    expect(off.length).toBe(3)
    for (const one of off) expect(one <= 0n && one > -20n * fil).toBe(true)
  })
})

describe('vesting of the genesis allocations', () => {
  it('is 187,125.595 FIL a day until it ends, and 599,822,557 FIL in all', () => {
    expect(vestedAt(vestedWhole)).toBe(599_822_557n * fil)
    expect(vestedAt(vestedWhole + 1_000_000)).toBe(599_822_557n * fil)
    const day = vestedAt(vestedWhole - 2_880) - vestedAt(vestedWhole - 5_760)
    expect(Number(day / 10n ** 15n) / 1000).toBeCloseTo(187_125.595, 2)
  })

  it('is what a data portal says of 5,947,439', () => {
    // The portal keeps it as a double.
    expect(Number(formatScaled(vestedAt(5_947_439), 18))).toBe(566_773_512.9862702)
  })
})
