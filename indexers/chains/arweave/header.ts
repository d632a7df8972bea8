import type { BlockMark } from '../../../pipeline/model/batch.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import { unixSeconds } from '../../../pipeline/model/time.ts'

/** First height whose header says what the miner got, the debt and the denomination (fork 2.6). */
export const firstRewardHeight = 1_132_210

/** What a block header says about money and place. Amounts are winston. */
export interface Header extends BlockMark {
  /** Ids of the block's own (L1) transactions, in order. */
  readonly txs: readonly string[]
  /** The endowment after the block. */
  readonly rewardPool: bigint
  /** What the miner is credited; undefined below 1,132,210, where headers do not say. */
  readonly reward: bigint | undefined
  /** All AR ever created because the endowment could not pay; 0 below 1,132,210. */
  readonly debtSupply: bigint
  /** Always 1: another one is refused. */
  readonly denomination: 1
  /** Address of the miner; undefined for blocks that nobody claimed, which minted nothing (before 1,132,210). */
  readonly rewardAddr: string | undefined
  /** Whether the block forfeits a double signer's rewards, so that its sums hold more than fees. */
  readonly doubleSigning: boolean
}

/** Which answer is being read, for messages. */
export interface Asked {
  readonly height: number
  readonly endpoint: string
}

const blockId = /^[A-Za-z0-9_-]{64}$/
const txId = /^[A-Za-z0-9_-]{43}$/

/** A whole number that a node wrote as a JSON number or as text; undefined for anything else. */
export function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value >= 0n ? value : undefined
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined
  return typeof value === 'string' && /^\d{1,78}$/.test(value) ? BigInt(value) : undefined
}

/** An object's own fields, before anyone has checked them; undefined unless it is a plain JSON object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined
}

/** Whether a text is a transaction id: 32 bytes in base64url. */
export function isTxId(value: unknown): value is string {
  return typeof value === 'string' && txId.test(value)
}

/**
 * Checks a node's answer to `GET /block/height/N`. Fields that hold no money are not looked at.
 * @throws IndexerError `rpc-bad-answer` naming endpoint, method, height and the field that is missing or
 *   not what it should be, or if the block is of another height; `decode-failed` for a denomination but 1.
 */
export function readHeader(answer: unknown, asked: Asked): Header {
  const block = fieldsOf(answer)
  const refuse = (field: string, expected: string): never => {
    const value = block?.[field]
    const seen = block === undefined ? shown(answer) : field in block ? shown(value) : 'nothing'
    const where = block === undefined ? '' : ` in field '${field}'`
    throw new IndexerError(
      'rpc-bad-answer',
      `${asked.endpoint} GET /block/height/${asked.height}: expected ${expected}${where}, got ${seen}`,
      { endpoint: asked.endpoint, height: asked.height, field },
    )
  }
  if (block === undefined) return refuse('', 'a block')
  const winston = (field: string): bigint =>
    wholeNumber(block[field]) ?? refuse(field, 'an amount in winston')
  const text = (field: string, pattern: RegExp, expected: string): string => {
    const value = block[field]
    return typeof value === 'string' && pattern.test(value) ? value : refuse(field, expected)
  }
  if (wholeNumber(block.height) !== BigInt(asked.height)) refuse('height', `height ${asked.height}`)
  const since26 = asked.height >= firstRewardHeight
  if (since26 && (wholeNumber(block.denomination) ?? refuse('denomination', 'a number')) !== 1n) {
    throw new IndexerError(
      'decode-failed',
      `Arweave block ${asked.height}: its denomination is ${shown(block.denomination)}, amounts are only understood ` +
        'in denomination 1. AR was redenominated: the token needs a new declaration before reading on',
      { height: asked.height },
    )
  }
  const txs = block.txs
  if (!Array.isArray(txs) || !txs.every(isTxId))
    return refuse('txs', 'a list of transaction ids of 43 characters')
  const proof = since26
    ? (fieldsOf(block.double_signing_proof) ?? refuse('double_signing_proof', 'an object'))
    : {}
  const rewardAddr = text('reward_addr', /^(unclaimed|[A-Za-z0-9_-]{43})$/, "an address or 'unclaimed'")
  return {
    height: asked.height,
    time: timeOf(block.timestamp) ?? refuse('timestamp', 'a time in Unix seconds'),
    hash: text('indep_hash', blockId, 'a block id of 64 characters'),
    // The first block has no parent.
    parentHash: asked.height === 0 ? '' : text('previous_block', blockId, 'a block id of 64 characters'),
    txs,
    rewardPool: winston('reward_pool'),
    reward: since26 ? winston('reward') : undefined,
    debtSupply: since26 ? winston('debt_supply') : 0n,
    denomination: 1,
    rewardAddr: rewardAddr === 'unclaimed' ? undefined : rewardAddr,
    doubleSigning: Object.keys(proof).length > 0,
  }
}

function timeOf(value: unknown): UnixSeconds | undefined {
  const whole = wholeNumber(value)
  // Seconds beyond the year 9999 are milliseconds by mistake, or nonsense.
  return whole === undefined || whole > 253_402_300_799n ? undefined : unixSeconds(Number(whole))
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  )
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
