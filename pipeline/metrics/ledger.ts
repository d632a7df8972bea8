import type { Flow, FlowStream, NetworkFlows } from '../model/flow.ts'
import type { Quality } from '../model/quality.ts'
import { isShown, worse } from '../model/quality.ts'
import type { Definitions } from '../model/series.ts'
import type { Day } from '../model/time.ts'
import { addDays, dayOfNumber } from '../model/time.ts'
import { accrualOn, shareOf } from './accruals.ts'
import type { Selection } from './selections.ts'

/** Dollars of every token, or smallest units of the network's own one. */
export type Measure = 'usd' | 'raw'

/** What a selection gives on one day, or from it on for `span` days that were published as a whole. */
export interface DayValue {
  readonly value: bigint
  readonly quality: Quality
  readonly reason: string | null
  readonly availableAt: number | null
  readonly version: number | null
  readonly methods: readonly string[]
  /** What a reader should know of its price; null: nothing. */
  readonly warning: string | null
  readonly span: number
}

/** Streams of one token that are added, and the published totals that stand in for them. */
interface TokenStreams {
  readonly ledger: readonly FlowStream[]
  readonly standIns: readonly FlowStream[]
}

/** What a token's streams give on a day; by a published total, also which streams that stands in for. */
interface TokenValue extends DayValue {
  readonly standsFor?: readonly string[]
}

interface Group {
  readonly tokens: readonly TokenStreams[]
  /** By day number. */
  readonly days: Map<number, readonly DayValue[]>
  on?: (dayNumber: number) => readonly DayValue[]
}

const nothing: DayValue = {
  value: 0n,
  quality: 'COMPLETE',
  reason: null,
  availableAt: null,
  version: null,
  methods: [],
  warning: null,
  span: 1,
}

/** Hears which published days a value is made of. */
export type ReadListener = (stream: FlowStream, day: Day, flow: Flow) => void

/** The flows of a network under a reader's definitions: what each selection gives on each day, worked out once. */
export class Ledger {
  readonly flows: NetworkFlows
  readonly definitions: Definitions
  readonly #groups = { usd: new Map<Selection, Group>(), raw: new Map<Selection, Group>() }
  readonly #onRead: ReadListener | undefined

  /** @param onRead Told of each day of a stream that is looked at. */
  constructor(flows: NetworkFlows, definitions: Definitions, onRead?: ReadListener) {
    this.flows = flows
    this.definitions = definitions
    this.#onRead = onRead
  }

  /** What a selection gives on each day: a value for each token, always in the same order; one where there is none. */
  days(selection: Selection, measure: Measure): (dayNumber: number) => readonly DayValue[] {
    const group = this.#group(selection, measure)
    group.on ??= (number) => {
      const known = group.days.get(number)
      if (known !== undefined) return known
      const made = this.#make(selection, measure, group, dayOfNumber(number))
      group.days.set(number, made)
      return made
    }
    return group.on
  }

