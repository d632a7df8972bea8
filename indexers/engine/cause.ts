import { messageOf } from '../../pipeline/model/errors.ts'

/** The innermost reason of a failed request: `connect ECONNREFUSED 127.0.0.1:1984`, `other side closed`. */
export function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0])
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const text = messageOf(error)
  return code !== '' && !text.includes(code) ? `${code}: ${text}` : text
}
