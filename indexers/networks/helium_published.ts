import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import { importedSeries } from '../chains/import/streams.ts'

const published =
  'CryptoZach/Tokenomics-as-Systems-Engineering-Protocols-Labor-and-the-Design-of-Autonomous-Systems@7c2503d, weekly Dune results (CC BY 4.0)'

/** Weekly totals that somebody published: they stand in on days that neither transactions nor counters give. */
export const publishedStreams: Readonly<Record<string, StreamDeclaration>> = {
  publishedMints: importedSeries({
    kind: 'emission',
    class: 'contributor',
    role: 'standIn',
    token: 'HNT',
    since: '2023-04-17',
    of: [
      'hotspotsMobile',
      'hotspotsIot',
      'stakersMobile',
      'stakersIot',
      'supplement',
      'operationsFund',
      'hstPool',
      'mobileHotspots',
      'mobileStakers',
      'iotHotspots',
      'iotStakers',
    ],
    revision: 1,
    meaning:
      'All HNT minted, as published by week, less the one-off mints. Stands in where the chain has not been read; until January 2025 it ' +
      'holds the HNT that backed MOBILE and IOT, in place of these.',
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
}
