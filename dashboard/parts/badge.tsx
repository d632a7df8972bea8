import { words } from '../format.ts'
import type { Quality } from '../types.ts'

const good: ReadonlySet<Quality> = new Set(['COMPLETE'])
const usable: ReadonlySet<Quality> = new Set(['ESTIMATED', 'STALE_PRICE'])

/** What a value is worth, and why it is not complete. */
export function Badge({ quality, reason }: { quality: Quality; reason?: string | null }) {
  const tone = good.has(quality)
    ? 'good'
    : usable.has(quality)
      ? 'fair'
      : quality === 'PROOF_FAILED'
        ? 'bad'
        : 'none'
  return (
    <span class={`badge ${tone}`} title={reason ?? words(quality)}>
      {words(quality)}
    </span>
  )
}
