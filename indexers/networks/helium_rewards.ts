import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import { splBurns, splMints } from '../chains/solana/streams.ts'
import { accounts, breakers, calls, mints, source } from './helium_names.ts'

const issued = `${source}: programs/helium-sub-daos, issue_rewards_v0 and its history`
/** HIP 138, rewards in HNT again, went live about 2025-01-29; which day exactly was not found, and none before this. */
const hip138 = '2025-01-20'
/** Names the day that is paid, in the instruction's argument. */
const epochArgument = { ...calls.issueRewards, offset: 8 }
const byHntBreaker = { mint: mints.HNT, signaturesOf: [breakers.HNT] }
const hnt = {
  kind: 'emission',
  token: 'HNT',
  revision: 1,
  epoch: { lagDays: 1 },
} as const

/** HNT minted for hotspots of a sub-network, and for those who lock HNT for it. */
const rewards = {
  hotspotsMobile: splMints({
    ...hnt,
    class: 'contributor',
    since: hip138,
    meaning:
      'HNT minted each day for Mobile hotspots and service providers, into the escrow that they claim from. The mint is the ' +
      'emission; claims are transfers of what was minted and are not read.',
    evidence: [issued, 'HIP 138, HIP 147, HIP 148'],
    where: {
      ...byHntBreaker,
      under: [calls.issueMobileRewards],
      to: [accounts.rewardsEscrow],
      epoch: epochArgument,
    },
  }),
  hotspotsIot: splMints({
    ...hnt,
    class: 'contributor',
    since: hip138,
    meaning:
      'HNT minted each day for IoT hotspots, into the escrow that they claim from. Proof of Coverage, a part of it, ended on ' +
      '2026-08-06.',
    evidence: [issued, 'HIP 138, HIP 149'],
    where: {
      ...byHntBreaker,
      under: [calls.issueIotRewards],
      to: [accounts.rewardsEscrow],
      epoch: epochArgument,
    },
  }),
  stakersMobile: splMints({
    ...hnt,
    class: 'staker',
    since: hip138,
    meaning:
      'HNT minted each day for veHNT delegated to Mobile: 6 %, and since HIP 149 what Mobile earned above its cap. What those ' +
      'who do not vote forfeit is burned later: see forfeited.',
    evidence: [issued, 'HIP 138, HIP 149'],
    where: {
      ...byHntBreaker,
      under: [calls.issueMobileRewards],
      to: [accounts.delegatorPool],
      epoch: epochArgument,
    },
  }),
  stakersIot: splMints({
    ...hnt,
    class: 'staker',
    since: hip138,
    meaning: 'HNT minted each day for veHNT delegated to IoT: 6 % of its part.',
    evidence: [issued, 'HIP 138'],
    where: {
      ...byHntBreaker,
      under: [calls.issueIotRewards],
      to: [accounts.delegatorPool],
      epoch: epochArgument,
    },
  }),
} satisfies Readonly<Record<string, StreamDeclaration>>

/** HNT minted beside the daily rewards. */
const besides = {
  supplement: splMints({
    ...hnt,
    class: 'treasury',
    since: '2026-08-06',
    meaning:
      'The operations and growth supplement of HIP 149: 98.75 % to the Receiving Entity (Nova Labs), 1.25 % to a council. 196,000 HNT ' +
      'a day for 360 days, then falling to zero in 720. A class of its own since then, so that it can be left out. Read from the ' +
      'program source; not seen on chain when this was written.',
    evidence: [
      `${source}: programs/helium-sub-daos, supplement.rs, tags 0.2.41 to 0.2.46`,
      'HIP 149, approved 2026-07-06',
    ],
    where: {
      ...byHntBreaker,
      under: [calls.issueRewards],
      to: [accounts.supplementVault, accounts.council],
      epoch: epochArgument,
    },
  }),
  oneOffMints: splMints({
    kind: 'emission',
    class: 'oneOff',
    token: 'HNT',
    revision: 1,
    since: '2023-04-19',
    meaning:
      'HNT minted by anything but the daily instructions, such as 1,300,000 for the operations fund on 2024-12-06 18:33:06. Never in ' +
      'emission sums.',
    evidence: [`${source}: one-off mint of 2024-12-06`, 'Dune'],
    where: { ...byHntBreaker, notUnder: [calls.issueRewards, calls.issueHstPool] },
  }),
  rewardsElsewhere: splMints({
    kind: 'emission',
    class: 'contributor',
    role: 'guard',
    token: 'HNT',
    revision: 1,
    since: '2023-04-18',
    meaning:
      'Daily rewards minted to an account that no stream here knows: the program has a new destination.',
    evidence: [issued],
    where: {
      ...byHntBreaker,
      under: [calls.issueRewards],
      notTo: [
        accounts.rewardsEscrow,
        accounts.delegatorPool,
        accounts.supplementVault,
        accounts.council,
        accounts.mobileTreasury,
        accounts.iotTreasury,
      ],
    },
  }),
} satisfies Readonly<Record<string, StreamDeclaration>>

/** Emission that is given back: burned, but nobody paid with it. */
const returned = {
  notEmitted: splBurns({
    kind: 'emission',
    class: 'returned',
    token: 'HNT',
    revision: 1,
    since: '2024-01-04',
    meaning:
      'HNT that was minted and earned by nobody, burned by the no-emit program about once a day. Negative emission: neither demand ' +
      'nor a burn of demand.',
    evidence: [`${source}: programs/no-emit`, 'Transaction 4V6mGJbr… of 2025-06-07: 323,882.00669582 HNT'],
    where: {
      mint: mints.HNT,
      signaturesOf: [accounts.noEmitAccount],
      under: [calls.noEmit],
      negative: true,
    },
  }),
  forfeited: splBurns({
    kind: 'emission',
    class: 'returned',
    token: 'HNT',
    revision: 1,
    since: '2025-05-13',
    meaning:
      'Staking rewards of positions that voted in fewer than 2 of the last 4 proposals, burned when they were claimed. Negative ' +
      'emission, not a fee. Reading it means reading every claim, 3,000 to 6,000 a day.',
    evidence: [
      `${source}: claim_rewards_v1, circuit-breaker tag 2025-05-13 (burn_v0)`,
      'Recorded transaction 58acY3P8… of slot 409977754: 787 and 79,944 bones',
    ],
    where: {
      mint: mints.HNT,
      signaturesOf: [accounts.delegatorPoolBreaker],
      under: [calls.claimRewards],
      negative: true,
    },
  }),
} satisfies Readonly<Record<string, StreamDeclaration>>

/** What is minted, and what is given back of it. */
export const rewardStreams: Readonly<Record<string, StreamDeclaration>> = {
  ...rewards,
  ...besides,
  ...returned,
}
