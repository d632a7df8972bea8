import type { Granularity } from '../../pipeline/model/series.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'
import { readDay, readInstant } from '../arguments.ts'
import type { ApiServices } from '../context.ts'
import type { DefinitionArguments, Making } from './points.ts'
import { readDefinitions, readSubjects, toPointNode } from './points.ts'

/** Arguments of `compare` as the schema lets them through. */
export interface CompareArguments extends DefinitionArguments {
  readonly networks?: readonly string[] | null
  readonly metrics: readonly string[]
  readonly date?: string | null
  readonly granularity?: Granularity | null
  readonly asOf?: string | null
}

/** Answers `compare`. */
export async function compare(args: CompareArguments, services: ApiServices): Promise<unknown> {
  const asked = args.asOf == null ? undefined : readInstant('asOf', args.asOf)
  const now = unixSeconds(Math.ceil(services.clock() / 1000))
  const making: Making = {
    granularity: args.granularity ?? 'TRAILING_30',
    definitions: readDefinitions(args),
    ...(asked === undefined || asked > now ? {} : { asOf: asked }),
  }
  const found = await services.readers.getComparison({
    ...readSubjects(args, services),
    ...making.definitions,
    granularity: making.granularity,
    ...(making.asOf === undefined ? {} : { asOf: making.asOf }),
    ...(args.date == null ? {} : { date: readDay('date', args.date) }),
  })
  return {
    date: found.date,
    windowEnd: found.windowEnd,
    granularity: making.granularity,
    rows: found.rows.map(({ point, before, change, rank }) => {
      const node = toPointNode(point, making, services)
      return {
        network: node.network,
        metric: node.metric,
        point: node,
        before: toPointNode(before, making, services),
        change,
        rank,
      }
    }),
  }
}
