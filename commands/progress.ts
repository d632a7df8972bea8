import { SingleBar } from 'cli-progress'
import type { Progress } from '../indexers/engine/ports.ts'

/** Between two lines where there is no terminal. */
const lineEveryMs = 10_000

/** A bar with rate and time left on a terminal, a plain line now and then elsewhere. */
export function createProgress(output: NodeJS.WriteStream, now: () => number): Progress {
  return output.isTTY ? bar(output) : lines(output, now)
}

function bar(output: NodeJS.WriteStream): Progress {
  const shown = new SingleBar({
    stream: output,
    format:
      '{label} [{bar}] {percentage}% | {value}/{total} blocks | {events} events | {rate} blocks/s | {eta_formatted} left',
    etaBuffer: 50,
    hideCursor: true,
    clearOnComplete: false,
  })
  let events = 0
  let done = 0
  let startedAt = 0
  return {
    start(total, label) {
      startedAt = performance.now()
      shown.start(total, 0, { label, events: 0, rate: 0 })
    },
    advance(heights, added) {
      done += heights
      events += added
      shown.increment(heights, { events, rate: rateOf(done, performance.now() - startedAt) })
    },
    stop: () => shown.stop(),
  }
}

function lines(output: NodeJS.WriteStream, now: () => number): Progress {
  let name = ''
  let total = 0
  let done = 0
  let events = 0
  let startedAt = 0
  let lastLineAt = 0
  const line = (): void => {
    lastLineAt = now()
    const rate = rateOf(done, lastLineAt - startedAt)
    const left = rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : ''
    output.write(`${name}: ${done} of ${total} blocks, ${events} events, ${rate} blocks/s${left}\n`)
  }
  return {
    start(heights, label) {
      name = label
      total = heights
      startedAt = now()
      lastLineAt = startedAt
      output.write(`${name}: ${total} blocks to read\n`)
    },
    advance(heights, added) {
      done += heights
      events += added
      if (now() - lastLineAt >= lineEveryMs) line()
    },
    stop() {
      if (total > 0) line()
    },
  }
}

function rateOf(heights: number, ms: number): number {
  return ms <= 0 ? 0 : Math.round((heights * 1000) / ms)
}
