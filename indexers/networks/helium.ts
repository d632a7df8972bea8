import { importedSeries } from '../chains/import/streams.ts'
import { defineNetwork } from '../define.ts'

const published =
  'CryptoZach/Tokenomics-as-Systems-Engineering-Protocols-Labor-and-the-Design-of-Autonomous-Systems@7c2503d, weekly Dune results (CC BY 4.0)'

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
      address: 'hntyVP6YFm1Hg25TN9WGLqM12b8TQmcknKrdu1oxWux',
      decimals: 8,
      price: {
        market: 'helium',
        instruments: {
          pyth: [{ id: '649fdd7ec08e8e2a20f425729854e90293dcbe2376abc47197a14da6ff339756' }],
        },
      },
    },
  },
  streams: {
    publishedMints: importedSeries({
      kind: 'emission',
      class: 'contributor',
      role: 'standIn',
      token: 'HNT',
      since: '2023-04-17',
      revision: 1,
      meaning:
        'All HNT minted, as published by week, less the one-off mints. Stands in where the chain has not been read.',
      evidence: [published],
      series: {
        every: 'week',
        columns: { period: 'week_start', amount: 'hnt_minted', usd: 'usd_minted' },
        exceptions: [
          {
            period: '2023-04-17',
            amount: '144965361.52407258',
            day: '2023-04-18',
            stream: 'publishedOneOffMints',
            why:
              'The move to Solana: the mint of existing HNT. The week less five daily mints of 82,226.0208219 HNT each, ' +
              'the constant amount of the weeks after it.',
          },
          {
            period: '2024-12-02',
            amount: '1300000',
            day: '2024-12-06',
            stream: 'publishedOneOffMints',
            why: 'Mint for the Mobile operations fund.',
          },
        ],
      },
    }),
    publishedOneOffMints: importedSeries({
      kind: 'emission',
      class: 'oneOff',
      role: 'standIn',
      token: 'HNT',
      since: '2023-04-17',
      revision: 1,
      meaning: 'The migration mint of April 2023 and the mint for the operations fund of December 2024.',
      evidence: [published, 'helium/helium-program-library@145947e (one-off mint of 2024-12-06)'],
    }),
    publishedBurns: importedSeries({
      kind: 'burn',
      class: 'other',
      role: 'standIn',
      token: 'HNT',
      since: '2023-04-17',
      revision: 1,
      meaning:
        'All HNT burned, as published by week: bought credits, forfeited rewards and unallocated emission together. ' +
        'Stands in where the chain has not been read.',
      evidence: [published],
      series: {
        every: 'week',
        columns: { period: 'week_start', amount: 'hnt_burned', usd: 'usd_burned' },
        legs: ['publishedPurchases'],
      },
    }),
    publishedPurchases: importedSeries({
      kind: 'fee',
      class: 'payment',
      lens: 'PURCHASE',
      role: 'standIn',
      token: 'HNT',
      since: '2023-04-17',
      accrues: [{ holders: '1' }],
      revision: 1,
      meaning:
        'HNT burned to buy Data Credits, taken as all HNT burned: too high by forfeited rewards and unallocated ' +
        'emission, which the published weeks do not tell apart.',
      evidence: [published],
    }),
  },
  regimes: [
    { day: '2023-04-18', what: 'Move to Solana' },
    { day: '2023-08-02', what: 'Emission halves' },
    {
      day: '2024-12-07',
      what: 'Mint for the Mobile operations fund, 12,236.29 HNT a day until 2025-07-31',
    },
    { day: '2025-01-29', what: 'HIP 138: rewards in HNT again, emission of MOBILE and IOT ends' },
    { day: '2025-05-13', what: 'Forfeited rewards are burned' },
    { day: '2025-08-01', what: 'Emission halves' },
    { day: '2025-10-21', what: 'The operator buys HNT daily and burns it for credits, until 2026-01-02' },
    { day: '2026-08-06', what: 'HIP 149: supplement of 196,000 HNT a day; Proof of Coverage ends' },
  ],
})
