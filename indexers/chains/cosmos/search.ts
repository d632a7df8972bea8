import type { BlockMark } from '../../../pipeline/model/batch.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import { headersInPage } from './client.ts'
import type { Midnight } from './days.ts'

/** Headers from one height to another, both included, a page of them at most. */
export type PageOfHeaders = (from: number, to: number) => Promise<readonly BlockMark[]>

/**
 * The two neighbours between which a chain passes an instant. Blocks come at an even pace, so a look at where the time
 * should be, and a page of headers around it, mostly ends it; where the pace is uneven, the range is halved.
 * @param low A block before `time`.
 * @param high A block not before `time`, above `low`.
 */
export async function passing(
  time: UnixSeconds,
  low: BlockMark,
  high: BlockMark,
  page: PageOfHeaders,
): Promise<Midnight> {
  let [before, after] = [low, high]
  for (let tries = 0; after.height - before.height > 1; tries += 1) {
    if (tries > 100)
      throw new IndexerError(
        'rpc-bad-answer',
        `block times between ${low.height} and ${high.height} do not rise`,
      )
    const width = after.height - before.height
    const share = (time - before.time) / Math.max(1, after.time - before.time)
    const guess = tries % 3 === 2 ? before.height + (width >> 1) : before.height + Math.round(width * share)
    const from = Math.max(
      before.height + 1,
      Math.min(guess - headersInPage / 2, after.height - headersInPage),
    )
    const to = Math.min(after.height - 1, from + headersInPage - 1)
    for (const mark of await page(from, to)) {
      if (mark.time < time && mark.height > before.height) before = mark
      else if (mark.time >= time && mark.height < after.height) {
        after = mark
        break
      }
    }
  }
  return { before, after }
}
