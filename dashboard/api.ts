import { readKey } from './key.ts'

/** A failed question: what the server said, in words for the reader. */
export class ApiError extends Error {
  /** Whether a key would help. */
  readonly needsKey: boolean

  constructor(message: string, needsKey = false) {
    super(message)
    this.needsKey = needsKey
  }
}

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string }[]
}

/** Headers of a question, with the reader's key if there is one. */
export function headersOf(): Record<string, string> {
  const key = readKey()
  return { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) }
}

/**
 * Asks the API. Partial answers count as failures: a page that lacks a part must say so.
 * @throws ApiError with the server's own words, or that it did not answer.
 */
export async function ask<T>(query: string, variables: object, signal: AbortSignal): Promise<T> {
  let response: Response
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: headersOf(),
      body: JSON.stringify({ query, variables }),
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw error
    throw new ApiError(`The server did not answer: ${error instanceof Error ? error.message : String(error)}`)
  }
  const text = await response.text()
  let answer: Answer
  try {
    answer = JSON.parse(text)
  } catch {
    throw new ApiError(`The server answered ${response.status} with something that is not JSON`)
  }
  if (answer.errors !== undefined && answer.errors.length > 0)
    throw new ApiError(answer.errors.map((e) => e.message).join('; '), response.status === 401)
  if (answer.data === undefined || answer.data === null)
    throw new ApiError(`The server answered ${response.status} without data`)
  return answer.data as T
}
