import { buildSchema, GraphQLError, graphqlSync } from 'graphql'
import { formatScaled } from '../../pipeline/model/amount.ts'
import { jsonReply, type NodeReply } from '../node.ts'
import type { Branch } from './ids.ts'
import type { ArweaveScenario, SimulatedTransaction } from './scenario.ts'

const arDigits = 12
const largestPage = 100

/** The part of the public gateways' schema that an indexer of fees asks for. */
const schema = buildSchema(`
  type Query {
    transactions(block: BlockFilter, first: Int = 10, after: String, sort: SortOrder = HEIGHT_DESC): TransactionConnection!
  }
  input BlockFilter { min: Int max: Int }
  enum SortOrder { HEIGHT_ASC HEIGHT_DESC }
  type TransactionConnection { pageInfo: PageInfo! edges: [TransactionEdge!]! }
  type PageInfo { hasNextPage: Boolean! }
  type TransactionEdge { cursor: String! node: Transaction! }
  type Transaction { id: ID! fee: Amount! quantity: Amount! block: Block bundledIn: Bundle parent: Parent }
  type Amount { winston: String! ar: String! }
  type Block { id: ID! timestamp: Int! height: Int! previous: ID! }
  type Bundle { id: ID! }
  type Parent { id: ID! }
`)

/** What a gateway can see while it answers one request. */
export interface GatewayView {
  readonly head: number
  readonly hides: (height: number) => boolean
  readonly branchOf: (height: number) => Branch
}

interface Arguments {
  readonly block?: { readonly min?: number; readonly max?: number }
  readonly first?: number
  readonly after?: string
  readonly sort: 'HEIGHT_ASC' | 'HEIGHT_DESC'
}

interface Place {
  readonly height: number
  readonly at: number
}

const writeCursor = ({ height, at }: Place): string =>
  Buffer.from(JSON.stringify([height, at])).toString('base64url')

function readCursor(cursor: string): Place {
  const match = /^\[(\d{1,9}),(\d{1,6})\]$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))
  if (match === null) throw new GraphQLError('Invalid cursor')
  return { height: Number(match[1]), at: Number(match[2]) }
}

/**
 * Answers a POST to `/graphql`: `transactions` by height, at most 100 a page, bundled items included with fee 0.
 * Whatever else a gateway can do is refused with its error.
 */
export function answerGraphql(chain: ArweaveScenario, view: GatewayView, body: string): NodeReply {
  let asked: { query?: unknown; variables?: unknown; operationName?: unknown } | null
  try {
    asked = JSON.parse(body) as typeof asked
  } catch (error) {
    return jsonReply({ errors: [{ message: `POST body is not JSON: ${String(error)}` }] }, 400)
  }
  if (typeof asked?.query !== 'string') {
    return jsonReply({ errors: [{ message: 'POST body missing, invalid Content-Type, or no query.' }] }, 400)
  }
  const result = graphqlSync({
    schema,
    source: asked.query,
    rootValue: { transactions: (options: Arguments) => getPage(chain, view, options) },
    variableValues: (asked.variables ?? {}) as Readonly<Record<string, unknown>>,
    operationName: typeof asked.operationName === 'string' ? asked.operationName : null,
  })
  return jsonReply(result, result.data === undefined ? 400 : 200)
}

function getPage(chain: ArweaveScenario, view: GatewayView, options: Arguments): object {
  const limit = Math.min(Math.max(options.first ?? 10, 0), largestPage)
  const up = options.sort === 'HEIGHT_ASC'
  const lowest = Math.max(options.block?.min ?? chain.first, chain.first)
  const highest = Math.min(options.block?.max ?? view.head, view.head)
  const after = options.after === undefined || options.after === null ? undefined : readCursor(options.after)
  const edges: object[] = []
  const start = after?.height ?? (up ? lowest : highest)
  for (let height = start; height >= lowest && height <= highest; height += up ? 1 : -1) {
    if (view.hides(height)) continue
    const branch = view.branchOf(height)
    const listing = chain.listingAt(height, branch)
    const skipped = after?.height === height ? after.at + 1 : 0
    for (const [at, transaction] of listing.slice(skipped).entries()) {
      if (edges.length === limit) return { pageInfo: { hasNextPage: true }, edges }
      const cursor = writeCursor({ height, at: at + skipped })
      edges.push({ cursor, node: shape(chain, transaction, height, branch) })
    }
  }
  return { pageInfo: { hasNextPage: false }, edges }
}

function shape(
  chain: ArweaveScenario,
  transaction: SimulatedTransaction,
  height: number,
  branch: Branch,
): object {
  const amount = (raw: bigint): object => ({ winston: String(raw), ar: formatScaled(raw, arDigits) })
  const bundle = transaction.bundledIn === undefined ? null : { id: transaction.bundledIn }
  return {
    id: transaction.id,
    fee: amount(transaction.fee),
    quantity: amount(transaction.quantity),
    bundledIn: bundle,
    parent: bundle,
    block: {
      id: () => chain.hashOf(height, branch),
      previous: () => chain.hashOf(height - 1),
      timestamp: chain.timeOf(height),
      height,
    },
  }
}
