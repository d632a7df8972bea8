import type { Flow, FlowStream, NetworkFlows } from '../model/flow.ts'
import type { Definitions, Granularity } from '../model/series.ts'
import type { Day } from '../model/time.ts'
import type { Span } from './calendar.ts'
import type { Metric } from './define.ts'
import { Ledger } from './ledger.ts'
import { Period } from './period.ts'

/** One published day of a stream that a formula looked at. */
export interface ReadDay {
  readonly stream: FlowStream
  readonly day: Day
  readonly flow: Flow
}

/**
 * The published days that a value is made of, newest first: what its formula looks at when it is computed again.
 * Empty for numbers that come from counters and prices alone.
 */
export function daysBehind(
  metric: Metric,
  flows: NetworkFlows,
  span: Span,
  granularity: Granularity,
  definitions: Definitions,
): ReadDay[] {
  const seen = new Map<string, ReadDay>()
  const ledger = new Ledger(flows, definitions, (stream, day, flow) => {
    seen.set(`${day} ${stream.id}`, { stream, day, flow })
  })
  metric.compute(new Period(ledger, span, granularity))
  return [...seen.values()].sort((a, b) =>
    a.day === b.day ? a.stream.id - b.stream.id : a.day < b.day ? 1 : -1,
  )
}
