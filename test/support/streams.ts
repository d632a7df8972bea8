import type { Logger } from '../../indexers/engine/ports.ts'
import type { NetworkDeclaration, Stream } from '../../pipeline/model/stream.ts'

const ignore = (): void => undefined

/** Says nothing of what is fine, and throws on warnings and errors. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: refuse,
  error: refuse,
}

function refuse(message: string, facts?: object): never {
  throw new Error(`${message} ${JSON.stringify(facts)}`)
}

/** The streams of a network that are read from a chain, numbered from 1 as they are declared. */
export function streamsOf(network: NetworkDeclaration, chain: string): Stream[] {
  return Object.entries(network.streams)
    .map(
      ([name, declared], i): Stream => ({
        ...declared,
        id: i + 1,
        network: network.id,
        name,
        chain: declared.chain ?? network.tokens[declared.token]?.chain ?? '',
        role: declared.role ?? 'ledger',
        decimals: network.tokens[declared.token]?.decimals ?? 0,
      }),
    )
    .filter((stream) => stream.chain === chain)
}

/**
 * The streams of these names, in their order.
 * @throws Error if there is no stream of a name.
 */
export function pick(streams: readonly Stream[], ...names: string[]): Stream[] {
  return names.map((name) => {
    const found = streams.find((s) => s.name === name)
    if (found === undefined) throw new Error(`no stream ${name}`)
    return found
  })
}
