import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GraphQLSchema } from 'graphql'
import { buildSchema } from 'graphql'
import { IndexerError } from '../pipeline/model/errors.ts'
import type { MetricInfo } from '../pipeline/model/series.ts'
import type { ApiServices } from './context.ts'
import type { ApiNames } from './names.ts'
import type { ApiReaders } from './ports.ts'
import { attachResolvers } from './resolvers/index.ts'
import { attachScalars } from './scalars.ts'

/** The folder of package.json, whether this file runs as source or compiled below dist. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder)
      throw new IndexerError('bad-config', 'no package.json above the API: depindex is not installed whole')
    folder = parent
  }
  return folder
}

/** A description as a GraphQL string; JSON's escapes are GraphQL's. */
const quoted = (text: string): string => JSON.stringify(text.replaceAll(/\s+/g, ' ').trim())

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`)

function describeMetric(metric: MetricInfo): string {
  const { meaning, formula, unit, window, revision } = metric
  return `${sentence(meaning)} Formula: ${sentence(formula)} Unit: ${sentence(unit)} Window: ${sentence(window)} Methodology version ${revision}.`
}

/** The schema's whole text: the file, and the enums of the declared networks and metrics. */
function composeSdl(readers: Pick<ApiReaders, 'metrics'>, names: ApiNames): string {
  const file = readFileSync(join(packageFolder(), 'graphql', 'schema.graphql'), 'utf8')
  const networks = names.networks.entries.map(
    ([name, id]) => `  ${quoted(`The network with the slug ${id}.`)}\n  ${name}\n`,
  )
  const metrics = names.metrics.entries.map(([name, id]) => {
    const info = readers.metrics.find((m) => m.id === id)
    return `  ${quoted(info === undefined ? id : describeMetric(info))}\n  ${name}\n`
  })
  return [
    file.trimEnd(),
    `"A network of the catalogue."\nenum Network {\n${networks.join('')}}`,
    `"A number that is published for each network and period, with its formula, unit and window."\nenum Metric {\n${metrics.join('')}}\n`,
  ].join('\n\n')
}

/** The schema that is executed, and its text. */
export function createSchema(services: ApiServices): {
  readonly schema: GraphQLSchema
  readonly sdl: string
} {
  const sdl = composeSdl(services.readers, services.names)
  const schema = buildSchema(sdl)
  attachScalars(schema)
  attachResolvers(schema, services)
  return { schema, sdl }
}
