import { cidOf, minerOf, senderOf } from './cids.ts'
import {
  gasOf,
  paidTo,
  type SimulatedBlock,
  type SimulatedDeadline,
  type SimulatedMessage,
  type SimulatedTipset,
} from './money.ts'
import type { FilecoinScenario } from './scenario.ts'

type Json = Record<string, unknown>

const burnt = 'f099'
const methods = {
  send: 0,
  proof: 5,
  terminate: 9,
  contract: 3_844_450_837,
  toBurn: 0,
  undone: 7,
  refused: 0,
} as const
const contract = 'f01500042'

/** The CID that a message is known by; a signed one's covers the signature. */
export function messageCid(seed: number, height: number, { index }: SimulatedMessage): string {
  return cidOf(seed, `message ${height} ${index}`)
}

/** A message as Lotus writes it. */
export function messageJson(seed: number, height: number, message: SimulatedMessage): Json {
  const { kind, sender, nonce, bls } = message
  const cid = bls ? messageCid(seed, height, message) : cidOf(seed, `unsigned ${height} ${message.index}`)
  return {
    Version: 0,
    To: recipientOf(message),
    From: senderOf(seed, sender, bls),
    Nonce: nonce,
    Value: kind === 'toBurn' ? String(message.burn) : '0',
    GasLimit: Number(message.limit),
    GasFeeCap: String(message.feeCap),
    GasPremium: String(message.premium),
    Method: methods[kind],
    Params: kind === 'send' || kind === 'toBurn' ? null : 'ghoAAYkS',
    CID: { '/': cid },
  }
}

/** A receipt as Lotus writes it. */
export function receiptJson({ exitCode, used }: SimulatedMessage): Json {
  return { ExitCode: exitCode, Return: null, GasUsed: Number(used), EventsRoot: null }
}

function recipientOf({ kind, index }: SimulatedMessage): string {
  if (kind === 'toBurn') return burnt
  return kind === 'contract' ? contract : minerOf(index)
}

/** A call tree node as Lotus writes it. */
function call(
  from: string,
  to: string,
  method: number,
  value: bigint,
  subcalls: readonly Json[] = [],
  exitCode = 0,
): Json {
  return {
    Msg: {
      From: from,
      To: to,
      Value: String(value),
      Method: method,
      Params: null,
      ParamsCodec: 0,
      GasLimit: 9_223_372_036_854_776,
      ReadOnly: false,
    },
    MsgRct: { ExitCode: exitCode, Return: null, ReturnCodec: 0 },
    GasCharges: [{ Name: 'OnMethodInvocation', tg: 75_000, cg: 75_000, sg: 0, tt: 0 }],
    Subcalls: subcalls.length === 0 ? null : subcalls,
  }
}

/** The execution of a simulated tipset as `StateCompute` gives it. */
export function traceJson(chain: FilecoinScenario, tipset: SimulatedTipset): Json {
  const { seed } = chain
  const { height } = tipset
  const user = tipset.messages.filter((m) => !m.rival).map((m) => userTrace(seed, tipset, m))
  const awards = tipset.blocks.map((block, i) =>
    implicit(seed, `award ${height} ${i}`, height, 'f02', awardParams(block), award(block)),
  )
  // Of the null rounds before it one cron shows that they are executed with the tipset; it moves nothing.
  const nulls =
    chain.parentOf(height) < height - 1
      ? [implicit(seed, `cron ${height - 1}`, height - 1, 'f03', null, call('f00', 'f03', 2, 0n))]
      : []
  const deadlines = tipset.cron.flatMap(deadlineTraces)
  const slashed = tipset.market === 0n ? [] : [call('f05', burnt, 0, tipset.market)]
  const cron = call('f00', 'f03', 2, 0n, [
    call('f03', 'f04', 5, 0n, [call('f04', 'f02', 3, 0n), ...deadlines]),
    call('f03', 'f05', 9, 0n, slashed),
  ])
  const last = implicit(seed, `cron ${height}`, height, 'f03', null, cron)
  return { Root: { '/': cidOf(seed, `state ${height}`) }, Trace: [...nulls, ...user, ...awards, last] }
}

/** Parameters of a miner's cron: the event in CBOR, then what it needs to know of rewards. */
const deadlineEvent = Buffer.from('83428101824040824040', 'hex').toString('base64')
const terminationEvent = Buffer.from('83428102824040824040', 'hex').toString('base64')

