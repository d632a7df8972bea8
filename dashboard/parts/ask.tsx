import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ApiError, ask } from '../api.ts'
import { giveKey } from '../key.ts'

/** What a question gave so far. While a new one is under way, the answer before stays and `busy` is true. */
export interface Asked<T> {
  readonly data: T | undefined
  readonly error: Error | undefined
  readonly busy: boolean
}

/** Asks again whenever the query or its variables change; answers to older questions are dropped. */
export function useAsk<T>(query: string, variables: object): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ data: undefined, error: undefined, busy: true })
  const key = query + JSON.stringify(variables)
  useEffect(() => {
    const stop = new AbortController()
    setAsked((before) => ({ ...before, busy: true }))
    ask<T>(query, variables, stop.signal).then(
      (data) => setAsked({ data, error: undefined, busy: false }),
      (error: unknown) => {
        if (stop.signal.aborted) return
        setAsked({
          data: undefined,
          error: error instanceof Error ? error : new Error(String(error)),
          busy: false,
        })
      },
    )
    return () => stop.abort()
  }, [key])
  return asked
}

/** Shows an answer, or that it is awaited, or why there is none. */
export function Shown<T>({ asked, children }: { asked: Asked<T>; children: (data: T) => ComponentChildren }) {
  if (asked.error instanceof ApiError && asked.error.needsKey) return <KeyForm why={asked.error.message} />
  if (asked.error !== undefined)
    return (
      <p class="error" role="alert">
        {asked.error.message}
      </p>
    )
  if (asked.data === undefined)
    return (
      <p class="waiting" role="status">
        Reading…
      </p>
    )
  return <div class={asked.busy ? 'stale' : ''}>{children(asked.data)}</div>
}

/** Asks for the key of a server that wants one. */
function KeyForm({ why }: { why: string }) {
  return (
    <form
      class="switches"
      onSubmit={(event) => {
        event.preventDefault()
        giveKey(String(new FormData(event.currentTarget).get('key') ?? ''))
      }}
    >
      <p class="error" role="alert">
        {why}
      </p>
      <label>
        Key
        <input type="password" name="key" autocomplete="off" />
      </label>
      <button type="submit">Use it in this tab</button>
    </form>
  )
}
