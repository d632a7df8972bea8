import { IndexerError } from '../pipeline/model/errors.ts'
import type { Kind, NetworkDeclaration } from '../pipeline/model/stream.ts'

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
    if (stream.kind === 'fee' && stream.lens === undefined) refuse(`fee stream ${name} lacks a lens`)
    if (stream.kind !== 'fee' && stream.lens !== undefined) refuse(`stream ${name} is no fee and has a lens`)
    const role = stream.role ?? 'ledger'
    const needsOf = role === 'part' || role === 'check'
    if (needsOf && (stream.of === undefined || network.streams[stream.of] === undefined)) {
      refuse(`stream ${name} is a ${role} and must name, in 'of', the stream it belongs to`)
    }
  }
  for (const kind of kinds) {
    const has = Object.values(network.streams).some(
      (s) => s.kind === kind && (s.role ?? 'ledger') === 'ledger',
    )
    if (!has && network.absent?.[kind] === undefined) {
      refuse(`it has no ${kind} stream; say in 'absent' whether that means zero or unknown, and why`)
    }
  }
  return network
}
