import { parseCoins } from './coins.ts'
import type { Attribute, ChainEvent } from './events.ts'
import type { Amount, BlockFacts, Unknown } from './facts.ts'
import { isUnknown, recordStep } from './facts.ts'
import { textIn } from './protobuf.ts'
import type { AddressRule, EventAddressRule, Settings } from './streams.ts'
import { countsDenom } from './streams.ts'
import type { Message } from './transaction.ts'
import { holds, valueAt } from './values.ts'

type PayoutSettings = Settings<'cosmos.payouts'>

/** The events of one message, and what it asked for; those of the block itself are one segment without messages. */
interface Segment {
  readonly tx: number | undefined
  readonly messages: readonly Message[]
  readonly events: ChainEvent[]
}

/**
 * What an escrow account paid to payees in a block.
 * A transfer counts if its recipient is a payee of the same message. It does not count where it stands directly before an
 * event that says that this recipient's deposit ends, nor in a message that only gives deposits back.
 */
export function readPayouts(block: BlockFacts, settings: PayoutSettings): readonly Amount[] | Unknown {
  const amounts: Amount[] = []
  for (const segment of segmentsOf(block, settings.from)) {
    const read = readSegment(block, segment, settings)
    if (isUnknown(read)) return read
    amounts.push(...read)
  }
  return amounts
}

function readSegment(
  block: BlockFacts,
  segment: Segment,
  settings: PayoutSettings,
): readonly Amount[] | Unknown {
  const { payees, shared } = payeesOf(segment, settings.payees)
  for (const never of settings.never ?? []) payees.delete(never)
  if (payees.size === 0) return []
  const refunding = segment.messages.find((m) => settings.refundingMessages.some((p) => isMessage(m, p)))
  const amounts: Amount[] = []
  for (const [at, event] of segment.events.entries()) {
    if (event.type !== 'transfer') continue
    const records = event.records()
    for (const [record, attributes] of records.entries()) {
      const recipient = valueAt(attributes, 'recipient')
      if (
        valueAt(attributes, 'sender') !== settings.from ||
        recipient === undefined ||
        !payees.has(recipient)
      )
        continue
      const coins = parseCoins(valueAt(attributes, 'amount') ?? '') ?? []
      const counted = coins.filter((c) => countsDenom(settings, c.denom))
      if (counted.length === 0) continue
      const why = (what: string): Unknown => ({
        code: 'decode-failed',
        reason: `block ${block.height}: ${what}, so a payment to ${recipient} cannot be told from a refund`,
      })
      if (records.length > 1) return why('the events of a transaction were merged')
      if (refunding !== undefined) return why(`one message holds ${refunding.type} and a payment`)
      if (shared.has(recipient)) return why('payer and payee are the same account')
      if (isRefund(segment.events, at, recipient, settings.refundedBefore)) continue
      for (const [i, { denom, amount }] of counted.entries()) {
        const position = event.index + (record + i) * recordStep
        amounts.push({ tx: segment.tx, position, raw: amount, sender: settings.from, recipient, denom })
      }
    }
  }
  return amounts
}

/** Whether only the transfer's own message event stands between it and the event that ends the recipient's deposit. */
function isRefund(
  events: readonly ChainEvent[],
  at: number,
  recipient: string,
  rules: readonly EventAddressRule[],
): boolean {
  for (let next = at + 1; next < events.length; next += 1) {
    const event = events[next]
    if (event === undefined || (event.type === 'message' && event.get('action') === undefined)) continue
    return rules.some((rule) => addressesIn(event, rule).some((a) => a.address === recipient))
  }
  return false
}

function payeesOf(
  { events, messages }: Segment,
  rules: readonly AddressRule[],
): { readonly payees: Set<string>; readonly shared: ReadonlySet<string> } {
  const payees = new Set<string>()
  const shared = new Set<string>()
  for (const rule of rules) {
    if ('message' in rule) {
      for (const message of messages) {
        const address = isMessage(message, rule.message) ? textIn(message.bytes, rule.field) : undefined
        if (address !== undefined && address !== '') payees.add(address)
      }
      continue
    }
    for (const event of events) {
      for (const { address, owner } of addressesIn(event, rule)) {
        payees.add(address)
        if (owner === address) shared.add(address)
      }
    }
  }
  return { payees, shared }
}

function addressesIn(
  event: ChainEvent,
  rule: EventAddressRule,
): { address: string; owner: string | undefined }[] {
  if (event.type !== rule.event) return []
  return event.records().flatMap((attributes: readonly Attribute[]) => {
    if (rule.where !== undefined && !holds(attributes, rule.where)) return []
    const address = valueAt(attributes, rule.address)
    if (address === undefined || address === '') return []
    return [{ address, owner: rule.owner === undefined ? undefined : valueAt(attributes, rule.owner) }]
  })
}

function isMessage({ type }: Message, pattern: string): boolean {
  const [own, wanted] = [type.split('.'), pattern.split('.')]
  return own.length === wanted.length && wanted.every((part, i) => part === '*' || part === own[i])
}

/** Only the transactions and block events in which the escrow account spends at all, split by message. */
function segmentsOf(block: BlockFacts, from: string): Segment[] {
  const { begin, txs, end } = block.results
  const pays = (events: readonly ChainEvent[]): boolean =>
    events.some((e) => e.type === 'transfer' && e.attributes.some(([k, v]) => k === 'sender' && v === from))
  const own = [begin, end]
    .filter(pays)
    .map((events): Segment => ({ tx: undefined, messages: [], events: [...events] }))
  for (const [tx, { events, code }] of txs.entries()) {
    if (code === 0 && pays(events)) own.push(...splitByMessage(block, tx, events))
  }
  return own
}

/** By `msg_index` where events have it, else a message starts at the event that names its action. */
function splitByMessage(block: BlockFacts, tx: number, events: readonly ChainEvent[]): Segment[] {
  const messages = block.transaction(tx)?.messages ?? []
  const segments = new Map<string, Segment>()
  let counted = -1
  for (const event of events) {
    const said = event.get('msg_index')
    if (event.type === 'message' && event.get('action') !== undefined) counted += 1
    const index = said === undefined ? counted : Number(said)
    const inner = event.get('authz_msg_index')
    const key = `${index} ${inner ?? ''}`
    const segment = segments.get(key) ?? { tx, messages: messagesAt(messages, index, inner), events: [] }
    segments.set(key, segment)
    segment.events.push(event)
  }
  return [...segments.values()]
}

function messagesAt(
  all: readonly (readonly Message[])[],
  index: number,
  inner: string | undefined,
): readonly Message[] {
  const own = all[index] ?? []
  // A wrapper stands before what it holds.
  const one = inner === undefined ? undefined : own[Number(inner) + 1]
  return one === undefined ? own : [one]
}
