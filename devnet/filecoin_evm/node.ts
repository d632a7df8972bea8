import { lastTipset, nextTipset } from '../filecoin/rounds.ts'
import { RpcFault } from '../rpc.ts'
import { seededBytes } from '../scenario.ts'
import type { SimulationOptions } from '../simulation.ts'
import { type Happening, happeningsAt } from './happenings.ts'
import { type PayTransaction, traceOf, transactionOf } from './logs.ts'
import { type Rail, railsUpTo } from './rails.ts'

const genesisTime = 1_598_306_400
const epochSeconds = 30
const secondsPerDay = 86_400
const chainId = 314
/** Most epochs of one `eth_getLogs`, as Lotus has it. */
const rangeLimit = 2_880
/** Epochs below the head at which simulated tipsets are final. */
const finalityEpochs = 20

interface Tipset {
  readonly transactions: readonly (PayTransaction & { readonly happening: Happening })[]
}

const hex = (value: number | bigint): string => `0x${value.toString(16)}`

/**
 * The Ethereum side of a simulated Filecoin node: its blocks by height, the logs of Filecoin Pay, and the transactions
 * and traces that they came with. Every height can be asked for on its own.
 */
export class FilecoinEvm {
  /** The first epoch of the first simulated day; below it only old rails were created. */
  readonly first: number
  readonly #seed: number
  #head: number
  #rails: readonly Rail[]
  readonly #tipsets = new Map<number, Tipset>()
  readonly #byHash = new Map<string, Tipset['transactions'][number]>()
  readonly #heightOf = new Map<string, number>()

  constructor({ seed, days, end }: SimulationOptions) {
    this.#seed = seed
    const day = Math.floor(end / secondsPerDay) - days
    this.first = Math.max(0, Math.floor((day * secondsPerDay - genesisTime) / epochSeconds))
    this.#head = heightAt(end)
    this.#rails = railsUpTo(seed, this.first, this.#head)
  }

  /** Makes every tipset up to an instant; an earlier one changes nothing. */
  advanceTo(time: number): void {
    const height = heightAt(time)
    if (height <= this.#head) return
    this.#head = height
    this.#rails = railsUpTo(this.#seed, this.first, height)
  }

  /** The newest tipset that these methods admit: the one before the chain's head, as in Lotus. */
  get head(): number {
    return lastTipset(this.#seed, lastTipset(this.#seed, this.#head) - 1)
  }

  get finalized(): number {
    return lastTipset(this.#seed, lastTipset(this.#seed, this.#head) - finalityEpochs)
  }

  /** Everything that happened to the payments contract in a range of epochs, for tests that compare with it. */
  happenings(from: number, to: number): readonly Happening[] {
    return this.#heights(from, to).flatMap((height) =>
      this.#tipset(height).transactions.map((t) => t.happening),
    )
  }

  /** FIL that went to the burn account through the payments contract in a tipset. */
  burnedAt(height: number): bigint {
    return happeningsAt(this.#seed, this.first, height, this.#rails).reduce((sum, one) => {
      if (one.kind === 'auctioned') return sum + one.burned
      const inFil = (one.kind === 'settled' || one.kind === 'paidOnce') && /^0x0+$/.test(one.rail.token)
      return inFil ? sum + one.networkFee : sum
    }, 0n)
  }

  /** Whether a method is one of these, and not of the native chain. */
  handles(method: string): boolean {
    return /^(eth|net|web3|trace)_/.test(method)
  }

  /** The result of a call. @throws RpcFault as Lotus words it. */
  answer(method: string, params: readonly unknown[]): unknown {
    const [first] = params
    switch (method) {
      case 'eth_chainId':
        return hex(chainId)
      case 'net_version':
        return String(chainId)
      case 'eth_blockNumber':
        return hex(this.head)
      case 'eth_getBlockByNumber':
        return this.#block(this.#height(first))
      case 'eth_getBlockByHash': {
        const height = this.#heightOf.get(String(first))
        return height === undefined ? null : this.#block(height)
      }
      case 'eth_getLogs':
        return this.#logs((first ?? {}) as Readonly<Record<string, unknown>>)
      case 'eth_getTransactionByHash':
        return this.#transaction(first)
      case 'trace_transaction': {
        const found = this.#find(first)
        return found === undefined ? [] : traceOf(found, found.happening)
      }
      default:
        throw new RpcFault(-32_601, `method '${method}' not found`)
    }
  }

  #height(block: unknown): number {
    if (block === 'latest' || block === 'pending') return this.head
    if (block === 'finalized' || block === 'safe') return this.finalized
    const height = block === 'earliest' ? 0 : Number(block)
    if (!Number.isInteger(height) || height < 0) throw new RpcFault(-32_602, 'invalid block number')
    if (height > this.head) throw new RpcFault(1, "requested a future epoch (beyond 'latest')")
    return height
  }

