import { balanceOf, supplyOf } from '../chains/cosmos/streams.ts'
import { defineNetwork } from '../define.ts'
import { axlUsdc, bme, node } from './akash_accounts.ts'
import { creditStreams } from './akash_credit.ts'
import { feeStreams } from './akash_fees.ts'
import { supplyStreams } from './akash_supply.ts'

/** Cloud computing. Tenants pay providers for leases, by the block, out of an escrow account. */
export const akash = defineNetwork({
  id: 'akash',
  name: 'Akash',
  sector: 'compute',
  description:
    'A market for cloud computing on its own Cosmos chain. Tenants pay providers by the block out of escrow: in AKT, from August ' +
    '2023 also in USDC, and since March 2026 in ACT, a credit of one dollar that is made by locking AKT. Stakers are paid by inflation.',
  tokens: {
    AKT: { chain: 'akash', decimals: 6, price: { market: 'akash-network' } },
    ACT: { chain: 'akash', address: 'uact', decimals: 6, price: { fixedUsd: '1' } },
    axlUSDC: { chain: 'akash', address: axlUsdc, decimals: 6, price: { fixedUsd: '1' } },
    'akash.other': {
      chain: 'akash',
      decimals: 0,
      price: { unknown: 'Coins of any other denom; the detail of each event names it.' },
    },
  },
  streams: { ...supplyStreams, ...creditStreams, ...feeStreams },
  counters: {
    supply: supplyOf({
      token: 'AKT',
      counter: 'supply',
      denom: 'uakt',
      meaning: 'All AKT that exists, by the bank. Mint events tell the same at every midnight.',
      evidence: ['GetBlock-io/getblock-docs@4187df69: api-reference/akash-akt (supply)'],
    }),
    actSupply: supplyOf({
      token: 'ACT',
      counter: 'supply',
      denom: 'uact',
      meaning: 'All ACT that exists, by the bank.',
      evidence: ['Vault of testnet-8: total_minted - total_burned = supply of uact, exactly'],
    }),
    vault: balanceOf({
      token: 'AKT',
      counter: 'bmeVault',
      denom: 'uakt',
      address: bme,
      meaning:
        'AKT that the vault holds: locked for ACT, waiting to be exchanged, and funded by the community pool.',
      evidence: [`${node}: x/bme/keeper`],
    }),
  },
  absent: {
    remint: {
      truly: 'zero',
      why: 'Redeemed ACT is paid in AKT that was locked before; what is minted on top is bmeShortfall.',
    },
    locked: {
      truly: 'zero',
      why: 'What is minted goes to stakers and the community pool and is free at once.',
    },
    vesting: { truly: 'unknown', why: 'Vesting accounts of the genesis of akashnet-2 were not found.' },
  },
  regimes: [
    { day: '2021-03-08', what: 'Launch of akashnet-2' },
    { day: '2021-07-16', what: 'Inflation 25 to 40 % (by the text of the proposal)' },
    { day: '2022-04-27', what: 'SDK 0.45 (block 5,629,650): blocks tell every movement of coins' },
    { day: '2023-08-31', what: 'Leases in USDC; the network takes a share of leases (block 12,606,074)' },
    { day: '2025-10-28', what: 'SDK 0.53 (block 23,939,793): typed events' },
    { day: '2025-11-24', what: 'Escrow settles in whole units (block 24,332,547)' },
    {
      day: '2026-03-23',
      what: 'Burn-mint equilibrium (block 26,063,777): leases in ACT, AKT is locked for it; nothing is taken off leases any more',
    },
    { day: '2026-06-11', what: 'Oracle v2, reclaiming of leases (block 27,230,465)' },
  ],
})
