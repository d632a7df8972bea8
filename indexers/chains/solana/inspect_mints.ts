import { formatScaled } from '../../../pipeline/model/amount.ts'
import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { Finding } from '../../engine/ports.ts'
import type { SolanaClient } from './client.ts'
import { decodeTransaction } from './decode.ts'
import type { Inspected } from './mint.ts'
import type { Listed } from './signatures.ts'
import { newestTransactions } from './signatures.ts'
import type { Matcher } from './streams.ts'
import type { Movement } from './token.ts'
import { movementsOf } from './token.ts'
import { readTransaction } from './transaction.ts'

/** Transactions of the mint authority that are looked at. */
const looked = 100

/** Mints of one shape: same callers, same signer, same destination, counted by the same streams. */
interface Shape {
  readonly movement: Movement
  count: number
  amountRaw: bigint
  readonly newest: string
  /** Streams that count such a mint. */
  readonly streams: ReadonlySet<string>
}

/**
 * Decodes the newest transactions of a mint's authority and shows how it mints: the programs that called, outermost first, and
 * the account that got it. A mint that no declared stream counts differs from the declaration.
 */
export async function inspectMints(
  client: SolanaClient,
  { token, mint, address }: Inspected,
  matchers: readonly Matcher[],
  signal: AbortSignal,
): Promise<Finding[]> {
  if (mint.mintAuthority === undefined) return []
  const subject = `${token} recent mints`
  let listed: readonly Listed[]
  try {
    listed = await newestTransactions(client, mint.mintAuthority, looked, signal)
  } catch (error) {
    if (codeOf(error) !== 'rpc-not-found') throw error
    return [{ verdict: 'news', subject, declared: '', found: `not listed: ${messageOf(error)}` }]
  }
  const shapes = new Map<string, Shape>()
  const whole = listed.filter((l) => !l.failed)
  for (const found of await client.batch(
    whole.map((l) => mintsRequest(l.signature, address, matchers)),
    signal,
  ))
    for (const minted of found) note(shapes, minted)
  if (shapes.size === 0) {
    const found = `none in the last ${listed.length} transactions of ${mint.mintAuthority}`
    return [{ verdict: 'news', subject, declared: '', found }]
  }
  return [...shapes.values()].map(({ movement, count, amountRaw, newest, streams }): Finding => {
    const declares = matchers.some((m) => m.type === 'mint')
    const amount = formatScaled(amountRaw, mint.decimals)
    const callers = movement.callers.map((c) => c.program).join(' > ')
    return {
      verdict: streams.size > 0 ? 'same' : declares ? 'differs' : 'fillIn',
      subject: `${token} minted to ${movement.to ?? 'an account not named'}`,
      declared: [...streams].join(', '),
      found: `${count} mints of ${amount} together; called by ${callers || 'no program'}; the newest in ${newest}`,
    }
  })
}

interface Minted {
  readonly movement: Movement
  readonly signature: string
  readonly streams: readonly string[]
}

function mintsRequest(signature: string, mint: string, matchers: readonly Matcher[]) {
  return {
    method: 'getTransaction',
    params: [signature, { encoding: 'json', maxSupportedTransactionVersion: 0, commitment: 'finalized' }],
    read: (result: unknown): readonly Minted[] => {
      if (result === null) return []
      const transaction = readTransaction(result)
      const events = decodeTransaction(transaction, matchers)
      return movementsOf(transaction).flatMap((movement, position) => {
        if (movement.type !== 'mint' || movement.mint !== mint) return []
        const counted = events.filter((e) => e.position === position).map((e) => e.streamId)
        const streams = matchers.filter((m) => counted.includes(m.stream.id)).map((m) => m.stream.name)
        return [{ movement, signature, streams }]
      })
    },
  }
}

function note(shapes: Map<string, Shape>, { movement, signature, streams }: Minted): void {
  const name = [...movement.callers.map((c) => c.program), movement.authority, movement.to, ...streams].join(
    ' ',
  )
  const known = shapes.get(name)
  if (known === undefined) {
    const { amountRaw } = movement
    shapes.set(name, { movement, count: 1, amountRaw, newest: signature, streams: new Set(streams) })
    return
  }
  known.count += 1
  known.amountRaw += movement.amountRaw
}
