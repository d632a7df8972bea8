import { setMaxListeners } from 'node:events'

/**
 * A signal that SIGINT and SIGTERM give.
 * @param code With which a second one ends the process at once: whatever is saved is saved, the rest is read again.
 */
export function stopOnSignals(code: number): AbortSignal {
  const stop = new AbortController()
  // Every chain and job listens to it, however many there are; that is no leak.
  setMaxListeners(0, stop.signal)
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stop.abort()
      process.once(name, () => process.exit(code))
    })
  }
  return stop.signal
}
