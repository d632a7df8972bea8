import { formatScaled, formatUsd } from '../model/amount.ts'
import type { RestatementQuery, RestatementView } from '../model/restatement.ts'
import type { UnixSeconds } from '../model/time.ts'
import { instant } from '../model/time.ts'
import type { Database } from './database.ts'

/** Changes of published values, and of what makes them, newest first. Those of formulas concern every network. */
export async function getRestatements(db: Database, query: RestatementQuery): Promise<RestatementView[]> {
  const { rows } = await db.pool.query(
    `select r.id, r.network, r.subject, r.day::text, r.by, r.basis, r.available_at, r.old_raw::text, r.new_raw::text,
       r.old_usd::text, r.new_usd::text, r.old_quality, r.new_quality, r.reason, t.symbol, t.decimals
     from restatement r left join stream s on s.id = r.stream_id
     left join token t on t.symbol = coalesce(r.token, s.token)
     where ($1::text is null or r.network is null or r.network = $1) and r.available_at >= to_timestamp($2)
       and ($3::bigint is null or r.id < $3) and ($5::bigint is null or r.available_at <= to_timestamp($5))
     order by r.id desc limit $4`,
    [query.network ?? null, query.since, query.before ?? null, query.first, query.asOf ?? null],
  )
  return rows.map((r) => {
    const tokens = (raw: string | null): string | null =>
      raw === null || r.decimals === null ? null : formatScaled(BigInt(raw), r.decimals)
    const usd = (micros: string | null): string | null => (micros === null ? null : formatUsd(BigInt(micros)))
    return {
      id: r.id,
      network: r.network,
      subject: r.subject,
      token: r.symbol,
      date: r.day,
      by: r.by === 'epoch' ? 'EPOCH' : 'EVENT_TIME',
      priceBasis: r.basis,
      availableAt: instant(Math.floor(r.available_at) as UnixSeconds),
      oldAmount: tokens(r.old_raw),
      newAmount: tokens(r.new_raw),
      oldUsd: usd(r.old_usd),
      newUsd: usd(r.new_usd),
      oldQuality: r.old_quality,
      newQuality: r.new_quality,
      reason: r.reason,
    }
  })
}
