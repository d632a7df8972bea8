import type { ReadDay } from '../pipeline/metrics/behind.ts'
import { daysBehind } from '../pipeline/metrics/behind.ts'
import { spanOf } from '../pipeline/metrics/calendar.ts'
import { metrics } from '../pipeline/metrics/index.ts'
import { atRevision, firstDayNeeded } from '../pipeline/metrics/series.ts'
import { formatPrice, formatScaled, formatUsd, priceScaled } from '../pipeline/model/amount.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import type { FlowsOf, FlowView } from '../pipeline/model/flow_view.ts'
import type { Day, UnixSeconds } from '../pipeline/model/time.ts'
import { instant } from '../pipeline/model/time.ts'
import type { Database } from '../pipeline/store/database.ts'
import type { FlowFacts, FlowKey } from '../pipeline/store/read_flow_facts.ts'
import { flowKey, getFlowFacts } from '../pipeline/store/read_flow_facts.ts'
import { findFirstDay, getNetworkFlows } from '../pipeline/store/read_flows.ts'
import { getMetricRevisions } from '../pipeline/store/stream_life.ts'

/**
 * The published days that each of some values was made of. Values under the same definitions, as of the same
 * instant, are answered together: the number of queries does not grow with the number of values.
 */
export async function readBehind(db: Database, wanted: readonly FlowsOf[]): Promise<FlowView[][]> {
  const lists = wanted.map((): FlowView[] => [])
  const groups = new Map<string, number[]>()
  wanted.forEach(({ definitions, granularity, asOf }, i) => {
    const key = JSON.stringify([definitions, granularity, asOf ?? null])
    groups.set(key, [...(groups.get(key) ?? []), i])
  })
  for (const indexes of groups.values()) {
    const group = indexes.flatMap((i) => wanted[i] ?? [])
    const found = await readGroup(db, group)
    indexes.forEach((index, i) => {
      lists[index] = found[i] ?? []
    })
  }
  return lists
}

async function readGroup(db: Database, group: readonly FlowsOf[]): Promise<FlowView[][]> {
  const [one] = group
  if (one === undefined) return []
  const { definitions, granularity, asOf } = one
  const revisions = asOf === undefined ? new Map<string, number>() : await getMetricRevisions(db, asOf)
  const known = asOf === undefined ? {} : { asOf }
  const values = group.map((w) => {
    const metric = metrics.find((m) => m.id === w.metric)
    if (metric === undefined)
      throw new IndexerError('bad-argument', `there is no metric '${w.metric}' to open`)
    return { w, metric: atRevision(metric, revisions.get(w.metric)), span: spanOf(w.date, granularity) }
  })
  const networks = [...new Set(group.map((w) => w.network))]
  let first: Day | null | undefined
  for (const { metric, span } of values) {
    const needed = firstDayNeeded([metric], span, granularity)
    if (needed === null || first === null) first = null
    else if (first === undefined || needed < first) first = needed
  }
  const last = group.reduce((day, w) => (w.windowEnd > day ? w.windowEnd : day), one.windowEnd)
  const start = first ?? (await findFirstDay(db, networks)) ?? one.date
  const { priceBasis, by } = definitions
  const range = { first: start, last, priceBasis, by, ...known }
  const flows = await getNetworkFlows(db, { ...range, networks, market: values.some((v) => v.metric.market) })
  const read = values.map(({ w, metric, span }) => {
    const own = flows.find((f) => f.network === w.network)
    return own === undefined ? [] : daysBehind(metric, own, span, granularity, definitions).slice(0, w.first)
  })
  const keyOf = ({ stream, day }: ReadDay): FlowKey => ({
    streamId: stream.id,
    day,
    by: by === 'EPOCH' && stream.epoch ? 'epoch' : 'time',
  })
  const keys = [...new Map(read.flat().map((r) => [flowKey(keyOf(r)), keyOf(r)])).values()]
  const facts = keys.length === 0 ? new Map<string, FlowFacts>() : await getFlowFacts(db, keys, asOf)
  return read.map((days, i) =>
    days.map((r) => ({
      ...toView(group[i]?.network ?? '', r, keyOf(r).by, facts.get(flowKey(keyOf(r)))),
      ...known,
    })),
  )
}

function toView(
  network: string,
  { stream, day, flow }: ReadDay,
  by: 'time' | 'epoch',
  facts: FlowFacts | undefined,
): FlowView {
  const price = facts?.price ?? null
  const observedAt = facts?.priceObservedAt ?? null
  return {
    streamId: stream.id,
    network,
    stream: stream.name,
    kind: stream.kind,
    class: stream.class,
    role: stream.role,
    lens: stream.lens,
    method: stream.method,
    token: stream.token,
    date: day,
    by,
    amountRaw: flow.raw === null ? null : flow.raw.toString(),
    amount: flow.raw === null ? null : formatScaled(flow.raw, stream.decimals),
    usd: flow.usdMicros === null ? null : formatUsd(flow.usdMicros),
    quality: flow.raw === null ? flow.quality : flow.usdQuality,
    reason: flow.raw === null ? flow.reason : flow.usdReason,
    price: price === null ? null : formatPrice(priceScaled(price)),
    priceSource: facts?.priceSource ?? null,
    priceObservedAt: observedAt === null ? null : instant(observedAt as UnixSeconds),
    warning: flow.warning,
    eventCount: facts?.events ?? 0,
    availableAt: instant(Math.floor(flow.availableAt) as UnixSeconds),
    revision: flow.version,
  }
}
