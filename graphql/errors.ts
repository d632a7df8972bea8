import { randomBytes } from 'node:crypto'
import type { GraphQLFormattedError } from 'graphql'
import { GraphQLError } from 'graphql'
import type { ErrorCode } from '../pipeline/model/errors.ts'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import type { ApiLogger } from './context.ts'

/** A mistake in the request. The message starts with the argument it is about, and the extensions name it. */
export function userError(argument: string, message: string): GraphQLError {
  return new GraphQLError(`${argument}: ${message}`, { extensions: { code: 'BAD_USER_INPUT', argument } })
}

/** A request for more than is allowed. Message and extensions name the limit and what it is. */
export function limitError(argument: string, limit: string, maximum: number, seen: string): GraphQLError {
  return new GraphQLError(`${argument}: ${seen}; the limit ${limit} is ${maximum}`, {
    extensions: { code: 'BAD_USER_INPUT', argument, limit, maximum },
  })
}

/** An id that a reader can quote and an operator can find in the log. */
export function newRequestId(): string {
  return randomBytes(9).toString('base64url')
}

/** `store-unavailable` as clients see it: `STORE_UNAVAILABLE`; a bad argument is BAD_USER_INPUT. */
export function clientCode(code: ErrorCode): string {
  return code === 'bad-argument' ? 'BAD_USER_INPUT' : code.replaceAll('-', '_').toUpperCase()
}

/** The thrown value inside the wrappers that execution puts around it. */
function causeOf(error: unknown): unknown {
  let at = error
  while (at instanceof GraphQLError && at.originalError != null) at = at.originalError
  return at
}

/**
 * What a client is told of a thrown value: mistakes in the request and errors of ours as they are, anything
 * else only as INTERNAL with the request's id, under which the log has the rest.
 */
export function explain(error: unknown, requestId: string, logger: ApiLogger): GraphQLError {
  const cause = causeOf(error)
  const path = error instanceof GraphQLError ? error.path : undefined
  const build = (message: string, extensions: Record<string, unknown>): GraphQLError =>
    new GraphQLError(message, { path: path ?? null, extensions })
  if (cause instanceof IndexerError) {
    logger.warn('api answered with an error', { requestId, code: cause.code, error: cause.message, path })
    const { code, retryable } = cause
    return build(cause.message, { code: clientCode(code), errorCode: code, retryable, requestId })
  }
  if (cause instanceof GraphQLError) {
    if (cause.extensions?.code !== undefined) return build(cause.message, { ...cause.extensions })
    // Of what execution itself reports, only badly filled variables are the client's doing.
    if (path === undefined && /^Variable "\$/.test(cause.message)) {
      return build(cause.message, { code: 'BAD_USER_INPUT' })
    }
  }
  const stack = cause instanceof Error ? cause.stack : undefined
  logger.error('api request failed', { requestId, error: messageOf(cause), path, stack })
  return build(`internal error; the log has it under request id ${requestId}`, {
    code: 'INTERNAL',
    requestId,
  })
}

/** The last look at an error before it leaves: what nothing has explained so far is masked. */
export function maskUnexplained(
  formatted: GraphQLFormattedError,
  error: unknown,
  logger: ApiLogger,
): GraphQLFormattedError {
  if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted
  return explain(causeOf(error), newRequestId(), logger).toJSON()
}
