import { seededBytes } from '../scenario.ts'

const digits = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(bytes: Buffer): string {
  let text = ''
  for (const byte of bytes) text += digits[byte & 31]
  return text
}

/** A content identifier that looks like Filecoin's and depends on nothing but the seed and what it is for. */
export function cidOf(seed: number, what: string): string {
  return `bafy2bzace${base32(seededBytes(seed, `filecoin ${what}`, 52))}`
}

/** The address of a simulated sender: f3 for BLS, f1 for secp256k1. */
export function senderOf(seed: number, number: number, bls: boolean): string {
  const bytes = seededBytes(seed, `filecoin sender ${number} ${bls}`, bls ? 84 : 39)
  return `${bls ? 'f3' : 'f1'}${base32(bytes)}`
}

/** The id address of a simulated miner. */
export function minerOf(number: number): string {
  return `f0${2_000_000 + number * 37}`
}
