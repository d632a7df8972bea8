import { getHealth } from '../pipeline/store/read_health.ts'
import { getCoverageReport, getStatus } from '../pipeline/store/read_status.ts'
import { now, openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { table } from './output.ts'
import { describeProblems, findProblems } from './problems.ts'
import { describeWork, readWork } from './queue.ts'

/** Says what is wrong first and what to do about it, then for each stream what is read, what is missing and why, how far behind it is, and what went wrong. */
export async function status(options: { json?: boolean }, config: Config, output: Output): Promise<void> {
  const { db, close } = await openStore(config, 'check')
  try {
    const [state, coverage] = [await getStatus(db, now()), await getCoverageReport(db)]
    const [work, health] = [await readWork(db), await getHealth(db)]
    const problems = findProblems({ status: state, coverage, work, health })
    if (options.json) {
      output.json({ problems, ...state, coverage, work, health })
      return
    }
    for (const line of describeProblems(problems)) output.text(line)
    output.text(coverageTable(coverage))
    for (const chain of state.chains) {
      const origin =
        chain.origin === 'live' ? '' : `, ${(chain.origin ?? 'not yet asked').toUpperCase()} DATA`
      output.text(
        `${chain.chain}${origin}: head ${chain.head ?? 'not known'}, finalized ${chain.finalized ?? 'not known'}, seen ${chain.lastSeenAt ?? 'never'}`,
      )
      if (chain.lastError !== null) output.text(`  last error: ${chain.lastError}`)
    }
    for (const proof of state.proofs) {
      output.text(
        `${proof.network} ${proof.proof}: ${proof.ok ? 'holds' : `RESIDUAL ${proof.residualRaw}`} from ${proof.from} to ${proof.to}`,
      )
    }
    for (const line of describeWork(work)) output.text(line)
    output.text(`${state.staleDays} stream days wait to be rebuilt`)
  } finally {
    await close()
  }
}

/** What has been read of each stream, and what has not. */
export function coverageTable(coverage: Awaited<ReturnType<typeof getCoverageReport>>): string {
  return table(
    ['network', 'stream', 'read', 'missing', 'behind', 'gaps'],
    coverage.map((c) => [
      c.network,
      c.stream,
      c.covered.length === 0
        ? 'nothing yet'
        : `${c.covered[0]?.from} to ${c.covered.at(-1)?.to} (${c.heightsCovered})`,
      String(c.heightsMissing),
      c.behindBy === null ? 'not known' : String(c.behindBy),
      c.gaps.length === 0 ? '' : `${c.gaps.length}, first: ${c.gaps[0]?.from}: ${c.gaps[0]?.reason}`,
    ]),
    [3, 4],
  )
}