  #group(selection: Selection, measure: Measure): Group {
    const groups = this.#groups[measure]
    const known = groups.get(selection)
    if (known !== undefined) return known
    const counts = (s: FlowStream): boolean =>
      selection.picks(s) && (measure === 'usd' || s.token === this.flows.primaryToken)
    const chosen = this.flows.streams.filter(
      (s) =>
        counts(s) &&
        (selection.parts === true ? s.role === 'part' : s.role !== 'part') &&
        this.#fits(s, selection),
    )
    const tokens = [...new Set(chosen.map((s) => s.token))].map((token) => ({
      ledger: chosen.filter((s) => s.token === token && s.role !== 'standIn'),
      standIns: chosen.filter((s) => s.token === token && s.role === 'standIn'),
    }))
    const made: Group = { tokens, days: new Map<number, readonly DayValue[]>() }
    groups.set(selection, made)
    return made
  }

  /** Whether a total of several streams stands in for some of them only: then it says nothing of these. */
  #fits(stream: FlowStream, selection: Selection): boolean {
    if (stream.role !== 'standIn') return true
    return this.flows.streams.every((s) => !stream.of.includes(s.name) || selection.picks(s))
  }

  #make(selection: Selection, measure: Measure, group: Group, day: Day): readonly DayValue[] {
    const values = group.tokens.map((token) => this.#ofToken(selection, measure, token, day))
    if (values.every((v) => v === undefined)) {
      return [this.#absence(selection, day), ...group.tokens.slice(1).map(() => nothing)]
    }
    // A published total may stand in for streams of other tokens too: where it is used, these are in it.
    const inside = new Map<string, number>()
    for (const v of values) for (const name of v?.standsFor ?? []) inside.set(name, v?.span ?? 1)
    return values.map((v, i) => {
      if (v === undefined) return nothing
      const spans = (group.tokens[i]?.ledger ?? []).map((s) => (isAlive(s, day) ? inside.get(s.name) : 0))
      const within = inside.size > 0 && v.standsFor === undefined && spans.every((s) => s !== undefined)
      return within ? { ...nothing, span: Math.max(1, ...spans.map((s) => s ?? 0)) } : v
    })
  }

  /** The streams of a token, or what stands in for them where they do not give the day; undefined: none is alive. */
  #ofToken(
    selection: Selection,
    measure: Measure,
    { ledger, standIns }: TokenStreams,
    day: Day,
  ): TokenValue | undefined {
    const imports = standIns.filter((s) => s.method === 'import')
    const counters = standIns.filter((s) => s.method !== 'import')
    const total = (streams: readonly FlowStream[], at: Day): DayValue | undefined => {
      let sum: DayValue | undefined
      for (const stream of streams) {
        if (!isAlive(stream, at)) continue
        const value = this.#ofStream(selection, measure, stream, at)
        sum = sum === undefined ? value : add(sum, value)
      }
      return sum
    }
    if (standIns.length === 0) return total(ledger, day)
    // What the chain itself says in another way comes before what somebody published; the two are never added.
    const chain = (at: Day): DayValue | undefined => {
      const read = total(ledger, at)
      if (read !== undefined && isShown(read.quality)) return read
      const counted = total(counters, at)
      return counted !== undefined && isShown(counted.quality) ? counted : read
    }
    const own = chain(day)
    const found = total(imports, day)
    const published = found && { ...found, standsFor: imports.flatMap((s) => (isAlive(s, day) ? s.of : [])) }
    if (own === undefined) return published ?? total(counters, day)
    if (published === undefined) return own
    // An amount without a price, or a period published only as a whole, says more than days that were not read.
    const saysMore = own.quality === 'NO_COVERAGE' && ['NO_PRICE', 'PARTIAL'].includes(published.quality)
    if (!isShown(published.quality) && !saysMore) return own
    // A longer published period is one amount: it stands in whole if the chain lacks any day of it.
    for (let i = 0; i < published.span; i += 1) {
      if (!isShown(chain(addDays(day, i))?.quality ?? 'NO_COVERAGE')) return published
    }
    return own
  }

  #ofStream(selection: Selection, measure: Measure, stream: FlowStream, day: Day): DayValue {
    const flow = stream.days.get(day)
    if (flow === undefined) return { ...nothing, ...this.#unread(day), methods: methodsOf(stream.method) }
    this.#onRead?.(stream, day, flow)
    const whole = toDayValue(stream, flow, measure)
    if (selection.keeper === undefined || !isShown(whole.quality)) return whole
    const accrual = accrualOn(stream, day)
    if (accrual !== undefined) return { ...whole, value: shareOf(accrual, selection.keeper, whole.value) }
    return this.#ofParts(selection, measure, stream, day)
  }

  /** A fee whose split is read from the chain as streams of its own. */
  #ofParts(selection: Selection, measure: Measure, stream: FlowStream, day: Day): DayValue {
    const parts = this.flows.streams.filter(
      (s) => s.role === 'part' && s.kind === 'fee' && s.of.includes(stream.name) && s.accrues.length > 0,
    )
    if (parts.length === 0) {
      return {
        ...nothing,
        quality: 'NO_COVERAGE',
        reason: `who keeps ${stream.name} is not declared for the day`,
      }
    }
    return parts.reduce((sum, part) => add(sum, this.#ofStream(selection, measure, part, day)), nothing)
  }

  /** Whether a day is over on the chain, or (where no node has been asked) known from an import. */
  #hasEnded(day: Day): boolean {
    const { headDay, streams } = this.flows
    return headDay === null ? streams.some((s) => s.days.has(day)) : day < headDay
  }

  #unread(day: Day): { quality: Quality; reason: string | null } {
    const { headDay } = this.flows
    if (headDay !== null && day >= headDay)
      return { quality: 'PENDING', reason: 'the day has not ended on the chain' }
    return { quality: 'NO_COVERAGE', reason: 'no block of the day has been read' }
  }

  /** What having no stream means: the declaration says whether that is zero or not known. */
  #absence({ kind, absentee, lens, silenceIsZero }: Selection, day: Day): DayValue {
    const zero = { truly: 'zero' }
    const declared = absentee === undefined ? zero : this.flows.absent[absentee]
    const absent = declared ?? (silenceIsZero === true ? zero : undefined)
    if (absent === undefined) {
      const what = lens === undefined ? (absentee ?? kind) : `fees of the lens ${lens}`
      return { ...nothing, quality: 'NO_COVERAGE', reason: `no stream of ${what} is declared for the day` }
    }
    if (absent.truly === 'unknown') {
      return { ...nothing, quality: 'NO_COVERAGE', reason: 'why' in absent ? absent.why : null }
    }
    return this.#hasEnded(day) ? nothing : { ...nothing, ...this.#unread(day) }
  }
}

