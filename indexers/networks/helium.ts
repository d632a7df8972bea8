import { defineNetwork } from '../define.ts'
import { creditStreams } from './helium_credits.ts'
import { dailyStreams } from './helium_daily.ts'
import { mints } from './helium_names.ts'
import { pastStreams } from './helium_past.ts'
import { publishedStreams } from './helium_published.ts'
import { rewardStreams } from './helium_rewards.ts'

/** Wireless coverage. Users pay in Data Credits, which are made by burning HNT at the oracle price. */
export const helium = defineNetwork({
  id: 'helium',
  name: 'Helium',
  sector: 'wireless',
  description:
    'Wireless coverage by people who run hotspots. Users pay in Data Credits of a fixed price, which are made by ' +
    'burning HNT; HNT is minted once a day for those who provide and secure the network.',
  tokens: {
    HNT: {
      chain: 'solana',
      address: mints.HNT,
      decimals: 8,
      price: {
        market: 'helium',
        instruments: {
          pyth: [{ id: '649fdd7ec08e8e2a20f425729854e90293dcbe2376abc47197a14da6ff339756' }],
        },
      },
    },
    DC: { chain: 'solana', address: mints.DC, decimals: 0, price: { fixedUsd: '0.00001' } },
    MOBILE: { chain: 'solana', address: mints.MOBILE, decimals: 6, price: { market: 'helium-mobile' } },
    IOT: { chain: 'solana', address: mints.IOT, decimals: 6, price: { market: 'helium-iot' } },
  },
  streams: { ...creditStreams, ...rewardStreams, ...pastStreams, ...dailyStreams, ...publishedStreams },
  counters: {
    hntSupply: {
      token: 'HNT',
      counter: 'supply',
      meaning: 'HNT that exists. Must change by exactly what was minted less what was burned.',
      evidence: ['SPL Token: the mint account'],
      word: 'solana.supply',
      settings: { mint: mints.HNT },
    },
    dcSupply: {
      token: 'DC',
      counter: 'supply',
      meaning: 'Data Credits bought and not yet used.',
      evidence: ['SPL Token: the mint account'],
      word: 'solana.supply',
      settings: { mint: mints.DC },
    },
  },
  regimes: [
    { day: '2023-04-18', what: 'Move to Solana' },
    { day: '2023-06-19', what: 'Burned HNT that is minted again: at most 1,643.84 a day (about this day)' },
    { day: '2023-08-02', what: 'Emission halves' },
    {
      day: '2024-12-07',
      what: 'Mint for the Mobile operations fund, 12,236.29 HNT a day until 2025-07-31',
    },
    { day: '2025-01-29', what: 'HIP 138: rewards in HNT again, emission of MOBILE and IOT ends' },
    { day: '2025-05-13', what: 'Forfeited rewards are burned' },
    { day: '2025-08-01', what: 'Emission halves' },
    { day: '2025-10-21', what: 'The operator buys HNT daily and burns it for credits, until 2026-01-02' },
    { day: '2025-11-12', what: 'Automatic purchases of credits' },
    { day: '2026-06-04', what: 'Mobile data for $0.10 a GB instead of $0.50 (early June)' },
    { day: '2026-08-06', what: 'HIP 149: supplement of 196,000 HNT a day; Proof of Coverage ends' },
    { day: '2027-08-01', what: 'Emission halves' },
  ],
})
