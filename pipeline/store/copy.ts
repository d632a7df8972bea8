import { finished } from 'node:stream/promises'
import type pg from 'pg'
import copyStreams from 'pg-copy-streams'
import type { Event } from '../model/event.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { dayStart, secondsPerDay } from '../model/time.ts'

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const trailer = Buffer.from([0xff, 0xff])
const postgresEpochSeconds = 946_684_800
const columns = 15

/** Columns of `event`, in the order the encoder writes them. */
export const eventColumns =
  'stream_id, tx_id, position, amount_raw, height, from_height, happened_at, act, sender, recipient, detail, accrued_from, accrued_to, usd_micros, stored_at'

/**
 * Encodes events in Postgres' binary COPY format.
 * Half the CPU of text COPY; checked against the server by a property test.
 */
export class EventEncoder {
  #buffer = Buffer.allocUnsafe(1 << 20)
  #at = 0
  readonly #storedAt: number

  /** @param now When the events are stored. */
  constructor(now: UnixSeconds) {
    this.#storedAt = (now - postgresEpochSeconds) * 1_000_000
    this.#at = header.copy(this.#buffer, 0)
  }

  /** Adds one row. */
  add(event: Event): void {
    const detail = event.detail === undefined ? undefined : JSON.stringify(event.detail)
    const text = (event.act?.length ?? 0) + (event.sender?.length ?? 0) + (event.recipient?.length ?? 0)
    this.#room(256 + event.txId.length + 3 * (text + (detail?.length ?? 0)))
    const buffer = this.#buffer
    let at = buffer.writeInt16BE(columns, this.#at)
    at = this.#int4(at, event.streamId)
    at = buffer.writeInt32BE(event.txId.length, at)
    buffer.set(event.txId, at)
    at += event.txId.length
    at = this.#int4(at, event.position)
    at = this.#numeric(at, event.amountRaw)
    at = this.#int8(at, event.height)
    at = event.fromHeight === undefined ? buffer.writeInt32BE(-1, at) : this.#int8(at, event.fromHeight)
    at = this.#int8(at, (event.happenedAt - postgresEpochSeconds) * 1_000_000)
    at = this.#text(at, event.act)
    at = this.#text(at, event.sender)
    at = this.#text(at, event.recipient)
    at = this.#jsonb(at, detail)
    at = this.#date(at, event.accruedFrom)
    at = this.#date(at, event.accruedTo)
    at = event.usdMicros === undefined ? buffer.writeInt32BE(-1, at) : this.#numeric(at, event.usdMicros)
    this.#at = this.#int8(at, this.#storedAt)
  }

  /** The finished stream; the encoder starts anew. */
  take(): Buffer {
    this.#room(2)
    this.#at += trailer.copy(this.#buffer, this.#at)
    const bytes = Buffer.from(this.#buffer.subarray(0, this.#at))
    this.#at = header.length
    return bytes
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes))
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
  }

  #int4(at: number, value: number): number {
    return this.#buffer.writeInt32BE(value, this.#buffer.writeInt32BE(4, at))
  }

  #int8(at: number, value: number): number {
    const next = this.#buffer.writeInt32BE(8, at)
    const high = Math.floor(value / 4_294_967_296)
    this.#buffer.writeInt32BE(high, next)
    return this.#buffer.writeUInt32BE(value - high * 4_294_967_296, next + 4)
  }

  #date(at: number, day: Day | undefined): number {
    if (day === undefined) return this.#buffer.writeInt32BE(-1, at)
    return this.#int4(at, (dayStart(day) - postgresEpochSeconds) / secondsPerDay)
  }

  #text(at: number, value: string | undefined): number {
    if (value === undefined) return this.#buffer.writeInt32BE(-1, at)
    const length = this.#buffer.write(value, at + 4, 'utf8')
    this.#buffer.writeInt32BE(length, at)
    return at + 4 + length
  }

  #jsonb(at: number, json: string | undefined): number {
    if (json === undefined) return this.#buffer.writeInt32BE(-1, at)
    const length = this.#buffer.write(json, at + 5, 'utf8')
    this.#buffer.writeInt32BE(length + 1, at)
    this.#buffer.writeUInt8(1, at + 4)
    return at + 5 + length
  }

  /** Groups of four decimal digits, most significant first, without the trailing zero groups. */
  #numeric(at: number, value: bigint): number {
    const negative = value < 0n
    const digits = (negative ? -value : value).toString()
    const groups = Math.ceil(digits.length / 4)
    const body = at + 12
    let kept = 0
    for (let group = 0, end = digits.length - (groups - 1) * 4, start = 0; group < groups; group += 1) {
      let four = 0
      for (let i = start; i < end; i += 1) four = four * 10 + digits.charCodeAt(i) - 48
      this.#buffer.writeInt16BE(four, body + group * 2)
      if (four !== 0) kept = group + 1
      start = end
      end += 4
    }
    this.#buffer.writeInt32BE(8 + kept * 2, at)
    this.#buffer.writeInt16BE(kept, at + 4)
    this.#buffer.writeInt16BE(kept === 0 ? 0 : groups - 1, at + 6)
    this.#buffer.writeUInt16BE(negative && kept > 0 ? 0x4000 : 0, at + 8)
    this.#buffer.writeInt16BE(0, at + 10)
    return body + kept * 2
  }
}

/** Sends encoded rows to `table` inside the client's open transaction. */
export async function copyEvents(client: pg.PoolClient, table: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyStreams.from(`copy ${table} (${eventColumns}) from stdin (format binary)`))
  const done = finished(stream)
  stream.end(bytes)
  await done
}
