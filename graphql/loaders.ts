import DataLoader from 'dataloader'
import type { EventView } from '../pipeline/model/event_view.ts'
import type { DayEventsQuery, FlowsOf, FlowView } from '../pipeline/model/flow_view.ts'
import type { ApiReaders, LegsQuery } from './ports.ts'

/** Questions that fields ask row by row, and that are put to the store together. One set a request. */
export interface Loaders {
  readonly flows: DataLoader<FlowsOf, readonly FlowView[]>
  readonly dayEvents: DataLoader<DayEventsQuery, readonly EventView[]>
  readonly legs: DataLoader<LegsQuery, readonly EventView[]>
}

const mostAtOnce = 1_000

/** Loaders without memory: answers are remembered whole, by the answer cache. */
export function createLoaders(readers: ApiReaders): Loaders {
  const options = { cache: false, maxBatchSize: mostAtOnce }
  return {
    flows: new DataLoader((keys: readonly FlowsOf[]) => readers.getFlowsBehind(keys), options),
    dayEvents: new DataLoader((keys: readonly DayEventsQuery[]) => readers.getDayEvents(keys), options),
    legs: new DataLoader((keys: readonly LegsQuery[]) => readers.getLegs(keys), options),
  }
}
