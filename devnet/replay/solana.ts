import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { encodeId } from '../../pipeline/model/encoding.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import { type DevnetNode, jsonReply, type NodeReply, type NodeRequest, type Twist } from '../node.ts'
import type { Replay } from '../simulation.ts'

/** Genesis hash of the main cluster, of which the recordings are. */
const genesis = '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d'
const transactionFolders = ['helium', 'helium-devnet', 'generic-raw', 'generic-parsed']
/** Whose list of transactions was recorded, in pages of two sizes. */
const listedAccount = '4kLALtynrmd6pU2LkGXZCmUaMDfsnVixs7SkLjPKNJQG'

const transactionShape = z.looseObject({
  slot: z.number().int(),
  transaction: z.union([
    z.looseObject({ signatures: z.array(z.string()).min(1) }),
    z.tuple([z.string(), z.literal('base64')]),
  ]),
})
const blockShape = z.looseObject({
  parentSlot: z.number().int(),
  blockTime: z.number().int(),
  transactions: z.array(z.looseObject({ transaction: z.looseObject({ signatures: z.array(z.string()) }) })),
})
const rowShape = z.looseObject({ signature: z.string(), slot: z.number().int() })
const pageShape = z.looseObject({ result: z.array(rowShape) })
const askedShape = z.object({ id: z.unknown(), method: z.string(), params: z.array(z.unknown()).default([]) })
type Asked = z.infer<typeof askedShape>
type Refusal = { readonly error: { readonly code: number; readonly message: string } }

/**
 * Serves recorded answers of real Solana nodes: transactions in the encoding they were recorded in, blocks, and the pages of
 * one account's list. What was not recorded is null, or skipped.
 */
export class SolanaReplay implements DevnetNode {
  readonly origin = 'replayed'
  readonly #transactions = new Map<string, z.infer<typeof transactionShape>>()
  readonly #blocks = new Map<number, z.infer<typeof blockShape>>()
  /** By size and first signature left out. */
  readonly #pages = new Map<string, readonly z.infer<typeof rowShape>[]>()
  readonly #listed = new Map<string, number>()

  /** The recordings of a folder as the devnet serves them; undefined where it has none of Solana. No slot is whole. */
  static open(folder: string): Replay | undefined {
    if (!existsSync(join(folder, 'solana'))) return undefined
    const node = new SolanaReplay(folder)
    return { chain: 'solana', prefix: '/solana', variable: 'SOLANA_RPC_URLS', node, recorded: [] }
  }

