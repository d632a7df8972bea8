import { claus, hyperdrive } from './upgrades.ts'

/** What decides how the money of a message's gas is shared out. Gas in gas units, prices in attoFIL a unit. */
export interface GasInput {
  readonly used: bigint
  readonly limit: bigint
  /** The base fee that its tipset's blocks name, `ParentBaseFee`. */
  readonly baseFee: bigint
  readonly feeCap: bigint
  readonly premium: bigint
  /** Whether FIP-0009 frees it of the base fee; see {@link isFree}. */
  readonly free?: boolean
}

/** Where the money of a message's gas goes, in attoFIL. */
export interface GasOutputs {
  /** Paid by the sender to f099 for gas used. */
  readonly baseFeeBurn: bigint
  /** Paid by the sender to f099 for asking for far more gas than was used. */
  readonly overEstimationBurn: bigint
  /** Paid by the sender to the miner of the block, on the limit and not on what was used. */
  readonly minerTip: bigint
  /** Owed by the miner of the block, for a message that pays less than the base fee or cannot pay. Not the sender's money. */
  readonly minerPenalty: bigint
  /** What the sender gets back of `limit * feeCap`. */
  readonly refund: bigint
}

const zero: Omit<GasOutputs, 'minerPenalty'> = {
  baseFeeBurn: 0n,
  overEstimationBurn: 0n,
  minerTip: 0n,
  refund: 0n,
}

/**
 * Shares out the gas money of a message as the chain does. The exit code does not matter: failed messages burn too.
 * A message that the machine refused (unknown sender, wrong nonce, no money) has a receipt with no gas used: it burns
 * nothing, and its block's miner owes the base fee of the whole limit.
 * Rules: filecoin-project/lotus, chain/vm/burn.go; filecoin-project/ref-fvm, fvm/src/gas/outputs.rs.
 */
export function gasOutputs({ used, limit, baseFee, feeCap, premium, free }: GasInput): GasOutputs {
  if (used === 0n) return { ...zero, minerPenalty: baseFee * limit }
  const pay = baseFee < feeCap ? baseFee : feeCap
  const gasBurned = overEstimated(used, limit)
  const left = feeCap - pay
  const baseFeeBurn = free === true ? 0n : pay * used
  const overEstimationBurn = pay * gasBurned
  const minerTip = (premium < left ? premium : left) * limit
  return {
    baseFeeBurn,
    overEstimationBurn,
    minerTip,
    minerPenalty: (baseFee - pay) * (used + gasBurned),
    refund: limit * feeCap - baseFeeBurn - overEstimationBurn - minerTip,
  }
}

/**
 * Gas units that are burned because the limit was more than a tenth above what was used.
 * @example overEstimated(100n, 110n) // 0n
 * @example overEstimated(100n, 300n) // 200n, all of the rest
 */
export function overEstimated(used: bigint, limit: bigint): bigint {
  if (used === 0n) return limit
  const over = limit - (11n * used) / 10n
  if (over < 0n) return 0n
  return ((limit - used) * (over < used ? over : used)) / used
}

/** The method of a miner actor that proves its sectors. */
const submitWindowedPoSt = 5

/**
 * Whether a message paid no base fee: a successful direct proof of sectors while FIP-0009 held, from the epoch after the
 * claus upgrade up to hyperdrive. That its recipient is a miner is taken from the method, which no other actor has there.
 */
export function isFree(height: number, method: number, exitCode: number): boolean {
  return method === submitWindowedPoSt && exitCode === 0 && height > claus && height <= hyperdrive
}
