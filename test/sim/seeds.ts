/** Seeds that found a bug, and which: they are run again for ever. */
export const keptSeeds: readonly { readonly seed: number; readonly found: string }[] = [
  { seed: 1, found: 'a process that lost the database while it gave its jobs back never ended' },
]
