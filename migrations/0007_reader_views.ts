import { type Kysely, sql } from 'kysely'

/** Columns of the wide view. A later metric gets its column by a later migration, behind these. */
const metrics = [
  'fees_usd',
  'emissions_usd',
  'subsidy_ratio',
  'revenue_coverage',
  'net_subsidy_usd',
  'subsidy_ratio_net',
  'supply_side_usd',
  'protocol_revenue_usd',
  'holders_revenue_usd',
  'revenue_usd',
  'earnings_usd',
  'take_rate',
  'burns_usd',
  'prepaid_balance_usd',
  'gross_emission_native',
  'emission_liquid_native',
  'emission_locked_native',
  'vested_native',
  'one_off_mint_native',
  'remint_reward_native',
  'remint_settlement_native',
  'gross_burn_native',
  'net_burn_native',
  'net_emission_native',
  'burn_mint_ratio',
  'inflation_annualised',
  'locked_native',
  'released_native',
  'net_locked_native',
  'supply_native',
  'supply_residual_native',
  'ps_circulating',
  'ps_fully_diluted',
  'pf_circulating',
  'pf_fully_diluted',
  'fees_annualised_usd',
  'revenue_annualised_usd',
  'emissions_annualised_usd',
  'fees_run_rate_usd',
  'fees_growth',
  'fees_growth_yoy',
  'revenue_growth',
  'revenue_growth_yoy',
  'emissions_growth',
  'emissions_growth_yoy',
  'burn_purchase_native',
  'burn_usage_native',
  'burn_gas_native',
  'burn_penalty_native',
  'burn_buyback_native',
  'burn_migration_native',
  'burn_other_native',
]

const tables = [
  // Metrics of days and of 30-day windows under the default definitions, as the API computes them; written by the rollup job.
  `create table metric_day (
    network text not null, metric text not null, period text not null, day date not null,
    available_at timestamptz not null, superseded_at timestamptz not null default 'infinity',
    value numeric, unit text not null, quality text not null, reason text, warning text, known_at timestamptz,
    methodology_version integer not null, simulated boolean not null,
    primary key (network, metric, period, day, available_at))`,
  `create unique index metric_day_current on metric_day (network, metric, period, day) where superseded_at = 'infinity'`,
  'create index metric_day_by_day on metric_day (period, day)',
  // Up to when what was published is in metric_day, and the last day that is.
  'create table metric_day_mark (network text primary key, published_at timestamptz not null, last_day date)',
  'create index flow_day_by_publication on flow_day (available_at)',
]

/** A transaction id in the chain's own writing; base58 digit by digit, which costs about 50 microseconds a row. */
const writeId = `create function depindex_tx_id(id bytea, encoding text) returns text language plpgsql immutable strict parallel safe as $$
  declare
    digits constant text := '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    number numeric := 0; written text := ''; zeros integer := 0;
  begin
    case encoding
      when 'hex' then return encode(id, 'hex');
      when 'HEX' then return upper(encode(id, 'hex'));
      when '0x' then return '0x' || encode(id, 'hex');
      when 'base64url' then return translate(rtrim(translate(encode(id, 'base64'), E'\\n', ''), '='), '+/', '-_');
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
  end $$`

const long = (period: string): string => `
  select m.day as date, m.network, m.metric, m.value, m.unit, m.quality, m.reason, m.warning, m.known_at as available_at,
    m.methodology_version, m.simulated, m.available_at as updated_at
  from metric_day m where m.period = '${period}' and m.superseded_at = 'infinity'`

