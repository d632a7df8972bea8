import type { UnixSeconds } from '../model/time.ts'

/** Rows as they were published at an instant (parameter `$n`), or now. */
export function knownAt(alias: string, asOf: UnixSeconds | undefined, parameter: number): string {
  return within(alias, 'available_at', 'superseded_at', asOf, parameter)
}

/** Outcomes of proofs as they were known at an instant (parameter `$n`), or now. */
export function provedAt(alias: string, asOf: UnixSeconds | undefined, parameter: number): string {
  return within(alias, 'computed_at', 'superseded_at', asOf, parameter)
}

/** What was declared of networks and streams at an instant (parameter `$n`), or is now. */
export function declaredAt(alias: string, asOf: UnixSeconds | undefined, parameter: number): string {
  return within(alias, 'published_at', 'retired_at', asOf, parameter)
}

function within(
  alias: string,
  since: string,
  until: string,
  asOf: UnixSeconds | undefined,
  parameter: number,
): string {
  return asOf === undefined
    ? `${alias}.${until} = 'infinity'`
    : `${alias}.${since} <= to_timestamp($${parameter}) and ${alias}.${until} > to_timestamp($${parameter})`
}
