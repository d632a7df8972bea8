import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import { scheduledTable } from '../chains/schedule/streams.ts'
import { dailyAccounts } from '../chains/solana/daily.ts'
import { accounts, programs, source } from './helium_names.ts'

const state = `${source}: programs/helium-sub-daos, state.rs (accounts of a day, which nothing closes)`
const paidNextDay = { lagDays: 1 }
/** Not before rewards are in HNT again; see hotspotsMobile. */
const hip138 = '2025-01-20'

const subDaoDay = {
  program: programs.subDaos,
  discriminator: '2df9b114aafb2525',
  epochAt: 8,
} as const
const mobileDay = {
  ...subDaoDay,
  seeds: [{ text: 'sub_dao_epoch_info' }, { address: accounts.mobileSubDao }, { epoch: 'u64' }],
} as const
const iotDay = {
  ...subDaoDay,
  seeds: [{ text: 'sub_dao_epoch_info' }, { address: accounts.iotSubDao }, { epoch: 'u64' }],
} as const
const daoDay = {
  program: programs.subDaos,
  discriminator: '0ba88ac49b937a2c',
  epochAt: 9,
  seeds: [{ text: 'dao_epoch_info' }, { address: accounts.dao }, { epoch: 'u64' }],
} as const
/** Both optional fields before the amounts are set once the day's rewards are minted; only then do the bytes stand where we read. */
const issued = { complete: [{ at: 104 }, { at: 121 }], paidAfterDays: 1 } as const
/** The program says that every sub-network has been paid. */
const allIssued = { complete: [{ at: 89 }], paidAfterDays: 1 } as const
const [stakersAt, hotspotsAt, dcBurnedAt] = [96, 140, 48]

const traffic = {
  kind: 'fee',
  class: 'payment',
  lens: 'CONSUMPTION',
  role: 'standIn',
  token: 'DC',
  revision: 1,
  since: '2023-04-18',
  accrues: [{ holders: '1' }],
  estimated:
    'traffic alone, as the chain’s account of the day counts it: hotspots brought online, locations and boosts are not in it',
  evidence: [`${state}, dc_burned; burn_delegated_data_credits_v0 adds to it`],
} as const

const reward = {
  kind: 'emission',
  role: 'standIn',
  token: 'HNT',
  revision: 1,
  since: hip138,
  epoch: paidNextDay,
} as const

/** How much HNT existed when a day’s rewards had been minted, by the account of the day. */
const supplyAt = 57
const totalRewardsAt = 49
const between = {
  kind: 'burn',
  class: 'other',
  role: 'standIn',
  token: 'HNT',
  revision: 1,
  evidence: [`${source}: calculate_utility_score_v0 (current_hnt_supply, total_rewards)`],
} as const
const burnedBetweenRuns = {
  ...daoDay,
  value: [{ at: supplyAt, days: -1 }, { at: totalRewardsAt }, { at: supplyAt, minus: true }],
  complete: [{ at: 89 }],
} as const

/**
 * The chain's own count of each day: a second path to the same amounts, and the cheap one, because a hundred days are a
 * request. Where transactions were read too, the two must agree.
 */
