import { type Kysely, sql } from 'kysely'

/** What a stream's days are multiplied by. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table stream add column scale jsonb`.execute(db)
}
