import type { EventView } from '../../pipeline/model/event_view.ts'
import type { DayEventsQuery, FlowView } from '../../pipeline/model/flow_view.ts'
import { readFirst } from '../arguments.ts'
import type { ApiContext, ApiServices } from '../context.ts'
import { digest, readEventCursor, writeEventCursor } from '../cursor.ts'
import { enumName } from '../names.ts'
import type { Connection } from './connection.ts'
import { toConnection } from './connection.ts'
import { toEventNode } from './events.ts'
import type { PointNode } from './points.ts'
import { flowsOf } from './points.ts'

const defaultFlows = 100
const defaultPointEvents = 20
const defaultDayEvents = 100
/** Days that are looked through for the newest events of a value. */
const daysLookedThrough = 1_000

interface FlowNode {
  readonly view: FlowView
}

function toFlowNode(view: FlowView, { names }: ApiServices) {
  return {
    ...view,
    view,
    network: names.networks.nameOf(view.network),
    kind: enumName(view.kind),
    class: enumName(view.class),
    role: enumName(view.role),
    method: enumName(view.method),
  }
}

/** Answers `MetricPoint.flows`. */
export async function pointFlows(
  point: PointNode,
  args: { readonly first?: number | null },
  services: ApiServices,
  { loaders }: ApiContext,
): Promise<readonly unknown[]> {
  const first = readFirst(args.first, defaultFlows, 'flowRows', services.limits.flowRows)
  const flows = await loaders.flows.load(flowsOf(point, first))
  return flows.map((view) => toFlowNode(view, services))
}

/** Answers `MetricPoint.events`: those of the newest days, as many days as their counts say are needed. */
export async function pointEvents(
  point: PointNode,
  args: { readonly first?: number | null },
  services: ApiServices,
  { loaders }: ApiContext,
): Promise<readonly unknown[]> {
  const first = readFirst(args.first, defaultPointEvents, 'pointEvents', services.limits.pointEvents)
  const flows = await loaders.flows.load(flowsOf(point, daysLookedThrough))
  const needed: FlowView[] = []
  let count = 0
  for (const flow of flows) {
    // All streams of the last day are asked, because the newest event may be of any of them.
    if (count >= first && flow.date !== needed.at(-1)?.date) break
    if (flow.eventCount > 0) needed.push(flow)
    count += flow.eventCount
  }
  const lists = await Promise.all(needed.map((view) => loaders.dayEvents.load({ ...dayOf(view), first })))
  return [...new Map(lists.flat().map((e) => [`${e.streamId} ${e.txId} ${e.position}`, e])).values()]
    .sort(newestFirst)
    .slice(0, first)
    .map((event) => toEventNode(event, services))
}

/** The day of a stream whose events are asked for, as of the instant of the value above it. */
function dayOf({ streamId, date, by, asOf }: FlowView): Omit<DayEventsQuery, 'first'> {
  return { streamId, day: date, by, ...(asOf === undefined ? {} : { asOf }) }
}

function newestFirst(a: EventView, b: EventView): number {
  if (a.happenedAt !== b.happenedAt) return b.happenedAt - a.happenedAt
  if (a.streamId !== b.streamId) return b.streamId - a.streamId
  if (a.txId !== b.txId) return a.txId < b.txId ? 1 : -1
  return b.position - a.position
}

/** Answers `Flow.events`. */
export async function flowEvents(
  { view }: FlowNode,
  args: { readonly first?: number | null; readonly after?: string | null },
  services: ApiServices,
  { loaders }: ApiContext,
): Promise<Connection<unknown>> {
  const { limits } = services
  const first = readFirst(args.first, defaultDayEvents, 'eventRows', limits.eventRows)
  const of = dayOf(view)
  const key = digest(of)
  const after = args.after == null ? undefined : readEventCursor(key, args.after)
  const rows = await loaders.dayEvents.load({
    ...of,
    first: first + 1,
    ...(after === undefined ? {} : { after }),
  })
  return toConnection(
    rows,
    first,
    after !== undefined,
    (row) => toEventNode(row, services),
    (row) => writeEventCursor(key, row),
  )
}

/** Answers `Event.legs`. */
export async function eventLegs(
  event: { readonly networkId: string; readonly txId: string; readonly streamId: number; act: string | null },
  services: ApiServices,
  { loaders }: ApiContext,
): Promise<readonly unknown[]> {
  const { networkId: network, txId, streamId, act } = event
  if (act === null) return []
  const legs = await loaders.legs.load({ network, txId, streamId, act })
  return legs.map((leg) => toEventNode(leg, services))
}
