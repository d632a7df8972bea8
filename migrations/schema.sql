create table block (
  chain text not null,
  height bigint not null,
  hash text not null,
  parent_hash text not null,
  time timestamp with time zone not null
);
create table chain (
  id text not null,
  network text,
  origin text,
  id_encoding text not null,
  head bigint,
  finalized bigint,
  head_time timestamp with time zone,
  seen_at timestamp with time zone,
  error text,
  error_at timestamp with time zone
);
create table chain_lease (
  chain text not null,
  holder text not null,
  until timestamp with time zone not null
);
create table counter (
  network text not null,
  name text not null,
  token text not null,
  chain text not null,
  counter text not null,
  word text not null,
  settings jsonb,
  meaning text not null,
  evidence jsonb not null,
  active boolean not null
);
create table coverage (
  stream_id integer not null,
  heights int8multirange not null default '{}'::int8multirange
);
create table cron_run (
  key text not null,
  ran_at timestamp with time zone not null
);
create table day_height (
  chain text not null,
  day date not null,
  first_height bigint,
  last_height bigint
);
create table dead_range (
  id bigint not null generated always as identity,
  network text not null,
  chain text not null,
  streams text[] not null,
  from_height bigint not null,
  to_height bigint not null,
  attempts integer not null,
  code text not null,
  reason text not null,
  failed_at timestamp with time zone not null default now()
);
create table endpoint_rate (
  endpoint text not null,
  per_second integer,
  changed_at timestamp with time zone not null default now()
);
create table event (
  stream_id integer not null,
  tx_id bytea not null,
  position integer not null,
  amount_raw numeric(78,0) not null,
  height bigint not null,
  from_height bigint,
  happened_at timestamp with time zone not null,
  act text,
  sender text,
  recipient text,
  detail jsonb,
  accrued_from date,
  accrued_to date,
  usd_micros numeric(40,0),
  stored_at timestamp with time zone
);
create table event_removed (
  stream_id integer not null,
  tx_id bytea not null,
  position integer not null,
  amount_raw numeric(78,0) not null,
  height bigint not null,
  from_height bigint,
  happened_at timestamp with time zone not null,
  act text,
  sender text,
  recipient text,
  detail jsonb,
  accrued_from date,
  accrued_to date,
  usd_micros numeric(40,0),
  stored_at timestamp with time zone,
  removed_at timestamp with time zone not null
);
create table flow_day (
  stream_id integer not null,
  day date not null,
  available_at timestamp with time zone not null,
  superseded_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  revision integer not null,
  raw numeric(90,0),
  events bigint not null,
  heights_expected bigint,
  heights_covered bigint not null,
  quality text not null,
  reason text,
  usd_close numeric(40,0),
  price numeric(38,18),
  price_source text,
  price_observed_at timestamp with time zone,
  usd_quality text not null,
  usd_reason text,
  change text not null,
  by text not null default 'time'::text,
  span smallint not null default 1,
  usd_avg numeric(40,0),
  usd_avg_quality text not null default 'NO_PRICE'::text,
  usd_avg_reason text,
  usd_event numeric(40,0),
  usd_event_quality text not null default 'NO_PRICE'::text,
  usd_event_reason text,
  warning text,
  version integer not null default 1
);
create table gap (
  stream_id integer not null,
  from_height bigint not null,
  to_height bigint not null,
  code text not null,
  reason text not null,
  seen_at timestamp with time zone not null
);
create table head_day (
  chain text not null,
  day date not null,
  seen_at timestamp with time zone not null
);
create table import (
  id bigint not null generated always as identity,
  stream_ids integer[] not null,
  source text not null,
  licence text not null,
  retrieved_on date not null,
  spread text not null,
  file text not null,
  file_hash text not null,
  periods integer not null,
  first_day date not null,
  last_day date not null,
  imported_at timestamp with time zone not null
);
create table metric_life (
  metric text not null,
  revision integer not null,
  since timestamp with time zone not null
);
create table network (
  id text not null,
  name text not null,
  sector text not null,
  description text not null,
  primary_token text not null,
  absent jsonb not null,
  regimes jsonb not null,
  hash text not null
);
create table network_life (
  network text not null,
  published_at timestamp with time zone not null,
  retired_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  primary_token text not null,
  absent jsonb not null,
  regimes jsonb not null
);
create table paused (
  network text not null,
  since timestamp with time zone not null default now()
);
create table price (
  token text not null,
  observed_at timestamp with time zone not null,
  source text not null,
  retrieved_at timestamp with time zone not null,
  kind text not null,
  usd numeric(38,18) not null,
  confidence numeric(6,4),
  author text,
  note text
);
create table price_ask (
  token text not null,
  source text not null,
  every text not null,
  day date not null,
  asked_at timestamp with time zone not null
);
create table price_day (
  token text not null,
  day date not null,
  basis text not null,
  available_at timestamp with time zone not null,
  superseded_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  usd numeric(38,18),
  source text,
  observed_at timestamp with time zone,
  observations integer not null,
  quality text not null,
  reason text,
  warning text,
  change text not null
);
create table proof_day (
  network text not null,
  token text not null,
  proof text not null,
  day date not null,
  expected_raw numeric not null,
  observed_raw numeric not null,
  residual_raw numeric not null,
  computed_at timestamp with time zone not null,
  from_day date not null,
  stream_ids integer[] not null default '{}'::integer[],
  heights bigint not null default 0,
  superseded_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  tolerance_raw numeric not null default 0
);
create table reading (
  chain text not null,
  token text not null,
  counter text not null,
  height bigint not null,
  time timestamp with time zone not null,
  value numeric(78,0) not null
);
create table restatement (
  id bigint not null generated always as identity,
  stream_id integer,
  day date,
  available_at timestamp with time zone not null,
  old_raw numeric,
  new_raw numeric,
  old_usd numeric,
  new_usd numeric,
  reason text not null,
  network text,
  subject text not null,
  by text not null default 'time'::text,
  basis text not null default 'DAY_CLOSE'::text,
  old_quality text,
  new_quality text,
  token text
);
create table stale (
  id bigint not null generated always as identity,
  stream_id integer not null,
  day date not null,
  reason text not null,
  marked_at timestamp with time zone not null
);
create table stream (
  id integer not null generated always as identity,
  network text not null,
  name text not null,
  revision integer not null,
  chain text not null,
  kind text not null,
  class text not null,
  lens text,
  role text not null,
  token text not null,
  method text not null,
  from_height bigint,
  to_height bigint,
  accrues jsonb,
  meaning text not null,
  evidence jsonb not null,
  word text not null,
  settings jsonb,
  hash text not null,
  active boolean not null,
  of_streams text[] not null default '{}'::text[],
  since date,
  until date,
  epoch_lag smallint,
  estimated text,
  scale jsonb,
  tolerance jsonb
);
create table stream_life (
  stream_id integer not null,
  published_at timestamp with time zone not null,
  retired_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  kind text not null,
  class text not null,
  lens text,
  role text not null,
  token text not null,
  method text not null,
  accrues jsonb,
  since date,
  until date,
  of_streams text[] not null default '{}'::text[],
  epoch_lag smallint,
  from_height bigint,
  to_height bigint,
  estimated text,
  scale jsonb,
  meaning text not null default ''::text,
  evidence jsonb not null default '[]'::jsonb
);
create table stream_span (
  stream_id integer not null,
  available_at timestamp with time zone not null,
  superseded_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  alive_from date,
  alive_to date
);
create table supply_day (
  token text not null,
  counter text not null,
  day date not null,
  available_at timestamp with time zone not null,
  superseded_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  raw numeric(78,0),
  reading_height bigint,
  quality text not null,
  reason text,
  change text not null
);
create table token (
  symbol text not null,
  network text not null,
  chain text not null,
  address text,
  decimals smallint not null,
  price jsonb not null
);
create table worker (
  id text not null,
  host text not null,
  pid integer not null,
  started_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now()
);
CREATE INDEX event_by_accrual ON public.event USING btree (stream_id, accrued_from) WHERE (accrued_from IS NOT NULL);
CREATE INDEX event_by_time ON public.event USING btree (stream_id, happened_at);
CREATE INDEX event_removed_by_time ON public.event_removed USING btree (stream_id, happened_at);
CREATE INDEX proof_day_failed ON public.proof_day USING btree (day) WHERE ((residual_raw <> (0)::numeric) AND (superseded_at = 'infinity'::timestamp with time zone));
CREATE INDEX restatement_by_time ON public.restatement USING btree (network, available_at);
CREATE UNIQUE INDEX block_pkey ON public.block USING btree (chain, height);
CREATE UNIQUE INDEX chain_lease_pkey ON public.chain_lease USING btree (chain);
CREATE UNIQUE INDEX chain_pkey ON public.chain USING btree (id);
CREATE UNIQUE INDEX counter_pkey ON public.counter USING btree (network, name);
CREATE UNIQUE INDEX coverage_pkey ON public.coverage USING btree (stream_id);
CREATE UNIQUE INDEX cron_run_pkey ON public.cron_run USING btree (key);
CREATE UNIQUE INDEX day_height_pkey ON public.day_height USING btree (chain, day);
CREATE UNIQUE INDEX dead_range_chain_streams_from_height_to_height_key ON public.dead_range USING btree (chain, streams, from_height, to_height);
CREATE UNIQUE INDEX dead_range_pkey ON public.dead_range USING btree (id);
CREATE UNIQUE INDEX endpoint_rate_pkey ON public.endpoint_rate USING btree (endpoint);
CREATE UNIQUE INDEX event_pkey ON public.event USING btree (stream_id, tx_id, "position");
CREATE UNIQUE INDEX event_removed_pkey ON public.event_removed USING btree (stream_id, tx_id, "position", removed_at);
CREATE UNIQUE INDEX flow_day_current ON public.flow_day USING btree (stream_id, day, by) WHERE (superseded_at = 'infinity'::timestamp with time zone);
CREATE UNIQUE INDEX flow_day_pkey ON public.flow_day USING btree (stream_id, day, by, available_at);
CREATE UNIQUE INDEX gap_pkey ON public.gap USING btree (stream_id, from_height);
CREATE UNIQUE INDEX head_day_pkey ON public.head_day USING btree (chain, day);
CREATE UNIQUE INDEX import_pkey ON public.import USING btree (id);
CREATE UNIQUE INDEX metric_life_pkey ON public.metric_life USING btree (metric, revision);
CREATE UNIQUE INDEX network_life_pkey ON public.network_life USING btree (network, published_at);
CREATE UNIQUE INDEX network_pkey ON public.network USING btree (id);
CREATE UNIQUE INDEX paused_pkey ON public.paused USING btree (network);
CREATE UNIQUE INDEX price_ask_pkey ON public.price_ask USING btree (token, source, every, day);
CREATE UNIQUE INDEX price_day_current ON public.price_day USING btree (token, day, basis) WHERE (superseded_at = 'infinity'::timestamp with time zone);
CREATE UNIQUE INDEX price_day_pkey ON public.price_day USING btree (token, day, basis, available_at);
CREATE UNIQUE INDEX price_pkey ON public.price USING btree (token, observed_at, source, retrieved_at);
CREATE UNIQUE INDEX proof_day_current ON public.proof_day USING btree (network, token, proof, day) WHERE (superseded_at = 'infinity'::timestamp with time zone);
CREATE UNIQUE INDEX proof_day_pkey ON public.proof_day USING btree (network, token, proof, day, computed_at);
CREATE UNIQUE INDEX reading_pkey ON public.reading USING btree (chain, token, counter, height);
CREATE UNIQUE INDEX restatement_pkey ON public.restatement USING btree (id);
CREATE UNIQUE INDEX stale_pkey ON public.stale USING btree (stream_id, id);
CREATE UNIQUE INDEX stream_life_pkey ON public.stream_life USING btree (stream_id, published_at);
CREATE UNIQUE INDEX stream_network_name_revision_key ON public.stream USING btree (network, name, revision);
CREATE UNIQUE INDEX stream_pkey ON public.stream USING btree (id);
CREATE UNIQUE INDEX stream_span_current ON public.stream_span USING btree (stream_id) WHERE (superseded_at = 'infinity'::timestamp with time zone);
CREATE UNIQUE INDEX stream_span_pkey ON public.stream_span USING btree (stream_id, available_at);
CREATE UNIQUE INDEX supply_day_current ON public.supply_day USING btree (token, counter, day) WHERE (superseded_at = 'infinity'::timestamp with time zone);
CREATE UNIQUE INDEX supply_day_pkey ON public.supply_day USING btree (token, counter, day, available_at);
CREATE UNIQUE INDEX token_pkey ON public.token USING btree (symbol);
CREATE UNIQUE INDEX worker_pkey ON public.worker USING btree (id);
alter table counter add FOREIGN KEY (network) REFERENCES network(id);
alter table stream add FOREIGN KEY (network) REFERENCES network(id);
alter table stream add FOREIGN KEY (token) REFERENCES token(symbol);
alter table token add FOREIGN KEY (network) REFERENCES network(id);
