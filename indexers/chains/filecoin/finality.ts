import { codeOf, IndexerError } from '../../../pipeline/model/errors.ts'
import { fields, list, whole } from './answers.ts'
import { isRefusal, type LotusRpc } from './rpc.ts'
import { readTipset, type Tipset, tipsetQuestion } from './tipset.ts'

/** Epochs after which no tipset can be dropped without F3: 7.5 hours. */
export const finalityEpochs = 900

/** How a node's word on finality was had. */
export type FinalityBy = 'finalized' | 'f3' | 'epochs'

/**
 * The highest tipset that can no longer be dropped, by the best that a node offers: its own finalized tipset (F3, or its
 * calculator of finality), else the latest F3 certificate, else the tipset 900 epochs below the head.
 */
export async function finalizedTipset(
  rpc: LotusRpc,
  signal?: AbortSignal,
): Promise<{ readonly tipset: Tipset; readonly by: FinalityBy }> {
  const said = await rpc.tryAsk({ method: 'ChainGetFinalizedTipSet', params: [], read: readTipset }, signal)
  if (!isRefusal(said)) return { tipset: said, by: 'finalized' }
  const head = await rpc.ask({ method: 'ChainHead', params: [], read: readTipset }, signal)
  const byEpochs = Math.max(0, head.height - finalityEpochs)
  const certified = await certifiedHeight(rpc, signal)
  const height = certified === undefined ? byEpochs : Math.max(byEpochs, Math.min(certified, head.height))
  const tipset = await rpc.ask(tipsetQuestion(height), signal)
  return { tipset, by: height === byEpochs ? 'epochs' : 'f3' }
}

/** The height that the latest F3 certificate makes final; undefined where the node runs no F3. */
async function certifiedHeight(rpc: LotusRpc, signal?: AbortSignal): Promise<number | undefined> {
  try {
    const height = await rpc.tryAsk(
      {
        method: 'F3GetLatestCertificate',
        params: [],
        read: (result, place) => {
          if (result === null) return undefined
          const certificate = fields(result, 'a certificate', place)
          const last = list(certificate.ECChain, 'tipsets', place).at(-1)
          return last === undefined ? undefined : whole(fields(last, 'a tipset', place), 'Epoch', place)
        },
      },
      signal,
    )
    return height === undefined || isRefusal(height) ? undefined : height
  } catch (error) {
    // A node whose F3 does not run answers with an error of its own; 900 epochs hold without it.
    if (error instanceof IndexerError && codeOf(error) === 'rpc-unavailable') return undefined
    throw error
  }
}
