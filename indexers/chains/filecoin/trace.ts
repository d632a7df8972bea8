import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'
import { address, amount, cid, type Fields, fields, list, whole } from './answers.ts'
import { type Award, readAward } from './award.ts'
import { type Message, type Receipt, readMessage, readReceipt } from './messages.ts'
import type { Question } from './rpc.ts'
import { keyOf, type Tipset } from './tipset.ts'

/** One call inside an execution, and the call that it is made in. */
export interface Call {
  readonly from: string
  readonly to: string
  readonly method: number
  readonly value: bigint
  readonly parent: Call | undefined
  /** Whether it is made by a miner's cron that was processing early terminations by then. */
  readonly terminates: boolean
}

/** A transfer of FIL to f099 that took effect. */
export interface BurnSend {
  /** The message, or the implicit message of the machine, that it is part of. */
  readonly txId: string
  /** The place of that execution in the tipset. */
  readonly execution: number
  /** Its place among all calls of that execution, in order. */
  readonly position: number
  readonly call: Call
  /** Whether the machine itself began the execution: rewards and cron. */
  readonly implicit: boolean
}

/** One award of a block's reward. */
export interface BlockAward extends Award {
  readonly txId: string
  /** What f02 paid out beyond the gas reward. */
  readonly minted: bigint
}

/** A message and where the node says that its gas money went. */
export interface TracedMessage {
  readonly message: Message
  readonly receipt: Receipt
  readonly said: {
    readonly baseFeeBurn: bigint
    readonly overEstimationBurn: bigint
    readonly minerTip: bigint
    readonly minerPenalty: bigint
    readonly refund: bigint
  }
}

/** Everything that executing a tipset did with money, the cron of the null rounds before it included. */
export interface TipsetTrace {
  readonly messages: readonly TracedMessage[]
  readonly burns: readonly BurnSend[]
  readonly awards: readonly BlockAward[]
}

const system = 'f00'
const reward = 'f02'
const power = 'f04'
const burntFunds = 'f099'
const awardBlockReward = 2

/**
 * Asks for the execution of a tipset with its call trees. Seconds of work for a node, which needs the state before it.
 * Works without the child of the tipset.
 */
export function traceQuestion(tipset: Tipset): Question<TipsetTrace> {
  return {
    method: 'StateCompute',
    params: [tipset.height, null, keyOf(tipset.cids)],
    height: tipset.height,
    read: readTrace,
  }
}

/**
 * Checks a `StateCompute` answer and keeps what moved money: user messages with their gas costs, awards of rewards, and
 * transfers to f099 whose whole path of calls succeeded.
 * @throws IndexerError `rpc-bad-answer` naming endpoint, height and field.
 */
export function readTrace(result: unknown, place: AnswerPlace): TipsetTrace {
  const computed = fields(result, 'a computed state', place)
  const messages: TracedMessage[] = []
  const burns: BurnSend[] = []
  const awards: BlockAward[] = []
  for (const [execution, one] of list(computed.Trace, 'traces', place).entries()) {
    const trace = fields(one, 'a trace', place)
    const raw = fields(trace.Msg, "a message in field 'Msg'", place)
    const txId = cid(trace.MsgCid, "a CID in field 'MsgCid'", place)
    const receipt = readReceipt(trace.MsgRct, place)
    const implicit = address(raw, 'From', place) === system
    if (!implicit) {
      const cost = fields(trace.GasCost, "an object in field 'GasCost'", place)
      messages.push({
        message: readMessage(raw, trace.MsgCid, place),
        receipt,
        said: {
          baseFeeBurn: amount(cost, 'BaseFeeBurn', place),
          overEstimationBurn: amount(cost, 'OverEstimationBurn', place),
          minerTip: amount(cost, 'MinerTip', place),
          minerPenalty: amount(cost, 'MinerPenalty', place),
          refund: amount(cost, 'Refund', place),
        },
      })
    }
    const paid: Call[] = []
    walk(trace.ExecutionTrace, place, (call, position, depth) => {
      if (call.to === burntFunds && call.value > 0n) burns.push({ txId, execution, position, call, implicit })
      if (depth === 1 && call.from === reward) paid.push(call)
    })
    if (implicit && address(raw, 'To', place) === reward && raw.Method === awardBlockReward) {
      const award = readAward(raw.Params, place)
      const paidOut = paid.reduce((sum, call) => sum + call.value, 0n)
      awards.push({ ...award, txId, minted: paidOut - award.gasReward })
    }
  }
  return { messages, burns, awards }
}

/** Visits the calls that took effect, in order; what is below a call that failed was undone with it. */
function walk(
  root: unknown,
  place: AnswerPlace,
  visit: (call: Call, position: number, depth: number) => void,
): void {
  let position = -1
  const step = (node: unknown, parent: Call | undefined, depth: number, late: boolean): void => {
    position += 1
    const trace = fields(node, 'an execution trace', place)
    const receipt = fields(trace.MsgRct, "a receipt in field 'MsgRct'", place)
    const failed = whole(receipt, 'ExitCode', place) !== 0
    const call = failed ? undefined : readCall(trace, parent, late, place)
    if (call !== undefined) visit(call, position, depth)
    const subcalls = list(trace.Subcalls, 'calls', place)
    let terminates = call?.method === deferredCron && isTermination(trace)
    // Failed calls are counted on, so that a place does not depend on what failed before.
    for (const sub of subcalls) {
      if (call === undefined) position += countCalls(sub, place)
      else {
        step(sub, call, depth + 1, terminates)
        terminates ||= call.method === deferredCron && isEnrolment(sub, place)
      }
    }
  }
  // A message that the machine refused has no execution.
  if (root === null || root === undefined) return
  const first = fields(root, 'an execution trace', place)
  if (first.Msg === null || first.Msg === undefined) return
  step(first, undefined, 0, false)
}

/** The method of a miner that cron calls: at its deadlines, and for terminations that were too many at once. */
const deferredCron = 12
/** The method of the power actor that a miner's cron calls last for its deadline, before it processes early terminations. */
const enrolCronEvent = 4

/** Whether the parameters of a miner's cron say event 2, early terminations: alone or followed by smoothed estimates. */
function isTermination(trace: Fields): boolean {
  const params = (trace.Msg as Fields).Params
  return typeof params === 'string' && /^(83428102|8102$)/.test(Buffer.from(params, 'base64').toString('hex'))
}

function isEnrolment(node: unknown, place: AnswerPlace): boolean {
  const message = fields(fields(node, 'an execution trace', place).Msg, "a message in field 'Msg'", place)
  return message.Method === enrolCronEvent && address(message, 'To', place) === power
}

function countCalls(node: unknown, place: AnswerPlace): number {
  const subcalls = list(fields(node, 'an execution trace', place).Subcalls, 'calls', place)
  return subcalls.reduce<number>((sum, sub) => sum + countCalls(sub, place), 1)
}

function readCall(trace: Fields, parent: Call | undefined, terminates: boolean, place: AnswerPlace): Call {
  const message = fields(trace.Msg, "a message in field 'Msg'", place)
  return {
    from: address(message, 'From', place),
    to: calledActor(trace) ?? address(message, 'To', place),
    method: whole(message, 'Method', place),
    value: amount(message, 'Value', place),
    parent,
    terminates,
  }
}

/** The id address of the actor that was called, which newer nodes tell; a masked Ethereum address hides it otherwise. */
function calledActor(trace: Fields): string | undefined {
  const invoked = trace.InvokedActor
  const id = typeof invoked === 'object' && invoked !== null ? (invoked as Fields).Id : undefined
  return typeof id === 'number' ? `f0${id}` : undefined
}
