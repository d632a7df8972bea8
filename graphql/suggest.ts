import { distance } from 'fastest-levenshtein'

const longestShown = 60

/** Whether two names are so near that one may be meant for the other. */
function isNear(wanted: string, known: string): boolean {
  if (wanted.length < 3) return false
  if (known.includes(wanted) || wanted.includes(known) || known.startsWith(wanted.slice(0, 3))) return true
  return distance(wanted, known) <= Math.max(2, Math.floor(known.length / 3))
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** @example notFound('network', 'hellium', ['helium']) // "there is no network 'hellium'. Did you mean 'helium'? Known: helium" */
export function notFound(what: string, wanted: string, known: readonly string[]): string {
  const near = known.filter((name) => isNear(plain(wanted), plain(name)))
  const hint = near.length === 0 ? '' : ` Did you mean ${near.map((n) => `'${n}'`).join(' or ')}?`
  return `there is no ${what} '${wanted.slice(0, longestShown)}'.${hint} Known: ${[...known].sort().join(', ')}`
}
