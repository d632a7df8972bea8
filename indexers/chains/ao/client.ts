import { IndexerError } from '../../../pipeline/model/errors.ts'
import { type UnixSeconds, unixSeconds } from '../../../pipeline/model/time.ts'
import type { EndpointPool, HttpAnswer } from '../../engine/endpoints.ts'
import { parseExact } from '../../engine/json.ts'

/** One message of a process, in the place that its scheduler gave it. */
export interface Slot {
  readonly slot: number
  readonly time: UnixSeconds
  /** The message's id, base64url. */
  readonly message: string
}

/** Asks HyperBEAM nodes about one AO process, and checks what they answer. */
export class AoClient {
  readonly #pool: EndpointPool
  readonly #process: string

  /** @param process The id of the process, base64url. */
  constructor(pool: EndpointPool, process: string) {
    this.#pool = pool
    this.#process = process
  }

  /** The newest slot of the process. */
  currentSlot(signal?: AbortSignal): Promise<number> {
    return this.#get('slot/current', signal, (answer, what) => {
      const text = answer.text.trim()
      if (!/^\d{1,15}$/.test(text)) throw badAnswer(answer, what, 'a slot number')
      return Number(text)
    })
  }

  /** The message in a slot. @throws IndexerError `rpc-not-found` if no endpoint has it. */
  slot(slot: number, signal?: AbortSignal): Promise<Slot> {
    const path = `schedule?from=${slot}&to=${slot}&accept=application/aos-2`
    return this.#get(path, signal, (answer, what) => {
      const body = fields(parseExact(answer.text, what, answer.endpoint))
      if (!Array.isArray(body['edges'])) throw badAnswer(answer, what, "a list 'edges'")
      const [edge] = body['edges']
      if (edge === undefined) {
        throw new IndexerError('rpc-not-found', `${answer.endpoint} ${what}: the node has no slot ${slot}`, {
          slot,
        })
      }
      const { message, assignment } = fields(fields(edge)['node'])
      const nonce = tagOf(assignment, 'Nonce')
      const milliseconds = tagOf(assignment, 'Timestamp')
      const id = fields(message)['Id']
      if (nonce !== String(slot)) throw badAnswer(answer, what, `an assignment with Nonce ${slot}`)
      if (!/^\d{13}$/.test(milliseconds)) throw badAnswer(answer, what, 'a Timestamp in milliseconds')
      if (typeof id !== 'string' || !/^[\w-]{43}$/.test(id))
        throw badAnswer(answer, what, "a message with an 'Id'")
      return { slot, time: unixSeconds(Math.floor(Number(milliseconds) / 1000)), message: id }
    })
  }

  /**
   * A number in the state of the process after a slot, in smallest units.
   * @throws IndexerError `rpc-not-found` if no endpoint holds that state.
   */
  counter(key: string, slot: number, signal?: AbortSignal): Promise<bigint> {
    return this.#get(`compute&slot=${slot}/${key}`, signal, (answer, what) => {
      const text = answer.text.trim()
      if (!/^\d{1,40}$/.test(text)) throw badAnswer(answer, what, 'a whole number')
      return BigInt(text)
    })
  }

  #get<T>(
    path: string,
    signal: AbortSignal | undefined,
    read: (answer: HttpAnswer, what: string) => T,
  ): Promise<T> {
    const full = `/${this.#process}~process@1.0/${path}`
    const what = `GET ${full}`
    return this.#pool.call({
      what,
      path: full,
      accept: (answer) => {
        if (answer.status === 404) {
          throw new IndexerError('rpc-not-found', `${answer.endpoint} ${what}: answered 404`, {})
        }
        if (answer.status !== 200) {
          throw new IndexerError('rpc-unavailable', `${answer.endpoint} ${what}: answered ${answer.status}`)
        }
        return read(answer, what)
      },
      ...(signal === undefined ? {} : { signal }),
    })
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function tagOf(assignment: unknown, name: string): string {
  const tags = fields(assignment)['Tags']
  const found = Array.isArray(tags) ? tags.map(fields).find((tag) => tag['name'] === name) : undefined
  return String(found?.['value'] ?? '')
}

function badAnswer({ endpoint, text }: HttpAnswer, what: string, expected: string): IndexerError {
  const seen = text.slice(0, 80).replace(/\s+/g, ' ')
  return new IndexerError('rpc-bad-answer', `${endpoint} ${what}: expected ${expected}, got '${seen}'`, {
    endpoint,
  })
}
