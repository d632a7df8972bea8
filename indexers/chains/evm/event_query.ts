import type { Stream } from '../../../pipeline/model/stream.ts'
import { checkArgument, type KnownEvent, parseEvent, parseTerms, type Term } from './abi.ts'
import { type EventSettings, eventSettingsOf } from './words.ts'

/** A rule of a declaration, checked. */
export interface Rule {
  readonly event: KnownEvent
  readonly amount: readonly Term[]
  readonly equals: readonly Term[] | undefined
  readonly sender: string | undefined
  readonly recipient: string | undefined
  readonly where: readonly {
    readonly name: string
    readonly texts: ReadonlySet<string>
    readonly not: boolean
  }[]
  readonly detail: readonly string[]
  readonly join: RuleJoin | undefined
}

/** An earlier event that a rule takes arguments from. */
export interface RuleJoin {
  readonly event: KnownEvent
  readonly on: string
  readonly fromHeight: number
}

/** What gives events of one stream. */
export interface EventMatcher {
  readonly streamId: number
  /** Network and name of the stream, for messages. */
  readonly where: string
  readonly fromHeight: number
  readonly toHeight: number
  readonly rules: readonly Rule[]
}

/** One `eth_getLogs` filter for every stream of contract events, and for the events that they join. */
export interface EventQuery {
  readonly address: readonly string[]
  readonly topics: readonly [readonly string[]]
  readonly matchers: ReadonlyMap<string, readonly EventMatcher[]>
  /** By contract: the events that are remembered for joins. */
  readonly joins: ReadonlyMap<string, readonly RuleJoin[]>
}

/**
 * The one filter that selects the events of all `streams`; undefined without streams.
 * @throws IndexerError `bad-declaration` naming the stream and what is wrong with its settings.
 */
export function eventQuery(streams: readonly Stream[]): EventQuery | undefined {
  if (streams.length === 0) return undefined
  const matchers = new Map<string, EventMatcher[]>()
  const joins = new Map<string, RuleJoin[]>()
  const topics = new Set<string>()
  for (const stream of streams) {
    const settings = eventSettingsOf(stream)
    const matcher = matcherOf(stream, settings)
    for (const { event, join } of matcher.rules) {
      topics.add(event.topic)
      if (join === undefined) continue
      topics.add(join.event.topic)
      for (const contract of settings.contracts) addJoin(joins, contract, join)
    }
    for (const contract of settings.contracts)
      matchers.set(contract, [...(matchers.get(contract) ?? []), matcher])
  }
  return { address: [...matchers.keys()].sort(), topics: [[...topics].sort()], matchers, joins }
}

/** Two streams may join the same event: it is remembered once, from the lower of their heights on. */
function addJoin(joins: Map<string, RuleJoin[]>, contract: string, join: RuleJoin): void {
  const known = joins.get(contract) ?? []
  const same = known.find((k) => k.event.topic === join.event.topic && k.on === join.on)
  const kept = known.filter((k) => k !== same)
  joins.set(contract, [...kept, same === undefined || join.fromHeight < same.fromHeight ? join : same])
}

function matcherOf(stream: Stream, settings: EventSettings): EventMatcher {
  const where = `${stream.network} stream ${stream.name}`
  return {
    streamId: stream.id,
    where,
    fromHeight: stream.fromHeight ?? 0,
    toHeight: stream.toHeight ?? Number.MAX_SAFE_INTEGER,
    rules: settings.events.map((rule) => ruleOf(rule, where)),
  }
}

function ruleOf(rule: EventSettings['events'][number], where: string): Rule {
  const event = parseEvent(rule.event, where)
  const join =
    rule.join === undefined
      ? undefined
      : { event: parseEvent(rule.join.event, where), on: rule.join.on, fromHeight: rule.join.fromHeight }
  const known = join === undefined ? [event] : [event, join.event]
  if (join !== undefined) for (const each of known) checkArgument(join.on, [each], where)
  const conditions = Object.entries(rule.where ?? {})
  const detail = rule.detail ?? []
  const named = [rule.sender, rule.recipient, ...detail, ...conditions.map(([name]) => name)]
  for (const name of named) if (name !== undefined) checkArgument(name, known, where)
  return {
    event,
    amount: parseTerms(rule.amount, known, where),
    equals: rule.equals === undefined ? undefined : parseTerms(rule.equals, known, where),
    sender: rule.sender,
    recipient: rule.recipient,
    where: conditions.map(([name, is]) =>
      'not' in is ? { name, texts: new Set(is.not), not: true } : { name, texts: new Set(is), not: false },
    ),
    detail,
    join,
  }
}
