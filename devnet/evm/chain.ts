/** What a simulated chain is made from; the same values give the same chain. */
export interface EvmChainOptions {
  readonly seed: number
  /** Blocks 1 to `blocks` hold logs; 64 empty blocks follow. */
  readonly blocks: number
  /** Logs in each of those blocks. */
  readonly logsPerBlock: number
  readonly chainId: number
  /** Seconds between two blocks; 12 unless given. */
  readonly blockSeconds?: number
  /** Whether logs carry `blockTimestamp`, as newer nodes do. */
  readonly logTimestamps?: boolean
}

/** The four sorts of transfers of a simulated chain: payments go to the treasury, moves to anyone else. */
export type TransferSort = 'mint' | 'burn' | 'payment' | 'move'

/** What an indexer must find of one sort. */
export interface ExpectedSort {
  readonly count: number
  readonly amountRaw: bigint
  /** Sum of the block times, in Unix seconds, over the transfers. */
  readonly seconds: number
}

/** The contracts whose transfers a simulated chain holds. */
export const devContracts: readonly string[] = [
  '0x5d0000000000000000000000000000000000c0de',
  '0x5d0000000000000000000000000000000001c0de',
]

/** Who payments go to on a simulated chain. */
export const devTreasury = '0x5d000000000000000000000000000000000beef1'

/** 2024-01-01T22:00:00Z: the first midnight comes two hours into the chain. */
const genesisTime = 1_704_146_400
const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const holders = 4_096
const emptyBlocks = 64
const sorts: readonly TransferSort[] = ['mint', 'burn', 'payment', 'move']
const bloom = `0x${'a5'.repeat(256)}`

/** Topics as numbers: 0 is the zero address, 1 the treasury, others are holders. */
type Party = number

/** A chain of ERC-20 transfers, every field of which follows from the seed. Its answers are written once. */
export class EvmChain {
  readonly head: number
  readonly finalized: number
  readonly #options: EvmChainOptions
  readonly #topics: readonly string[]
  readonly #parties: ReadonlyMap<string, Party>
  /** The logs of each block, joined by commas. */
  readonly #texts: readonly Buffer[]
  /** Of each log, in the order of the chain: the contract, both parties, and where its text ends in its block. */
  readonly #contracts: Uint8Array
  readonly #senders: Uint16Array
  readonly #recipients: Uint16Array
  readonly #ends: Uint32Array
  readonly #expected: Record<TransferSort, ExpectedSort>

