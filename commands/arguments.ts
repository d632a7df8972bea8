import { IndexerError } from '../pipeline/model/errors.ts'

/** @throws IndexerError `bad-argument` naming the option, unless `text` is a whole number from `least` to `most`. */
export function wholeNumber(flag: string, text: string, least: number, most = 999_999_999): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
  throw new IndexerError('bad-argument', `${flag}: '${text}' is not a whole number from ${least} to ${most}`)
}
