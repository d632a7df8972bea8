import type { Database } from './database.ts'

const everyMs = 2_000
/** How much faster all may go together after a while without a complaint: requests a second, and percent on top. */
const growth = 5
const growthPercent = 10
const quietSeconds = 5
/** A limit that has grown to this is none. */
const noLimit = 2_000

/**
 * What endpoints take, shared by all processes on a database: each keeps to its part of what the one that was refused found
 * out, and the limit grows again while nobody is refused.
 */
export class EndpointRates {
  readonly #db: Database
  readonly #failed: (error: unknown) => void
  readonly #timer: NodeJS.Timeout
  #limits: ReadonlyMap<string, number> = new Map()
  #processes = 1
  #talking: Promise<void> = Promise.resolve()

  /** @param failed Told when the database does not answer; the limits then stay as they were last known. */
  constructor(db: Database, failed: (error: unknown) => void) {
    this.#db = db
    this.#failed = failed
    this.#timer = setInterval(() => this.#next(() => this.#refresh()), everyMs)
    this.#timer.unref()
    this.#next(() => this.#refresh())
  }

  /** Requests a second that this process may make of an endpoint; Infinity while nothing limits it. */
  limit(endpoint: string): number {
    return (this.#limits.get(endpoint) ?? Number.POSITIVE_INFINITY) / this.#processes
  }

  /** Tells the others that an endpoint complained, and what this process keeps to now. */
  complained(endpoint: string, perSecond: number): void {
    const own = Math.max(1, Math.round(perSecond))
    this.#next(async () => {
      await this.#db.pool.query(
        `insert into endpoint_rate as r (endpoint, per_second) values ($1, $2 * (select greatest(1, count(*)) from worker))
         on conflict (endpoint) do update set per_second = least(r.per_second, excluded.per_second), changed_at = now()`,
        [endpoint, own],
      )
      await this.#refresh()
    })
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#talking
  }

  /** One thing after another. */
  #next(talk: () => Promise<void>): void {
    this.#talking = this.#talking.then(talk).catch(this.#failed)
  }

  async #refresh(): Promise<void> {
    await this.#db.pool.query(
      `update endpoint_rate set changed_at = now(),
         per_second = case when per_second < $2 then per_second + $4 + per_second * $1 / 100 end
       where per_second is not null and changed_at < now() - make_interval(secs => $3)`,
      [growthPercent, noLimit, quietSeconds, growth],
    )
    const { rows } = await this.#db.pool.query<{ endpoint: string; per_second: number }>(
      'select endpoint, per_second from endpoint_rate where per_second is not null',
    )
    this.#limits = new Map(rows.map((r) => [r.endpoint, r.per_second]))
    const { rows: counted } = await this.#db.pool.query<{ n: number }>('select count(*) as n from worker')
    this.#processes = Math.max(1, counted[0]?.n ?? 1)
  }
}
