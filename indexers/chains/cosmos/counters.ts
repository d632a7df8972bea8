import { z } from 'zod'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter } from '../../../pipeline/model/stream.ts'
import type { CosmosClient } from './client.ts'
import { bytesIn, encodeTexts, NotProtobuf, textIn } from './protobuf.ts'
import { cosmosCounters } from './streams.ts'

const settings = z.strictObject({ denom: z.string().min(2), address: z.string().optional() })

/**
 * Reads counters from the state after one block, by queries that every SDK chain answers: the supply of a denom, or what an
 * account holds of it.
 * @param height Absent: the newest height whose block is final.
 * @throws IndexerError `rpc-not-found` where no node keeps the state of `height`; `bad-declaration` for an unknown counter.
 */
export async function readCounters(
  counters: readonly Counter[],
  height: number,
  client: CosmosClient,
  signal: AbortSignal,
): Promise<readonly Reading[]> {
  const [mark] = await client.headers(height, height, signal)
  if (mark === undefined) throw new IndexerError('rpc-not-found', `no endpoint has block ${height}`)
  const readings: Reading[] = []
  for (const counter of counters) {
    const { path, data, denom } = questionOf(counter)
    const { value } = await client.query(path, data, height, signal)
    const { chain, token, counter: name } = counter
    readings.push({
      chain,
      token,
      counter: name,
      height,
      time: mark.time,
      value: amountOf(value, denom, path),
    })
  }
  return readings
}

function questionOf(counter: Counter): { path: string; data: Uint8Array; denom: string } {
  const refuse = (what: string): IndexerError =>
    new IndexerError('bad-declaration', `${counter.network} counter ${counter.name}: ${what}`)
  const checked = settings.safeParse(counter.settings ?? {})
  if (!checked.success) throw refuse(checked.error.issues[0]?.message ?? 'its settings are malformed')
  const { denom, address } = checked.data
  if (counter.word === cosmosCounters.supply)
    return { path: '/cosmos.bank.v1beta1.Query/SupplyOf', data: encodeTexts([[1, denom]]), denom }
  if (counter.word === cosmosCounters.balance && address !== undefined)
    return {
      path: '/cosmos.bank.v1beta1.Query/Balance',
      data: encodeTexts([
        [1, address],
        [2, denom],
      ]),
      denom,
    }
  throw refuse(`Cosmos knows ${Object.values(cosmosCounters).join(', ')}, not '${counter.word}'`)
}

/** The coin in an answer; an account that holds none of a denom has a coin of zero, or none. */
function amountOf(value: Uint8Array, denom: string, path: string): bigint {
  try {
    const coin = bytesIn(value, 1).find((c) => textIn(c, [1]) === denom)
    if (coin === undefined) return 0n
    const text = textIn(coin, [2]) ?? '0'
    if (/^\d{1,78}$/.test(text)) return BigInt(text)
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error
  }
  throw new IndexerError('rpc-bad-answer', `abci_query ${path}: expected a coin of ${denom}`)
}
