import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeTransaction } from '../../indexers/chains/solana/decode.ts'
import { matcherOf } from '../../indexers/chains/solana/streams.ts'
import { readTransaction } from '../../indexers/chains/solana/transaction.ts'
import { helium } from '../../indexers/networks/helium.ts'
import { ionet } from '../../indexers/networks/ionet.ts'
import { render } from '../../indexers/networks/render.ts'
import type { Stream } from '../../pipeline/model/stream.ts'

const folder = new URL('../../../shared/recordings/solana/', import.meta.url)
const present = existsSync(folder)
if (!present && process.env['CI'])
  throw new Error('../shared/recordings is absent, but CI must run these tests')

/** The streams of token movements of all networks on Solana. */
const streams = [helium, render, ionet].flatMap((network) =>
  Object.entries(network.streams).flatMap(([name, stream], i): Stream[] =>
    stream.word.startsWith('solana.spl.')
      ? [
          {
            ...stream,
            id: i,
            network: network.id,
            name: `${network.id}.${name}`,
            chain: 'solana',
            role: stream.role ?? 'ledger',
            decimals: network.tokens[stream.token]?.decimals ?? 0,
          },
        ]
      : [],
  ),
)

/** What a recorded transaction gives each stream, in order. */
function decoded(file: string): [string, string][] {
  const read: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  const answer = Array.isArray(read) ? read[0] : read
  const body = answer !== null && typeof answer === 'object' && 'result' in answer ? answer.result : answer
  const transaction = readTransaction(body)
  return streams.flatMap((stream) =>
    decodeTransaction(transaction, [matcherOf(stream)]).map((e): [string, string] => [
      stream.name,
      `${e.amountRaw} ${e.height}`,
    ]),
  )
}

describe.skipIf(!present)('recorded transactions (skipped without ../shared/recordings)', () => {
  it('give two forfeited staking rewards as emission given back, and no fee', () => {
    expect(decoded('helium/mainnet_claim_rewards_v1_forfeit_burn_slot409977754.json')).toEqual([
      ['helium.allBurns', '787 409977754'],
      ['helium.allBurns', '79944 409977754'],
      ['helium.forfeited', '-787 409977754'],
      ['helium.forfeited', '-79944 409977754'],
    ])
  })

  it.each([
    'helium-devnet/devnet_lazy_distributor_distribute_slot448529532.json',
    'helium-devnet/devnet_mini_fanout_distribute_slot448529670.json',
    'helium-devnet/devnet_genesis_issue_hotspot_v0_alt_slot195109311_base64.json',
    'helium-devnet/devnet_issue_iot_hotspot_dc_burn_slot181981476_base64.json',
    'generic-parsed/3HdFhHNyf2uKrW6zb6FeYZpjcRyvprQuQH4oVkmc4uuCAhoEUAEkPHgUzRubf8npmHnziRs4HokFTgAkGPyzso6D.json',
  ])('give nothing where they are claims, of another cluster, or of other tokens: %s', (file) => {
    expect(decoded(file)).toEqual([])
  })
})

describe('the networks of Solana', () => {
  it('have settings that the chain understands', () => {
    expect(streams.length).toBeGreaterThan(25)
    for (const stream of streams) expect(matcherOf(stream).stream).toBe(stream)
  })
})
