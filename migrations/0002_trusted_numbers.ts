import { type Kysely, sql } from 'kysely'

const statements = [
  `alter table event add column accrued_from date, add column accrued_to date, add column usd_micros numeric(40, 0)`,
  'create index event_by_accrual on event (stream_id, accrued_from) where accrued_from is not null',

  `alter table stream drop column of_stream, add column of_streams text[] not null default '{}',
    add column since date, add column until date, add column epoch_lag smallint, add column estimated text`,
  // What readers see of a stream and when: a revision is published when it has caught up with the one before.
  `create table stream_life (
    stream_id integer not null, published_at timestamptz not null, retired_at timestamptz not null default 'infinity',
    kind text not null, class text not null, lens text, role text not null, token text not null, method text not null,
    accrues jsonb, since date, until date, primary key (stream_id, published_at))`,
  `insert into stream_life (stream_id, published_at, kind, class, lens, role, token, method, accrues)
    select id, '-infinity', kind, class, lens, role, token, method, accrues from stream where active`,
  `create table counter (
    network text not null references network, name text not null, token text not null, chain text not null,
    counter text not null, word text not null, settings jsonb, meaning text not null, evidence jsonb not null,
    active boolean not null, primary key (network, name))`,
  // When this installation first computed with a revision of a metric's formula.
  `create table metric_life (
    metric text not null, revision integer not null, since timestamptz not null, primary key (metric, revision))`,

  `alter table flow_day add column by text not null default 'time', add column span smallint not null default 1,
    add column usd_avg numeric(40, 0), add column usd_avg_quality text not null default 'NO_PRICE', add column usd_avg_reason text,
    add column usd_event numeric(40, 0), add column usd_event_quality text not null default 'NO_PRICE', add column usd_event_reason text,
    add column warning text, add column version integer not null default 1`,
  'alter table flow_day drop constraint flow_day_pkey',
  'alter table flow_day add primary key (stream_id, day, by, available_at)',
  'drop index flow_day_current',
  `create unique index flow_day_current on flow_day (stream_id, day, by) where superseded_at = 'infinity'`,

  `create table price_day (
    token text not null, day date not null, basis text not null, available_at timestamptz not null,
    superseded_at timestamptz not null default 'infinity', usd numeric(38, 18), source text,
    observed_at timestamptz, observations integer not null, quality text not null, reason text, warning text, change text not null,
    primary key (token, day, basis, available_at))`,
  `create unique index price_day_current on price_day (token, day, basis) where superseded_at = 'infinity'`,
  `create table supply_day (
    token text not null, counter text not null, day date not null, available_at timestamptz not null,
    superseded_at timestamptz not null default 'infinity', raw numeric(78, 0), reading_height bigint, quality text not null, reason text,
    change text not null, primary key (token, counter, day, available_at))`,
  `create unique index supply_day_current on supply_day (token, counter, day) where superseded_at = 'infinity'`,

  `alter table restatement alter column stream_id drop not null, alter column day drop not null,
    add column network text, add column subject text, add column by text not null default 'time',
    add column basis text not null default 'DAY_CLOSE', add column old_quality text, add column new_quality text`,
  'update restatement r set network = s.network, subject = s.name from stream s where s.id = r.stream_id',
  'alter table restatement alter column subject set not null',
  'create index restatement_by_time on restatement (network, available_at)',

  // When a source was last asked for a day of a token, so that what it does not know is not asked all day long.
  `create table price_ask (
    token text not null, source text not null, every text not null, day date not null, asked_at timestamptz not null,
    primary key (token, source, every, day))`,
  // Days that one proof covers, and the streams whose amounts it speaks of.
  `alter table proof_day add column from_day date, add column stream_ids integer[] not null default '{}',
    add column heights bigint not null default 0`,
  'update proof_day set from_day = day',
  'alter table proof_day alter column from_day set not null',
  'create index proof_day_failed on proof_day (day) where residual_raw <> 0',

  // Where each imported period came from.
  `create table import (
    id bigint generated always as identity primary key, stream_ids integer[] not null, source text not null,
    licence text not null, retrieved_on date not null, spread text not null, file text not null, file_hash text not null,
    periods integer not null, first_day date not null, last_day date not null, imported_at timestamptz not null)`,
]

/** As-of for streams and formulas, price bases, epochs, supply, and imported series. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
