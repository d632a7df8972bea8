import { formatScaled } from '../model/amount.ts'
import type { UnixSeconds } from '../model/time.ts'
import type { StreamRow } from '../store/catalogue.ts'
import { getStreams } from '../store/catalogue.ts'
import type { Database } from '../store/database.ts'
import type { ProofBounds, ProofDay, SignedStream } from '../store/proofs.ts'
import {
  compareStreams,
  compareSupply,
  countSharedHeights,
  findUnexpected,
  getReadTokens,
  saveProof,
  withinTolerance,
} from '../store/proofs.ts'
import { supplyProof } from '../store/read_market.ts'

/** The outcome of one proof over a range. */
export interface Proof {
  readonly network: string
  readonly token: string
  readonly decimals: number
  /** What was compared, such as `fees = feesFromHeaders`. */
  readonly name: string
  /** `held`: no residual beyond a declared tolerance. `failed`: a residual, or a guard that is not zero. `nothing`: nothing to compare. */
  readonly verdict: 'held' | 'failed' | 'nothing'
  readonly heights: number
  readonly expectedRaw: bigint
  readonly observedRaw: bigint
  /** Sum of the days' absolute residuals, so that opposite errors do not cancel. */
  readonly residualRaw: bigint
  readonly failedDays: readonly ProofDay[]
  readonly note: string
}

type Bounds = ProofBounds & { readonly now: UnixSeconds }

/**
 * Compares each token's minted and burned amounts with its supply, and every independent path with what it
 * checks, over what both have read; and looks for events in streams that must stay empty. Residuals are
 * stored, and days on which a proof fails are rebuilt so that their quality says so.
 */
export async function prove(db: Database, options: Bounds & { readonly network?: string }): Promise<Proof[]> {
  const streams = await getStreams(db, options.network)
  const proofs: Proof[] = []
  for (const { network, token, decimals } of await getReadTokens(db)) {
    if (options.network === undefined || options.network === network)
      proofs.push(await proveSupply(db, { network, token, decimals }, options))
  }
  for (const stream of streams) {
    // A published series has days for heights: it stands in, and no height can be compared.
    const standsIn = stream.role === 'standIn' && stream.method !== 'import' && stream.of_streams.length > 0
    if (stream.role === 'check' || standsIn) proofs.push(await proveTwoPaths(db, streams, stream, options))
    if (stream.role === 'guard') proofs.push(await proveEmpty(db, stream))
  }
  return proofs
}

/** Σ emissions - Σ burns = change of the supply, between readings. */
async function proveSupply(
  db: Database,
  of: { network: string; token: string; decimals: number },
  options: Bounds,
): Promise<Proof> {
  const { days, streams, unread, readings } = await compareSupply(db, of.token, options)
  await saveProof(db, { ...of, name: supplyProof, streams }, days, options.now, options)
  const heights = days.reduce((sum, d) => sum + d.heights, 0)
  const left =
    unread === 0 ? '' : `; ${unread} more pairs of readings wait for heights between them to be read`
  const note =
    days.length > 0
      ? `${days.length} pairs of readings, ${heights} heights${left}`
      : readings === 0
        ? 'the supply has been read only once'
        : `no heights between readings have been read whole${left}`
  return { ...of, name: supplyProof, ...judge(days, days.length), heights, note }
}

async function proveTwoPaths(
  db: Database,
  all: readonly StreamRow[],
  check: StreamRow,
  options: Bounds,
): Promise<Proof> {
  const checked = check.of_streams.flatMap(
    (name) => all.findLast((s) => s.network === check.network && s.name === name) ?? [],
  )
  const signed = checked.map((s): SignedStream => ({ id: s.id, sign: s.kind === checked[0]?.kind ? 1 : -1 }))
  const days = await compareStreams(db, signed, check.id, options)
  const ids = [...signed.map((s) => s.id), check.id]
  const heights = await countSharedHeights(db, ids)
  const name = `${checked.map((s, i) => `${i === 0 ? '' : (signed[i]?.sign ?? 1) === 1 ? ' + ' : ' - '}${s.name}`).join('')} = ${check.name}`
  const { network, token, decimals } = check
  const toleranceRaw = BigInt(check.tolerance?.raw ?? 0)
  await saveProof(db, { network, token, name, streams: ids, toleranceRaw }, days, options.now, options)
  const shared =
    heights === 0 ? 'no height has been read by both paths' : `${heights} heights read by both paths`
  const allowed =
    check.tolerance === null
      ? ''
      : `; up to ${formatScaled(toleranceRaw, decimals)} a day may be left over: ${check.tolerance.why}`
  return {
    network,
    token,
    decimals,
    name,
    ...judge(days, heights, toleranceRaw),
    heights,
    note: `${shared}${allowed}`,
  }
}

function judge(
  days: readonly ProofDay[],
  compared: number,
  toleranceRaw = 0n,
): Pick<Proof, 'verdict' | 'expectedRaw' | 'observedRaw' | 'residualRaw' | 'failedDays'> {
  const sum = (pick: (d: ProofDay) => bigint): bigint => days.reduce((total, d) => total + pick(d), 0n)
  const failedDays = days.filter((d) => !withinTolerance(d.residualRaw, toleranceRaw))
  return {
    verdict: compared === 0 ? 'nothing' : failedDays.length === 0 ? 'held' : 'failed',
    expectedRaw: sum((d) => d.expectedRaw),
    observedRaw: sum((d) => d.observedRaw),
    residualRaw: sum((d) => (d.residualRaw < 0n ? -d.residualRaw : d.residualRaw)),
    failedDays,
  }
}

async function proveEmpty(db: Database, guard: StreamRow): Promise<Proof> {
  const { events, firstHeight } = await findUnexpected(db, guard.id)
  const heights = await countSharedHeights(db, [guard.id])
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
