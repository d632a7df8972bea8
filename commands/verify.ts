import { networks } from '../indexers/networks/index.ts'
import { formatScaled } from '../pipeline/model/amount.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import { addDays, day } from '../pipeline/model/time.ts'
import type { Proof } from '../pipeline/rollups/prove.ts'
import { prove } from '../pipeline/rollups/prove.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../pipeline/store/catalogue.ts'
import { findNetwork, now, openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'

export interface VerifyOptions {
  readonly from?: string
  readonly to?: string
  readonly json?: boolean
}

/**
 * Runs the proofs of one network, or of all, over whole UTC days, both ends included.
 * @returns Whether every proof held; the command's exit code says the same.
 */
export async function verify(
  network: string | undefined,
  options: VerifyOptions,
  config: Config,
  output: Output,
): Promise<boolean> {
  const wanted = network === undefined ? undefined : findNetwork(network, 'verify', 'bad-argument').id
  const from = options.from === undefined ? undefined : day(options.from)
  const last = options.to === undefined ? undefined : day(options.to)
  if (from !== undefined && last !== undefined && from > last) {
    throw new IndexerError('bad-argument', `--from ${from} is after --to ${last}; give the earlier day first`)
  }
  const { db, close } = await openStore(config, 'check')
  try {
    await saveCatalogue(db, networks, now())
    const proofs = await prove(db, {
      now: now(),
      ...(wanted === undefined ? {} : { network: wanted }),
      ...(from === undefined ? {} : { from }),
      ...(last === undefined ? {} : { to: addDays(last, 1) }),
    })
    // Days whose verdict changed say so from now on.
    await recomputeStale({ db, priceSources: config.PRICE_SOURCES, now })
    if (options.json) output.json(proofs)
    else for (const proof of proofs) output.text(describeProof(proof))
    return proofs.every((p) => p.verdict !== 'failed')
  } finally {
    await close()
  }
}

/** One line that says what was compared and what came out. */
export function describeProof(proof: Proof): string {
  const amount = (raw: bigint): string => `${formatScaled(raw, proof.decimals)} ${proof.token}`
  const start = `${proof.network}: ${proof.name}`
  switch (proof.verdict) {
    case 'nothing':
      return `${start}: nothing to compare, ${proof.note}`
    case 'held':
      return `${start}: holds, residual ${proof.residualRaw === 0n ? '0' : amount(proof.residualRaw)} (${amount(proof.observedRaw)}; ${proof.note})`
    case 'failed': {
      const days = proof.failedDays.slice(0, 5).map((d) => `${d.day} ${amount(d.residualRaw)}`)
      return `${start}: FAILED, residual ${amount(proof.residualRaw)} (${proof.note})${days.length === 0 ? '' : `: ${days.join(', ')}`}`
    }
  }
}
