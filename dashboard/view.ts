/** What the reader chose; all of it is in the address, so that a link shows the same. */
export interface View {
  /** Path without the query: `/`, `/network/arweave`, `/compare`, `/events`, `/query`. */
  readonly path: string
  readonly lens: string
  readonly priceBasis: string
  readonly denominator: string
  readonly by: string
  readonly granularity: string
  /** Days shown, counted back from today (or from `asOf`). */
  readonly days: number
  /** A UTC day: values as they were known at its end; empty: as known now. */
  readonly asOf: string
  /** What a page alone needs: filters of events, networks to compare. */
  readonly extra: Readonly<Record<string, string>>
}

export const choices = {
  lens: ['CONSUMPTION', 'PURCHASE', 'DISCRETIONARY', 'PENALTY', 'BUYBACK', 'OFFCHAIN_REPORTED'],
  priceBasis: ['DAY_CLOSE', 'DAY_AVG', 'EVENT', 'PEG'],
  denominator: ['FEES', 'REVENUE'],
  by: ['EVENT_TIME', 'EPOCH'],
  granularity: [
    'TRAILING_30',
    'DAY',
    'WEEK',
    'MONTH',
    'QUARTER',
    'TRAILING_7',
    'TRAILING_90',
    'TRAILING_365',
  ],
  days: ['90', '30', '365', '1095', '1825'],
} as const

type Choice = keyof typeof choices
const secondsPerDay = 86_400

/** Reads an address; values that are not offered fall back to the first of their kind. */
export function readView(url: URL): View {
  const query = url.searchParams
  const chosen = (name: Choice): string => {
    const value = query.get(name) ?? ''
    return (choices[name] as readonly string[]).includes(value) ? value : choices[name][0]
  }
  const asOf = query.get('asOf') ?? ''
  const extra: Record<string, string> = {}
  for (const [name, value] of query) if (!(name in choices) && name !== 'asOf') extra[name] = value
  return {
    path: url.pathname,
    lens: chosen('lens'),
    priceBasis: chosen('priceBasis'),
    denominator: chosen('denominator'),
    by: chosen('by'),
    granularity: chosen('granularity'),
    days: Number(chosen('days')),
    asOf: /^\d{4}-\d{2}-\d{2}$/.test(asOf) ? asOf : '',
    extra,
  }
}

/** The address of a view: only what differs from the defaults is written. */
export function addressOf(view: View): string {
  const query = new URLSearchParams()
  for (const name of Object.keys(choices) as Choice[]) {
    const value = String(view[name])
    if (value !== choices[name][0]) query.set(name, value)
  }
  if (view.asOf !== '') query.set('asOf', view.asOf)
  for (const [name, value] of Object.entries(view.extra)) if (value !== '') query.set(name, value)
  const text = query.toString()
  return view.path + (text === '' ? '' : `?${text}`)
}

/** The same choices on another page; what only the page before needed is dropped. */
export function onPage(view: View, path: string, extra: Readonly<Record<string, string>> = {}): View {
  return { ...view, path, extra }
}

/** The day after the last one that can have values: the end of a range. */
export function endOf(view: View): string {
  return view.asOf === '' ? isoDay(Date.now() / 1000) : addDays(view.asOf, 1)
}

/** The arguments of `metricSeries` that a view decides. */
export function definitionsOf(view: View): Record<string, unknown> {
  const { lens, priceBasis, denominator, by } = view
  return {
    lens,
    priceBasis,
    denominator,
    by,
    asOf: view.asOf === '' ? null : `${addDays(view.asOf, 1)}T00:00:00Z`,
  }
}

/** A UTC day some days later. @example addDays('2026-02-28', 1) // '2026-03-01' */
export function addDays(day: string, days: number): string {
  return isoDay(Date.parse(`${day}T00:00:00Z`) / 1000 + days * secondsPerDay)
}

function isoDay(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 10)
}
