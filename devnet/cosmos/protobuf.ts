/** A field of a protobuf message: whole numbers as varints, all else with its length. */
type Field = readonly [number: number, value: string | bigint | number | Uint8Array]

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, value)
  while (left >= 128n) {
    bytes.push(Number(left & 127n) | 128)
    left >>= 7n
  }
  bytes.push(Number(left))
  return Buffer.from(bytes)
}

/**
 * A message in protobuf's wire format. As proto3 does, zeros and empty texts are left out; empty bytes are kept,
 * because they stand for a message that is present.
 */
export function encode(fields: readonly Field[]): Buffer {
  const parts: Buffer[] = []
  for (const [number, value] of fields) {
    if (typeof value === 'bigint' || typeof value === 'number') {
      if (BigInt(value) !== 0n) parts.push(varint(BigInt(number) << 3n), varint(BigInt(value)))
      continue
    }
    if (value === '') continue
    const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value)
    parts.push(varint((BigInt(number) << 3n) | 2n), varint(BigInt(bytes.length)), bytes)
  }
  return Buffer.concat(parts)
}

/** A message with the name of its type, as transactions carry it. */
export function any(typeUrl: string, value: Uint8Array): Buffer {
  return encode([
    [1, typeUrl],
    [2, value],
  ])
}

/** Reads the fields of a message, enough for the queries of clients: texts and whole numbers by number. */
export function decode(bytes: Uint8Array): Map<number, Buffer | bigint> {
  const fields = new Map<number, Buffer | bigint>()
  let at = 0
  const read = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at]
      if (byte === undefined) throw new RangeError('message is cut off')
      at += 1
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
    throw new RangeError('number is too long')
  }
  while (at < bytes.length) {
    const key = read()
    const number = Number(key >> 3n)
    if ((key & 7n) === 0n) fields.set(number, read())
    else if ((key & 7n) === 2n) {
      const length = Number(read())
      if (at + length > bytes.length) throw new RangeError('message is cut off')
      fields.set(number, Buffer.from(bytes.subarray(at, at + length)))
      at += length
    } else throw new RangeError(`wire type ${key & 7n} is not known`)
  }
  return fields
}
