import type { Granularity } from '../model/series.ts'
import type { Day } from '../model/time.ts'
import { addDays, day, dayNumber, dayStart, daysBetween } from '../model/time.ts'

/** A period of whole days; `label` is what its values are dated. */
export interface Span {
  readonly label: Day
  readonly first: Day
  readonly last: Day
}

/** The day before which the period that holds `of` starts anew. */
function startOf(of: Day, granularity: Granularity): Day {
  const [year = '', month = ''] = of.split('-')
  switch (granularity) {
    case 'WEEK': {
      const weekday = new Date(dayStart(of) * 1000).getUTCDay()
      return addDays(of, -((weekday + 6) % 7))
    }
    case 'MONTH':
      return day(`${year}-${month}-01`)
    case 'QUARTER':
      return day(`${year}-${String(Math.floor((Number(month) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`)
    case 'YEAR':
      return day(`${year}-01-01`)
    default:
      return of
  }
}

function trailingDays(granularity: Granularity): number | undefined {
  const match = /^TRAILING_(\d+)$/.exec(granularity)
  return match === null ? undefined : Number(match[1])
}

/**
 * The periods of a range of days, `from` included and `to` left out. Calendar periods are those that start
 * in the range, each whole; a trailing window is dated its last day and there is one for each day.
 */
export function spansOf(from: Day, to: Day, granularity: Granularity): Span[] {
  const days = daysBetween(from, to)
  if (trailingDays(granularity) !== undefined) return days.map((d) => spanOf(d, granularity))
  const starts = days.filter((d) => startOf(d, granularity) === d)
  return starts.map((first) => calendarSpan(first, granularity))
}

/** The period that a value of a date covers. A date inside a calendar period gives that period. */
export function spanOf(label: Day, granularity: Granularity): Span {
  const trailing = trailingDays(granularity)
  if (trailing !== undefined) return { label, first: addDays(label, 1 - trailing), last: label }
  return calendarSpan(label, granularity)
}

const trailingLength = (span: Span): number => dayNumber(span.last) - dayNumber(span.first) + 1

/** The calendar period that holds a day. */
function calendarSpan(of: Day, granularity: Granularity): Span {
  const first = startOf(of, granularity)
  let next = addDays(first, 1)
  while (startOf(next, granularity) !== next) next = addDays(next, 1)
  return { label: first, first, last: addDays(next, -1) }
}

/** The period of the same kind that ends on the day before `span`. */
export function spanBefore(span: Span, granularity: Granularity): Span {
  const last = addDays(span.first, -1)
  if (trailingDays(granularity) === undefined) return calendarSpan(last, granularity)
  return { label: last, first: addDays(span.first, -trailingLength(span)), last }
}

/**
 * The same period a year earlier: the same month, quarter or year of the year before; days, weeks and
 * trailing windows 364 or 365 days before, so that weeks stay whole.
 */
export function spanYearBefore(span: Span, granularity: Granularity): Span {
  switch (granularity) {
    case 'MONTH':
    case 'QUARTER':
    case 'YEAR': {
      const [year, ...rest] = span.first.split('-')
      return calendarSpan(day([String(Number(year) - 1), ...rest].join('-')), granularity)
    }
    default: {
      const back = granularity === 'WEEK' ? -364 : -365
      const move = (of: Day): Day => addDays(of, back)
      return { label: move(span.label), first: move(span.first), last: move(span.last) }
    }
  }
}
