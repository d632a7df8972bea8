import type { StreamDeclaration, TokenDeclaration } from '../../pipeline/model/stream.ts'
import { evmCalls, evmEvents } from '../chains/evm/words.ts'

const pay = '0x23b1e018F08BB982348b15a86ee926eEBf7F4DAa'
const usdfc = '0x80B98d3aa09ffff255c3ba4A241111Ff1262F045'
const usdc = '0xeb466342c4d449bc9f53a865d5cb90586f405215'
const fil = '0x0000000000000000000000000000000000000000'
const deployed = 5_421_336

const contract = 'FilOzone/filecoin-pay@04ded6af: src/FilecoinPayV1.sol'
const abi =
  'FilOzone/filecoin-services@a16aea49: abi/FilecoinPayV1.abi.json, service_contracts/deployments.json'

/** Tokens that Filecoin Pay rails pay in, besides FIL. Both are counted at the dollar that they are kept at. */
export const filecoinPayTokens: Readonly<Record<string, TokenDeclaration>> = {
  USDFC: { chain: 'filecoin-evm', address: usdfc, decimals: 18, price: { fixedUsd: '1' } },
  USDC: { chain: 'filecoin-evm', address: usdc, decimals: 6, price: { fixedUsd: '1' } },
}

// Which token a rail pays in is said once, when it is created.
const rail = {
  event:
    'event RailCreated(uint256 indexed railId, address indexed payer, address indexed payee, address token, address operator, address validator, address serviceFeeRecipient, uint256 commissionRateBps)',
  on: 'railId',
  fromHeight: deployed,
} as const
const common = { join: rail, sender: 'payer', recipient: 'payee', detail: ['railId', 'operator'] } as const
const settlement = {
  ...common,
  event:
    'event RailSettled(uint256 indexed railId, uint256 totalSettledAmount, uint256 totalNetPayeeAmount, uint256 operatorCommission, uint256 networkFee, uint256 settledUpTo)',
} as const
const oneTime = {
  ...common,
  event:
    'event RailOneTimePaymentProcessed(uint256 indexed railId, uint256 netPayeeAmount, uint256 operatorCommission, uint256 networkFee)',
} as const

const settled = {
  ...settlement,
  amount: 'totalSettledAmount',
  equals: 'totalNetPayeeAmount + operatorCommission + networkFee',
} as const
const paidOnce = { ...oneTime, amount: 'netPayeeAmount + operatorCommission + networkFee' } as const
const settledNet = { ...settlement, amount: 'totalNetPayeeAmount' } as const
const paidOnceNet = { ...oneTime, amount: 'netPayeeAmount' } as const
const settledCommission = { ...settlement, amount: 'operatorCommission' } as const
const paidOnceCommission = { ...oneTime, amount: 'operatorCommission' } as const
const settledFee = { ...settlement, amount: 'networkFee' } as const
const paidOnceFee = { ...oneTime, amount: 'networkFee' } as const

const inUsdfc = { where: { token: [usdfc], payee: { not: [pay] } } } as const
const inUsdc = { where: { token: [usdc], payee: { not: [pay] } } } as const
const inFil = { where: { token: [fil], payee: { not: [pay] } } } as const
const setUp = { where: { token: [usdfc], payee: [pay] } } as const
const unknown = { where: { token: { not: [usdfc, usdc, fil] } } } as const

const paid = {
  kind: 'fee',
  class: 'payment',
  lens: 'CONSUMPTION',
  chain: 'filecoin-evm',
  contracts: [pay],
  fromHeight: deployed,
  revision: 1,
  evidence: [contract, abi],
} as const
const part = { ...paid, role: 'part' } as const
const supply = [{ supply: '1' }] as const
const protocol = [{ protocol: '1' }] as const

const net = 'What of it reached the payees: the providers that store.'
const commission = 'What of it the operator of the service kept.'
const kept =
  'Its network fee, 0.5 % rounded up. It stays in the contract until it is sold for FIL in an auction, and that FIL is burned.'

