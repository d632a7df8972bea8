import type { IdEncoding } from './event.ts'

const base58Digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function toBase58(bytes: Uint8Array): string {
  let value = BigInt(`0x00${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (value > 0n) {
    text = `${base58Digits[Number(value % 58n)]}${text}`
    value /= 58n
  }
  const zeros = bytes.findIndex((b) => b !== 0)
  return `${'1'.repeat(zeros === -1 ? bytes.length : zeros)}${text}`
}

function fromBase58(text: string): Buffer | undefined {
  let value = 0n
  for (const digit of text) {
    const at = base58Digits.indexOf(digit)
    if (at === -1) return undefined
    value = value * 58n + BigInt(at)
  }
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  const hex = value === 0n ? '' : value.toString(16)
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')])
}

/** A transaction id in the chain's own writing. */
export function encodeId(bytes: Uint8Array, encoding: IdEncoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (encoding) {
    case 'hex':
      return buffer.toString('hex')
    case 'HEX':
      return buffer.toString('hex').toUpperCase()
    case '0x':
      return `0x${buffer.toString('hex')}`
    case 'base58':
      return toBase58(bytes)
    case 'base64url':
      return buffer.toString('base64url')
    case 'utf8':
      return buffer.toString('utf8')
  }
}

/** The bytes of a written transaction id; undefined if the text is not one in this encoding. */
export function decodeId(text: string, encoding: IdEncoding): Uint8Array | undefined {
  switch (encoding) {
    case 'hex':
    case 'HEX':
    case '0x': {
      const hex = text.replace(/^0x/, '')
      return /^([0-9a-fA-F]{2})+$/.test(hex) ? Buffer.from(hex, 'hex') : undefined
    }
    case 'base58':
      return fromBase58(text)
    case 'base64url':
      return /^[A-Za-z0-9_-]+$/.test(text) ? Buffer.from(text, 'base64url') : undefined
    case 'utf8':
      return Buffer.from(text, 'utf8')
  }
}
