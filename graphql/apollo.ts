import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql'
import type { CompiledQuery } from 'graphql-jit'
import { compileQuery } from 'graphql-jit'
import type { ApiContext, ApiLogger } from './context.ts'
import { rowsOf, tooManyRows } from './cost.ts'
import { explain, maskUnexplained } from './errors.ts'
import type { Limits } from './limits.ts'
import { limitRules } from './limits.ts'
import { Lru } from './lru.ts'

type Result = ExecutionResult<Record<string, unknown>>
/** A document ready to run, or why it cannot be. */
type Compiled = CompiledQuery<Record<string, unknown>, Record<string, unknown>> | Result

/**
 * Apollo as measured best: queries are compiled once and kept, its own cache-control plugin is off (we answer
 * with ETag and cache whole answers), and the request forgery check is on.
 */
export async function createApollo(
  schema: GraphQLSchema,
  limits: Limits,
  logger: ApiLogger,
): Promise<ApolloServer<ApiContext>> {
  const compiled = new Lru<Compiled>(limits.compiledQueries)
  const server = new ApolloServer<ApiContext>({
    gateway: {
      async load() {
        return {
          executor: async ({ document, operationName, request, queryHash, context }) => {
            const requestContext = context as unknown as ApiContext
            const variables = request.variables ?? {}
            const rows = rowsOf(schema, document, operationName, variables)
            requestContext.cache.rows = rows
            if (rows > limits.queryRows) {
              requestContext.cache.allowed = false
              return { data: null, errors: [tooManyRows(rows, limits)] }
            }
            const key = `${queryHash} ${operationName ?? ''}`
            let query = compiled.get(key)
            if (query === undefined) {
              query = compileQuery(schema, document, operationName ?? undefined) as Compiled
              compiled.set(key, query)
            }
            const result: Result = 'query' in query ? await query.query({}, requestContext, variables) : query
            if (result.errors === undefined) return result
            requestContext.cache.allowed = false
            const errors = result.errors.map((e: GraphQLError) =>
              explain(e, requestContext.requestId, logger),
            )
            return { ...result, errors }
          },
        }
      },
      onSchemaLoadOrUpdate(loaded) {
        loaded({ apiSchema: schema, coreSupergraphSdl: '' })
        return () => undefined
      },
      async stop() {
        // Nothing is held open: the schema is in memory.
      },
    },
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: limitRules(limits),
    parseOptions: { maxTokens: limits.queryTokens },
    formatError: (formatted, error) => maskUnexplained(formatted, error, logger),
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (m) => logger.warn(String(m)),
      error: (m) => logger.error(String(m)),
    },
  })
  await server.start()
  return server
}
