import { type Kysely, sql } from 'kysely'

const statements = [
  // When this installation stored an event; null: before this was remembered. No default, so that nothing is rewritten.
  'alter table event add column stored_at timestamptz',
  // Events that a repair or a replaced import took away, so that they are seen as of the time they were stored.
  `create table event_removed (
    stream_id integer not null, tx_id bytea not null, position integer not null, amount_raw numeric(78, 0) not null,
    height bigint not null, from_height bigint, happened_at timestamptz not null, act text, sender text, recipient text,
    detail jsonb, accrued_from date, accrued_to date, usd_micros numeric(40, 0), stored_at timestamptz,
    removed_at timestamptz not null, primary key (stream_id, tx_id, position, removed_at))`,
  'create index event_removed_by_time on event_removed (stream_id, happened_at)',

  // What a proof left over is never overwritten: an outcome that differs closes the one before it.
  `alter table proof_day add column superseded_at timestamptz not null default 'infinity'`,
  'alter table proof_day drop constraint proof_day_pkey',
  'alter table proof_day add primary key (network, token, proof, day, computed_at)',
  `create unique index proof_day_current on proof_day (network, token, proof, day) where superseded_at = 'infinity'`,
  'drop index proof_day_failed',
  `create index proof_day_failed on proof_day (day) where residual_raw <> 0 and superseded_at = 'infinity'`,
  'alter table restatement add column token text',
  `update restatement set token = split_part(subject, ' of ', 2) where stream_id is null and subject like '% of %'`,

  // When each day was first the newest of a chain, and on which days a stream that has heights of its own can happen.
  `create table head_day (chain text not null, day date not null, seen_at timestamptz not null, primary key (chain, day))`,
  `insert into head_day select id, (head_time at time zone 'UTC')::date, '-infinity' from chain where head_time is not null`,
  `create table stream_span (
    stream_id integer not null, available_at timestamptz not null, superseded_at timestamptz not null default 'infinity',
    alive_from date, alive_to date, primary key (stream_id, available_at))`,
  `create unique index stream_span_current on stream_span (stream_id) where superseded_at = 'infinity'`,
  `insert into stream_span (stream_id, available_at, alive_from, alive_to)
    select s.id, '-infinity',
      case when s.from_height is not null then coalesce((select min(day) from day_height d where d.chain = s.chain and d.last_height >= s.from_height),
        (select max(day) + 1 from day_height d where d.chain = s.chain and coalesce(d.last_height, d.first_height) < s.from_height)) end,
      case when s.to_height is not null then (select max(day) from day_height d where d.chain = s.chain and d.first_height <= s.to_height) end
    from stream s where s.from_height is not null or s.to_height is not null`,

  // What a network said of itself, and when.
  `create table network_life (
    network text not null, published_at timestamptz not null, retired_at timestamptz not null default 'infinity',
    primary_token text not null, absent jsonb not null, regimes jsonb not null, primary key (network, published_at))`,
  `insert into network_life (network, published_at, primary_token, absent, regimes)
    select id, '-infinity', primary_token, absent, regimes from network`,
  `alter table stream_life add column of_streams text[] not null default '{}', add column epoch_lag smallint,
    add column from_height bigint, add column to_height bigint, add column estimated text, add column scale jsonb,
    add column meaning text not null default '', add column evidence jsonb not null default '[]'`,
  `update stream_life l set of_streams = s.of_streams, epoch_lag = s.epoch_lag, from_height = s.from_height, to_height = s.to_height,
    estimated = s.estimated, scale = s.scale, meaning = s.meaning, evidence = s.evidence from stream s where s.id = l.stream_id`,
]

/** Events, proofs, heads and declarations as of any time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
