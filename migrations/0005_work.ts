import { type Kysely, sql } from 'kysely'

const statements = [
  // Jobs that were given up; those that wait or run are in the queue's own tables.
  `create table dead_range (
    id bigint generated always as identity primary key, network text not null, chain text not null,
    streams text[] not null, from_height bigint not null, to_height bigint not null, attempts integer not null,
    code text not null, reason text not null, failed_at timestamptz not null default now(),
    unique (chain, streams, from_height, to_height))`,
  // Processes that take jobs; one that falls silent loses the jobs it holds.
  `create table worker (
    id text primary key, host text not null, pid integer not null,
    started_at timestamptz not null default now(), seen_at timestamptz not null default now())`,
  'create table paused (network text primary key, since timestamptz not null default now())',
  // Which process follows the head of a chain, and until when it may without saying so again.
  `create table chain_lease (
    chain text primary key, holder text not null, until timestamptz not null)`,
  // What an endpoint takes, as all processes together found out; null: nothing limits it.
  `create table endpoint_rate (
    endpoint text primary key, per_second integer, changed_at timestamptz not null default now())`,
]

/** Work shared between processes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
