import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { isObjectType } from 'graphql'
import { IndexerError } from '../../pipeline/model/errors.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'
import { readInstant } from '../arguments.ts'
import type { ApiContext, ApiServices } from '../context.ts'
import { settledSeconds } from '../settled.ts'
import { coverage, methodology, metricDefinitions, network, networks, status } from './catalogue.ts'
import type { CompareArguments } from './compare.ts'
import { compare } from './compare.ts'
import { edgesOf } from './connection.ts'
import { eventLegs, flowEvents, pointEvents, pointFlows } from './drill.ts'
import { events } from './events.ts'
import { metricSeries } from './metric_series.ts'
import type { PointNode } from './points.ts'
import { prices, reconciliation, restatements } from './trust.ts'

/** Whether an answer as of this instant can never change. */
function isSettled(asOf: unknown, clock: () => number): boolean {
  if (typeof asOf !== 'string') return false
  return readInstant('asOf', asOf) <= unixSeconds(Math.floor(clock() / 1000)) - settledSeconds
}

/** Puts the resolvers on the schema's fields; fields without one read the property of their name. */
export function attachResolvers(schema: GraphQLSchema, services: ApiServices): void {
  const attach = (
    typeName: string,
    fieldName: string,
    resolve: GraphQLFieldResolver<unknown, ApiContext>,
  ): void => {
    const type = schema.getType(typeName)
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined
    if (field === undefined) {
      throw new IndexerError('bad-declaration', `schema.graphql has no field ${typeName}.${fieldName}`)
    }
    field.resolve = resolve
  }
  const attachRoot = (fieldName: string, resolve: GraphQLFieldResolver<unknown, ApiContext>): void =>
    attach('Query', fieldName, (root, args, context, info) => {
      if (!isSettled(args['asOf'], services.clock)) context.cache.pinned = false
      return resolve(root, args, context, info)
    })
  attachRoot('networks', (_, args) => networks(args, services))
  attachRoot('network', (_, args) => network(args as { slug: string }, services))
  attachRoot('metrics', () => metricDefinitions(services))
  attachRoot('methodology', (_, args) => methodology(args as { network: string }, services))
  attachRoot('restatements', (_, args) => restatements(args, services))
  attachRoot('prices', (_, args) => prices(args, services))
  attachRoot('reconciliation', (_, args) => reconciliation(args, services))
  attachRoot('metricSeries', (_, args) => metricSeries(args, services))
  attachRoot('compare', (_, args) => compare(args as CompareArguments, services))
  attachRoot('events', (_, args) => events(args, services))
  attachRoot('coverage', (_, args) => coverage(args.network, services))
  attachRoot('status', (_, _args, context) => {
    // It says what time it is: an answer of half a minute ago would be wrong.
    context.cache.allowed = false
    return status(services)
  })
  attach('MetricPoint', 'flows', (point, args, context) =>
    pointFlows(point as PointNode, args, services, context),
  )
  attach('MetricPoint', 'events', (point, args, context) =>
    pointEvents(point as PointNode, args, services, context),
  )
  attach('Flow', 'events', (flow, args, context) =>
    flowEvents(flow as Parameters<typeof flowEvents>[0], args, services, context),
  )
  attach('Event', 'legs', (event, _, context) => {
    // The legs of an act are looked up as they are stored now, whatever instant the event is as of.
    context.cache.pinned = false
    return eventLegs(event as Parameters<typeof eventLegs>[0], services, context)
  })
  for (const name of ['MetricPointConnection', 'EventConnection', 'RestatementConnection']) {
    attach(name, 'edges', (page) => edgesOf(page as Parameters<typeof edgesOf>[0]))
  }
}