export const dailyStreams: Readonly<Record<string, StreamDeclaration>> = {
  creditsSpentMobileDaily: dailyAccounts({
    ...traffic,
    of: 'creditsSpentMobile',
    meaning: 'Data Credits used up by Mobile traffic, as the chain’s account of the day counts them.',
    accounts: { ...mobileDay, value: [{ at: dcBurnedAt }] },
  }),
  creditsSpentIotDaily: dailyAccounts({
    ...traffic,
    of: 'creditsSpentIot',
    meaning: 'Data Credits used up by LoRaWAN traffic, as the chain’s account of the day counts them.',
    accounts: { ...iotDay, value: [{ at: dcBurnedAt }] },
  }),
  hotspotsMobileDaily: dailyAccounts({
    ...reward,
    class: 'contributor',
    of: 'hotspotsMobile',
    meaning: 'HNT minted for Mobile hotspots, as the chain’s account of the day counts it.',
    evidence: [`${state}, hnt_rewards_issued`],
    accounts: { ...mobileDay, ...issued, value: [{ at: hotspotsAt }] },
  }),
  hotspotsIotDaily: dailyAccounts({
    ...reward,
    class: 'contributor',
    of: 'hotspotsIot',
    meaning: 'HNT minted for IoT hotspots, as the chain’s account of the day counts it.',
    evidence: [`${state}, hnt_rewards_issued`],
    accounts: { ...iotDay, ...issued, value: [{ at: hotspotsAt }] },
  }),
  stakersMobileDaily: dailyAccounts({
    ...reward,
    class: 'staker',
    of: 'stakersMobile',
    meaning: 'HNT minted for veHNT delegated to Mobile, as the chain’s account of the day counts it.',
    evidence: [`${state}, delegation_rewards_issued`],
    accounts: { ...mobileDay, ...issued, value: [{ at: stakersAt }] },
  }),
  stakersIotDaily: dailyAccounts({
    ...reward,
    class: 'staker',
    of: 'stakersIot',
    meaning: 'HNT minted for veHNT delegated to IoT, as the chain’s account of the day counts it.',
    evidence: [`${state}, delegation_rewards_issued`],
    accounts: { ...iotDay, ...issued, value: [{ at: stakersAt }] },
  }),
  supplementPlanned: scheduledTable({
    kind: 'emission',
    class: 'treasury',
    role: 'standIn',
    token: 'HNT',
    revision: 1,
    since: '2026-08-06',
    until: '2027-08-01',
    estimated: 'the plan of HIP 149 in the program source, not observed: no account of the day counts it',
    meaning:
      'The supplement as planned: 196,000 HNT a day for 360 days. Stands in where its mints have not been read.',
    evidence: [`${source}: programs/helium-sub-daos, supplement.rs`, 'HIP 149'],
    rows: [{ from: '2026-08-06', to: '2027-08-01', amount: '70560000' }],
  }),
  burnedDailyEarly: dailyAccounts({
    ...between,
    since: '2023-04-20',
    until: '2024-12-06',
    estimated: 'burned between two daily runs, about 00:00:10 each, with up to 2 bones of rounding',
    meaning:
      'All HNT burned, for credits and otherwise, as the accounts of two days say: the supply after one run less the supply before ' +
      'the next. Ends where the operations fund was paid outside of the rewards that the account states.',
    accounts: burnedBetweenRuns,
  }),
  burnedDaily: dailyAccounts({
    ...between,
    since: '2025-08-02',
    until: '2026-08-05',
    estimated:
      'burned between two daily runs, about 00:00:10 each, with up to 2 bones of rounding; returned emission included',
    meaning:
      'All HNT burned, returned emission included, as the accounts of two days say. Ends before the supplement: see ' +
      'burnedDailySupplement.',
    accounts: burnedBetweenRuns,
  }),
  burnedDailySupplement: dailyAccounts({
    ...between,
    since: '2026-08-05',
    until: '2027-07-31',
    estimated:
      'burned between two daily runs, about 00:00:10 each, with up to 2 bones of rounding; returned emission included; the supplement as ' +
      'the program fixes it',
    meaning:
      'All HNT burned, returned emission included, as the accounts of two days say, where the supply of the account counts the 196,000 HNT ' +
      'of the supplement and its rewards do not.',
    evidence: [...between.evidence, `${source}: supplement.rs, added to current_hnt_supply`],
    accounts: { ...burnedBetweenRuns, plusRaw: '19600000000000' },
  }),
  totalRewards: dailyAccounts({
    kind: 'emission',
    class: 'contributor',
    role: 'check',
    of: ['hotspotsMobile', 'hotspotsIot', 'stakersMobile', 'stakersIot'],
    token: 'HNT',
    revision: 1,
    since: hip138,
    epoch: paidNextDay,
    tolerance: {
      raw: '2',
      why: 'each sub-network’s part is rounded down, so up to 2 bones of it are never minted',
    },
    meaning:
      'What the program set out to mint for the day, without supplement and operations fund. Up to 2 bones a day of it are lost to ' +
      'rounding and never minted.',
    evidence: [`${state}, total_rewards`],
    accounts: { ...daoDay, ...allIssued, value: [{ at: totalRewardsAt }] },
  }),
}
