import { PublicKey } from '@solana/web3.js'

/** The longest seed that a program may use. */
export const longestSeed = 32

/**
 * The address that a program derives from seeds: off the curve, so that nobody has its key.
 * @param seeds Each of at most 32 bytes.
 */
export function programAddress(seeds: readonly Uint8Array[], program: string): string {
  const [found] = PublicKey.findProgramAddressSync([...seeds], new PublicKey(program))
  return found.toBase58()
}
