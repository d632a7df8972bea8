import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter } from '../../../pipeline/model/stream.ts'
import { timeOf } from './epochs.ts'
import { isRefusal, type LotusRpc, type Question } from './rpc.ts'
import {
  burntQuestion,
  type Circulation,
  circulationQuestion,
  type RewardState,
  rewardQuestion,
} from './state.ts'
import { contradiction, outside } from './supply.ts'
import type { Timeline } from './timeline.ts'
import type { Tipset } from './tipset.ts'

interface State {
  readonly reward: RewardState
  readonly burnt: bigint
  /** Undefined where no node serves it. */
  readonly circulation: Circulation | undefined
}

/** Counters that networks can declare, by word; undefined where the state does not tell. */
export const counterWords: Readonly<Record<string, (state: State) => bigint | undefined>> = {
  'filecoin.supply': ({ reward, burnt }) => outside(reward, burnt),
  'filecoin.circulating': ({ circulation }) => circulation?.circulating,
  'filecoin.locked': ({ circulation }) => circulation?.locked,
  'filecoin.reserve': ({ reward }) => reward.balance - (reward.streams?.unclaimed ?? 0n),
}

/**
 * Reads counters as they were before the first tipset from a height on; without those of the circulating supply where no
 * node serves it.
 * @throws IndexerError `rpc-not-found` where no node holds that state; `decode-failed` if it contradicts itself;
 *   `bad-declaration` for a counter that is none of Filecoin's.
 */
export async function readStanding(
  counters: readonly Counter[],
  from: number,
  highest: number,
  { rpc, timeline }: { rpc: LotusRpc; timeline: Timeline },
  signal: AbortSignal,
): Promise<readonly Reading[]> {
  const tipset = (await timeline.firstFrom([from], highest, signal)).get(from)
  if (tipset === undefined || isRefusal(tipset)) throw tipset?.refused ?? nothing(from)
  const ask = <T>(question: (of: Tipset) => Question<T>): Promise<T> => rpc.ask(question(tipset), signal)
  const [reward, burnt, said] = await Promise.all([
    ask(rewardQuestion),
    ask(burntQuestion),
    rpc.tryAsk(circulationQuestion(tipset), signal),
  ])
  const circulation = isRefusal(said) ? undefined : said
  const wrong = contradiction(tipset, reward, burnt, circulation)
  if (wrong !== undefined) throw wrong.refused
  return counters.flatMap((counter): Reading[] => {
    const word = counterWords[counter.word]
    if (word === undefined) {
      const known = Object.keys(counterWords).join(', ')
      throw new IndexerError(
        'bad-declaration',
        `${counter.network} counter ${counter.name}: Filecoin knows ${known}, not '${counter.word}'`,
      )
    }
    const value = word({ reward, burnt, circulation })
    const at = { chain: 'filecoin', token: counter.token, height: from - 1, time: timeOf(from - 1) }
    return value === undefined ? [] : [{ ...at, counter: counter.counter, value }]
  })
}

function nothing(height: number): IndexerError {
  return new IndexerError('rpc-not-found', `Filecoin: no tipset from height ${height} on was found`)
}
