import { IndexerError } from '../../pipeline/model/errors.ts'
import type { MetricInfo } from '../../pipeline/model/series.ts'
import type { AsOf } from '../arguments.ts'
import { readAsOf } from '../arguments.ts'
import type { ApiServices } from '../context.ts'
import { userError } from '../errors.ts'
import { enumName } from '../names.ts'
import type { NetworkView } from '../ports.ts'
import { notFound } from '../suggest.ts'

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
export async function networks(args: AsOf, services: ApiServices): Promise<readonly unknown[]> {
  const all = await services.readers.getNetworks(readAsOf(args))
  return all
    .filter((n) => services.names.networks.has(n.id))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((n) => toNetwork(n, services))
}

/** Answers `network`. @throws GraphQLError that lists the known networks. */
export async function network(
  { slug, ...args }: AsOf & { readonly slug: string },
  services: ApiServices,
): Promise<unknown> {
  const all = await services.readers.getNetworks(readAsOf(args))
  const found = all.find((n) => n.id === slug && services.names.networks.has(n.id))
  if (found !== undefined) return toNetwork(found, services)
  const known = services.names.networks.ids
  if (known.includes(slug)) {
    throw new IndexerError(
      'store-not-migrated',
      `network '${slug}' is declared but not in the store yet; start the indexer once`,
    )
  }
  throw userError('slug', notFound('network', slug, known))
}

/** Answers `methodology`: how the numbers of one network are made. */
export async function methodology(
  args: AsOf & { readonly network: string },
  services: ApiServices,
): Promise<unknown> {
  const { names, readers } = services
  const id = names.networks.idOf(args.network)
  const asOf = readAsOf(args)
  const found = (await readers.getNetworks(asOf)).find((n) => n.id === id)
  if (found === undefined) {
    throw new IndexerError(
      'store-not-migrated',
      `network '${id}' is declared but not in the store yet; start the indexer once`,
    )
  }
  const shown = toNetwork(found, services)
  return {
    ...shown,
    network: shown.id,
    metrics: (await readers.getMetrics(asOf)).map((m) => toMetric(m, services)),
  }
}

/** Answers `metrics`. */
export function metricDefinitions(services: ApiServices): readonly unknown[] {
  return services.readers.metrics.map((m) => toMetric(m, services))
}

function toMetric(metric: MetricInfo, { names }: ApiServices): unknown {
  return { ...metric, id: names.metrics.nameOf(metric.id), methodologyVersion: metric.revision }
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
