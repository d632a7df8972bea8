import {
  filecoinBlockRewards,
  filecoinGasFees,
  filecoinMinted,
  filecoinTips,
  filecoinTracedTips,
  filecoinVested,
} from '../chains/filecoin/streams.ts'
import { defineNetwork } from '../define.ts'
import { filecoinBurnStreams } from './filecoin_burns.ts'
import { filecoinPayStreams, filecoinPayTokens } from './filecoin_pay.ts'

const gasRules =
  'filecoin-project/lotus: chain/vm/burn.go; recomputed for every recorded message (test-vectors, traces of mainnet and calibration)'
const rewardRules =
  'filecoin-project/builtin-actors: actors/reward/src/lib.rs; filecoin-project/lotus: chain/consensus/compute_state.go'
const split = 'filecoin-project/FIPs: FIPS/fip-0118.md (draft); recorded f02 of calibration at 4129200'

/** The largest storage network. Most of what it burns are fees and penalties of storage providers, not of customers. */
export const filecoin = defineNetwork({
  id: 'filecoin',
  name: 'Filecoin',
  sector: 'storage',
  description:
    'Storage that providers prove every day on a chain of their own. Providers are paid by block rewards; messages burn ' +
    'their gas, and sectors pay daily fees and penalties, which are burned too. Customers pay little on chain.',
  tokens: {
    FIL: {
      chain: 'filecoin',
      decimals: 18,
      price: {
        market: 'filecoin',
        listedSince: '2020-10-15',
        instruments: {
          pyth: [{ id: '150ac9b959aee0051e4091f0ef5216d941f590e1c5e7f91cf7635b5c11628c0e' }],
        },
      },
    },
    ...filecoinPayTokens,
  },
  counters: {
    supply: {
      token: 'FIL',
      counter: 'supply',
      word: 'filecoin.supply',
      meaning:
        'All FIL outside of the mining reserve f02 and of f099: allotted at genesis or minted, and not burned.',
      evidence: [
        'The 37 recorded genesis actors hold 2,000,000,000 FIL, f02 of it 1,100,000,000',
        'f02 + minted = 1,100,000,065.00000000666 FIL in recorded states of 2020, 2023 and 2026',
      ],
    },
    circulating: {
      token: 'FIL',
      counter: 'circulating',
      word: 'filecoin.circulating',
      meaning:
        'What the chain itself counts as circulating: vested + mined + spent reserve - burned - locked.',
      evidence: ['filecoin-project/lotus: chain/stmgr/supply.go (StateVMCirculatingSupplyInternal)'],
    },
    locked: {
      token: 'FIL',
      counter: 'locked',
      word: 'filecoin.locked',
      meaning:
        'FIL that providers cannot move: pledges and locked rewards, and until network version 23 funds of the deal market. ' +
        'A stock, minted or bought before: neither emission nor burn.',
      evidence: ['filecoin-project/lotus: chain/stmgr/supply.go; FIP-0065'],
    },
  },
  streams: {
    blockRewards: filecoinBlockRewards({
      class: 'contributor',
      token: 'FIL',
      revision: 1,
      meaning:
        'FIL minted for each block of a tipset, by the wins that its header proves. Three quarters are locked and vest over ' +
        '180 days; it counts when it is minted. Since network version 29 a share goes elsewhere than to the miner.',
      evidence: [
        rewardRules,
        '20 recorded pairs of epochs: growth of the counter = sum of floor(reward x wins / 5)',
      ],
    }),
    minted: filecoinMinted({
      role: 'standIn',
      of: 'blockRewards',
      class: 'contributor',
      token: 'FIL',
      revision: 1,
      meaning:
        "All FIL minted in a UTC day, from f02's counter: exact, and two requests a day. Stands in for the rewards of blocks " +
        'where these have not been read, and is compared with them where they have.',
      evidence: [rewardRules, 'Recorded f02 at 6429840: 409,336,223.003873867555802474 FIL minted'],
    }),
    mintedToMiners: filecoinMinted({
      share: 'miners',
      role: 'part',
      of: 'blockRewards',
      class: 'contributor',
      token: 'FIL',
      revision: 1,
      meaning: 'What miners got of the FIL minted: all of it before network version 29.',
      evidence: [rewardRules, split],
    }),
    mintedExplicit: filecoinMinted({
      share: 'explicit',
      role: 'part',
      of: 'blockRewards',
      class: 'treasury',
      token: 'FIL',
      revision: 1,
      meaning:
        'FIL minted for explicit recipients (FIP-0118), counted when it is minted and not when it is claimed. None before ' +
        'network version 29, which is read from the chain.',
      evidence: [split],
    }),
    mintedBurned: filecoinMinted({
      share: 'burned',
      role: 'part',
      of: 'blockRewards',
      class: 'contributor',
      token: 'FIL',
      revision: 1,
      meaning:
        'FIL minted and burned at once (FIP-0118). It is counted in both emission and burn, so that the supply adds up. None ' +
        'before network version 29.',
      evidence: [split],
    }),
    lockedRewards: filecoinMinted({
      share: 'locked',
      role: 'part',
      of: 'blockRewards',
      class: 'locked',
      token: 'FIL',
      fromHeight: 170_001,
      revision: 1,
      estimated:
        'rounded once a day, where the chain rounds once a block: at most one attoFIL a block too high',
      meaning:
        'The three quarters of block rewards that are locked when they are minted and vest over 180 days.',
      evidence: [
        'filecoin-project/specs-actors: actors/builtin/miner/monies.go (LockedRewardFactorNumV6); FIP-0004',
      ],
    }),
    vested: filecoinVested({
      token: 'FIL',
      fromHeight: 265_201,
      toHeight: 6_456_087,
      revision: 1,
      meaning:
        'FIL of the genesis allocations (founders, investors, foundation) that became free: 187,125.6 FIL a day up to ' +
        '2026-10-14. Minted before, so it is no emission. The schedules before network version 7 are not read.',
      evidence: [
        'filecoin-project/lotus: chain/stmgr/supply.go; specs-actors v0.9 multisig AmountLocked',
        'Equal to the circulating supply of recorded states of network versions 17 and 18 to the attoFIL',
      ],
    }),
    gasFees: filecoinGasFees({
      class: 'payment',
      lens: 'CONSUMPTION',
      accrues: [{ holders: '1' }],
      token: 'FIL',
      revision: 1,
      meaning:
        'What senders of messages paid for gas: base fee and over-estimation, all of it burned. Failed messages pay too. ' +
        'Together with tips this is what use of the chain costs.',
      evidence: [gasRules],
    }),
    tips: filecoinTips({
      class: 'payment',
      lens: 'CONSUMPTION',
      accrues: [{ supply: '1' }],
      token: 'FIL',
      revision: 1,
      meaning:
        'What senders of messages paid to the miner of the first block that held them: the premium on the gas limit.',
      evidence: [gasRules, 'Tips of a tipset = gas rewards of its blocks in all recorded traces'],
    }),
    tipsFromAwards: filecoinTracedTips({
      role: 'check',
      of: 'tips',
      class: 'payment',
      lens: 'CONSUMPTION',
      token: 'FIL',
      revision: 1,
      meaning: 'The tips that f02 passed on with the rewards of blocks, from traces. Must equal tips.',
      evidence: [rewardRules],
    }),
    ...filecoinBurnStreams,
    ...filecoinPayStreams,
  },
  absent: {
    fee: {
      truly: 'unknown',
      why:
        'Payments of storage deals through the market actor f05 are not read: older deals were paid by cron without a message, and ' +
        'all client fees locked there were 10.9 FIL on 2026-01-22.',
    },
    remint: { truly: 'zero', why: 'Filecoin mints by schedule and power; a burn mints nothing.' },
  },
  regimes: [
    { day: '2020-10-15', what: 'Mainnet liftoff (148,888): vesting of the genesis allocations starts' },
    { day: '2020-12-22', what: 'Network version 9 (343,200): proofs of sectors pay no base fee (FIP-0009)' },
    { day: '2021-06-30', what: 'Network version 13 (892,800): batch fees; proofs pay a base fee again' },
    { day: '2023-03-14', what: 'Network version 18 (2,683,348): the Ethereum machine' },
    {
      day: '2024-04-24',
      what: 'Network version 22 (3,855,360): deals are no longer paid by cron (FIP-0074)',
    },
    {
      day: '2025-04-14',
      what: 'Network version 25 (4,878,840): daily sector fee in place of batch fees (FIP-0100)',
    },
    { day: '2026-05-27', what: 'Network version 28 (6,052,800): the base fee follows premiums (FIP-0115)' },
    { day: '2026-10-14', what: 'Vesting of the genesis allocations ends (6,456,088)' },
  ],
})
