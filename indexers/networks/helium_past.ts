import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import { splMints } from '../chains/solana/streams.ts'
import { accounts, breakers, calls, mints, source } from './helium_names.ts'

const issued = `${source}: programs/helium-sub-daos, issue_rewards_v0 and its history`
/** Names the day that is paid, in the instruction's argument. */
const epochArgument = { ...calls.issueRewards, offset: 8 }
const byHntBreaker = { mint: mints.HNT, signaturesOf: [breakers.HNT] }
/** What the operations fund got each day, from 2024-12-07 to 2025-07-31: bones. */
const operationsFundRaw = '1223628691983'

const hnt = {
  kind: 'emission',
  token: 'HNT',
  revision: 1,
} as const

/** HNT minted for purposes that ended. */
const endedMints = {
  operationsFund: splMints({
    ...hnt,
    epoch: { lagDays: 1 },
    class: 'treasury',
    since: '2024-12-07',
    until: '2025-08-02',
    meaning:
      'HNT minted for the Mobile operations fund: 12,236.28691983 a day until 2025-07-31. Told from the backing of MOBILE, which went ' +
      'to the same account until January 2025, by its exact amount.',
    evidence: [issued, 'Dune mint counts by week: 4 a day from December 2024, 5 a day from February 2025'],
    where: {
      ...byHntBreaker,
      under: [calls.issueRewards],
      to: [accounts.mobileTreasury],
      amountRaw: [operationsFundRaw],
      epoch: epochArgument,
    },
  }),
  subNetworkBacking: splMints({
    ...hnt,
    epoch: { lagDays: 1 },
    class: 'uncounted',
    since: '2023-04-18',
    meaning:
      'HNT minted into the Mobile and IoT treasuries, against which MOBILE and IOT could be redeemed, until January 2025. It changes ' +
      'the supply of HNT and is in no gross emission: what it backed, MOBILE and IOT, is counted in its place, and both would double it.',
    evidence: [issued, `${source}: programs/treasury-management`],
    where: {
      ...byHntBreaker,
      under: [calls.issueRewards],
      to: [accounts.mobileTreasury, accounts.iotTreasury],
      notAmountRaw: [operationsFundRaw],
      epoch: epochArgument,
    },
  }),
  hstPool: splMints({
    ...hnt,
    class: 'treasury',
    since: '2023-04-18',
    until: '2025-02-01',
    meaning:
      'HNT minted for holders of HST, the share of early investors: 32 % of the day, 31 % from August 2023, 30 % from August 2024. ' +
      'Ended on 2025-01-28.',
    evidence: [`${source}: issue_hst_pool_v0, removed since`, 'Dune mint counts by week'],
    where: { ...byHntBreaker, under: [calls.issueHstPool] },
  }),
  migrationMint: splMints({
    ...hnt,
    class: 'oneOff',
    since: '2023-04-17',
    until: '2023-04-19',
    meaning:
      'About 144,965,361 HNT minted on 2023-04-18 for holders on Helium’s own chain, which ended then. Not an emission. Read from ' +
      'all transactions of the mint on that day, because the mint’s later authority may not have been there yet.',
    evidence: ['Dune, weeks of 2023-04-17 and after: the week less five daily mints'],
    where: { mint: mints.HNT, notUnder: [calls.issueRewards, calls.issueHstPool] },
  }),
} satisfies Readonly<Record<string, StreamDeclaration>>

const subNetworkToken = {
  kind: 'emission',
  revision: 1,
  since: '2023-04-18',
  until: '2025-02-01',
  epoch: { lagDays: 1 },
  evidence: [issued, 'HIP 138: emission of MOBILE and IOT ends'],
} as const
const byMobileBreaker = {
  mint: mints.MOBILE,
  signaturesOf: [breakers.MOBILE],
  under: [calls.issueRewards],
  epoch: epochArgument,
}
const byIotBreaker = {
  mint: mints.IOT,
  signaturesOf: [breakers.IOT],
  under: [calls.issueRewards],
  epoch: epochArgument,
}

/** The tokens of the sub-networks, in which rewards were paid until January 2025. */
const subNetworkTokens = {
  mobileHotspots: splMints({
    ...subNetworkToken,
    class: 'contributor',
    token: 'MOBILE',
    meaning:
      'MOBILE minted each day for its hotspots, until January 2025. Its dollars are the emission of that time; the HNT that backed it ' +
      '(subNetworkBacking) is not added.',
    where: { ...byMobileBreaker, notTo: [accounts.mobileDelegatorPool] },
  }),
  mobileStakers: splMints({
    ...subNetworkToken,
    class: 'staker',
    token: 'MOBILE',
    meaning: 'MOBILE minted each day for veHNT delegated to it, until January 2025.',
    where: { ...byMobileBreaker, to: [accounts.mobileDelegatorPool] },
  }),
  iotHotspots: splMints({
    ...subNetworkToken,
    class: 'contributor',
    token: 'IOT',
    meaning:
      'IOT minted each day for its hotspots, until January 2025. Its dollars are the emission of that time; the HNT that backed it ' +
      '(subNetworkBacking) is not added.',
    where: { ...byIotBreaker, notTo: [accounts.iotDelegatorPool] },
  }),
  iotStakers: splMints({
    ...subNetworkToken,
    class: 'staker',
    token: 'IOT',
    meaning: 'IOT minted each day for veHNT delegated to it, until January 2025.',
    where: { ...byIotBreaker, to: [accounts.iotDelegatorPool] },
  }),
} satisfies Readonly<Record<string, StreamDeclaration>>

/** What was minted until 2025: HNT for what has ended since, MOBILE and IOT. */
export const pastStreams: Readonly<Record<string, StreamDeclaration>> = { ...endedMints, ...subNetworkTokens }
