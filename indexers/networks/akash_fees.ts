import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import { accrued, payouts, sweptFees, transactionFees, transfers } from '../chains/cosmos/streams.ts'
import {
  afterDrain,
  axlUsdc,
  bme,
  distribution,
  escrow,
  feeCollector,
  node,
  recorded,
  sinceBme,
  takeYears,
} from './akash_accounts.ts'

const leases = {
  from: escrow,
  payees: [
    { event: 'akash.v1', where: { action: ['lease-closed'] }, address: 'provider', owner: 'owner' },
    { event: 'akash.market.v1.EventLeaseClosed', address: 'id.provider', owner: 'id.owner' },
    { message: '/akash.market.*.MsgWithdrawLease', field: [1, 5] },
    { message: '/akash.market.*.MsgCloseLease', field: [1, 5] },
    { message: '/akash.market.*.MsgCloseBid', field: [1, 5] },
  ],
  refundedBefore: [
    { event: 'akash.v1', where: { action: ['bid-closed'] }, address: 'provider' },
    { event: 'akash.market.v1.EventBidClosed', address: 'id.provider' },
  ],
  refundingMessages: ['/akash.market.*.MsgCreateLease'],
  never: [distribution, bme],
}
const leasePaid = {
  kind: 'fee',
  class: 'payment',
  lens: 'CONSUMPTION',
  accrues: [{ supply: '1' }],
  revision: 1,
  evidence: [
    `${node}: x/escrow/keeper, x/market/handler/server.go (settled lazily, paid by bank transfer)`,
    recorded,
  ],
} as const
const took = {
  kind: 'fee',
  class: 'payment',
  lens: 'CONSUMPTION',
  accrues: [{ protocol: '1' }],
  revision: 1,
  evidence: ['akash-network/node tags v0.24 to v0.38: x/take, x/escrow (fee to the community pool)'],
} as const

/** What tenants and senders of transactions pay. */
export const feeStreams = {
  leasesAkt: payouts({
    ...leasePaid,
    token: 'AKT',
    where: { ...leases, denom: 'uakt' },
    meaning:
      'Leases paid to providers in AKT, when they were settled: what escrow paid to the provider of a lease. Deposits, refunds and the ' +
      'collateral of bids are not in it.',
  }),
  leasesUsdc: payouts({
    ...leasePaid,
    ...takeYears,
    token: 'axlUSDC',
    where: { ...leases, denom: axlUsdc },
    meaning: 'Leases paid to providers in USDC (axlUSDC from Osmosis), when they were settled.',
  }),
  leasesAct: payouts({
    ...leasePaid,
    ...sinceBme,
    token: 'ACT',
    where: { ...leases, denom: 'uact' },
    meaning: 'Leases paid to providers in ACT, when they were settled. Nothing is taken off.',
  }),
  leasesOther: payouts({
    ...leasePaid,
    role: 'guard',
    token: 'akash.other',
    where: { ...leases, denomsBut: ['uakt', 'uact', axlUsdc] },
    meaning: 'Leases paid in any other denom. None is known.',
  }),
  accruedAct: accrued({
    ...afterDrain,
    kind: 'fee',
    class: 'payment',
    lens: 'CONSUMPTION',
    role: 'part',
    of: 'leasesAct',
    token: 'ACT',
    where: {
      denom: 'uact',
      leases: '/akash.market.v1beta5.Query/Leases',
      accounts: '/akash.escrow.v1.Query/Accounts',
    },
    revision: 1,
    meaning:
      'Leases in ACT by when they were used, as the console counts: the price of every block in which a lease was open and funded. Beside what ' +
      'was settled, never added to it; settlements drop fractions, so it is above by up to a micro-unit each. Not known before ACT: the prices of ' +
      'leases that lived through the change were rewritten.',
    evidence: [
      'akash-network/chain-sdk@55f1c683: proto/node/akash/market/v1beta5/query.proto, escrow/v1/query.proto',
      `${node}: x/escrow/keeper`,
    ],
  }),
  takenAkt: transfers({
    ...took,
    ...takeYears,
    token: 'AKT',
    where: { denom: 'uakt', from: [escrow], to: [distribution] },
    meaning:
      'What the network took off leases paid in AKT, for the community pool. On top of what providers got.',
  }),
  takenUsdc: transfers({
    ...took,
    ...takeYears,
    token: 'axlUSDC',
    where: { denom: axlUsdc, from: [escrow], to: [distribution] },
    meaning:
      'What the network took off leases paid in USDC, for the community pool. On top of what providers got.',
  }),
  txFees: transactionFees({
    kind: 'fee',
    class: 'payment',
    lens: 'CONSUMPTION',
    token: 'AKT',
    accrues: [{ holders: '1' }],
    where: { denom: 'uakt', collector: feeCollector, sweptTo: distribution },
    revision: 1,
    meaning:
      'What transactions paid to be included, failed ones too; it goes to stakers and the community pool. Before block 5,629,650 the fee of a ' +
      'failed one is read from its bytes and checked against what the collector handed on.',
    evidence: [recorded, 'Recorded fee collector of block 28742443: one mint and 32,219 uakt of fees'],
  }),
  txFeesUsdc: transactionFees({
    kind: 'fee',
    class: 'payment',
    lens: 'CONSUMPTION',
    token: 'axlUSDC',
    accrues: [{ holders: '1' }],
    where: { denom: axlUsdc, collector: feeCollector, sweptTo: distribution },
    revision: 1,
    meaning: 'What transactions paid in USDC to be included: a fee may list several coins.',
    evidence: [`${node}: app (fees in any denom are handed on to stakers and the community pool)`],
  }),
  feesSwept: sweptFees({
    kind: 'fee',
    class: 'payment',
    lens: 'CONSUMPTION',
    role: 'check',
    of: 'txFees',
    token: 'AKT',
    where: { denom: 'uakt', collector: feeCollector, sweptTo: distribution },
    revision: 1,
    meaning: 'The same by what the fee collector handed on in the next block, less the mint.',
    evidence: [`${node}: app (distribution runs before mint)`],
  }),
  feesOther: transactionFees({
    kind: 'fee',
    class: 'payment',
    lens: 'CONSUMPTION',
    role: 'guard',
    token: 'akash.other',
    where: { denomsBut: ['uakt', axlUsdc], collector: feeCollector, sweptTo: distribution },
    revision: 1,
    meaning: 'Transaction fees in any denom but AKT and USDC. None is known.',
    evidence: [recorded],
  }),
} satisfies Readonly<Record<string, StreamDeclaration>>