  /** @throws IndexerError `bad-argument` if no transaction and no block is recorded; `bad-file` for a malformed file. */
  constructor(folder: string) {
    const root = join(folder, 'solana')
    for (const { value, file } of transactionFolders.flatMap((f) => readFolder(join(root, f)))) {
      for (const answer of Array.isArray(value) ? value : [unwrapped(value)]) {
        const recorded = check(transactionShape, answer, file)
        this.#transactions.set(signatureOf(recorded), recorded)
      }
    }
    for (const { value, file } of readFolder(join(root, 'generic-blocks'))) {
      const block = check(blockShape, unwrapped(value), file)
      this.#blocks.set(block.parentSlot + 1, block)
    }
    for (const { value, file } of readFolder(join(root, 'rpc-pages'))) this.#readPage(value, file)
    if (this.#transactions.size === 0 || this.#blocks.size === 0)
      throw new IndexerError(
        'bad-argument',
        `recordings '${folder}' hold no Solana transaction or no block`,
        {
          folder,
        },
      )
  }

  answer({ method, body }: NodeRequest, twist: Twist): NodeReply {
    if (method !== 'POST')
      return jsonReply({ error: 'Used HTTP Method is not allowed. POST is required' }, 405)
    const asked: unknown = JSON.parse(body)
    const one = (value: unknown): unknown => {
      const call = askedShape.parse(value)
      return { jsonrpc: '2.0', id: call.id, ...this.#one(call, twist) }
    }
    return jsonReply(Array.isArray(asked) ? asked.map(one) : one(asked))
  }

  #readPage(value: unknown, file: string): void {
    const name = /gSFA_limit(\d+)_page\d+_(?:no_before|before_([1-9A-Za-z]+))/.exec(file)
    if (name === null) return
    const rows = check(pageShape, value, file).result
    this.#pages.set(`${name[1]} ${(name[2] ?? '').slice(0, 8)}`, rows)
    for (const row of rows) this.#listed.set(row.signature, row.slot)
  }

  #one({ method, params: [what, options] }: Asked, twist: Twist): { readonly result: unknown } | Refusal {
    switch (method) {
      case 'getGenesisHash':
        return { result: twist.network(genesis) }
      case 'getSlot':
        return { result: twist.head(Math.max(...this.#blocks.keys())) }
      case 'getFirstAvailableBlock':
        return { result: Math.min(...this.#listed.values(), ...this.#blocks.keys()) }
      case 'getBlocksWithLimit':
        return {
          result: [...this.#blocks.keys()]
            .filter((s) => s >= Number(what))
            .sort((a, b) => a - b)
            .slice(0, 1),
        }
      case 'getBlockTime': {
        const block = this.#blocks.get(Number(what))
        return block === undefined ? skipped(Number(what)) : { result: block.blockTime }
      }
      case 'getBlock':
        return this.#block(
          Number(what),
          z.looseObject({ transactionDetails: z.string() }).parse(options),
          twist,
        )
      case 'getTransaction': {
        const recorded = this.#transactions.get(String(what))
        const held = recorded !== undefined && !twist.hides(recorded.slot)
        return { result: held ? twist.strip(recorded) : null }
      }
      case 'getSignaturesForAddress':
        return this.#page(
          String(what),
          z.looseObject({ limit: z.number(), before: z.string().optional() }).parse(options),
        )
      case 'getSignatureStatuses': {
        const slots = z
          .array(z.string())
          .parse(what)
          .map((s) => this.#listed.get(s))
        const value = slots.map((slot) =>
          slot === undefined ? null : { slot, confirmationStatus: 'finalized' },
        )
        return { result: { context: { slot: Math.max(...this.#blocks.keys()) }, value } }
      }
      default:
        return { error: { code: -32601, message: `Method not found: ${method} was not recorded` } }
    }
  }

  #block(
    slot: number,
    { transactionDetails }: { transactionDetails: string },
    twist: Twist,
  ): { result: unknown } | Refusal {
    const block = this.#blocks.get(slot)
    if (block === undefined || twist.hides(slot)) return skipped(slot)
    const { transactions, ...rest } = block
    const signatures = transactions.map((t) => t.transaction.signatures[0])
    if (transactionDetails === 'full') return { result: twist.strip(block) }
    return { result: twist.strip(transactionDetails === 'signatures' ? { ...rest, signatures } : rest) }
  }

  #page(
    address: string,
    { limit, before = '' }: { limit: number; before?: string | undefined },
  ): { result: unknown } | Refusal {
    const page = address === listedAccount ? this.#pages.get(`${limit} ${before.slice(0, 8)}`) : undefined
    if (page !== undefined) return { result: page }
    return { error: { code: -32011, message: `Transaction history of ${address} was not recorded` } }
  }
}

const skipped = (slot: number): Refusal => {
  return { error: { code: -32009, message: `Slot ${slot} was skipped, or missing in long-term storage` } }
}

const unwrapped = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'result' in value ? value.result : value

/** The first signature; that of encoded bytes is their first 64 after the count. */
function signatureOf({ transaction }: z.infer<typeof transactionShape>): string {
  if (!Array.isArray(transaction)) return transaction.signatures[0] ?? ''
  const bytes = Buffer.from(transaction[0], 'base64')
  return encodeId(bytes.subarray(1, 65), 'base58')
}

function readFolder(folder: string): { readonly value: unknown; readonly file: string }[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => {
    const file = join(folder, name)
    return { value: JSON.parse(readFileSync(file, 'utf8')) as unknown, file }
  })
}

/** Only the place of an answer is read from it: the answer itself is served as recorded. */
function check<T>(shape: z.ZodType<T>, value: unknown, file: string): T {
  const checked = shape.safeParse(value)
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]
  throw new IndexerError(
    'bad-file',
    `${file}: not a recorded answer of a Solana node: ${issue?.path.join('.')}: ${issue?.message}`,
    { file },
  )
}
