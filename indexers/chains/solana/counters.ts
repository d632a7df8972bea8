import { z } from 'zod'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter } from '../../../pipeline/model/stream.ts'
import { badAnswer, type RpcRequest } from '../../engine/json_rpc_answer.ts'
import { fieldOf, getAccount } from './accounts.ts'
import { countOf, objectOf, unitsOf } from './answer.ts'
import type { Blocks } from './blocks.ts'
import { finalizedOnly } from './blocks.ts'
import type { SolanaClient } from './client.ts'
import { address, discriminator } from './streams.ts'

const supplyOf = z.strictObject({ mint: address })
const accountOf = z.strictObject({
  account: address,
  at: z.number().int().min(0),
  type: z.enum(['u64', 'u128']).optional(),
  discriminator: discriminator.optional(),
})

type Value = { readonly slot: number; readonly value: bigint }

/** `solana.supply` reads what exists of a mint, `solana.account` a number of an account. */
const words: Readonly<
  Record<string, (counter: Counter, client: SolanaClient, signal: AbortSignal) => Promise<Value>>
> = {
  'solana.supply': (counter, client, signal) => {
    const { mint } = settingsOf(supplyOf, counter)
    return client.call(supplyRequest(mint, counter.decimals), signal)
  },
  'solana.account': async (counter, client, signal) => {
    const settings = settingsOf(accountOf, counter)
    const { slot, account } = await getAccount(client, settings.account, signal)
    const refuse = (what: string): IndexerError =>
      new IndexerError(
        'decode-failed',
        `Solana account ${settings.account} of counter ${counter.name} ${what}`,
      )
    if (account === undefined) throw refuse(`does not exist at slot ${slot}`)
    const kind = account.data.subarray(0, 8).toString('hex')
    if (settings.discriminator !== undefined && settings.discriminator !== kind)
      throw refuse(`is of the kind ${kind}, not ${settings.discriminator}`)
    const value = fieldOf(account.data, settings.at, settings.type ?? 'u64')
    if (value === undefined) throw refuse(`has ${account.data.length} bytes, none at ${settings.at}`)
    return { slot, value }
  },
}

function settingsOf<T>(shape: z.ZodType<T>, counter: Counter): T {
  const checked = shape.safeParse(counter.settings)
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]
  const what = `setting '${issue?.path.join('.')}': ${issue?.message}`
  throw new IndexerError('bad-declaration', `${counter.network} counter ${counter.name}: ${what}`)
}

/** Asks for a mint's supply. @param decimals What is declared: a mint with others is refused. */
export function supplyRequest(mint: string, decimals: number): RpcRequest<Value> {
  return {
    method: 'getTokenSupply',
    params: [mint, finalizedOnly],
    read: (result, place) => {
      const where = `${place.endpoint} getTokenSupply ${mint}`
      const body = objectOf(result, where, 'the answer')
      const value = objectOf(body['value'], where, 'value')
      const seen = countOf(value['decimals'], where, 'value.decimals')
      if (seen !== decimals)
        throw badAnswer(place, `mint ${mint} has ${seen} decimals, declared are ${decimals}`)
      return {
        slot: countOf(objectOf(body['context'], where, 'context')['slot'], where, 'context.slot'),
        value: unitsOf(value['amount'], where, 'value.amount'),
      }
    },
  }
}

/**
 * What counters are now; each with the finalized slot after which its node said so.
 * @throws IndexerError `bad-declaration` for an unknown word or malformed settings; `decode-failed` for an account that is
 *   not what was declared.
 */
export async function readCounters(
  client: SolanaClient,
  blocks: Blocks,
  counters: readonly Counter[],
  signal: AbortSignal,
): Promise<readonly Reading[]> {
  const readings: Reading[] = []
  for (const counter of counters) {
    const word = words[counter.word]
    if (word === undefined) {
      const what = `Solana knows ${Object.keys(words).join(', ')}, not '${counter.word}'`
      throw new IndexerError('bad-declaration', `${counter.network} counter ${counter.name}: ${what}`)
    }
    const { slot, value } = await word(counter, client, signal)
    // The node's slot is the newest finalized one, which has a block.
    const { time } = await blocks.at(slot, signal)
    const { chain, token, counter: name } = counter
    readings.push({ chain, token, counter: name, height: slot, time, value })
  }
  return readings
}