/** Payments for storage through Filecoin Pay, for whatever service, in every token that it was seen with. */
export const filecoinPayStreams: Readonly<Record<string, StreamDeclaration>> = {
  payUsdfc: evmEvents({
    ...paid,
    token: 'USDFC',
    events: [
      { ...settled, ...inUsdfc },
      { ...paidOnce, ...inUsdfc },
    ],
    meaning:
      'What clients paid for storage in USDFC: rails settled and one-time payments, whole. A rail accrues all the time ' +
      'and counts when somebody settles it. Deposits and withdrawals are not payments.',
  }),
  payUsdfcSettled: evmEvents({
    ...part,
    of: 'payUsdfc',
    token: 'USDFC',
    events: [{ ...settled, ...inUsdfc }],
    meaning: 'Of the payments in USDFC, those that settled a rail.',
  }),
  payUsdfcOneTime: evmEvents({
    ...part,
    of: 'payUsdfc',
    token: 'USDFC',
    events: [{ ...paidOnce, ...inUsdfc }],
    meaning: 'Of the payments in USDFC, those made at once.',
  }),
  payUsdfcNet: evmEvents({
    ...part,
    of: 'payUsdfc',
    token: 'USDFC',
    accrues: supply,
    events: [
      { ...settledNet, ...inUsdfc },
      { ...paidOnceNet, ...inUsdfc },
    ],
    meaning: net,
  }),
  payUsdfcCommission: evmEvents({
    ...part,
    of: 'payUsdfc',
    token: 'USDFC',
    accrues: protocol,
    events: [
      { ...settledCommission, ...inUsdfc },
      { ...paidOnceCommission, ...inUsdfc },
    ],
    meaning: commission,
  }),
  payUsdfcNetworkFee: evmEvents({
    ...part,
    of: 'payUsdfc',
    token: 'USDFC',
    accrues: protocol,
    events: [
      { ...settledFee, ...inUsdfc },
      { ...paidOnceFee, ...inUsdfc },
    ],
    meaning: kept,
  }),
  payUsdc: evmEvents({
    ...paid,
    token: 'USDC',
    events: [
      { ...settled, ...inUsdc },
      { ...paidOnce, ...inUsdc },
    ],
    meaning:
      'What clients paid for storage in USDC that Axelar bridged: rails settled and one-time payments, whole.',
  }),
  payUsdcNet: evmEvents({
    ...part,
    of: 'payUsdc',
    token: 'USDC',
    accrues: supply,
    events: [
      { ...settledNet, ...inUsdc },
      { ...paidOnceNet, ...inUsdc },
    ],
    meaning: net,
  }),
  payUsdcCommission: evmEvents({
    ...part,
    of: 'payUsdc',
    token: 'USDC',
    accrues: protocol,
    events: [
      { ...settledCommission, ...inUsdc },
      { ...paidOnceCommission, ...inUsdc },
    ],
    meaning: commission,
  }),
  payUsdcNetworkFee: evmEvents({
    ...part,
    of: 'payUsdc',
    token: 'USDC',
    accrues: protocol,
    events: [
      { ...settledFee, ...inUsdc },
      { ...paidOnceFee, ...inUsdc },
    ],
    meaning: kept,
  }),
  payFil: evmEvents({
    ...paid,
    token: 'FIL',
    events: [
      { ...settled, ...inFil },
      { ...paidOnce, ...inFil },
    ],
    meaning: 'What clients paid for storage in FIL: rails settled and one-time payments, whole.',
  }),
  payFilNet: evmEvents({
    ...part,
    of: 'payFil',
    token: 'FIL',
    accrues: supply,
    events: [
      { ...settledNet, ...inFil },
      { ...paidOnceNet, ...inFil },
    ],
    meaning: net,
  }),
  payFilCommission: evmEvents({
    ...part,
    of: 'payFil',
    token: 'FIL',
    accrues: protocol,
    events: [
      { ...settledCommission, ...inFil },
      { ...paidOnceCommission, ...inFil },
    ],
    meaning: commission,
  }),
  payFilNetworkFee: evmEvents({
    ...part,
    of: 'payFil',
    token: 'FIL',
    accrues: [{ holders: '1' }],
    events: [
      { ...settledFee, ...inFil },
      { ...paidOnceFee, ...inFil },
    ],
    meaning:
      'Its network fee, 0.5 % rounded up, sent to the burn account f099 at once. The burn itself is in the burns.',
  }),
  paySetUp: evmEvents({
    ...paid,
    token: 'USDFC',
    lens: 'PURCHASE',
    accrues: protocol,
    events: [
      { ...settled, ...setUp },
      { ...paidOnce, ...setUp },
    ],
    meaning:
      'Paid to the payments contract itself when a data set is created (0.1 USDFC, warm storage v1 until 2026-06-12): ' +
      'the price of a set-up, not of storage, so outside of CONSUMPTION. The contract sells it for FIL, which is burned.',
    evidence: [
      contract,
      abi,
      'davidgasquez/filecoin-data-portal@43cdb4f3: rails 1332, 1334, 1336, 1338 (payee 0x23b1, ended in their first block)',
    ],
  }),
  payOther: evmEvents({
    ...paid,
    role: 'guard',
    token: 'FIL',
    events: [
      { ...settled, ...unknown },
      { ...paidOnce, ...unknown },
    ],
    meaning:
      'Payments in a token that no other stream here knows, in its smallest units. Expected empty: an event means ' +
      'that a stream must be added for its token.',
  }),
  payAuctionBurns: evmCalls({
    kind: 'burn',
    class: 'buyback',
    role: 'part',
    of: 'contractBurns',
    chain: 'filecoin-evm',
    token: 'FIL',
    contract: pay,
    fromHeight: deployed,
    revision: 1,
    call: 'function burnForFees(address token, address recipient, uint256 requested) payable',
    explainedBy: {
      event:
        'event WithdrawRecorded(address indexed token, address indexed from, address indexed to, uint256 amount)',
      token: 'token',
      recipient: 'to',
      amount: 'amount',
    },
    meaning:
      'FIL that buyers of collected network fees burned in the auction of the payments contract. The call leaves no event: ' +
      'it is found by the tokens that it moved, and its value is read from the transaction or its trace.',
    evidence: [contract, abi],
  }),
}
