import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { isObjectType } from 'graphql'
import { IndexerError } from '../../pipeline/model/errors.ts'
import type { ApiContext, ApiServices } from '../context.ts'
import { coverage, methodology, metricDefinitions, network, networks, status } from './catalogue.ts'
import { edgesOf } from './connection.ts'
import { events } from './events.ts'
import { metricSeries } from './metric_series.ts'
import { prices, reconciliation, restatements } from './trust.ts'

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
  attach('Query', 'networks', () => networks(services))
  attach('Query', 'network', (_, args) => network(args.slug, services))
  attach('Query', 'metrics', () => metricDefinitions(services))
  attach('Query', 'methodology', (_, args) => methodology(args.network, services))
  attach('Query', 'restatements', (_, args) => restatements(args, services))
  attach('Query', 'prices', (_, args) => prices(args, services))
  attach('Query', 'reconciliation', (_, args) => reconciliation(args, services))
  attach('Query', 'metricSeries', (_, args) => metricSeries(args, services))
  attach('Query', 'events', (_, args) => events(args, services))
  attach('Query', 'coverage', (_, args) => coverage(args.network, services))
  attach('Query', 'status', (_, _args, context) => {
    // It says what time it is: an answer of half a minute ago would be wrong.
    context.cache.allowed = false
    return status(services)
  })
  for (const name of ['MetricPointConnection', 'EventConnection', 'RestatementConnection']) {
    attach(name, 'edges', (page) => edgesOf(page as Parameters<typeof edgesOf>[0]))
  }
}
