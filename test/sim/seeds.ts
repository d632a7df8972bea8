/** Seeds that found a bug, and which: they are run again for ever. */
export const keptSeeds: readonly { readonly seed: number; readonly found: string }[] = []
