import { gunzipSync } from 'node:zlib'

/** A content identifier as hex of its bytes. */
export interface Link {
  readonly link: string
}

/** What CBOR can hold, as far as Filecoin's state uses it. */
export type Cbor =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | Link
  | readonly Cbor[]
  | ReadonlyMap<string, Cbor>

/** Reads one CBOR item; links are tag 42. Enough for recorded state, and throws on anything else. */
function readCbor(bytes: Buffer): Cbor {
  let at = 0
  const item = (): Cbor => {
    const first = bytes[at] ?? fail('an item', at)
    at += 1
    const [major, small] = [first >> 5, first & 31]
    if (major === 7)
      return small === 20 ? false : small === 21 ? true : small === 22 ? null : fail('a simple value', at)
    const count = length(small)
    switch (major) {
      case 0:
        return count
      case 1:
        return -1 - count
      case 2:
        return take(count)
      case 3:
        return take(count).toString('utf8')
      case 4:
        return Array.from({ length: count }, item)
      case 5:
        return new Map(Array.from({ length: count }, () => [String(item()), item()] as const))
      default: {
        const inner = item()
        if (count !== 42 || !(inner instanceof Uint8Array)) return fail('a link', at)
        return { link: Buffer.from(inner.subarray(1)).toString('hex') }
      }
    }
  }
  const take = (count: number): Buffer => {
    at += count
    return bytes.subarray(at - count, at)
  }
  const length = (small: number): number => {
    if (small < 24) return small
    const size = small === 24 ? 1 : small === 25 ? 2 : small === 26 ? 4 : 8
    const read = take(size)
    return size === 8 ? Number(read.readBigUInt64BE()) : read.readUIntBE(0, size)
  }
  return item()
}

function fail(what: string, at: number): never {
  throw new Error(`CBOR: expected ${what} at byte ${at}`)
}

/** A big number as Filecoin writes it: a sign byte and the magnitude, empty for zero. */
export function readBig(value: Cbor | undefined): bigint {
  if (!(value instanceof Uint8Array)) throw new Error('CBOR: expected the bytes of a big number')
  if (value.length === 0) return 0n
  const magnitude = BigInt(`0x0${Buffer.from(value.subarray(1)).toString('hex')}`)
  return value[0] === 0 ? magnitude : -magnitude
}

/** The blocks of a gzipped CAR in base64, by CID. */
export function readCar(base64: string): ReadonlyMap<string, Buffer> {
  const bytes = gunzipSync(Buffer.from(base64, 'base64'))
  const blocks = new Map<string, Buffer>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at] ?? fail('a length', at)
      at += 1
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }
  const header = varint()
  at += header
  while (at < bytes.length) {
    const size = varint()
    const end = at + size
    const start = at
    varint()
    varint()
    varint()
    const digest = varint()
    at += digest
    blocks.set(bytes.subarray(start, at).toString('hex'), bytes.subarray(at, end))
    at = end
  }
  return blocks
}

/** An actor in a state tree. */
export interface Actor {
  readonly balance: bigint
  /** Its state, if the CAR holds it. */
  readonly state: Cbor | undefined
}

/** The actors of a state tree by the hex of their address, as far as the CAR holds it. */
export function readActors(blocks: ReadonlyMap<string, Buffer>, root: string): ReadonlyMap<string, Actor> {
  const actors = new Map<string, Actor>()
  const load = (link: Cbor | undefined): Cbor | undefined => {
    const block = link !== undefined && isLink(link) ? blocks.get(link.link) : undefined
    return block === undefined ? undefined : readCbor(block)
  }
  const walk = (node: Cbor | undefined): void => {
    const pointers = Array.isArray(node) ? node[1] : undefined
    for (const pointer of Array.isArray(pointers) ? pointers : []) {
      const held = pointer instanceof Map ? [...pointer.values()][0] : pointer
      if (isLink(held)) walk(load(held))
      else
        for (const [key, actor] of Array.isArray(held) ? held : []) {
          if (!(key instanceof Uint8Array) || !Array.isArray(actor))
            throw new Error('state tree: expected an actor')
          actors.set(Buffer.from(key).toString('hex'), { balance: readBig(actor[3]), state: load(actor[1]) })
        }
    }
  }
  const tree = load({ link: root })
  walk(Array.isArray(tree) && tree.length === 3 ? load(tree[1]) : tree)
  return actors
}

function isLink(value: Cbor): value is Link {
  return typeof value === 'object' && value !== null && 'link' in value
}

const digits = 'abcdefghijklmnopqrstuvwxyz234567'

/** The bytes of a written CID, `bafy...`, in hex. */
export function cidHex(text: string): string {
  let bits = ''
  for (const letter of text.slice(1)) bits += digits.indexOf(letter).toString(2).padStart(5, '0')
  const bytes = Array.from({ length: Math.floor(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2),
  )
  return Buffer.from(bytes).toString('hex')
}
