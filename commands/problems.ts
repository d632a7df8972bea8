import type { StoreHealth } from '../pipeline/store/read_health.ts'
import type { getCoverageReport, getStatus } from '../pipeline/store/read_status.ts'
import type { readWork } from './queue.ts'

/** One thing that is wrong, and what a person can do about it. */
export interface Problem {
  /** `broken` does not mend itself; `late` may; `look` is no fault but explains missing numbers. */
  readonly severity: 'broken' | 'late' | 'look'
  readonly what: string
  readonly todo: string
}

/** What {@link findProblems} looks at. */
export interface Observed {
  readonly status: Awaited<ReturnType<typeof getStatus>>
  readonly coverage: Awaited<ReturnType<typeof getCoverageReport>>
  readonly work: Awaited<ReturnType<typeof readWork>>
  readonly health: StoreHealth
}

const quietMs = 15 * 60_000
const oldHeadMs = 60 * 60_000
const staleSeconds = 10 * 60
const order = ['broken', 'late', 'look'] as const

/** What is wrong, worst first; empty if nothing is. */
export function findProblems(observed: Observed): Problem[] {
  const all = [
    ...chainProblems(observed),
    ...workProblems(observed),
    ...proofProblems(observed),
    ...gapProblems(observed),
    ...rollupProblems(observed),
  ]
  return order.flatMap((severity) => all.filter((p) => p.severity === severity))
}

/** The same in lines for people; one line says so if nothing is wrong. */
export function describeProblems(problems: readonly Problem[]): string[] {
  if (problems.length === 0) return ['Nothing is wrong.']
  return [
    `${problems.length === 1 ? 'One thing needs' : `${problems.length} things need`} a look, worst first:`,
    ...problems.flatMap(({ severity, what, todo }, i) => [
      `${i + 1}. ${severity.toUpperCase()} ${what}`,
      `   To do: ${todo}`,
    ]),
    '',
  ]
}

function chainProblems({ status }: Observed): Problem[] {
  const present = Date.parse(status.now)
  return status.chains.flatMap((c): Problem[] => {
    if (c.lastError !== null) {
      const broken = /reorganised|repair|does not follow/.test(c.lastError)
      return [
        {
          severity: /failed at every endpoint|not answer/.test(c.lastError) ? 'late' : 'broken',
          what: `${c.chain} is not read on: ${c.lastError}`,
          todo: broken
            ? `depindex repair ${c.chain}, then start depindex up again`
            : 'do what the message says; what is missed meanwhile is read later, nothing is lost',
        },
      ]
    }
    // A simulated or replayed chain has no clock to be late by.
    if (c.origin !== 'live' || c.lastSeenAt === null) return []
    const quiet = present - Date.parse(c.lastSeenAt)
    if (quiet > quietMs) {
      return [
        {
          severity: 'late',
          what: `nobody has looked at ${c.chain} for ${inWords(quiet / 1000)}`,
          todo: 'start depindex up (one running process is enough), or read the log of the one that runs',
        },
      ]
    }
    const age = c.headTime === null ? 0 : present - Date.parse(c.headTime)
    if (age < oldHeadMs) return []
    return [
      {
        severity: 'late',
        what: `the newest block that the nodes of ${c.chain} know is ${inWords(age / 1000)} old`,
        todo: 'compare with an explorer: if the chain goes on, name other endpoints in its *_URLS setting',
      },
    ]
  })
}

function workProblems({ work, health }: Observed): Problem[] {
  const problems: Problem[] = Object.entries(health.dead).map(([network, n]) => {
    const first = work.dead.find((d) => d.network === network)
    return {
      severity: 'broken',
      what: `${n} ${n === 1 ? 'range' : 'ranges'} of ${network} ${n === 1 ? 'was' : 'were'} given up and ${n === 1 ? 'stays' : 'stay'} missing${first === undefined ? '' : `; the first is ${first.chain} ${first.from} to ${first.to}: ${first.reason}`}`,
      todo: `mend the reason, then: depindex retry ${network}`,
    }
  })
  const active = work.pending.filter((p) => !work.paused.includes(p.network))
  const jobs = active.reduce((sum, p) => sum + p.jobs, 0)
  if (jobs > 0 && health.workers === 0) {
    problems.push({
      severity: 'late',
      what: `${jobs} ranges wait and no process takes them`,
      todo: 'start depindex worker, up, or the backfill again',
    })
  }
  for (const network of work.paused) {
    problems.push({ severity: 'look', what: `${network} is paused`, todo: `depindex resume ${network}` })
  }
  return problems
}

function proofProblems({ status }: Observed): Problem[] {
  return status.proofs
    .filter((p) => !p.ok)
    .map((p) => ({
      severity: 'broken',
      what: `two independent paths differ: ${p.network} ${p.proof}, ${p.residualRaw} of the smallest unit of ${p.token} between ${p.from} and ${p.to}`,
      todo: `depindex verify ${p.network} names the days; until it holds they are not published as complete`,
    }))
}

function gapProblems({ coverage }: Observed): Problem[] {
  return coverage.flatMap((c): Problem[] => {
    const [first] = c.gaps
    if (first === undefined) return []
    return [
      {
        severity: 'look',
        what: `nodes did not give ${c.gaps.length} ${c.gaps.length === 1 ? 'range' : 'ranges'} of ${c.network} ${c.stream}; the first is ${first.from} to ${first.to}: ${first.reason}`,
        todo: 'depindex up asks again once an hour; if it stays, name an endpoint that keeps history',
      },
    ]
  })
}

function rollupProblems({ health }: Observed): Problem[] {
  if (health.staleSeconds === null || health.staleSeconds < staleSeconds) return []
  return [
    {
      severity: 'late',
      what: `changed days have waited ${inWords(health.staleSeconds)} to be rebuilt, so that answers are older than the data`,
      todo: 'depindex rollup does it once; depindex up or worker does it every 20 s',
    },
  ]
}

/** 90 → `1 minute`, 7200 → `2 hours`. */
function inWords(seconds: number): string {
  const [size, unit] =
    seconds >= 172_800 ? [86_400, 'days'] : seconds >= 7_200 ? [3_600, 'hours'] : [60, 'minutes']
  const n = Math.max(1, Math.floor(seconds / size))
  return n === 1 ? `1 ${unit.slice(0, -1)}` : `${n} ${unit}`
}
