import type { UnixSeconds } from '../model/time.ts'

/** Rows as they were published at an instant (parameter `$n`), or now. */
export function knownAt(alias: string, asOf: UnixSeconds | undefined, parameter: number): string {
  return asOf === undefined
    ? `${alias}.superseded_at = 'infinity'`
    : `${alias}.available_at <= to_timestamp($${parameter}) and ${alias}.superseded_at > to_timestamp($${parameter})`
}