const methodLists = new Map<string, readonly string[]>()

/** The same list for the same method: lists are compared before they are joined. */
function methodsOf(method: string): readonly string[] {
  const known = methodLists.get(method)
  if (known !== undefined) return known
  const made = [method]
  methodLists.set(method, made)
  return made
}

function toDayValue(stream: FlowStream, flow: Flow, measure: Measure): DayValue {
  const usd = measure === 'usd'
  return {
    value: (usd ? flow.usdMicros : flow.raw) ?? 0n,
    quality: usd ? flow.usdQuality : flow.quality,
    reason: usd ? flow.usdReason : flow.reason,
    availableAt: flow.availableAt,
    version: flow.version,
    methods: methodsOf(stream.method),
    warning: usd ? flow.warning : null,
    span: flow.span,
  }
}

/** Two values of the same day as one: as good as the worse of them. */
function add(a: DayValue, b: DayValue): DayValue {
  const quality = worse(a.quality, b.quality)
  const first = quality === a.quality ? a : b
  const other = first === a ? b : a
  return {
    value: a.value + b.value,
    quality,
    reason: first.reason ?? (other.quality === quality ? other.reason : null),
    availableAt: latest(a.availableAt, b.availableAt),
    version: latest(a.version, b.version),
    methods: union(a.methods, b.methods),
    warning: a.warning ?? b.warning,
    span: Math.max(a.span, b.span),
  }
}

/** The greater of two, where null is less than anything. */
export function latest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}

/** All of both, sorted, each once. */
export function union(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a === b || b.length === 0) return a
  if (a.length === 0) return b
  return b.every((m) => a.includes(m)) ? a : [...new Set([...a, ...b])].sort()
}

function isAlive(stream: FlowStream, day: Day): boolean {
  return (
    (stream.aliveFrom === null || day >= stream.aliveFrom) &&
    (stream.aliveTo === null || day <= stream.aliveTo)
  )
}
