import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import { type BurnCause, burnCauses, causeOf } from './causes.ts'
import type { Need, TipsetFacts } from './facts.ts'
import { gasBurnOf } from './identities.ts'
import type { Executed } from './messages.ts'
import { blockRewards } from './rewards.ts'
import { isRefusal, type Refusal } from './rpc.ts'
import { type FilecoinWord, filecoinWords } from './streams.ts'
import type { Tipset } from './tipset.ts'
import type { BurnSend, TipsetTrace } from './trace.ts'

/** An amount in attoFIL, and what it is told by. */
export interface Amount {
  /** CID of a message, or the height of a tipset where no message of a user tells it. */
  readonly id: string
  readonly position: number
  readonly raw: bigint
  readonly sender?: string
  readonly recipient?: string
  readonly act?: string
  readonly detail?: Readonly<Record<string, string | number>>
}

interface Word {
  readonly need: Need
  /** Whether it also needs the state before and after the tipset. */
  readonly state?: true
  /** What the tipset gives the stream, or why that is not known. */
  read(facts: TipsetFacts, stream: Stream): readonly Amount[] | Refusal
}

const words: Readonly<Partial<Record<FilecoinWord, Word>>> = {
  [filecoinWords.blockRewards]: { need: 'messages', state: true, read: readBlockRewards },
  [filecoinWords.gasFees]: {
    need: 'messages',
    read: (facts) =>
      ofMessages(facts, ({ message, gas }) => ({
        raw: gas.baseFeeBurn + gas.overEstimationBurn,
        sender: message.from,
        act: message.cid,
      })),
  },
  [filecoinWords.tips]: {
    need: 'messages',
    read: (facts) =>
      ofMessages(facts, ({ message, gas, miner }) => ({
        raw: gas.minerTip,
        sender: message.from,
        act: message.cid,
        ...(miner === undefined ? {} : { recipient: miner }),
      })),
  },
  [filecoinWords.gasBurn]: { need: 'messages', read: readGasBurn },
  [filecoinWords.internalBurns]: { need: 'messages', state: true, read: readInternalBurns },
  [filecoinWords.tracedBurns]: { need: 'trace', read: readTracedBurns },
  [filecoinWords.tracedTips]: {
    need: 'trace',
    read: (facts) =>
      ofTrace(facts, (trace) =>
        trace.awards.map(({ gasReward }, position) => ({ id: idOf(facts.tipset), position, raw: gasReward })),
      ),
  },
}

/**
 * How a stream is read from tipsets; undefined for those that are read from counters.
 * @throws IndexerError `bad-declaration` for a word that is none of Filecoin's.
 */
export function tipsetWord(stream: Stream): Word | undefined {
  const known = Object.values(filecoinWords).find((word) => word === stream.word)
  if (known !== undefined) return words[known]
  throw new IndexerError(
    'bad-declaration',
    `network ${stream.network}: stream ${stream.name} uses '${stream.word}', which is no word of Filecoin`,
  )
}

const burnt = 'f099'
/** Places that each execution of a tipset has for its calls: the largest recorded one makes a few thousand. */
const executionPlaces = 1_000_000

/** The id of what a tipset does without a user's message. */
export function idOf({ height }: Pick<Tipset, 'height'>): string {
  return String(height)
}

function ofMessages(
  { executed }: TipsetFacts,
  make: (one: Executed) => Omit<Amount, 'id' | 'position'>,
): readonly Amount[] | Refusal {
  if (executed === undefined) return notRead('its messages')
  if (isRefusal(executed)) return executed
  return executed.map((one) => ({ id: one.message.cid, position: 0, ...make(one) }))
}

function ofTrace(
  { trace }: TipsetFacts,
  make: (trace: TipsetTrace) => readonly Amount[],
): readonly Amount[] | Refusal {
  if (trace === undefined) return notRead('its trace')
  return isRefusal(trace) ? trace : make(trace)
}

function readGasBurn(facts: TipsetFacts, stream: Stream): readonly Amount[] | Refusal {
  const part = stream.settings?.part ?? 'all'
  if (part === 'all') {
    return ofMessages(facts, ({ message, gas }) => ({
      raw: gas.baseFeeBurn + gas.overEstimationBurn,
      sender: message.from,
      recipient: burnt,
      act: message.cid,
    }))
  }
  const { executed, tipset } = facts
  if (executed === undefined) return notRead('its messages')
  if (isRefusal(executed)) return executed
  const raw = executed.reduce(
    (sum, { gas }) => sum + (part === 'baseFee' ? gas.baseFeeBurn : gas.overEstimationBurn),
    0n,
  )
  return [{ id: idOf(tipset), position: 0, raw, recipient: burnt }]
}

function readInternalBurns({ executed, state, tipset }: TipsetFacts): readonly Amount[] | Refusal {
  if (executed === undefined) return notRead('its messages')
  if (isRefusal(executed)) return executed
  const { burnt: before, burntAfter: after } = state
  if (isRefusal(before)) return before
  if (isRefusal(after)) return after
  const raw = after - before - gasBurnOf(executed)
  return [{ id: idOf(tipset), position: 0, raw, recipient: burnt }]
}

function readBlockRewards({ tipset, state, afterNullRounds }: TipsetFacts): readonly Amount[] | Refusal {
  const { reward, rewardAfter } = state
  if (isRefusal(reward)) return reward
  if (isRefusal(rewardAfter)) return rewardAfter
  const wins = tipset.blocks.map((block) => block.winCount)
  const minted = rewardAfter.minted - reward.minted
  const amounts = blockRewards(reward.thisEpochReward, wins, minted, afterNullRounds)
  if (amounts === undefined) return notRead('rewards that add up')
  return tipset.blocks.map(({ cid, miner, winCount }, i) => ({
    id: idOf(tipset),
    position: i,
    raw: amounts[i] ?? 0n,
    recipient: miner,
    detail: { block: cid, wins: winCount },
  }))
}

function readTracedBurns(facts: TipsetFacts, stream: Stream): readonly Amount[] | Refusal {
  const causes = causesOf(stream)
  const { rewardAfter } = facts.state
  const streamed = !isRefusal(rewardAfter) && rewardAfter.streams !== undefined
  return ofTrace(facts, (trace) =>
    trace.burns.flatMap((send) => {
      const cause = causeOf(send, streamed)
      return causes.includes(cause) ? [burnAmount(send, cause, facts.tipset)] : []
    }),
  )
}

function burnAmount(send: BurnSend, cause: BurnCause, tipset: Tipset): Amount {
  const { txId, execution, call, implicit } = send
  const position = implicit ? execution * executionPlaces + send.position : send.position
  return {
    id: implicit ? idOf(tipset) : txId,
    position,
    raw: call.value,
    sender: call.from,
    recipient: burnt,
    act: `${txId} ${position}`,
    detail: { cause, ...(call.parent === undefined ? {} : { method: call.parent.method }) },
  }
}

function causesOf(stream: Stream): readonly BurnCause[] {
  const causes = stream.settings?.causes
  if (Array.isArray(causes) && causes.length > 0 && causes.every((c) => c in burnCauses)) return causes
  throw new IndexerError(
    'bad-declaration',
    `network ${stream.network}: stream ${stream.name} names causes ${JSON.stringify(causes)}; known are ${Object.keys(burnCauses).join(', ')}`,
  )
}

function notRead(what: string): Refusal {
  return { refused: new IndexerError('decode-failed', `Filecoin: ${what} were not read`) }
}
