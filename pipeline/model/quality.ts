/**
 * What a value is worth. COMPLETE, ESTIMATED, STALE_PRICE and PROOF_FAILED values are given; with any other
 * quality there is none.
 */
export type Quality =
  | 'COMPLETE'
  | 'ESTIMATED'
  | 'STALE_PRICE'
  | 'PROOF_FAILED'
  | 'ZERO_DENOMINATOR'
  | 'NO_PRICE'
  | 'PENDING'
  | 'PARTIAL'
  | 'NO_COVERAGE'

/** Best first: the quality of a sum is the worst of its parts. */
const qualities: readonly Quality[] = [
  'COMPLETE',
  'ESTIMATED',
  'STALE_PRICE',
  'PROOF_FAILED',
  'ZERO_DENOMINATOR',
  'NO_PRICE',
  'PENDING',
  'PARTIAL',
  'NO_COVERAGE',
]

const rank = new Map(qualities.map((q, i) => [q, i]))
const lastShown = qualities.indexOf('PROOF_FAILED')

/** The worse of two qualities. */
export function worse(a: Quality, b: Quality): Quality {
  return (rank.get(a) ?? 0) >= (rank.get(b) ?? 0) ? a : b
}

/** Whether a value of this quality is shown. */
export function isShown(quality: Quality): boolean {
  return (rank.get(quality) ?? 0) <= lastShown
}