const views: readonly (readonly [name: string, text: string])[] = [
  ['metrics_daily_long', long('DAY')],
  ['metrics_30d_long', long('TRAILING_30')],
  [
    'metrics_daily_wide',
    `select m.day as date, m.network,
      ${metrics.map((id) => `max(m.value) filter (where m.metric = '${id}') as ${id}`).join(',\n      ')},
      jsonb_object_agg(m.metric, jsonb_build_object('quality', m.quality, 'reason', m.reason)) filter (where m.quality <> 'COMPLETE') as notes,
      bool_or(m.simulated) as simulated
    from metric_day m where m.period = 'DAY' and m.superseded_at = 'infinity' group by m.day, m.network`,
  ],
  [
    'metrics_daily_history',
    `select m.day as date, m.network, m.metric, m.value, m.unit, m.quality, m.reason, m.methodology_version, m.simulated,
      m.available_at as valid_from, m.superseded_at as valid_to
    from metric_day m where m.period = 'DAY'`,
  ],
  [
    'events_flat',
    `select e.happened_at, (e.happened_at at time zone 'UTC')::date as date, s.network, s.name as stream, s.kind, s.class, s.lens,
      s.role, s.method, s.token, e.amount_raw * ('1e-' || t.decimals)::numeric as amount, e.amount_raw, s.chain, e.height,
      depindex_tx_id(e.tx_id, coalesce(c.id_encoding, 'hex')) as tx, e.position, e.act, e.sender, e.recipient,
      e.accrued_from, e.accrued_to, e.usd_micros * 0.000001 as usd_stated, e.detail,
      coalesce(c.origin = 'simulated', false) as simulated
    from event e join stream s on s.id = e.stream_id and s.active join token t on t.symbol = s.token
      left join chain c on c.id = s.chain`,
  ],
]

const comments: Readonly<Record<string, string>> = {
  'view metrics_daily_long':
    'One row for each UTC day, network and metric, as known now, under the default definitions of the API (lens CONSUMPTION, price basis DAY_CLOSE, event time, denominator FEES). A ratio of a longer period is a ratio of sums: never average ratios. At most five minutes behind the API.',
  'view metrics_30d_long':
    'The same metrics over the 30 days that end with the date: the default window of subsidy_ratio. Never add up rows of different dates.',
  'view metrics_daily_wide':
    'One row for each UTC day and network, a column for each metric; otherwise as metrics_daily_long.',
  'view metrics_daily_history':
    'Every value that metrics_daily_long ever showed. As of an instant t: valid_from <= t and valid_to > t. It begins when this table was first filled; the API answers asOf for earlier instants.',
  'view events_flat':
    "Events of all active streams with what their stream is. For sums take role = 'ledger' and one kind, and for fees one lens; legs of one act are never added. Filter by network and happened_at: both are indexed.",
  'column metrics_daily_long.value':
    'The value in unit, exact; null with a reason, never zero for what is not known.',
  'column metrics_daily_long.quality':
    'COMPLETE, ESTIMATED, STALE_PRICE and PROOF_FAILED come with a value; the others with null.',
  'column metrics_daily_long.reason': 'Why the value is null or less than complete.',
  'column metrics_daily_long.available_at': 'When the newest amount in it became known.',
  'column metrics_daily_long.updated_at': 'Since when this view shows the value.',
  'column metrics_daily_long.simulated':
    'True where the chain is simulated: the number says nothing about the real network.',
  'column metrics_daily_wide.notes': 'For each metric that is less than complete: its quality and reason.',
  'column events_flat.amount': 'Whole tokens, exact; negative only for corrections and returned emission.',
  'column events_flat.amount_raw': "In the token's smallest unit.",
  'column events_flat.tx':
    "Transaction id in the chain's own writing; the block's where a block itself pays.",
  'column events_flat.act': 'Shared by the events of one act on chain, such as a payment that burns.',
  'column events_flat.usd_stated':
    'Dollars that the chain or the published source itself states; null: it states none.',
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Views for Metabase, Grafana and notebooks, and the table that the metrics of two of them are kept in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, writeId]) await sql.raw(statement).execute(db)
  for (const [name, text] of views) await sql.raw(`create view ${name} as ${text}`).execute(db)
  for (const [object, text] of Object.entries(comments))
    await sql.raw(`comment on ${object} is ${quoted(text)}`).execute(db)
}
