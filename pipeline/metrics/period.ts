import type { Flow, FlowStream, NetworkFlows } from '../model/flow.ts'
import type { Quality } from '../model/quality.ts'
import { isShown, worse } from '../model/quality.ts'
import type { Kind, Lens } from '../model/stream.ts'
import type { Day } from '../model/time.ts'

/** A sum over a period: a value only if every day of every stream gave one. */
export interface Sum {
  readonly value: bigint | null
  readonly quality: Quality
  readonly reason: string | null
  readonly daysComplete: number
  readonly availableAt: number | null
  readonly revision: number | null
  readonly methods: readonly string[]
}

/** Classes that count as gross emission: newly minted for the network's purpose. */
const grossEmission: readonly string[] = ['contributor', 'staker', 'treasury']

/** Streams that one sum adds, and how they were read. */
interface Group {
  readonly streams: readonly FlowStream[]
  readonly methods: readonly string[]
}

/** The flows of a network, sorted once by what formulas ask for. */
export class Ledger {
  readonly flows: NetworkFlows
  readonly lens: Lens
  readonly #groups = new Map<string, Group>()

  constructor(flows: NetworkFlows, lens: Lens) {
    this.flows = flows
    this.lens = lens
  }

  /** The streams of a kind that count: fees of the lens, gross emission, all burns. */
  group(kind: Kind, tokens: 'all' | 'own'): Group {
    const key = `${kind} ${tokens}`
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const streams = this.flows.streams.filter(
      (s) =>
        s.kind === kind &&
        (kind !== 'fee' || s.lens === this.lens) &&
        (kind !== 'emission' || grossEmission.includes(s.class)) &&
        (tokens === 'all' || s.token === this.flows.primaryToken),
    )
    const made = { streams, methods: [...new Set(streams.map((s) => s.method))].sort() }
    this.#groups.set(key, made)
    return made
  }
}

/** The flows of a network over some days, with the questions that formulas ask. */
export class Period {
  readonly days: readonly Day[]
  readonly #ledger: Ledger

  constructor(ledger: Ledger, days: readonly Day[]) {
    this.#ledger = ledger
    this.days = days
  }

  get flows(): NetworkFlows {
    return this.#ledger.flows
  }

  get lens(): Lens {
    return this.#ledger.lens
  }

  /** Dollars of gross emission, of all burns, or of the fees of the period's lens. */
  usd(kind: Kind): Sum {
    const pick = (f: Flow): [bigint | null, Quality, string | null] => [
      f.usdMicros,
      f.usdQuality,
      f.usdReason,
    ]
    return this.#sum(kind, this.#ledger.group(kind, 'all'), pick)
  }

  /** Smallest units of the network's own token, gross. */
  raw(kind: Kind): Sum {
    const pick = (f: Flow): [bigint | null, Quality, string | null] => [f.raw, f.quality, f.reason]
    return this.#sum(kind, this.#ledger.group(kind, 'own'), pick)
  }

  #sum(
    kind: Kind,
    { streams, methods }: Group,
    pick: (f: Flow) => [bigint | null, Quality, string | null],
  ): Sum {
    let value = 0n
    let quality: Quality = 'COMPLETE'
    let reason: string | null = null
    let daysComplete = 0
    let availableAt: number | null = null
    let revision: number | null = null
    for (const day of this.days) {
      let complete = true
      const note = (q: Quality, why: string | null): void => {
        if (!isShown(q)) complete = false
        const worst = worse(quality, q)
        if (worst !== quality || (reason === null && why !== null && q === quality && q !== 'COMPLETE')) {
          reason = why === null ? null : `${day}: ${why}`
        }
        quality = worst
      }
      if (streams.length === 0) note(...this.#absence(kind, day))
      for (const stream of streams) {
        if (!isAlive(stream, day)) continue
        const flow = stream.days.get(day)
        if (flow === undefined) {
          note(...this.#unread(day))
          continue
        }
        const [amount, q, why] = pick(flow)
        note(q, why)
        value += amount ?? 0n
        availableAt = Math.max(availableAt ?? 0, flow.availableAt)
        revision = Math.max(revision ?? 0, flow.revision)
      }
      if (complete) daysComplete += 1
    }
    const shown = isShown(quality)
    return {
      value: shown ? value : null,
      quality,
      reason: quality === 'COMPLETE' ? null : reason,
      daysComplete,
      availableAt,
      revision,
      methods,
    }
  }

  #unread(day: Day): [Quality, string] {
    const { headDay } = this.flows
    if (headDay !== null && day >= headDay) return ['PENDING', 'the day has not ended on the chain']
    return ['NO_COVERAGE', 'no block of the day had been read']
  }

  /** What having no stream of a kind means: the declaration says whether that is zero or not known. */
  #absence(kind: Kind, day: Day): [Quality, string | null] {
    const absent = this.flows.absent[kind]
    if (absent?.truly === 'unknown') return ['NO_COVERAGE', absent.why]
    if (absent === undefined) return ['NO_COVERAGE', `no ${kind} stream of the lens ${this.lens} is declared`]
    const { headDay } = this.flows
    return headDay === null || day >= headDay ? this.#unread(day) : ['COMPLETE', null]
  }
}

function isAlive(stream: FlowStream, day: Day): boolean {
  return (
    (stream.aliveFrom === null || day >= stream.aliveFrom) &&
    (stream.aliveTo === null || day <= stream.aliveTo)
  )
}
