import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Devnet, type DevnetOptions, startDevnet } from '../../devnet/start.ts'
import { day, dayStart, secondsPerDay } from '../../pipeline/model/time.ts'

const end = dayStart(day('2026-11-22'))
const open: Devnet[] = []

async function start(options: Partial<DevnetOptions> = {}): Promise<Devnet> {
  const devnet = await startDevnet({ only: ['arweave'], seed: 7, days: 2, end, ...options })
  open.push(devnet)
  return devnet
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((devnet) => devnet.close()))
})

async function text(url: string): Promise<string> {
  return (await fetch(url)).text()
}

describe('the options', () => {
  it('refuses options that make no chain', async () => {
    const code = 'bad-argument'
    await expect(start({ days: 0 })).rejects.toMatchObject({ code })
    await expect(start({ days: 1_900 })).rejects.toMatchObject({
      code,
      message: expect.stringContaining('2.9'),
    })
    await expect(start({ misbehave: [{ kind: 'reset', probability: 2 }] })).rejects.toMatchObject({ code })
    const devnet = await start()
    expect(() => devnet.arweave.fork(0)).toThrow('cannot fork')
  })
})

describe('the price service', () => {
  const chart = z.object({
    coins: z.record(
      z.string(),
      z.object({
        symbol: z.string(),
        prices: z.array(z.object({ timestamp: z.number(), price: z.number() })),
      }),
    ),
  })

  it('gives a close a day near midnight, nothing for unknown ids and nothing after the end', async () => {
    const devnet = await start()
    const from = end - 3 * secondsPerDay
    const url = `${devnet.urls.prices}/chart/coingecko:arweave,coingecko:none?start=${from}&span=9&period=1d&searchWidth=12h`
    const answer = await fetch(url)
    expect(answer.headers.get('x-depindex-origin')).toBe('simulated')
    const { coins } = chart.parse(await answer.json())
    expect(Object.keys(coins)).toEqual(['coingecko:arweave'])
    const { prices } = coins['coingecko:arweave'] ?? { prices: [] }
    expect(prices).toHaveLength(4)
    for (const [at, { timestamp, price }] of prices.entries()) {
      const behind = from + at * secondsPerDay - timestamp
      expect(behind >= 2 && behind < 20).toBe(true)
      expect(price > 0.5 && price < 8).toBe(true)
    }
    expect(await text(url)).toBe(await text(url))
  })

  it('gives the present price and one of the past', async () => {
    const devnet = await start()
    const quote = z.object({
      coins: z.object({
        'coingecko:arweave': z.object({ price: z.number(), timestamp: z.number(), symbol: z.string() }),
      }),
    })
    const past = quote.parse(
      JSON.parse(await text(`${devnet.urls.prices}/prices/historical/${end}/coingecko:arweave`)),
    )
    const now = quote.parse(
      JSON.parse(await text(`${devnet.urls.prices}/prices/current/coingecko:arweave,x:y`)),
    )
    expect(now).toEqual(past)
    expect(await text(`${devnet.urls.prices}/prices/historical/${end + 90_000}/coingecko:arweave`)).toBe(
      '{"coins":{}}',
    )
  })
})
