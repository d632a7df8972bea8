import type { Generated } from 'kysely'

/** Rows as the driver gives them: int8 and times are numbers (Unix seconds), numeric and date are text. */
export interface Tables {
  network: {
    id: string
    name: string
    sector: string
    description: string
    primary_token: string
    absent: unknown
    regimes: unknown
    hash: string
  }
  chain: {
    id: string
    network: string | null
    origin: string | null
    id_encoding: string
    head: number | null
    finalized: number | null
    head_time: number | null
    seen_at: number | null
    error: string | null
    error_at: number | null
  }
  token: {
    symbol: string
    network: string
    chain: string
    address: string | null
    decimals: number
    price: unknown
  }
  stream: {
    id: Generated<number>
    network: string
    name: string
    revision: number
    chain: string
    kind: string
    class: string
    lens: string | null
    role: string
    of_streams: string[]
    since: string | null
    until: string | null
    epoch_lag: number | null
    estimated: string | null
    token: string
    method: string
    from_height: number | null
    to_height: number | null
    accrues: unknown
    scale: unknown
    tolerance: unknown
    meaning: string
    evidence: unknown
    word: string
    settings: unknown
    hash: string
    active: boolean
  }
  counter: {
    network: string
    name: string
    token: string
    chain: string
    counter: string
    word: string
    settings: unknown
    meaning: string
    evidence: unknown
    active: boolean
  }
  gap: {
    stream_id: number
    from_height: number
    to_height: number
    code: string
    reason: string
    seen_at: number
  }
  cron_run: { key: string; ran_at: number }
}
