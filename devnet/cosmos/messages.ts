import { type Coin, one18, sortCoins } from './decimal.ts'
import type { Era } from './eras.ts'
import type { LeaseId } from './facts.ts'
import { any, encode } from './protobuf.ts'

/** The bytes and the name of a message. */
export interface EncodedMessage {
  readonly typeUrl: string
  readonly bytes: Buffer
}

const coin = ({ denom, amount }: Coin): Buffer =>
  encode([
    [1, denom],
    [2, String(amount)],
  ])

/** A price: its amount is a whole number of 10^-18. */
const price = coin

const deploymentId = ({ owner, dseq }: LeaseId): Buffer =>
  encode([
    [1, owner],
    [2, dseq],
  ])

const orderId = ({ owner, dseq }: LeaseId): Buffer =>
  encode([
    [1, owner],
    [2, dseq],
    [3, 1],
    [4, 1],
  ])

const bidId = (id: LeaseId): Buffer => Buffer.concat([orderId(id), encode([[5, id.provider ?? '']])])

/** A deposit of the newer versions: from the sender's own balance, or from a grant. */
const deposit = (of: Coin, granted: boolean): Buffer =>
  encode([
    [1, coin(of)],
    [2, encodePacked(granted ? 1 : 0)],
  ])

const encodePacked = (value: number): Buffer => Buffer.from([value + 1])

const newer = (era: Era): boolean => era.typed

/** Messages of the market, in the version of an era. */
export const marketMessages = {
  createDeployment(era: Era, id: LeaseId, hash: Buffer, funds: Coin, granted: boolean): EncodedMessage {
    return {
      typeUrl: `/akash.deployment.${era.versions.deployment}.MsgCreateDeployment`,
      bytes: encode([
        [1, deploymentId(id)],
        [2, encode([[1, 'westcoast']])],
        [3, hash],
        [4, newer(era) ? deposit(funds, granted) : coin(funds)],
      ]),
    }
  },
  closeDeployment: (era: Era, id: LeaseId): EncodedMessage => ({
    typeUrl: `/akash.deployment.${era.versions.deployment}.MsgCloseDeployment`,
    bytes: encode([[1, deploymentId(id)]]),
  }),
  deposit(era: Era, id: LeaseId, funds: Coin, granted: boolean): EncodedMessage {
    if (!newer(era)) {
      return {
        typeUrl: `/akash.deployment.${era.versions.deployment}.MsgDepositDeployment`,
        bytes: encode([
          [1, deploymentId(id)],
          [2, coin(funds)],
          [3, id.owner],
        ]),
      }
    }
    const account = encode([
      [1, 1],
      [2, `${id.owner}/${id.dseq}`],
    ])
    return {
      typeUrl: '/akash.escrow.v1.MsgAccountDeposit',
      bytes: encode([
        [1, id.owner],
        [2, account],
        [3, deposit(funds, granted)],
      ]),
    }
  },
  createBid(era: Era, id: LeaseId, rate: Coin, collateral: Coin): EncodedMessage {
    const typeUrl = `/akash.market.${era.versions.market}.MsgCreateBid`
    const bytes = newer(era)
      ? encode([
          [1, bidId(id)],
          [2, price(rate)],
          [3, deposit(collateral, false)],
        ])
      : encode([
          [1, orderId(id)],
          [2, id.provider ?? ''],
          [3, price(rate)],
          [4, coin(collateral)],
        ])
    return { typeUrl, bytes }
  },
  /** The messages that only name a bid or a lease. */
  ofLease(
    era: Era,
    name: 'MsgCreateLease' | 'MsgWithdrawLease' | 'MsgCloseLease' | 'MsgCloseBid',
    id: LeaseId,
  ): EncodedMessage {
    return { typeUrl: `/akash.market.${era.versions.market}.${name}`, bytes: encode([[1, bidId(id)]]) }
  },
}

/** Messages of other modules. */
export const otherMessages = {
  send: (from: string, to: string, coins: readonly Coin[]): EncodedMessage => ({
    typeUrl: '/cosmos.bank.v1beta1.MsgSend',
    bytes: encode([[1, from], [2, to], ...sortCoins(coins).map((one): [number, Buffer] => [3, coin(one)])]),
  }),
  claimRewards: (delegator: string, validator: string): EncodedMessage => ({
    typeUrl: '/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward',
    bytes: encode([
      [1, delegator],
      [2, validator],
    ]),
  }),
  /** Carries messages that others have allowed the sender to send for them. */
  exec: (grantee: string, inner: readonly EncodedMessage[]): EncodedMessage => ({
    typeUrl: '/cosmos.authz.v1beta1.MsgExec',
    bytes: encode([
      [1, grantee],
      ...inner.map(({ typeUrl, bytes }): [number, Buffer] => [2, any(typeUrl, bytes)]),
    ]),
  }),
  credits: (name: 'MsgMintACT' | 'MsgBurnACT', owner: string, burned: Coin): EncodedMessage => ({
    typeUrl: `/akash.bme.v1.${name}`,
    bytes: encode([
      [1, owner],
      [2, owner],
      [3, coin(burned)],
    ]),
  }),
  execute: (sender: string, contract: string, text: string, funds: Coin): EncodedMessage => ({
    typeUrl: '/cosmwasm.wasm.v1.MsgExecuteContract',
    bytes: encode([
      [1, sender],
      [2, contract],
      [3, text],
      [5, coin(funds)],
    ]),
  }),
  receivePacket: (signer: string): EncodedMessage => ({
    typeUrl: '/ibc.core.channel.v1.MsgRecvPacket',
    bytes: encode([[4, signer]]),
  }),
}

/** The least that a bid locks and a deployment deposits, in millionths. */
export const leastDeposit = 500_000n

/** A price of so many millionths, with 18 places. */
export const rateOf = (millionths: bigint, fraction: bigint): bigint => millionths * one18 + fraction
