/** A page of a block explorer: which ids it is for (a regular expression), and its address with `{id}` or `{height}`. */
export interface ExplorerPage {
  readonly id: string
  readonly url: string
  /** Whether it is for amounts of a stretch of heights, such as differences of a counter, which name a block. */
  readonly stretch?: boolean
}

const compiled = new Map<string, RegExp>()

/** The page of what an event names; null where its chain has none, or none for ids of its kind. */
export function explorerUrl(
  pages: readonly ExplorerPage[] | undefined,
  {
    txHash,
    height,
    fromHeight,
  }: { readonly txHash: string; readonly height: number; readonly fromHeight: number | null },
): string | null {
  for (const { id, url, stretch = false } of pages ?? []) {
    if (stretch !== (fromHeight !== null) && (pages ?? []).some((p) => p.stretch === true)) continue
    const pattern = compiled.get(id) ?? new RegExp(id)
    compiled.set(id, pattern)
    if (pattern.test(txHash)) return url.replace('{id}', txHash).replace('{height}', String(height))
  }
  return null
}
