import { IndexerError } from '../../../pipeline/model/errors.ts'
import { parseCoins, parseDec, wholeAmount } from './coins.ts'
import type { BlockFacts, Era, Placed, Unknown } from './facts.ts'
import { type Amount, recordStep } from './facts.ts'
import { readFees, readSwept } from './fees.ts'
import { readPayouts } from './payouts.ts'
import type { CosmosWord, Reader, Settings } from './streams.ts'
import { countsDenom } from './streams.ts'
import { holds, valueAt } from './values.ts'

/** What reading a word takes besides the results of blocks. */
export interface Needs {
  /** Bytes of transactions: their ids, messages and fees. */
  readonly txs: boolean
  /** Read apart, not block by block: from the supply at some heights, or from a list of leases. */
  readonly apart?: 'supply' | 'leases'
}

const blockOnly: Needs = { txs: false }
const withTxs: Needs = { txs: true }

const needs: Readonly<Record<CosmosWord, Needs>> = {
  'cosmos.mint': blockOnly,
  'cosmos.made': withTxs,
  'cosmos.burned': withTxs,
  'cosmos.transfers': withTxs,
  'cosmos.payouts': withTxs,
  'cosmos.typed': withTxs,
  'cosmos.fees': withTxs,
  'cosmos.swept': blockOnly,
  'cosmos.unseenBurns': blockOnly,
  'cosmos.growth': { txs: false, apart: 'supply' },
  'cosmos.accrued': { txs: false, apart: 'leases' },
}

/** What reading a word takes. */
export function needsOf({ word }: Reader): Needs {
  return needs[word]
}

/** The amounts of a block for a stream, or why the block does not tell them. */
export function readWord(block: BlockFacts, reader: Reader, era: Era): readonly Amount[] | Unknown {
  switch (reader.word) {
    case 'cosmos.mint': {
      const { mint } = block.tally
      return mint === undefined ? [] : [{ tx: undefined, position: mint.event.index, raw: mint.amount }]
    }
    case 'cosmos.made':
      return banked(
        block,
        reader.settings,
        era,
        'coinbase',
        'minter',
        reader.settings.minters,
        reader.settings.mintersBut,
      )
    case 'cosmos.burned':
      return banked(
        block,
        reader.settings,
        era,
        'burn',
        'burner',
        reader.settings.burners,
        reader.settings.burnersBut,
      )
    case 'cosmos.transfers':
      return readTransfers(block, reader.settings)
    case 'cosmos.payouts':
      return readPayouts(block, reader.settings)
    case 'cosmos.typed':
      return readTyped(block, reader.settings)
    case 'cosmos.fees':
      return readFees(block, reader.settings, era)
    case 'cosmos.swept':
      return readSwept(block, reader.settings)
    case 'cosmos.unseenBurns':
      return readUnseenBurns(block, era)
    case 'cosmos.growth':
    case 'cosmos.accrued':
      throw new IndexerError('bad-declaration', `stream ${reader.stream.name} is not read block by block`)
  }
}

function actOf(block: BlockFacts, { event, tx }: Placed): string {
  return `${block.mark.hash.slice(0, 16)} ${tx ?? 'block'} ${event.index}`
}

/** What the bank made or destroyed for modules. */
function banked(
  block: BlockFacts,
  settings: Settings<'cosmos.made'>,
  era: Era,
  type: 'coinbase' | 'burn',
  key: 'minter' | 'burner',
  only: readonly string[] | undefined,
  but: readonly string[] | undefined,
): readonly Amount[] | Unknown {
  // Before there were such events, what was burned is told by the supply: see unseenBurns.
  if (!era.coinEvents) return []
  const amounts: Amount[] = []
  for (const { event, tx } of block.of(type)) {
    for (const [record, attributes] of event.records().entries()) {
      const by = valueAt(attributes, key)
      if (by === undefined || (only !== undefined && !only.includes(by)) || but?.includes(by) === true)
        continue
      const coins = parseCoins(valueAt(attributes, 'amount') ?? '') ?? []
      for (const [i, { denom, amount }] of coins.filter((c) => countsDenom(settings, c.denom)).entries()) {
        const position = event.index + (record + i) * recordStep
        amounts.push({
          tx,
          position,
          raw: amount,
          denom,
          ...(type === 'burn' ? { sender: by } : { recipient: by }),
        })
      }
    }
  }
  return amounts
}

function readTransfers(block: BlockFacts, settings: Settings<'cosmos.transfers'>): readonly Amount[] {
  const amounts: Amount[] = []
  for (const { event, tx } of block.of('transfer')) {
    for (const [record, attributes] of event.records().entries()) {
      const sender = valueAt(attributes, 'sender')
      const recipient = valueAt(attributes, 'recipient')
      if (sender === undefined || recipient === undefined) continue
      if (!settings.from.includes(sender) || !settings.to.includes(recipient)) continue
      const coins = parseCoins(valueAt(attributes, 'amount') ?? '') ?? []
      for (const [i, { denom, amount }] of coins.filter((c) => countsDenom(settings, c.denom)).entries())
        amounts.push({
          tx,
          position: event.index + (record + i) * recordStep,
          raw: amount,
          sender,
          recipient,
          denom,
        })
    }
  }
  return amounts
}

function readTyped(block: BlockFacts, settings: Settings<'cosmos.typed'>): readonly Amount[] {
  const amounts: Amount[] = []
  for (const placed of settings.events.flatMap((type) => block.of(type))) {
    const { event, tx } = placed
    const { attributes } = event
    if (settings.where !== undefined && !holds(attributes, settings.where)) continue
    const denom = valueAt(attributes, settings.denomAt)
    const text = valueAt(attributes, settings.amount)
    if (denom === undefined || text === undefined || !countsDenom(settings, denom)) continue
    const where = `block ${block.height}: ${event.type}`
    const less = settings.less === undefined ? undefined : valueAt(attributes, settings.less)
    const whole = wholeAmount(text, where) - (less === undefined ? 0n : wholeAmount(less, where))
    const raw =
      settings.times === undefined ? whole : worthOf(whole, valueAt(attributes, settings.times), where)
    const at = (name: string | undefined): string | undefined =>
      name === undefined ? undefined : valueAt(attributes, name)
    const [sender, recipient] = [at(settings.sender), at(settings.recipient)]
    amounts.push({ tx, position: event.index, raw, denom, sender, recipient, act: actOf(block, placed) })
  }
  return amounts
}

function worthOf(amount: bigint, price: string | undefined, where: string): bigint {
  const scaled = price === undefined ? undefined : parseDec(price)
  if (scaled === undefined) throw new IndexerError('decode-failed', `${where}: '${price}' is no price`)
  return (amount * scaled) / 10n ** 18n
}

function readUnseenBurns(block: BlockFacts, era: Era): readonly Amount[] | Unknown {
  const unknown = (why: string): Unknown => ({
    code: 'decode-failed',
    reason: `block ${block.height}: ${why}`,
  })
  if (era.coinEvents) return []
  const { mint } = block.tally
  const after = block.next?.tally.mint?.supplyBefore
  if (mint?.supplyBefore === undefined || after === undefined)
    return unknown('it or the next one does not tell the supply, so burns without an event cannot be seen')
  const raw = mint.supplyBefore + mint.amount - after
  return raw === 0n ? [] : [{ tx: undefined, position: mint.event.index, raw }]
}
