import { type Kysely, sql } from 'kysely'

const statements = [
  `create table network (
    id text primary key, name text not null, sector text not null, description text not null,
    primary_token text not null, absent jsonb not null, regimes jsonb not null, hash text not null)`,
  `create table chain (
    id text primary key, network text, origin text, id_encoding text not null,
    head bigint, finalized bigint, head_time timestamptz, seen_at timestamptz, error text, error_at timestamptz)`,
  `create table token (
    symbol text primary key, network text not null references network, chain text not null, address text,
    decimals smallint not null, price jsonb not null)`,
  `create table stream (
    id integer generated always as identity primary key,
    network text not null references network, name text not null, revision integer not null,
    chain text not null, kind text not null, class text not null, lens text, role text not null, of_stream text,
    token text not null references token, method text not null, from_height bigint, to_height bigint,
    accrues jsonb, meaning text not null, evidence jsonb not null, word text not null, settings jsonb,
    hash text not null, active boolean not null, unique (network, name, revision))`,
  `create table event (
    stream_id integer not null, tx_id bytea not null, position integer not null,
    amount_raw numeric(78, 0) not null, height bigint not null, from_height bigint,
    happened_at timestamptz not null, act text, sender text, recipient text, detail jsonb,
    primary key (stream_id, tx_id, position))`,
  'create index event_by_time on event (stream_id, happened_at)',
  `create table coverage (
    stream_id integer primary key, heights int8multirange not null default '{}')`,
  `create table gap (
    stream_id integer not null, from_height bigint not null, to_height bigint not null,
    code text not null, reason text not null, seen_at timestamptz not null, primary key (stream_id, from_height))`,
  `create table block (
    chain text not null, height bigint not null, hash text not null, parent_hash text not null,
    time timestamptz not null, primary key (chain, height))`,
  `create table day_height (
    chain text not null, day date not null, first_height bigint, last_height bigint, primary key (chain, day))`,
  `create table price (
    token text not null, observed_at timestamptz not null, source text not null, retrieved_at timestamptz not null,
    kind text not null, usd numeric(38, 18) not null, confidence numeric(6, 4), author text, note text,
    primary key (token, observed_at, source, retrieved_at))`,
  `create table reading (
    chain text not null, token text not null, counter text not null, height bigint not null,
    time timestamptz not null, value numeric(78, 0) not null, primary key (chain, token, counter, height))`,
  `create table restatement (
    id bigint generated always as identity primary key, stream_id integer not null, day date not null,
    available_at timestamptz not null, old_raw numeric, new_raw numeric, old_usd numeric, new_usd numeric,
    reason text not null)`,
  `create table stale (
    id bigint generated always as identity, stream_id integer not null, day date not null,
    reason text not null, marked_at timestamptz not null, primary key (stream_id, id))`,
  `create table flow_day (
    stream_id integer not null, day date not null, available_at timestamptz not null,
    superseded_at timestamptz not null default 'infinity', revision integer not null,
    raw numeric(90, 0), events bigint not null, heights_expected bigint, heights_covered bigint not null,
    quality text not null, reason text,
    usd_close numeric(40, 0), price numeric(38, 18), price_source text, price_observed_at timestamptz,
    usd_quality text not null, usd_reason text, change text not null,
    primary key (stream_id, day, available_at))`,
  `create unique index flow_day_current on flow_day (stream_id, day) where superseded_at = 'infinity'`,
  `create table proof_day (
    network text not null, token text not null, proof text not null, day date not null,
    expected_raw numeric not null, observed_raw numeric not null, residual_raw numeric not null,
    computed_at timestamptz not null, primary key (network, token, proof, day))`,
  'create table cron_run (key text primary key, ran_at timestamptz not null)',
  'create sequence data_version',
]

/** Ground state (DESIGN section 4), the stale log, and what is derived from them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
