/**
 * What a column of a file holds. `decimal` is an exact number as text: quoted text in CSV, DECIMAL(38, 18) in
 * Parquet, where a number that does not fit is null and the text column beside it has it whole. `digits` is a whole
 * number of any length: quoted text in both.
 */
export type ColumnType = 'text' | 'decimal' | 'digits' | 'count' | 'date' | 'instant' | 'flag'

/** A column of a file. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly meaning: string
}

/** Cells in the order of the columns; null is an empty cell. */
export type Row = readonly (string | null)[]

const column = (name: string, type: ColumnType, meaning: string): Column => ({ name, type, meaning })

/** Metric values, one row for each date, network and metric. */
export const metricColumns: readonly Column[] = [
  column('date', 'date', 'First UTC day of the period; for a trailing window its last day.'),
  column('window_end', 'date', 'Last UTC day of the period, included.'),
  column('network', 'text', 'Slug of the network.'),
  column('metric', 'text', 'Id of the metric.'),
  column('value', 'decimal', 'The value in `unit`; empty with a reason, never zero for what is not known.'),
  column('unit', 'text', 'USD, ratio, or the symbol of a token.'),
  column('quality', 'text', 'What the value is worth.'),
  column('reason', 'text', 'Why it is empty or less than complete.'),
  column('warning', 'text', 'What a reader should know of a price in it.'),
  column('methods', 'text', 'How the amounts behind it are known, separated by spaces.'),
  column('available_at', 'instant', 'When this value became known.'),
  column('revision', 'count', "The highest count of values published for the period's days."),
  column('methodology_version', 'count', "Version of the metric's formula."),
  column(
    'simulated',
    'flag',
    'True where the chain is simulated: the number says nothing about the real network.',
  ),
  column('days_complete', 'count', 'Days of the period that are complete.'),
  column('days_priced', 'count', 'Days of the period that have every price they need.'),
  column('days_expected', 'count', 'Days of the period.'),
]

/** Events, one row each. */
export const eventColumns: readonly Column[] = [
  column('happened_at', 'instant', 'Time of the block, UTC.'),
  column('network', 'text', 'Slug of the network.'),
  column('stream', 'text', 'Name of the stream.'),
  column('kind', 'text', 'emission, burn, fee, or what else the stream is.'),
  column('token', 'text', 'Symbol of the token.'),
  column('amount', 'decimal', 'Whole tokens.'),
  column('amount_raw', 'digits', "Whole number of the token's smallest unit."),
  column('height', 'count', 'Height it happened at.'),
  column('tx', 'text', "Transaction id in the chain's own writing; the block's where a block itself pays."),
  column('position', 'count', 'Place inside the transaction.'),
  column('sender', 'text', 'Who paid; empty where nobody did or it is not known.'),
  column('recipient', 'text', 'Who received; empty where nobody did or it is not known.'),
  column('simulated', 'flag', 'True where the chain is simulated.'),
]

/** What wide files of events have beside: everything that is known of the event and its stream. */
export const wideEventColumns: readonly Column[] = [
  column('chain', 'text', 'Chain it happened on.'),
  column('class', 'text', "What the stream's amounts are for."),
  column('lens', 'text', 'For a fee: the only lens that counts it.'),
  column('role', 'text', 'Whether the stream is summed, compared or only watched.'),
  column('method', 'text', 'How the amount is known.'),
  column('from_height', 'count', 'First height that the amount covers, for differences of a counter.'),
  column('act', 'text', 'Shared by the events of one act; no sum ever adds them.'),
  column('accrued_from', 'date', 'First UTC day that the amount is for, where the chain pays by epochs.'),
  column('accrued_to', 'date', 'Last UTC day that the amount is for.'),
  column('usd', 'decimal', 'Dollars that the chain or the published source itself states.'),
  column('detail', 'text', 'Further facts as JSON.'),
  column('tx_url', 'text', 'Page of the transaction on a public block explorer.'),
]

/** Columns of a wide file of metrics: one row a date, a column for each network and metric, with its quality and reason. */
export function wideMetricColumns(
  networks: readonly string[],
  metrics: readonly string[],
  notes: boolean,
): Column[] {
  const columns = [column('date', 'date', 'First UTC day of the period; for a trailing window its last day.')]
  for (const network of networks) {
    for (const metric of metrics) {
      const name = `${network}.${metric}`
      columns.push(column(name, 'decimal', `${metric} of ${network}; empty where it is not known.`))
      if (!notes) continue
      columns.push(column(`${name}.quality`, 'text', `What ${name} is worth.`))
      columns.push(column(`${name}.reason`, 'text', `Why ${name} is empty or less than complete.`))
    }
  }
  return columns
}
