import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { NetworkDeclaration, Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'
import { dailyOf, dailyWord } from './daily.ts'
import type { Matcher } from './streams.ts'
import { matcherOf } from './streams.ts'

/** What kind of account a declaration needs at an address. */
export type Need =
  /** One that exists. */
  | 'account'
  /** Who signs, which may hold nothing and so not exist. */
  | 'signer'
  | 'program'
  /** An account that holds tokens of the mint. */
  | 'token account'

/** An address that a declaration names. */
export interface Declared {
  readonly address: string
  readonly need: Need
  /** For a token account. */
  readonly mint?: string
  /** Which settings name it, for readers. */
  readonly where: readonly string[]
  /** Only streams that end name it: it may be gone. */
  readonly past: boolean
}

/** The streams of a network on Solana, as the decoder matches them; each has its place as id. */
export function matchersOf(network: NetworkDeclaration): Matcher[] {
  return streamsOf(network)
    .filter((s) => s.word !== dailyWord && isWord(s))
    .map(matcherOf)
}

/** The streams of a network that are read from Solana. */
export function streamsOf(network: NetworkDeclaration): Stream[] {
  return Object.entries(network.streams).flatMap(([name, declaration], id) => {
    const token = network.tokens[declaration.token]
    if (chainOf(network, declaration) !== 'solana' || token === undefined) return []
    const role = declaration.role ?? 'ledger'
    return [
      { ...declaration, id, network: network.id, name, chain: 'solana', role, decimals: token.decimals },
    ]
  })
}

const chainOf = (network: NetworkDeclaration, { chain, token }: StreamDeclaration): string | undefined =>
  chain ?? network.tokens[token]?.chain

const isWord = ({ word }: Stream): boolean => word.startsWith('solana.')

/** Every address that the streams and counters of a network name, once for each kind that is needed there. */
export function addressesIn(network: NetworkDeclaration): Declared[] {
  const found = new Map<string, Declared>()
  let past = false
  const add = (address: string, need: Need, where: string, mint?: string): void => {
    const key = `${need} ${address} ${mint ?? ''}`
    const known = found.get(key)
    const named = [...(known?.where ?? []), where]
    const gone = past && known?.past !== false
    found.set(key, { address, need, where: named, past: gone, ...(mint === undefined ? {} : { mint }) })
  }
  for (const { stream, filter } of matchersOf(network)) {
    past = stream.until !== undefined
    const at = (setting: string): string => `${stream.name}.${setting}`
    for (const a of filter.signaturesOf ?? []) add(a, 'account', at('signaturesOf'))
    for (const side of ['from', 'to', 'notFrom', 'notTo'] as const)
      for (const a of filter[side] ?? []) add(a, 'token account', at(side), filter.mint)
    for (const side of ['authority', 'notAuthority'] as const)
      for (const s of filter[side] ?? []) add(typeof s === 'string' ? s : s.address, 'signer', at(side))
    for (const side of ['under', 'notUnder', 'calledBy', 'notCalledBy'] as const) {
      for (const key of filter[side] ?? []) {
        add(key.program, 'program', at(side))
        for (const a of key.account?.is ?? []) add(a, 'account', at(side))
      }
    }
  }
  for (const stream of streamsOf(network).filter((s) => s.word === dailyWord)) {
    const { settings } = dailyOf(stream)
    past = stream.until !== undefined
    add(settings.program, 'program', `${stream.name}.program`)
    for (const seed of settings.seeds)
      if ('address' in seed) add(seed.address, 'account', `${stream.name}.seeds`)
  }
  past = false
  for (const [name, counter] of Object.entries(network.counters ?? {})) {
    const account = counter.word === 'solana.account' ? counter.settings?.['account'] : undefined
    if (typeof account === 'string') add(account, 'account', `counter ${name}`)
  }
  return [...found.values()]
}

/** The tokens of a network whose mint is on Solana. */
export function mintsOf(network: NetworkDeclaration): { token: string; mint: string; decimals: number }[] {
  return Object.entries(network.tokens).flatMap(([token, { chain, address, decimals }]) => {
    if (chain !== 'solana') return []
    if (address === undefined)
      throw new IndexerError(
        'bad-declaration',
        `network ${network.id}: token ${token} of Solana names no mint`,
      )
    return [{ token, mint: address, decimals }]
  })
}
