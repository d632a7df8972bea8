/** A page of a block explorer: which ids it is for (a regular expression), and its address with `{id}` or `{height}`. */
export interface ExplorerPage {
  readonly id: string
  readonly url: string
}

const compiled = new Map<string, RegExp>()

/** The page of what an event names; null where its chain has none, or none for ids of its kind. */
export function explorerUrl(
  pages: readonly ExplorerPage[] | undefined,
  { txHash, height }: { readonly txHash: string; readonly height: number },
): string | null {
  for (const { id, url } of pages ?? []) {
    const pattern = compiled.get(id) ?? new RegExp(id)
    compiled.set(id, pattern)
    if (pattern.test(txHash)) return url.replace('{id}', txHash).replace('{height}', String(height))
  }
  return null
}
