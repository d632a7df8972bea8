/** One field of a protobuf message: bytes of strings, messages and bytes; numbers of the rest. */
export type Field =
  | { readonly number: number; readonly bytes: Uint8Array }
  | { readonly number: number; readonly value: bigint }

/** Bytes that are not a protobuf message. */
export class NotProtobuf extends Error {}

/**
 * The fields of a protobuf message in the order written, without knowing its type.
 * @throws NotProtobuf if the bytes end early or hold a wire type that proto3 has not.
 */
export function* fieldsIn(message: Uint8Array): Generator<Field> {
  let at = 0
  // Tags and lengths are small; only values may need all 64 bits.
  const small = (): number => {
    let value = 0
    for (let scale = 1; scale <= 2 ** 35; scale *= 128) {
      const byte = message[at]
      if (byte === undefined) throw new NotProtobuf('a number is cut')
      at += 1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new NotProtobuf('a length is beyond all measure')
  }
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at]
      if (byte === undefined) throw new NotProtobuf('a number is cut')
      at += 1
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new NotProtobuf('a number has more than ten bytes')
  }
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw new NotProtobuf('a field is cut')
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const tag = small()
    const number = Math.floor(tag / 8)
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() }
        break
      case 1:
        yield { number, bytes: take(8) }
        break
      case 2:
        yield { number, bytes: take(small()) }
        break
      case 5:
        yield { number, bytes: take(4) }
        break
      default:
        throw new NotProtobuf(`wire type ${tag % 8}`)
    }
  }
}

/** The bytes of every field of a number, in order. */
export function bytesIn(message: Uint8Array, number: number): Uint8Array[] {
  const found: Uint8Array[] = []
  for (const field of fieldsIn(message))
    if (field.number === number && 'bytes' in field) found.push(field.bytes)
  return found
}

/** Reads the text at a path of field numbers, the last one of each; undefined where there is none. */
export function textIn(message: Uint8Array, path: readonly number[]): string | undefined {
  let at: Uint8Array | undefined = message
  for (const number of path) {
    if (at === undefined) return undefined
    at = bytesIn(at, number).at(-1)
  }
  return at === undefined ? undefined : Buffer.from(at.buffer, at.byteOffset, at.byteLength).toString('utf8')
}

/** A message that holds texts: `[[1, 'uakt']]`, for questions to a node. Empty texts are left out. */
export function encodeTexts(fields: readonly (readonly [number, string])[]): Buffer {
  const varint = (value: number): number[] =>
    value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
  return Buffer.concat(
    fields
      .filter(([, text]) => text !== '')
      .map(([number, text]) => {
        const bytes = Buffer.from(text, 'utf8')
        return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes])
      }),
  )
}
