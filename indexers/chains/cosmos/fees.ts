import { amountIn, type Coin, parseCoins } from './coins.ts'
import type { ChainEvent } from './events.ts'
import { type Amount, type BlockFacts, type Era, recordStep, type Unknown } from './facts.ts'
import type { Settings } from './streams.ts'
import { countsDenom } from './streams.ts'
import { valueAt } from './values.ts'

/** One transaction's fee. */
interface Paid {
  readonly tx: number
  readonly position: number
  readonly coins: readonly Coin[]
  readonly payer: string | undefined
}

/** A transaction that failed, the fee it named, and whether it was taken. */
interface Failed extends Paid {
  /** Undefined: its error does not say whether it came as far as paying. */
  readonly taken: boolean | undefined
}

type FeeSettings = Settings<'cosmos.fees'>

/**
 * What each transaction of a block paid to be included.
 * Where blocks tell every movement, the `tx` event says it, of failed transactions too. Before, a successful one shows a
 * transfer to the collector and a failed one shows nothing: its fee is in its bytes, and was taken if it failed in a message.
 * Running out of gas does not say where; then the collector's own account of the block decides, and must agree in any case.
 */
export function readFees(block: BlockFacts, settings: FeeSettings, era: Era): readonly Amount[] | Unknown {
  if (era.coinEvents) return block.txs.flatMap(({ events }, tx) => amountsOf(stated(events, tx), settings))
  const paid = block.txs.flatMap(({ events, code }, tx) =>
    code === 0 ? shown(events, tx, settings.collector) : [],
  )
  const failed = block.txs.flatMap((_, tx) => failedFee(block, tx))
  const certain = [...paid, ...failed.filter((f) => f.taken === true)]
  const unsure = failed.filter((f) => f.taken === undefined)
  const settled = settle(block, settings, certain, unsure)
  if ('reason' in settled) return settled
  return settled.sort((a, b) => a.tx - b.tx).flatMap((p) => amountsOf([p], settings))
}

/**
 * A block's fees in one denom by its collector alone: what the next block hands on from it, less what x/mint put in
 * since it was last emptied.
 */
export function readSwept(
  block: BlockFacts,
  settings: Settings<'cosmos.swept'>,
): readonly Amount[] | Unknown {
  const fees = sweptOf(block, settings.denom, settings)
  return typeof fees === 'bigint' ? [{ tx: undefined, position: 0, raw: fees }] : fees
}

function sweptOf(
  block: BlockFacts,
  denom: string,
  { collector, sweptTo }: { collector: string; sweptTo: string },
): bigint | Unknown {
  const { next, height } = block
  const unknown = (reason: string): Unknown => ({
    code: 'decode-failed',
    reason: `block ${height}: ${reason}`,
  })
  if (next === undefined)
    return { code: 'rpc-not-found', reason: `block ${height}: the block after it could not be read` }
  const own = flowsOf(block.results.begin, denom, collector, sweptTo)
  const after = flowsOf(next.results.begin, denom, collector, sweptTo)
  if (after.swept === undefined) {
    // Nothing to hand on leaves no transfer.
    if (own.inAfter === 0n && after.inBefore === 0n) return 0n
    return unknown(`its mint of ${own.inAfter + after.inBefore} ${denom} was not handed on in the next block`)
  }
  const fees = after.swept - own.inAfter - after.inBefore
  if (fees >= 0n) return fees
  return unknown(
    `the collector handed on ${after.swept} ${denom}, less than the ${own.inAfter + after.inBefore} minted into it`,
  )
}

