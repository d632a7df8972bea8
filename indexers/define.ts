import { faultOf } from '../pipeline/model/declaration.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import type { Counter, Kind, NetworkDeclaration } from '../pipeline/model/stream.ts'

const kinds: readonly Kind[] = ['emission', 'burn', 'fee']

/**
 * Checks a declaration as a whole and returns it.
 * @throws IndexerError `bad-declaration` naming the network, the stream and the rule it breaks.
 */
export function defineNetwork(network: NetworkDeclaration): NetworkDeclaration {
  const refuse = (what: string): never => {
    throw new IndexerError('bad-declaration', `network ${network.id}: ${what}`, { network: network.id })
  }
  if (!/^[a-z][a-z0-9-]*$/.test(network.id)) refuse('its id must be lower case letters, digits and hyphens')
  for (const [name, stream] of Object.entries(network.streams)) {
    if (network.tokens[stream.token] === undefined)
      refuse(`stream ${name} names the undeclared token ${stream.token}`)
    if (stream.meaning === '' || stream.evidence.length === 0)
      refuse(`stream ${name} lacks meaning or evidence`)
    const fault = faultOf(stream)
    if (fault !== undefined) refuse(`stream ${name} ${fault}`)
    if (stream.kind === 'fee' && stream.lens === undefined) refuse(`fee stream ${name} lacks a lens`)
    if (stream.kind !== 'fee' && stream.lens !== undefined) refuse(`stream ${name} is no fee and has a lens`)
    const role = stream.role ?? 'ledger'
    const of = stream.of === undefined ? [] : [stream.of].flat()
    if ((role === 'part' || role === 'check') && of.length === 0)
      refuse(`stream ${name} is a ${role} and must name, in 'of', the stream it belongs to`)
    for (const other of of) {
      if (network.streams[other] === undefined)
        refuse(`stream ${name} names, in 'of', the undeclared stream ${other}`)
    }
  }
  for (const kind of kinds) {
    const has = Object.values(network.streams).some(
      (s) =>
        s.kind === kind &&
        !['credit', 'vesting', 'uncounted'].includes(s.class) &&
        ['ledger', 'standIn'].includes(s.role ?? 'ledger'),
    )
    if (!has && network.absent?.[kind] === undefined) {
      refuse(`it has no ${kind} stream; say in 'absent' whether that means zero or unknown, and why`)
    }
  }
  return network
}

/** The counters that some networks declare, with the chain that each is read from. */
export function countersOf(networks: readonly NetworkDeclaration[]): Counter[] {
  return networks.flatMap((network) =>
    Object.entries(network.counters ?? {}).map(([name, counter]) => ({
      ...counter,
      name,
      network: network.id,
      chain: counter.chain ?? network.tokens[counter.token]?.chain ?? '',
      decimals: network.tokens[counter.token]?.decimals ?? 0,
    })),
  )
}
