import { type Kysely, sql } from 'kysely'

/** What two paths may leave over: declared with a stream, and kept with each outcome of a proof. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table stream add column tolerance jsonb`.execute(db)
  await sql`alter table proof_day add column tolerance_raw numeric not null default 0`.execute(db)
}
