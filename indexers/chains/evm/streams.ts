import { toEventSelector } from 'viem'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'

/** Topic 0 of the ERC-20 (and ERC-721) event `Transfer`, https://eips.ethereum.org/EIPS/eip-20. */
export const transferTopic = toEventSelector('Transfer(address,address,uint256)')

/** The address that tokens come from when minted and go to when burned. */
export const zeroAddress = `0x${'0'.repeat(40)}`

/** What a declaration says about a stream of ERC-20 transfers; the word and its settings are filled in. */
export type Erc20Options = Omit<StreamDeclaration, 'word' | 'settings' | 'method'> & {
  /** Token contracts, in any letter case. At least one. */
  readonly contracts: readonly string[]
}

/** Which transfers between holders count: from one of `from` and to one of `to`; absent means any holder. */
export interface Erc20TransferOptions extends Erc20Options {
  readonly from?: readonly string[]
  readonly to?: readonly string[]
}

/** Tokens made: transfers from the zero address. */
export function erc20Mints({ contracts, ...declared }: Erc20Options): StreamDeclaration {
  return { ...declared, method: 'events', word: 'evm.erc20.mints', settings: checked({ contracts }) }
}

/** Tokens destroyed: transfers to the zero address. */
export function erc20Burns({ contracts, ...declared }: Erc20Options): StreamDeclaration {
  return { ...declared, method: 'events', word: 'evm.erc20.burns', settings: checked({ contracts }) }
}

/**
 * Tokens moved between holders. Mints and burns are left out unless `from` or `to` names the zero address,
 * so that a payment to a treasury is not confused with a mint to it.
 */
export function erc20Transfers({
  contracts,
  from,
  to,
  ...declared
}: Erc20TransferOptions): StreamDeclaration {
  const settings = checked({ contracts, ...(from && { from }), ...(to && { to }) })
  return { ...declared, method: 'events', word: 'evm.erc20.transfers', settings }
}

/** What one side of a transfer must be: a topic of the set; `holder` is anyone but the zero address. */
export type Side = ReadonlySet<string> | 'any' | 'holder'

/** What a log must be to give an event of a stream. */
export interface Matcher {
  readonly streamId: number
  readonly from: Side
  readonly to: Side
  readonly fromHeight: number
  readonly toHeight: number
}

/** One `eth_getLogs` filter, and which streams its logs are decoded for. */
export interface LogQuery {
  readonly address: readonly string[]
  readonly topics: readonly (string | readonly string[] | null)[]
  readonly matchers: ReadonlyMap<string, readonly Matcher[]>
}

interface Word {
  readonly contracts: readonly string[]
  readonly matcher: Matcher
}

/**
 * The fewest filters that select the transfers of `streams` without asking for all of a token's transfers
 * where the streams need few: one filter for streams that name senders, one for streams that name
 * recipients, and one for the rest. Each stream is answered by exactly one filter.
 * @throws IndexerError `bad-declaration` for an unknown word or malformed settings.
 */
export function logQueries(streams: readonly Stream[]): LogQuery[] {
  const words = streams.map(wordOf)
  const open = words.filter((w) => typeof w.matcher.from === 'string' && typeof w.matcher.to === 'string')
  const openContracts = new Set(open.flatMap((w) => w.contracts))
  const groups = new Map<'open' | 'from' | 'to', Word[]>()
  for (const word of words) {
    const selective = typeof word.matcher.from === 'string' ? 'to' : 'from'
    const key = word.contracts.every((c) => openContracts.has(c)) ? 'open' : selective
    groups.set(key, [...(groups.get(key) ?? []), word])
  }
  return [...groups].map(([key, members]) => {
    const union = (side: 'from' | 'to'): string[] =>
      [
        ...new Set(members.flatMap((w) => [...(typeof w.matcher[side] === 'string' ? [] : w.matcher[side])])),
      ].sort()
    const topics =
      key === 'open'
        ? [transferTopic]
        : key === 'from'
          ? [transferTopic, union('from')]
          : [transferTopic, null, union('to')]
    const matchers = new Map<string, Matcher[]>()
    for (const { contracts, matcher } of members) {
      for (const contract of contracts) matchers.set(contract, [...(matchers.get(contract) ?? []), matcher])
    }
    return { address: [...matchers.keys()].sort(), topics, matchers }
  })
}

function wordOf(stream: Stream): Word {
  const settings = checked(stream.settings ?? {}, `${stream.network} stream ${stream.name}`)
  const zero: Side = new Set([topicOf(zeroAddress)])
  const side = (addresses: readonly string[] | undefined): Side =>
    addresses === undefined ? 'holder' : new Set(addresses.map(topicOf))
  const sides: Readonly<Record<string, { from: Side; to: Side }>> = {
    'evm.erc20.mints': { from: zero, to: 'any' },
    'evm.erc20.burns': { from: 'any', to: zero },
    'evm.erc20.transfers': { from: side(settings.from), to: side(settings.to) },
  }
  const found = sides[stream.word]
  if (found === undefined) {
    const known = Object.keys(sides).join(', ')
    throw new IndexerError(
      'bad-declaration',
      `${stream.network} stream ${stream.name}: EVM chains know ${known}, not '${stream.word}'`,
    )
  }
  const fromHeight = stream.fromHeight ?? 0
  const toHeight = stream.toHeight ?? Number.MAX_SAFE_INTEGER
  return { contracts: settings.contracts, matcher: { streamId: stream.id, ...found, fromHeight, toHeight } }
}

/** An address as the topic of an indexed parameter. @example topicOf('0xAB…01') // '0x000000000000000000000000ab…01' */
export function topicOf(address: string): string {
  return `0x${'0'.repeat(24)}${address.slice(2).toLowerCase()}`
}

interface Settings {
  readonly contracts: readonly string[]
  readonly from?: readonly string[]
  readonly to?: readonly string[]
}

/** Settings with lower-case addresses. @throws IndexerError `bad-declaration` naming the setting. */
function checked(
  settings: Readonly<Record<string, unknown>>,
  where = 'an ERC-20 stream',
): Settings & Record<string, unknown> {
  const list = (name: string): readonly string[] => {
    const value = settings[name]
    if (!Array.isArray(value) || value.length === 0) {
      throw new IndexerError('bad-declaration', `${where}: '${name}' must list at least one address`)
    }
    return value.map((address: unknown) => {
      if (typeof address === 'string' && /^0x[0-9a-fA-F]{40}$/.test(address)) return address.toLowerCase()
      throw new IndexerError(
        'bad-declaration',
        `${where}: '${name}' holds ${JSON.stringify(address)}, which is no address`,
      )
    })
  }
  for (const name of Object.keys(settings)) {
    if (!['contracts', 'from', 'to'].includes(name)) {
      throw new IndexerError('bad-declaration', `${where}: unknown setting '${name}'`)
    }
  }
  return {
    contracts: list('contracts'),
    ...(settings.from === undefined ? {} : { from: list('from') }),
    ...(settings.to === undefined ? {} : { to: list('to') }),
  }
}
