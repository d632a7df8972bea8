import { modules } from './accounts.ts'
import { coinsText } from './decimal.ts'
import type { Era } from './eras.ts'
import { eventsOf, type PlainEvent } from './events.ts'
import type { BlockFacts, Fact, MessageFacts, TransactionFacts } from './facts.ts'

interface WireEvent {
  readonly type: string
  readonly attributes: readonly { readonly key: string; readonly value: string; readonly index: boolean }[]
}

const consensusParams = {
  block: { max_bytes: '22020096', max_gas: '-1' },
  evidence: { max_age_num_blocks: '279138', max_age_duration: '1814400000000000', max_bytes: '1048576' },
  validator: { pub_key_types: ['ed25519'] },
}

/** The answer of `/block_results`, in the shape of a block's era. @param appHash The state's hash after the block. */
export function blockResults(
  block: BlockFacts,
  era: Era,
  appHash: Buffer,
): Readonly<Record<string, unknown>> {
  const write = writer(era)
  const events = (facts: readonly Fact[], mode?: string): WireEvent[] =>
    facts
      .flatMap((fact) => eventsOf(fact, era))
      .map((event) => write(mode === undefined ? event : added(event, ['mode', mode])))
  const transactions = block.transactions.map((one) => transactionResult(one, era, write))
  const shared = {
    height: String(block.height),
    txs_results: transactions.length === 0 ? null : transactions,
  }
  const rest = { validator_updates: null, consensus_param_updates: consensusParams }
  if (era.lists === 'two') {
    const begin = events([...block.before, ...block.begin])
    const end = events(block.end)
    return { ...shared, begin_block_events: begin, end_block_events: end.length === 0 ? null : end, ...rest }
  }
  const all = [
    ...events(block.before),
    ...events(block.begin, 'BeginBlock'),
    ...events(block.end, 'EndBlock'),
  ]
  return { ...shared, finalize_block_events: all, ...rest, app_hash: appHash.toString('base64') }
}

function writer(era: Era): (event: PlainEvent) => WireEvent {
  const code =
    era.encoding === 'plain' ? (text: string) => text : (text: string) => Buffer.from(text).toString('base64')
  return ({ type, attributes }) => ({
    type,
    attributes: attributes.map(([key, value]) => ({ key: code(key), value: code(value), index: true })),
  })
}

const added = (event: PlainEvent, attribute: readonly [string, string]): PlainEvent => ({
  type: event.type,
  attributes: [...event.attributes, attribute],
})

/** What the mempool's check and the fee leave, before any message runs. */
function anteEvents({ signer, granter, fee, sequence }: TransactionFacts, era: Era): PlainEvent[] {
  const payer = granter ?? signer
  const amount = coinsText(fee)
  const paid = eventsOf({ kind: 'send', from: payer, to: modules.feeCollector, coins: fee }, era)
  if (!era.bankEvents) return paid
  const told: (readonly [string, string])[] = [['fee', amount]]
  if (era.typed) told.push(['fee_payer', payer])
  const granted: PlainEvent[] =
    granter === undefined
      ? []
      : [
          {
            type: 'use_feegrant',
            attributes: [
              ['granter', granter],
              ['grantee', signer],
            ],
          },
        ]
  return [
    ...granted,
    ...paid,
    { type: 'tx', attributes: told },
    { type: 'tx', attributes: [['acc_seq', `${signer}/${sequence}`]] },
    { type: 'tx', attributes: [['signature', Buffer.from(`${signer}${sequence}`).toString('base64')]] },
  ]
}

/** The bare word that actions had before they became types: `create-deployment`. */
function bareAction(typeUrl: string): string {
  const name = typeUrl.split('.Msg').at(-1) ?? typeUrl
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
}

function messageEvents(message: MessageFacts, index: number, era: Era): PlainEvent[] {
  const { typeUrl, sender, module, facts, nested = [] } = message
  const action = era.bankEvents ? typeUrl : bareAction(typeUrl)
  const tail: (readonly [string, string])[] = era.typed ? [['msg_index', String(index)]] : []
  const head: PlainEvent = {
    type: 'message',
    attributes: era.typed
      ? [
          ['action', action],
          ['sender', sender],
          ['module', module],
        ]
      : [['action', action]],
  }
  const inner = nested.flatMap((one) =>
    one.facts
      .flatMap((fact) => eventsOf(fact, era))
      .map((event) => (era.typed ? added(event, ['authz_msg_index', String(one.index)]) : event)),
  )
  const own = [head, ...inner, ...facts.flatMap((fact) => eventsOf(fact, era))]
  return own.map((event) => ({ type: event.type, attributes: [...event.attributes, ...tail] }))
}

function transactionResult(
  transaction: TransactionFacts,
  era: Era,
  write: (event: PlainEvent) => WireEvent,
): Readonly<Record<string, unknown>> {
  const { failed, gas } = transaction
  const ante = anteEvents(transaction, era)
  const messages =
    failed === undefined ? transaction.messages.map((one, at) => messageEvents(one, at, era)) : []
  // Before banks told their moves, a failed transaction left no event at all.
  const told = failed !== undefined && !era.bankEvents ? [] : [...ante, ...messages.flat()]
  return {
    code: failed?.code ?? 0,
    data: null,
    log: failed?.log ?? (era.typed ? '' : mergedLog(messages, era.bankEvents ? [] : ante)),
    info: '',
    gas_wanted: String(gas),
    gas_used: String(Math.floor(gas * 0.7)),
    events: told.map(write),
    codespace: failed?.codespace ?? '',
  }
}

/** The log of older versions: events of a message merged by type, so that one event repeats its keys. */
function mergedLog(messages: readonly (readonly PlainEvent[])[], ante: readonly PlainEvent[]): string {
  const logs = messages.map((own, at) => {
    const merged = new Map<string, object[]>()
    for (const { type, attributes } of at === 0 ? [...own, ...ante] : own) {
      const list = merged.get(type) ?? []
      list.push(...attributes.map(([key, value]) => ({ key, value })))
      merged.set(type, list)
    }
    const events = [...merged]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, attributes]) => ({ type, attributes }))
    return at === 0 ? { events } : { msg_index: at, events }
  })
  return JSON.stringify(logs)
}
