import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'
import { draw, seededBytes } from '../scenario.ts'
import type { Branch } from './ids.ts'
import { type ArweaveScenario, minerShare, type SimulatedTransaction } from './scenario.ts'

const miners = 40
const minerKey = 11
const retargetEvery = 10
/** 2.5's constants of the data format, as every header since repeats them. */
const strictDataSplit = '30607159107830'

const noProof = { option: '1', tx_path: '', data_path: '', chunk: '', unpacked_chunk: '' }

/** Cuts one run of bytes into the many fields that only have to look right. */
function filler(seed: number, what: string): (bytes: number) => string {
  const all = seededBytes(seed, what, 2_048)
  let at = 0
  return (bytes) => {
    at += bytes
    return all.subarray(at - bytes, at).toString('base64url')
  }
}

/**
 * A block header as a node writes it since 2.9: amounts as strings, ids in base64url. Money, links, times and
 * sizes are consistent; proofs, signatures and roots only have the right shape, and proofs are empty.
 */
export function blockHeader(chain: ArweaveScenario, height: number, branch: Branch): Record<string, unknown> {
  const { seed } = chain
  const fees = chain.transactionsAt(height, branch)
  const reward = fees.reduce((sum, { fee }) => sum + minerShare(height, fee), inflationAt(height))
  const parentBranch = branch === chain.branchAt(height) ? chain.branchAt(height - 1) : branch
  const fill = filler(seed, `arweave header ${branch} ${height}`)
  const difficulty = 10n ** 28n + BigInt(Math.floor(draw(seed, height) * 2 ** 32))
  const cumulative = BigInt(height) * 10n ** 16n
  const pricePerGib = String(330 + Math.floor(20 * draw(seed, minerKey, Math.floor(height / 50))))
  const miner = Math.floor(miners * draw(seed, minerKey, height, branch) ** 2)
  return {
    previous_cumulative_diff: String(cumulative - 10n ** 16n),
    double_signing_proof: {},
    redenomination_height: 0,
    denomination: '1',
    kryder_plus_rate_multiplier_latch: '0',
    kryder_plus_rate_multiplier: '1',
    debt_supply: '0',
    reward_history_hash: fill(32),
    block_time_history_hash: fill(32),
    scheduled_price_per_gib_minute: pricePerGib,
    price_per_gib_minute: pricePerGib,
    reward_key: fill(512),
    signature: fill(512),
    poa2: noProof,
    nonce_limiter_info: {
      output: fill(32),
      global_step_number: height * 127,
      seed: fill(48),
      next_seed: fill(48),
      zone_upper_bound: chain.weaveAt(height, branch),
      next_zone_upper_bound: chain.weaveAt(height, branch),
      prev_output: fill(32),
      last_step_checkpoints: [],
      checkpoints: [],
      vdf_difficulty: '750000',
      next_vdf_difficulty: '750000',
    },
    partition_number: Math.floor(90 * draw(seed, height, 1)),
    previous_solution_hash: fill(32),
    reward: String(reward),
    recall_byte: String(Math.floor(chain.weaveAt(height, branch) * draw(seed, height, 2))),
    hash_preimage: fill(32),
    chunk_hash: fill(32),
    packing_difficulty: 2,
    unpacked_chunk_hash: fill(32),
    replica_format: 1,
    merkle_rebase_support_threshold: '151066495197430',
    usd_to_ar_rate: ['1', '34'],
    scheduled_usd_to_ar_rate: ['1', '34'],
    packing_2_5_threshold: '0',
    strict_data_split_threshold: strictDataSplit,
    nonce: fill(4),
    previous_block: chain.hashOf(height - 1, parentBranch),
    timestamp: chain.timeOf(height),
    last_retarget: chain.timeOf(height - (height % retargetEvery)),
    diff: String(difficulty),
    height,
    hash: fill(32),
    indep_hash: chain.hashOf(height, branch),
    txs: fees.map(({ id }) => id),
    tx_root: fees.length === 0 ? '' : fill(32),
    wallet_list: fill(48),
    reward_addr: seededBytes(seed, `arweave miner ${miner}`, 32).toString('base64url'),
    tags: [],
    reward_pool: String(chain.poolAt(height, branch)),
    weave_size: String(chain.weaveAt(height, branch)),
    block_size: String(chain.sizeOf(height, branch)),
    cumulative_diff: String(cumulative),
    hash_list_merkle: fill(48),
    poa: noProof,
  }
}

/** A transaction's header as `/tx/ID` gives it. */
export function transactionHeader(
  chain: ArweaveScenario,
  transaction: SimulatedTransaction,
): Record<string, unknown> {
  const fill = filler(chain.seed, `arweave transaction header ${transaction.id}`)
  return {
    format: 2,
    id: transaction.id,
    last_tx: fill(48),
    owner: fill(512),
    tags: [],
    target: transaction.quantity === 0n ? '' : fill(32),
    quantity: String(transaction.quantity),
    data: '',
    data_size: String(transaction.bytes),
    data_tree: [],
    data_root: fill(32),
    reward: String(transaction.fee),
    signature: fill(512),
  }
}
