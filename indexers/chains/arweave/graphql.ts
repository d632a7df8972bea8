import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { HttpAnswer } from '../../engine/endpoints.ts'
import { parseExact } from '../../engine/json.ts'
import { fieldsOf, isTxId, wholeNumber } from './header.ts'

/** What one transaction paid, and in which block. */
export interface ListedFee {
  readonly id: string
  readonly fee: bigint
  readonly height: number
}

/** One page of a gateway's list of fees. */
export interface FeesPage {
  /** The page's L1 transactions; bundled items, which pay nothing themselves, are left out. */
  readonly fees: readonly ListedFee[]
  /** Cursor of the next page; undefined on the last. */
  readonly next: string | undefined
}

/** The body of a query for the fees of a range of blocks, both ends included, a hundred at a time. */
export function feesQuery(range: HeightRange, after: string | undefined): string {
  const from = after === undefined ? '' : `, after: ${JSON.stringify(after)}`
  const query =
    `query { transactions(block: {min: ${range.from}, max: ${range.to}}, first: 100${from}, sort: HEIGHT_ASC) ` +
    '{ pageInfo { hasNextPage } edges { cursor node { id fee { winston } bundledIn { id } block { height } } } } }'
  return JSON.stringify({ query })
}

/**
 * Checks a gateway's answer to {@link feesQuery}.
 * @throws IndexerError `rpc-not-found` if the endpoint has no GraphQL (404, 400, 405 or no JSON);
 *   `rpc-bad-answer` if it reports errors or leaves out what was asked.
 */
export function readFeesPage(answer: HttpAnswer): FeesPage {
  const body = bodyOf(answer)
  const refuse = (expected: string): never => {
    const seen = answer.text.slice(0, 120).replace(/\s+/g, ' ')
    throw new IndexerError(
      'rpc-bad-answer',
      `${answer.endpoint} POST /graphql: expected ${expected}, got '${seen}'`,
      {
        endpoint: answer.endpoint,
      },
    )
  }
  const list = fieldsOf(fieldsOf(fieldsOf(body)?.data)?.transactions)
  const more = fieldsOf(list?.pageInfo)?.hasNextPage
  if (list === undefined || !Array.isArray(list.edges) || typeof more !== 'boolean') {
    return refuse('a list of transactions')
  }
  const edges: readonly unknown[] = list.edges
  const fees = edges.flatMap((edge) => {
    const node = fieldsOf(fieldsOf(edge)?.node)
    if (node === undefined || !isTxId(node.id)) return refuse("a transaction id in each 'node.id'")
    if (!('bundledIn' in node) || !('block' in node)) return refuse("'bundledIn' and 'block' in each node")
    // No block yet: the transaction waits to be mined.
    if (node.bundledIn !== null || node.block === null) return []
    const fee = wholeNumber(fieldsOf(node.fee)?.winston) ?? refuse("an amount in each 'fee.winston'")
    const height = wholeNumber(fieldsOf(node.block)?.height) ?? refuse("a height in each 'block.height'")
    return [{ id: node.id, fee, height: Number(height) }]
  })
  if (!more) return { fees, next: undefined }
  const cursor = fieldsOf(edges.at(-1))?.cursor
  return typeof cursor === 'string' && cursor !== ''
    ? { fees, next: cursor }
    : refuse('a cursor to go on from')
}

function bodyOf(answer: HttpAnswer): unknown {
  const none = (cause?: unknown): IndexerError =>
    new IndexerError(
      'rpc-not-found',
      `${answer.endpoint} POST /graphql: answered ${answer.status}, it has no GraphQL`,
      { endpoint: answer.endpoint, status: answer.status },
      { cause },
    )
  if (answer.status !== 200) throw none()
  try {
    return parseExact(answer.text, 'POST /graphql', answer.endpoint)
  } catch (error) {
    throw none(error)
  }
}
