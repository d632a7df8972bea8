/** Numbers here are for reading and drawing alone: exact values stay text, in the API and in its files. */

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 })
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 })

/** A value as a reader wants it at a glance; null is a dash, never zero. */
export function shown(value: string | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '–'
  const number = Number(value)
  if (unit === 'USD') return `${number < 0 ? '−' : ''}$${compact.format(Math.abs(number))}`
  if (unit === 'ratio') return ratio(number)
  return `${compact.format(number)} ${unit}`
}

function ratio(number: number): string {
  if (Math.abs(number) >= 1_000) return compact.format(number)
  return Math.abs(number) >= 100
    ? number.toFixed(0)
    : Math.abs(number) >= 10
      ? number.toFixed(1)
      : number.toFixed(3)
}

/** An exact decimal text with thousands separators, all its digits kept. */
export function exact(value: string): string {
  const [whole = '', fraction] = value.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** A number on an axis. */
export function tick(value: number, unit: string): string {
  return unit === 'USD' ? `$${compact.format(value)}` : compact.format(value)
}

export const count = (value: number): string => plain.format(value)

/** `TRAILING_30` as words. */
export function words(name: string): string {
  const trailing = /^TRAILING_(\d+)$/.exec(name)
  if (trailing) return `trailing ${trailing[1]} days`
  return name.toLowerCase().replaceAll('_', ' ')
}

/** A long id with its middle left out. */
export function short(id: string): string {
  return id.length <= 18 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`
}