  constructor(options: EvmChainOptions) {
    this.#options = options
    this.head = options.blocks + emptyBlocks
    this.finalized = options.blocks
    const pad = (address: string): string => `0x${'0'.repeat(24)}${address.slice(2)}`
    this.#topics = Array.from({ length: holders + 2 }, (_, party) => {
      if (party === 0) return pad(`0x${'0'.repeat(40)}`)
      return pad(party === 1 ? devTreasury : `0x${this.#hex(7, party, 0).slice(0, 40)}`)
    })
    this.#parties = new Map(this.#topics.map((topic, party) => [topic, party]))
    const none = { count: 0, amountRaw: 0n, seconds: 0 }
    this.#expected = { mint: none, burn: none, payment: none, move: none }
    const count = (options.blocks + 1) * options.logsPerBlock
    this.#contracts = new Uint8Array(count)
    this.#senders = new Uint16Array(count)
    this.#recipients = new Uint16Array(count)
    this.#ends = new Uint32Array(count)
    this.#texts = Array.from({ length: options.blocks + 1 }, (_, height) =>
      Buffer.from(height === 0 ? '' : this.#writeLogs(height), 'latin1'),
    )
  }

  /** What is on the chain, by sort. */
  expected(): Readonly<Record<TransferSort, ExpectedSort>> {
    return this.#expected
  }

  timeOf(height: number): number {
    return genesisTime + height * (this.#options.blockSeconds ?? 12)
  }

  hashOf(height: number): string {
    return `0x${this.#hex(1, height, 0)}`
  }

  /** A header with the hashes of its transactions, as JSON text. */
  header(height: number): string {
    const { logsPerBlock, blocks } = this.#options
    const count = height > 0 && height <= blocks ? Math.ceil(logsPerBlock / 2) : 0
    const txs = Array.from({ length: count }, (_, index) => `"${this.#txHash(height, index)}"`)
    const parent = height === 0 ? `0x${'0'.repeat(64)}` : this.hashOf(height - 1)
    return (
      `{"number":"${quantity(height)}","hash":"${this.hashOf(height)}","parentHash":"${parent}",` +
      `"timestamp":"${quantity(this.timeOf(height))}","logsBloom":"${bloom}","stateRoot":"0x${'5d'.repeat(32)}",` +
      `"miner":"${devTreasury}","gasLimit":"0x1c9c380","gasUsed":"0x5208","baseFeePerGas":"0x7","extraData":"0x",` +
      `"nonce":"0x0000000000000000","size":"0x220","transactions":[${txs.join()}]}`
    )
  }

  /**
   * The logs of blocks `from` to `to`, both included, as the inside of a JSON array.
   * @param addresses,topics A filter as `eth_getLogs` takes it, lower case; null is any.
   */
  logs(
    from: number,
    to: number,
    addresses: readonly string[] | null,
    topics: readonly (readonly string[] | null)[],
  ): { readonly count: number; readonly text: Buffer } {
    const contracts = addresses === null ? null : new Set(addresses.map((a) => devContracts.indexOf(a)))
    const sides = [topics[1] ?? null, topics[2] ?? null].map((side) =>
      side === null ? null : new Set(side.map((topic) => this.#parties.get(topic) ?? -1)),
    )
    if (topics[0] != null && !topics[0].includes(transferTopic)) return { count: 0, text: Buffer.alloc(0) }
    const [senders = null, recipients = null] = sides
    const everything =
      senders === null &&
      recipients === null &&
      (contracts === null || contracts.size === devContracts.length)
    const { logsPerBlock } = this.#options
    const parts: Buffer[] = []
    let count = 0
    for (let height = Math.max(from, 1); height <= Math.min(to, this.#options.blocks); height += 1) {
      const text = this.#texts[height] ?? Buffer.alloc(0)
      const first = height * logsPerBlock
      if (everything) {
        parts.push(text)
        count += logsPerBlock
        continue
      }
      for (let at = first; at < first + logsPerBlock; at += 1) {
        if (contracts !== null && !contracts.has(this.#contracts[at] ?? -1)) continue
        if (senders !== null && !senders.has(this.#senders[at] ?? -1)) continue
        if (recipients !== null && !recipients.has(this.#recipients[at] ?? -1)) continue
        parts.push(text.subarray(at === first ? 0 : (this.#ends[at - 1] ?? 0) + 1, this.#ends[at]))
        count += 1
      }
    }
    return { count, text: joined(parts) }
  }

  #writeLogs(height: number): string {
    const time = this.timeOf(height)
    const stamp = this.#options.logTimestamps === true ? `"blockTimestamp":"${quantity(time)}",` : ''
    const block = `"blockNumber":"${quantity(height)}","blockHash":"${this.hashOf(height)}",${stamp}`
    let text = ''
    let tx = ''
    for (let index = 0; index < this.#options.logsPerBlock; index += 1) {
      const at = height * this.#options.logsPerBlock + index
      const roll = this.#word(2, height, index, 0) % 100
      const sort = sorts[roll < 30 ? 0 : roll < 55 ? 1 : roll < 80 ? 2 : 3] ?? 'move'
      const from = sort === 'mint' ? 0 : 2 + (this.#word(2, height, index, 1) % holders)
      const to =
        sort === 'burn' ? 0 : sort === 'payment' ? 1 : 2 + (this.#word(2, height, index, 2) % holders)
      const contract = this.#word(2, height, index, 3) % devContracts.length
      const high = this.#word(2, height, index, 4) % 65_536
      const low = this.#word(2, height, index, 5)
      const was = this.#expected[sort]
      const amountRaw = was.amountRaw + (BigInt(high) << 32n) + BigInt(low)
      this.#expected[sort] = { count: was.count + 1, amountRaw, seconds: was.seconds + time }
      const data = `${high.toString(16)}${low.toString(16).padStart(8, '0')}`.padStart(64, '0')
      if (index % 2 === 0) tx = this.#txHash(height, index / 2)
      text +=
        `${index === 0 ? '' : ','}{"address":"${devContracts[contract]}",` +
        `"topics":["${transferTopic}","${this.#topics[from]}","${this.#topics[to]}"],"data":"0x${data}",${block}` +
        `"transactionHash":"${tx}","transactionIndex":"${quantity(index >> 1)}",` +
        `"logIndex":"${quantity(index)}","removed":false}`
      this.#contracts[at] = contract
      this.#senders[at] = from
      this.#recipients[at] = to
      this.#ends[at] = text.length
    }
    return text
  }

  #txHash(height: number, index: number): string {
    return `0x${this.#hex(3, height, index)}`
  }

  #hex(sort: number, a: number, b: number): string {
    let text = ''
    for (let word = 0; word < 8; word += 1) text += this.#word(sort, a, b, word).toString(16).padStart(8, '0')
    return text
  }

  /** 32 bits that look like chance: the finaliser of SplitMix32 over the seed and a place. */
  #word(sort: number, a: number, b: number, word: number): number {
    let x = this.#options.seed ^ (sort * 0x1f123bb5)
    for (const part of [a, b, word]) {
      x = (x + 0x9e3779b9 + part) | 0
      x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
      x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
      x ^= x >>> 15
    }
    return x >>> 0
  }
}

/** A number as JSON-RPC writes it. @example quantity(31) // '0x1f' */
export function quantity(value: number): string {
  return `0x${value.toString(16)}`
}

const comma = Buffer.from(',')

function joined(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [comma, part])))
}
