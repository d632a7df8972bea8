import { IndexerError } from '../../../pipeline/model/errors.ts'

/** First height at which each transaction's fee is split by a rule of its own (fork 1.8). */
export const firstSplitHeight = 269_510
/** First height at which the miner gets exactly a sixth, in whole numbers (fork 2.5). */
export const firstSixthHeight = 812_970
/** First height at which the miner gets a 21st: the second price model is complete. */
export const firstTwentyFirstHeight = 2_069_870

/** Who gets a fee, in winston. The two parts add up to the fee. */
export interface FeeSplit {
  readonly miner: bigint
  readonly endowment: bigint
}

/**
 * Splits one transaction's fee between the block's miner and the endowment, as the rules of its height do.
 * @param fee Winston, from the transaction.
 * @throws IndexerError `amount-out-of-range` below 269,510, where the split is not a function of one
 *   transaction and is read from the pool instead, or if the fee is negative.
 * @example splitFee(600n, 1_200_000) // { miner: 100n, endowment: 500n }
 */
export function splitFee(fee: bigint, height: number): FeeSplit {
  if (height < firstSplitHeight || fee < 0n) {
    throw new IndexerError(
      'amount-out-of-range',
      `Arweave block ${height}: no rule splits a fee of ${fee} winston`,
    )
  }
  const miner = minerPart(fee, height)
  return { miner, endowment: fee - miner }
}

function minerPart(fee: bigint, height: number): bigint {
  if (height >= firstTwentyFirstHeight) return fee / 21n
  if (height >= firstSixthHeight) return (fee * 2n) / 12n
  // Consensus used IEEE doubles here, in this order; whole-number division differs by a winston at times.
  return BigInt(Math.trunc((0.2 * Number(fee)) / 1.2))
}

/**
 * What the finder of a block got of its fees in the first months; the pool got the rest. The height at which
 * this ended was not found, so nothing is booked by it: it explains recorded blocks (1 to 200).
 * @param fees All fees of the block, in winston.
 * @param weaveEmpty Whether no data had been stored up to this block: then nearly all went to the finder.
 * @example launchFinderPart(1_000_000_000_000n, 34, true) // 999_999_999_767n
 */
export function launchFinderPart(fees: bigint, height: number, weaveEmpty: boolean): bigint {
  const power = 2 ** (height - 1)
  const share = weaveEmpty ? Math.max(0.1, power === Number.POSITIVE_INFINITY ? 1 : power / (power + 2)) : 0.1
  return BigInt(Math.trunc(Number(fees) * share))
}

/**
 * What the finder of a block got by the rule of fork 1.7 at its usual, lowest share: a tenth of the pool
 * after the block's fees entered it, in empty blocks too. Explains recorded blocks; nothing is booked by it.
 * @example poolFinderPart(35_327_265_539n, 934_170_458_675n) // 96_949_772_421n
 */
export function poolFinderPart(poolBefore: bigint, fees: bigint): bigint {
  return (poolBefore + fees) / 10n
}
