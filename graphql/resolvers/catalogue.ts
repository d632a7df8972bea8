import { IndexerError } from '../../pipeline/model/errors.ts'
import type { ApiServices } from '../context.ts'
import { userError } from '../errors.ts'
import { enumName } from '../names.ts'
import type { NetworkView } from '../ports.ts'

const nullable = (id: string | null): string | null => (id === null ? null : enumName(id))

function toNetwork(network: NetworkView, { names }: ApiServices) {
  return {
    ...network,
    id: names.networks.nameOf(network.id),
    slug: network.id,
    origin: nullable(network.origin),
    streams: network.streams.map((s) => ({
      ...s,
      kind: enumName(s.kind),
      class: enumName(s.class),
      role: enumName(s.role),
      method: enumName(s.method),
    })),
    absences: network.absences.map((a) => ({ ...a, what: enumName(a.what), truly: enumName(a.truly) })),
  }
}

/** Answers `networks`: the declared ones, whatever else the store may still hold. */
export async function networks(services: ApiServices): Promise<readonly unknown[]> {
  const all = await services.readers.getNetworks()
  return all
    .filter((n) => services.names.networks.has(n.id))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((n) => toNetwork(n, services))
}

/** Answers `network`. @throws GraphQLError that lists the known networks. */
export async function network(slug: string, services: ApiServices): Promise<unknown> {
  const all = await services.readers.getNetworks()
  const found = all.find((n) => n.id === slug && services.names.networks.has(n.id))
  if (found !== undefined) return toNetwork(found, services)
  const known = services.names.networks.ids
  if (known.includes(slug)) {
    throw new IndexerError(
      'store-not-migrated',
      `network '${slug}' is declared but not in the store yet; start the indexer once`,
    )
  }
  const wanted = slug.toLowerCase().replace(/[^a-z0-9]/g, '')
  const near = known.filter((id) => {
    const plain = id.replaceAll('-', '')
    return (
      wanted.length > 1 &&
      (plain.startsWith(wanted.slice(0, 3)) || plain.includes(wanted) || wanted.includes(plain))
    )
  })
  const hint = near.length === 0 ? '' : ` Did you mean ${near.map((id) => `'${id}'`).join(' or ')}?`
  throw userError(
    'slug',
    `there is no network '${slug.slice(0, 100)}'.${hint} Known: ${[...known].sort().join(', ')}`,
  )
}

/** Answers `methodology`: how the numbers of one network are made. */
export async function methodology(name: string, services: ApiServices): Promise<unknown> {
  const { names, readers } = services
  const id = names.networks.idOf(name)
  const found = (await readers.getNetworks()).find((n) => n.id === id)
  if (found === undefined) {
    throw new IndexerError(
      'store-not-migrated',
      `network '${id}' is declared but not in the store yet; start the indexer once`,
    )
  }
  const shown = toNetwork(found, services)
  return { ...shown, network: shown.id, metrics: metricDefinitions(services) }
}

/** Answers `metrics`. */
export function metricDefinitions({ readers, names }: ApiServices): readonly unknown[] {
  return readers.metrics.map((m) => ({
    ...m,
    id: names.metrics.nameOf(m.id),
    methodologyVersion: m.revision,
  }))
}

/** Answers `coverage`. */
export async function coverage(
  name: string | null | undefined,
  services: ApiServices,
): Promise<readonly unknown[]> {
  const { names, readers } = services
  const rows = await readers.getCoverage(name == null ? undefined : names.networks.idOf(name))
  return rows
    .filter((r) => names.networks.has(r.network))
    .map((r) => ({ ...r, network: names.networks.nameOf(r.network) }))
}

/** Answers `status`. */
export async function status({ readers, names, version }: ApiServices): Promise<unknown> {
  const view = await readers.getStatus()
  return {
    ...view,
    version,
    chains: view.chains.map((c) => ({ ...c, origin: nullable(c.origin) })),
    proofs: view.proofs
      .filter((p) => names.networks.has(p.network))
      .map((p) => ({ ...p, network: names.networks.nameOf(p.network) })),
  }
}