  #hash(height: number): string {
    const hash = `0x${seededBytes(this.#seed, `filecoin evm block ${height}`, 32).toString('hex')}`
    this.#heightOf.set(hash, height)
    return hash
  }

  #block(height: number): object {
    if (lastTipset(this.#seed, height) !== height)
      throw new RpcFault(12, `requested epoch was a null round (${height})`)
    return {
      number: hex(height),
      hash: this.#hash(height),
      parentHash: this.#hash(lastTipset(this.#seed, height - 1)),
      timestamp: hex(genesisTime + height * epochSeconds),
      transactions: this.#tipset(height).transactions.map((t) => t.hash),
    }
  }

  /** Heights of a range that have a tipset: nothing happens in others. */
  #heights(from: number, to: number): number[] {
    const heights: number[] = []
    for (let at = nextTipset(this.#seed, from); at <= to; at = nextTipset(this.#seed, at + 1))
      heights.push(at)
    return heights
  }

  #logs({ fromBlock, toBlock, address, topics }: Readonly<Record<string, unknown>>): object[] {
    const [from, to] = [this.#height(fromBlock), this.#height(toBlock)]
    if (to - from > rangeLimit) throw new RpcFault(-32_005, `block range is more than ${rangeLimit}`)
    const addresses = listOf(address)
    const wanted = Array.isArray(topics) ? topics.map(listOf) : []
    return this.#heights(from, to).flatMap((height) => {
      let logIndex = -1
      return this.#tipset(height).transactions.flatMap((transaction, transactionIndex) =>
        transaction.logs.flatMap((log) => {
          logIndex += 1
          if (addresses !== null && !addresses.includes(log.address)) return []
          if (!wanted.every((any, i) => any === null || any.includes(log.topics[i] ?? ''))) return []
          const place = { blockNumber: hex(height), blockHash: this.#hash(height), removed: false }
          const at = { transactionIndex: hex(transactionIndex), logIndex: hex(logIndex) }
          return [{ ...log, ...place, ...at, transactionHash: transaction.hash }]
        }),
      )
    })
  }

  #transaction(hash: unknown): object | null {
    const found = this.#find(hash)
    if (found === undefined) return null
    const { height, from, to, input, value } = found
    const blockHash = this.#hash(height)
    return { hash: found.hash, blockNumber: hex(height), blockHash, from, to, input, value: hex(value) }
  }

  #find(hash: unknown): Tipset['transactions'][number] | undefined {
    const known = this.#byHash.get(String(hash))
    if (known !== undefined) return known
    for (const height of this.#heights(this.first, this.head)) this.#tipset(height)
    return this.#byHash.get(String(hash))
  }

  #tipset(height: number): Tipset {
    const known = this.#tipsets.get(height)
    if (known !== undefined) return known
    const happenings = happeningsAt(this.#seed, this.first, height, this.#rails)
    const transactions = happenings.map((happening, index) => ({
      ...transactionOf(this.#seed, height, index, happening),
      happening,
    }))
    const made = { transactions }
    this.#tipsets.set(height, made)
    for (const one of transactions) this.#byHash.set(one.hash, one)
    return made
  }
}

function heightAt(time: number): number {
  return Math.max(0, Math.floor((time - genesisTime) / epochSeconds))
}

function listOf(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null
  return (Array.isArray(value) ? value : [value]).map((one) => String(one).toLowerCase())
}