/** What a collector got in the events before the transactions, before and after it was emptied, and what it handed on. */
function flowsOf(
  events: readonly ChainEvent[],
  denom: string,
  collector: string,
  sweptTo: string,
): { swept: bigint | undefined; inBefore: bigint; inAfter: bigint } {
  let swept: bigint | undefined
  let inBefore = 0n
  let inAfter = 0n
  for (const event of events) {
    if (event.type !== 'transfer') continue
    for (const attributes of event.records()) {
      const [sender, recipient] = [valueAt(attributes, 'sender'), valueAt(attributes, 'recipient')]
      const amount = amountIn(parseCoins(valueAt(attributes, 'amount') ?? '') ?? [], denom)
      if (sender === collector && recipient === sweptTo) swept = (swept ?? 0n) + amount
      else if (recipient !== collector) continue
      else if (swept === undefined) inBefore += amount
      else inAfter += amount
    }
  }
  return swept === undefined ? { swept, inBefore: 0n, inAfter: inBefore } : { swept, inBefore, inAfter }
}

/** The fee that `tx` events state. */
function stated(events: readonly ChainEvent[], tx: number): Paid[] {
  for (const event of events) {
    const fee = event.type === 'tx' ? event.get('fee') : undefined
    if (fee === undefined) continue
    return [
      {
        tx,
        position: event.index,
        coins: parseCoins(fee) ?? [],
        payer: event.get('fee_payer') ?? payerIn(events),
      },
    ]
  }
  return []
}

/** Who spent first: before events named the payer, the fee was the first coin spent. */
function payerIn(events: readonly ChainEvent[]): string | undefined {
  return events.find((e) => e.type === 'coin_spent')?.get('spender')
}

/** The transfers of a successful transaction to the collector. */
function shown(events: readonly ChainEvent[], tx: number, collector: string): Paid[] {
  for (const event of events) {
    if (event.type !== 'transfer') continue
    for (const attributes of event.records()) {
      if (valueAt(attributes, 'recipient') !== collector) continue
      const coins = parseCoins(valueAt(attributes, 'amount') ?? '') ?? []
      return [{ tx, position: event.index, coins, payer: valueAt(attributes, 'sender') }]
    }
  }
  return []
}

function failedFee(block: BlockFacts, tx: number): Failed[] {
  const result = block.txs[tx]
  if (result === undefined || result.code === 0) return []
  const read = block.transaction(tx)
  if (read === undefined || read.fee.length === 0) return []
  const inMessage = result.log.startsWith('failed to execute message')
  const outOfGas = result.codespace === 'sdk' && result.code === 11
  const taken = inMessage ? true : outOfGas ? undefined : false
  return [{ tx, position: 0, coins: read.fee, payer: read.payer, taken }]
}

/** Which transactions paid: what is certain, and of what is unsure, all or none, as the collector says. */
function settle(
  block: BlockFacts,
  settings: FeeSettings,
  certain: readonly Paid[],
  unsure: readonly Failed[],
): Paid[] | Unknown {
  const all = [...certain, ...unsure]
  const denoms = new Set(all.flatMap((p) => p.coins.map((c) => c.denom)))
  if (settings.denom !== undefined) denoms.add(settings.denom)
  let answer: Paid[] = [...certain]
  for (const denom of denoms) {
    const sum = (of: readonly Paid[]): bigint => of.reduce((total, p) => total + amountIn(p.coins, denom), 0n)
    const swept = sweptOf(block, denom, settings)
    if (typeof swept !== 'bigint') return swept
    if (swept === sum(all) && sum(unsure) > 0n) answer = all
    else if (swept !== sum(certain)) {
      const reason =
        `block ${block.height}: its transactions paid ${sum(certain)} ${denom} in fees, and ${sum(unsure)} more if those that ran out ` +
        `of gas paid, but its collector handed on ${swept}`
      return { code: 'decode-failed', reason }
    }
  }
  return answer
}

function amountsOf(paid: readonly Paid[], settings: FeeSettings): Amount[] {
  return paid.flatMap(({ tx, position, coins, payer }) =>
    coins
      .filter((c) => countsDenom(settings, c.denom) && c.amount > 0n)
      .map(({ denom, amount }, i) => ({
        tx,
        position: position + i * recordStep,
        raw: amount,
        sender: payer,
        denom,
      })),
  )
}
