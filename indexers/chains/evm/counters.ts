import { erc20Abi, getAddress, parseAbi } from 'viem'
import { z } from 'zod'
import { IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter } from '../../../pipeline/model/stream.ts'
import type { BlockMark } from '../../engine/ports.ts'
import { type EvmClient, unwrapped } from './client.ts'

/** Multicall3, at the same address on every chain that has it, https://www.multicall3.com. */
const multicall3 = '0xcA11bde05977b3631167028862bE2a173976CA11'
const multicallAbi = parseAbi(['function getEthBalance(address addr) view returns (uint256 balance)'])

/** The words of counters: what a token's supply is, what a holder has of it, and what it has of the chain's coins. */
export const counterWords = {
  supply: 'evm.erc20.supply',
  balance: 'evm.erc20.balance',
  coins: 'evm.coins',
} as const

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address')
  .transform((text) => getAddress(text.toLowerCase()))
const shapes = {
  [counterWords.supply]: z.strictObject({ contract: address }),
  [counterWords.balance]: z.strictObject({ contract: address, holder: address }),
  [counterWords.coins]: z.strictObject({ holder: address }),
}

/**
 * Reads counters in one call of Multicall3, all after the same block.
 * @throws IndexerError `bad-declaration` for an unknown word or malformed settings, `rpc-refused` if a contract does
 *   not answer, `rpc-not-found` where no node holds the state of the block.
 */
export async function readCounters(
  client: EvmClient,
  chain: string,
  counters: readonly Counter[],
  at: BlockMark,
): Promise<readonly Reading[]> {
  if (counters.length === 0) return []
  const calls = counters.map(callOf)
  try {
    const values = await unwrapped(
      client.viem.multicall({
        contracts: calls,
        allowFailure: false,
        multicallAddress: multicall3,
        blockNumber: BigInt(at.height),
      }),
    )
    return counters.map(({ token, counter }, i) => {
      const value: unknown = values[i]
      if (typeof value !== 'bigint')
        throw new IndexerError('rpc-bad-answer', `${chain} eth_call: ${token} ${counter} is ${String(value)}`)
      return { chain, token, counter, height: at.height, time: at.time, value }
    })
  } catch (error) {
    if (error instanceof IndexerError) throw error
    const names = counters.map((c) => `${c.token} ${c.counter}`).join(', ')
    throw new IndexerError(
      'rpc-refused',
      `${chain} block ${at.height}: ${names} could not be read (${messageOf(error)}). Check the addresses of these counters`,
      { chain, height: at.height },
      { cause: error },
    )
  }
}

function callOf(counter: Counter) {
  switch (counter.word) {
    case counterWords.supply: {
      const { contract } = checked(shapes[counterWords.supply], counter)
      return { address: contract, abi: erc20Abi, functionName: 'totalSupply' } as const
    }
    case counterWords.balance: {
      const { contract, holder } = checked(shapes[counterWords.balance], counter)
      return { address: contract, abi: erc20Abi, functionName: 'balanceOf', args: [holder] } as const
    }
    case counterWords.coins: {
      const { holder } = checked(shapes[counterWords.coins], counter)
      return {
        address: multicall3,
        abi: multicallAbi,
        functionName: 'getEthBalance',
        args: [holder],
      } as const
    }
    default: {
      const known = Object.values(counterWords).join(', ')
      const where = `${counter.network} counter ${counter.name}`
      throw new IndexerError('bad-declaration', `${where}: EVM chains know ${known}, not '${counter.word}'`)
    }
  }
}

function checked<T>(shape: z.ZodType<T>, counter: Counter): T {
  const result = shape.safeParse(counter.settings ?? {})
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = `${counter.network} counter ${counter.name}`
  throw new IndexerError('bad-declaration', `${where}: ${issue?.path.join('.')}: ${issue?.message}`)
}
