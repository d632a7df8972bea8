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
create table metric_day (
  network text not null,
  metric text not null,
  period text not null,
  day date not null,
  available_at timestamp with time zone not null,
  superseded_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  value numeric,
  unit text not null,
  quality text not null,
  reason text,
  warning text,
  known_at timestamp with time zone,
  methodology_version integer not null,
  simulated boolean not null
);
create table metric_day_mark (
  network text not null,
  published_at timestamp with time zone not null,
  last_day date
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
CREATE INDEX flow_day_by_publication ON public.flow_day USING btree (available_at);
CREATE INDEX metric_day_by_day ON public.metric_day USING btree (period, day);
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
CREATE UNIQUE INDEX metric_day_current ON public.metric_day USING btree (network, metric, period, day) WHERE (superseded_at = 'infinity'::timestamp with time zone);
CREATE UNIQUE INDEX metric_day_mark_pkey ON public.metric_day_mark USING btree (network);
CREATE UNIQUE INDEX metric_day_pkey ON public.metric_day USING btree (network, metric, period, day, available_at);
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
CREATE OR REPLACE FUNCTION public.depindex_tx_id(id bytea, encoding text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  declare
    digits constant text := '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    number numeric := 0; written text := ''; zeros integer := 0;
  begin
    case encoding
      when 'hex' then return encode(id, 'hex');
      when 'HEX' then return upper(encode(id, 'hex'));
      when '0x' then return '0x' || encode(id, 'hex');
      when 'base64url' then return translate(rtrim(translate(encode(id, 'base64'), E'\n', ''), '='), '+/', '-_');
      when 'utf8' then return convert_from(id, 'UTF8');
      when 'base58' then
        for i in 0 .. length(id) - 1 loop
          exit when get_byte(id, i) <> 0;
          zeros := zeros + 1;
        end loop;
        for i in 0 .. length(id) - 1 loop number := number * 256 + get_byte(id, i); end loop;
        while number > 0 loop
          written := substr(digits, (number % 58)::integer + 1, 1) || written;
          number := div(number, 58);
        end loop;
        return repeat('1', zeros) || written;
      else raise exception 'unknown encoding of ids: %', encoding;
    end case;
  end $function$
;
create view events_flat as
 SELECT e.happened_at,
    ((e.happened_at AT TIME ZONE 'UTC'::text))::date AS date,
    s.network,
    s.name AS stream,
    s.kind,
    s.class,
    s.lens,
    s.role,
    s.method,
    s.token,
    (e.amount_raw * (('1e-'::text || t.decimals))::numeric) AS amount,
    e.amount_raw,
    s.chain,
    e.height,
    depindex_tx_id(e.tx_id, COALESCE(c.id_encoding, 'hex'::text)) AS tx,
    e."position",
    e.act,
    e.sender,
    e.recipient,
    e.accrued_from,
    e.accrued_to,
    (e.usd_micros * 0.000001) AS usd_stated,
    e.detail,
    COALESCE((c.origin = 'simulated'::text), false) AS simulated
   FROM (((event e
     JOIN stream s ON (((s.id = e.stream_id) AND s.active)))
     JOIN token t ON ((t.symbol = s.token)))
     LEFT JOIN chain c ON ((c.id = s.chain)));
create view metrics_30d_long as
 SELECT day AS date,
    network,
    metric,
    value,
    unit,
    quality,
    reason,
    warning,
    known_at AS available_at,
    methodology_version,
    simulated,
    available_at AS updated_at
   FROM metric_day m
  WHERE ((period = 'TRAILING_30'::text) AND (superseded_at = 'infinity'::timestamp with time zone));
create view metrics_daily_history as
 SELECT day AS date,
    network,
    metric,
    value,
    unit,
    quality,
    reason,
    methodology_version,
    simulated,
    available_at AS valid_from,
    superseded_at AS valid_to
   FROM metric_day m
  WHERE (period = 'DAY'::text);
create view metrics_daily_long as
 SELECT day AS date,
    network,
    metric,
    value,
    unit,
    quality,
    reason,
    warning,
    known_at AS available_at,
    methodology_version,
    simulated,
    available_at AS updated_at
   FROM metric_day m
  WHERE ((period = 'DAY'::text) AND (superseded_at = 'infinity'::timestamp with time zone));
create view metrics_daily_wide as
 SELECT day AS date,
    network,
    max(value) FILTER (WHERE (metric = 'fees_usd'::text)) AS fees_usd,
    max(value) FILTER (WHERE (metric = 'emissions_usd'::text)) AS emissions_usd,
    max(value) FILTER (WHERE (metric = 'subsidy_ratio'::text)) AS subsidy_ratio,
    max(value) FILTER (WHERE (metric = 'revenue_coverage'::text)) AS revenue_coverage,
    max(value) FILTER (WHERE (metric = 'net_subsidy_usd'::text)) AS net_subsidy_usd,
    max(value) FILTER (WHERE (metric = 'subsidy_ratio_net'::text)) AS subsidy_ratio_net,
    max(value) FILTER (WHERE (metric = 'supply_side_usd'::text)) AS supply_side_usd,
    max(value) FILTER (WHERE (metric = 'protocol_revenue_usd'::text)) AS protocol_revenue_usd,
    max(value) FILTER (WHERE (metric = 'holders_revenue_usd'::text)) AS holders_revenue_usd,
    max(value) FILTER (WHERE (metric = 'revenue_usd'::text)) AS revenue_usd,
    max(value) FILTER (WHERE (metric = 'earnings_usd'::text)) AS earnings_usd,
    max(value) FILTER (WHERE (metric = 'take_rate'::text)) AS take_rate,
    max(value) FILTER (WHERE (metric = 'burns_usd'::text)) AS burns_usd,
    max(value) FILTER (WHERE (metric = 'prepaid_balance_usd'::text)) AS prepaid_balance_usd,
    max(value) FILTER (WHERE (metric = 'gross_emission_native'::text)) AS gross_emission_native,
    max(value) FILTER (WHERE (metric = 'emission_liquid_native'::text)) AS emission_liquid_native,
    max(value) FILTER (WHERE (metric = 'emission_locked_native'::text)) AS emission_locked_native,
    max(value) FILTER (WHERE (metric = 'vested_native'::text)) AS vested_native,
    max(value) FILTER (WHERE (metric = 'one_off_mint_native'::text)) AS one_off_mint_native,
    max(value) FILTER (WHERE (metric = 'remint_reward_native'::text)) AS remint_reward_native,
    max(value) FILTER (WHERE (metric = 'remint_settlement_native'::text)) AS remint_settlement_native,
    max(value) FILTER (WHERE (metric = 'gross_burn_native'::text)) AS gross_burn_native,
    max(value) FILTER (WHERE (metric = 'net_burn_native'::text)) AS net_burn_native,
    max(value) FILTER (WHERE (metric = 'net_emission_native'::text)) AS net_emission_native,
    max(value) FILTER (WHERE (metric = 'burn_mint_ratio'::text)) AS burn_mint_ratio,
    max(value) FILTER (WHERE (metric = 'inflation_annualised'::text)) AS inflation_annualised,
    max(value) FILTER (WHERE (metric = 'locked_native'::text)) AS locked_native,
    max(value) FILTER (WHERE (metric = 'released_native'::text)) AS released_native,
    max(value) FILTER (WHERE (metric = 'net_locked_native'::text)) AS net_locked_native,
    max(value) FILTER (WHERE (metric = 'supply_native'::text)) AS supply_native,
    max(value) FILTER (WHERE (metric = 'supply_residual_native'::text)) AS supply_residual_native,
    max(value) FILTER (WHERE (metric = 'ps_circulating'::text)) AS ps_circulating,
    max(value) FILTER (WHERE (metric = 'ps_fully_diluted'::text)) AS ps_fully_diluted,
    max(value) FILTER (WHERE (metric = 'pf_circulating'::text)) AS pf_circulating,
    max(value) FILTER (WHERE (metric = 'pf_fully_diluted'::text)) AS pf_fully_diluted,
    max(value) FILTER (WHERE (metric = 'fees_annualised_usd'::text)) AS fees_annualised_usd,
    max(value) FILTER (WHERE (metric = 'revenue_annualised_usd'::text)) AS revenue_annualised_usd,
    max(value) FILTER (WHERE (metric = 'emissions_annualised_usd'::text)) AS emissions_annualised_usd,
    max(value) FILTER (WHERE (metric = 'fees_run_rate_usd'::text)) AS fees_run_rate_usd,
    max(value) FILTER (WHERE (metric = 'fees_growth'::text)) AS fees_growth,
    max(value) FILTER (WHERE (metric = 'fees_growth_yoy'::text)) AS fees_growth_yoy,
    max(value) FILTER (WHERE (metric = 'revenue_growth'::text)) AS revenue_growth,
    max(value) FILTER (WHERE (metric = 'revenue_growth_yoy'::text)) AS revenue_growth_yoy,
    max(value) FILTER (WHERE (metric = 'emissions_growth'::text)) AS emissions_growth,
    max(value) FILTER (WHERE (metric = 'emissions_growth_yoy'::text)) AS emissions_growth_yoy,
    max(value) FILTER (WHERE (metric = 'burn_purchase_native'::text)) AS burn_purchase_native,
    max(value) FILTER (WHERE (metric = 'burn_usage_native'::text)) AS burn_usage_native,
    max(value) FILTER (WHERE (metric = 'burn_gas_native'::text)) AS burn_gas_native,
    max(value) FILTER (WHERE (metric = 'burn_penalty_native'::text)) AS burn_penalty_native,
    max(value) FILTER (WHERE (metric = 'burn_buyback_native'::text)) AS burn_buyback_native,
    max(value) FILTER (WHERE (metric = 'burn_migration_native'::text)) AS burn_migration_native,
    max(value) FILTER (WHERE (metric = 'burn_other_native'::text)) AS burn_other_native,
    jsonb_object_agg(metric, jsonb_build_object('quality', quality, 'reason', reason)) FILTER (WHERE (quality <> 'COMPLETE'::text)) AS notes,
    bool_or(simulated) AS simulated
   FROM metric_day m
  WHERE ((period = 'DAY'::text) AND (superseded_at = 'infinity'::timestamp with time zone))
  GROUP BY day, network;
comment on view events_flat is 'Events of all active streams with what their stream is. For sums take role = ''ledger'' and one kind, and for fees one lens; legs of one act are never added. Filter by network and happened_at: both are indexed.';
comment on column events_flat.amount is 'Whole tokens, exact; negative only for corrections and returned emission.';
comment on column events_flat.amount_raw is 'In the token''s smallest unit.';
comment on column events_flat.tx is 'Transaction id in the chain''s own writing; the block''s where a block itself pays.';
comment on column events_flat.act is 'Shared by the events of one act on chain, such as a payment that burns.';
comment on column events_flat.usd_stated is 'Dollars that the chain or the published source itself states; null: it states none.';
comment on view metrics_30d_long is 'The same metrics over the 30 days that end with the date: the default window of subsidy_ratio. Never add up rows of different dates.';
comment on view metrics_daily_history is 'Every value that metrics_daily_long ever showed. As of an instant t: valid_from <= t and valid_to > t. It begins when this table was first filled; the API answers asOf for earlier instants.';
comment on view metrics_daily_long is 'One row for each UTC day, network and metric, as known now, under the default definitions of the API (lens CONSUMPTION, price basis DAY_CLOSE, event time, denominator FEES). A ratio of a longer period is a ratio of sums: never average ratios. At most five minutes behind the API.';
comment on column metrics_daily_long.value is 'The value in unit, exact; null with a reason, never zero for what is not known.';
comment on column metrics_daily_long.quality is 'COMPLETE, ESTIMATED, STALE_PRICE and PROOF_FAILED come with a value; the others with null.';
comment on column metrics_daily_long.reason is 'Why the value is null or less than complete.';
comment on column metrics_daily_long.available_at is 'When the newest amount in it became known.';
comment on column metrics_daily_long.simulated is 'True where the chain is simulated: the number says nothing about the real network.';
comment on column metrics_daily_long.updated_at is 'Since when this view shows the value.';
comment on view metrics_daily_wide is 'One row for each UTC day and network, a column for each metric; otherwise as metrics_daily_long.';
comment on column metrics_daily_wide.notes is 'For each metric that is less than complete: its quality and reason.';
