/** What a value is worth. Only COMPLETE, STALE_PRICE and ESTIMATED values are given; the others are null. */
export type Quality =
  | 'COMPLETE'
  | 'ESTIMATED'
  | 'STALE_PRICE'
  | 'PENDING'
  | 'PARTIAL'
  | 'NO_PRICE'
  | 'NO_COVERAGE'
  | 'ZERO_DENOMINATOR'

/** Best first: the quality of a sum is the worst of its parts. */
export const qualities: readonly Quality[] = [
  'COMPLETE',
  'ESTIMATED',
  'STALE_PRICE',
  'ZERO_DENOMINATOR',
  'NO_PRICE',
  'PENDING',
  'PARTIAL',
  'NO_COVERAGE',
]

/** The worse of two qualities. */
export function worse(a: Quality, b: Quality): Quality {
  return qualities.indexOf(a) >= qualities.indexOf(b) ? a : b
}

/** Whether a value of this quality is shown. */
export function isShown(quality: Quality): boolean {
  return quality === 'COMPLETE' || quality === 'ESTIMATED' || quality === 'STALE_PRICE'
}
