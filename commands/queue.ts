import { networks } from '../indexers/networks/index.ts'
import { WorkQueue } from '../pipeline/jobs/queue.ts'
import type { RangeJob } from '../pipeline/model/work.ts'
import type { Database } from '../pipeline/store/database.ts'
import { forgetDeadRanges, getDeadRanges, getPaused, getWorkers, setPaused } from '../pipeline/store/work.ts'
import { findNetwork, openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'

/** Jobs that are tried again by hand go before history. */
const retryPriority = 5
/** Given-up ranges that are named; the rest is counted. */
const shownDead = 10

/** Puts the ranges that were given up back into the queue, and ends the pauses of those that failed: of one network, or all. */
export async function retry(network: string | undefined, config: Config, output: Output): Promise<void> {
  const wanted = network === undefined ? undefined : findNetwork(network, 'retry', 'bad-argument').id
  const { db, close } = await openStore(config, 'check')
  const queue = await WorkQueue.open(db, 2)
  try {
    const dead = await getDeadRanges(db, wanted)
    await queue.add(
      dead.map(({ network: of, chain, streams, from, to }) => ({ network: of, chain, streams, from, to })),
      retryPriority,
    )
    await forgetDeadRanges(
      db,
      dead.map((d) => d.id),
    )
    const hurried = await queue.hurry(wanted)
    if (hurried > 0) output.text(`${hurried} ranges that sat out a pause after a failure are tried at once`)
    output.text(
      dead.length === 0
        ? 'no range has been given up'
        : `${dead.length} ranges wait to be read again by: depindex worker, up or backfill`,
    )
  } finally {
    await queue.close()
    await close()
  }
}

/** Lets the jobs of a network wait, on every machine, or lets them go on. */
export async function pause(network: string, paused: boolean, config: Config, output: Output): Promise<void> {
  const { id, name } = findNetwork(network, paused ? 'pause' : 'resume', 'bad-argument')
  const { db, close } = await openStore(config, 'check')
  try {
    const changed = await setPaused(db, id, paused)
    const state = paused ? 'paused: its jobs wait, what is under way ends' : 'not paused: its jobs are taken'
    output.text(`${name} is ${changed ? '' : 'already '}${state}`)
  } finally {
    await close()
  }
}

/** What waits to be read, who reads, and what was given up. */
export async function readWork(db: Database) {
  const queue = await WorkQueue.open(db, 2)
  try {
    const pending = await queue.pending()
    return {
      pending: networks.flatMap(({ id }) => summed(pending.filter((job) => job.network === id))),
      workers: await getWorkers(db),
      paused: await getPaused(db),
      dead: await getDeadRanges(db),
    }
  } finally {
    await queue.close()
  }
}

function summed(jobs: readonly RangeJob[]) {
  return [...new Set(jobs.map((j) => j.chain))].map((chain) => {
    const own = jobs.filter((j) => j.chain === chain)
    return {
      network: own[0]?.network ?? '',
      chain,
      jobs: own.length,
      from: Math.min(...own.map((j) => j.from)),
      to: Math.max(...own.map((j) => j.to)),
    }
  })
}

/** The same in lines for people. */
export function describeWork({
  pending,
  workers,
  paused,
  dead,
}: Awaited<ReturnType<typeof readWork>>): string[] {
  return [
    ...pending.map(
      (p) =>
        `${p.network} on ${p.chain}: ${p.jobs} ranges wait or are being read, from ${p.from} to ${p.to}${paused.includes(p.network) ? ' (PAUSED)' : ''}`,
    ),
    ...workers.map((w) => `process ${w.pid} on ${w.host} takes jobs, last heard of ${w.silentSeconds} s ago`),
    ...dead
      .slice(0, shownDead)
      .map(
        (d) =>
          `GIVEN UP after ${d.attempts} tries: ${d.network} ${d.chain} ${d.from} to ${d.to}: ${d.reason}`,
      ),
    ...(dead.length > shownDead ? [`and ${dead.length - shownDead} more were given up`] : []),
    ...(dead.length > 0 ? ['Try them again with: depindex retry'] : []),
  ]
}
