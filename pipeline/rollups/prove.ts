import type { UnixSeconds } from '../model/time.ts'
import type { StreamRow } from '../store/catalogue.ts'
import { getStreams } from '../store/catalogue.ts'
import type { Database } from '../store/database.ts'
import type { ProofBounds, ProofDay } from '../store/proofs.ts'
import { compareStreams, countSharedHeights, findUnexpected, saveProof } from '../store/proofs.ts'

/** The outcome of one proof over a range. */
export interface Proof {
  readonly network: string
  readonly token: string
  readonly decimals: number
  /** What was compared, such as `fees = feesFromHeaders`. */
  readonly name: string
  /** `held`: no residual. `failed`: a residual, or a guard that is not zero. `nothing`: nothing to compare. */
  readonly verdict: 'held' | 'failed' | 'nothing'
  readonly heights: number
  readonly expectedRaw: bigint
  readonly observedRaw: bigint
  /** Sum of the days' absolute residuals, so that opposite errors do not cancel. */
  readonly residualRaw: bigint
  readonly failedDays: readonly ProofDay[]
  readonly note: string
}

/**
 * Compares every independent path with what it checks, day by day over the heights both have read, and
 * looks for events in streams that must stay empty. Residuals are stored.
 */
export async function prove(
  db: Database,
  options: ProofBounds & { readonly network?: string; readonly now: UnixSeconds },
): Promise<Proof[]> {
  const streams = await getStreams(db, options.network)
  const proofs: Proof[] = []
  for (const stream of streams) {
    const of = streams.find((s) => s.network === stream.network && s.name === stream.of_streams[0])
    if (stream.role === 'check' && of !== undefined) proofs.push(await proveTwoPaths(db, of, stream, options))
    if (stream.role === 'guard') proofs.push(await proveEmpty(db, stream))
  }
  return proofs
}

async function proveTwoPaths(
  db: Database,
  of: StreamRow,
  check: StreamRow,
  options: ProofBounds & { readonly now: UnixSeconds },
): Promise<Proof> {
  const days = await compareStreams(db, of.id, check.id, options)
  const heights = await countSharedHeights(db, of.id, check.id)
  const sum = (pick: (d: ProofDay) => bigint): bigint => days.reduce((total, d) => total + pick(d), 0n)
  const name = `${of.name} = ${check.name}`
  await saveProof(db, { network: of.network, token: of.token, name }, days, options.now)
  const failedDays = days.filter((d) => d.residualRaw !== 0n)
  return {
    network: of.network,
    token: of.token,
    decimals: of.decimals,
    name,
    verdict: heights === 0 ? 'nothing' : failedDays.length === 0 ? 'held' : 'failed',
    heights,
    expectedRaw: sum((d) => d.expectedRaw),
    observedRaw: sum((d) => d.observedRaw),
    residualRaw: sum((d) => (d.residualRaw < 0n ? -d.residualRaw : d.residualRaw)),
    failedDays,
    note: heights === 0 ? 'no height has been read by both paths' : `${heights} heights read by both paths`,
  }
}

async function proveEmpty(db: Database, guard: StreamRow): Promise<Proof> {
  const { events, firstHeight } = await findUnexpected(db, guard.id)
  const heights = await countSharedHeights(db, guard.id, guard.id)
  return {
    network: guard.network,
    token: guard.token,
    decimals: guard.decimals,
    name: `${guard.name} = 0`,
    verdict: events > 0 ? 'failed' : heights === 0 ? 'nothing' : 'held',
    heights,
    expectedRaw: 0n,
    observedRaw: 0n,
    residualRaw: 0n,
    failedDays: [],
    note: events > 0 ? `${events} events, the first at height ${firstHeight}` : `${heights} heights read`,
  }
}