/** A miner burns at its deadline, enrols for the next one, and then burns for what it terminates, or does so by another event. */
function deadlineTraces({ miner, amount, terminated, deferred }: SimulatedDeadline): Json[] {
  const id = minerOf(miner)
  const event = (params: string, subcalls: readonly Json[]): Json => {
    const made = call('f04', id, 12, 0n, subcalls)
    return { ...made, Msg: { ...(made.Msg as Json), Params: params, ParamsCodec: 81 } }
  }
  const ends = terminated === 0n ? [] : [call(id, burnt, 0, terminated)]
  const deadline = [call(id, burnt, 0, amount), call(id, 'f04', 4, 0n), ...(deferred ? [] : ends)]
  return [
    event(deadlineEvent, deadline),
    ...(deferred && ends.length > 0 ? [event(terminationEvent, ends)] : []),
  ]
}

function userTrace(seed: number, tipset: SimulatedTipset, message: SimulatedMessage): Json {
  const gas = gasOf(message, tipset.baseFee)
  const cid = { '/': messageCid(seed, tipset.height, message) }
  return {
    MsgCid: cid,
    Msg: messageJson(seed, tipset.height, message),
    MsgRct: receiptJson(message),
    GasCost: {
      Message: cid,
      GasUsed: String(message.used),
      BaseFeeBurn: String(gas.baseFeeBurn),
      OverEstimationBurn: String(gas.overEstimationBurn),
      MinerPenalty: String(gas.minerPenalty),
      MinerTip: String(gas.minerTip),
      Refund: String(gas.refund),
      TotalCost: String(gas.baseFeeBurn + gas.overEstimationBurn + gas.minerTip),
    },
    ExecutionTrace:
      message.kind === 'refused' ? { Msg: null, MsgRct: null, Subcalls: null } : execution(message),
    Error: '',
    Duration: 1,
  }
}

function execution(message: SimulatedMessage): Json {
  const { kind, burn, exitCode } = message
  const from = 'f01234'
  const to = recipientOf(message)
  const root = (subcalls: readonly Json[] = [], value = 0n): Json =>
    call(from, to, methods[kind], value, subcalls, exitCode)
  switch (kind) {
    case 'toBurn':
      return root([], burn)
    case 'terminate':
    case 'contract':
      return root([call(to, burnt, 0, burn)])
    // The market fails after it has sent to f099, so that the transfer is undone with it.
    case 'undone':
      return root([call(to, 'f05', 7, 0n, [call('f05', burnt, 0, burn)], 18)])
    default:
      return root()
  }
}

function award(block: SimulatedBlock): Json {
  const miner = minerOf(block.miner)
  const paid = paidTo(block)
  const atSource = block.burned === 0n ? [] : [call('f02', burnt, 0, block.burned)]
  const fined = block.penalty === 0n ? [] : [call(miner, burnt, 0, 3n * block.penalty)]
  const take = call('f02', miner, 14, paid, block.fails ? [] : fined, block.fails ? 16 : 0)
  return call('f00', 'f02', 2, 0n, [take, ...(block.fails ? [call('f02', burnt, 0, paid)] : []), ...atSource])
}

function implicit(
  seed: number,
  what: string,
  nonce: number,
  to: string,
  params: string | null,
  trace: Json,
): Json {
  return {
    MsgCid: { '/': cidOf(seed, what) },
    Msg: {
      Version: 0,
      To: to,
      From: 'f00',
      Nonce: nonce,
      Value: '0',
      GasLimit: 4_611_686_018_427_387_000,
      GasFeeCap: '0',
      GasPremium: '0',
      Method: 2,
      Params: params,
      CID: { '/': cidOf(seed, what) },
    },
    MsgRct: { ExitCode: 0, Return: null, GasUsed: 43_132_943, EventsRoot: null },
    GasCost: {
      Message: null,
      GasUsed: '0',
      BaseFeeBurn: '0',
      OverEstimationBurn: '0',
      MinerPenalty: '0',
      MinerTip: '0',
      Refund: '0',
      TotalCost: '0',
    },
    ExecutionTrace: trace,
    Error: '',
    Duration: 1,
  }
}

/** CBOR of [miner, penalty, gasReward, winCount] in base64. */
function awardParams({ miner, penalty, tips, wins }: SimulatedBlock): string {
  const id: number[] = [0]
  for (let rest = 2_000_000 + miner * 37; ; rest = Math.floor(rest / 128)) {
    id.push(rest >= 128 ? (rest % 128) | 128 : rest)
    if (rest < 128) break
  }
  const bytes = (of: Buffer): Buffer => Buffer.concat([Buffer.from([0x40 | of.length]), of])
  const count = wins < 24 ? Buffer.from([wins]) : Buffer.from([0x19, wins >> 8, wins & 255])
  const parts = [Buffer.from([0x84]), bytes(Buffer.from(id)), bytes(big(penalty)), bytes(big(tips)), count]
  return Buffer.concat(parts).toString('base64')
}

function big(value: bigint): Buffer {
  if (value === 0n) return Buffer.alloc(0)
  const hex = value.toString(16)
  return Buffer.from(`00${hex.length % 2 === 0 ? '' : '0'}${hex}`, 'hex')
}
