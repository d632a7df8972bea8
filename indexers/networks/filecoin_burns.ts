import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import {
  filecoinBurned,
  filecoinGasBurn,
  filecoinInternalBurns,
  filecoinTracedBurns,
} from '../chains/filecoin/streams.ts'

const gasRules =
  'filecoin-project/lotus: chain/vm/burn.go; recomputed for every recorded message (test-vectors, traces of mainnet and calibration)'
const burnRules =
  'filecoin-project/builtin-actors: actors/miner/src/lib.rs, actors/market/src/lib.rs; recorded traces of tipsets 2907480 and 3573062'
const split = 'filecoin-project/FIPs: FIPS/fip-0118.md (draft); recorded f02 of calibration at 4129200'

/** Methods and machines that take FIL from providers as a punishment. */
const punished = ['termination', 'dispute', 'consensusFault', 'blockPenalty', 'debt', 'market'] as const

/** What is sent to f099 and why, and the penalties among it as fees of their own lens. */
export const filecoinBurnStreams: Readonly<Record<string, StreamDeclaration>> = {
  penalties: filecoinTracedBurns({
    causes: [...punished],
    class: 'payment',
    lens: 'PENALTY',
    accrues: [{ holders: '1' }],
    token: 'FIL',
    revision: 1,
    meaning:
      'What storage providers paid for terminated sectors, disputed proofs, consensus faults, bad messages, debts and slashed ' +
      'collateral; all of it burned. Not demand. Faults found by cron are in faults or sectorFees.',
    evidence: [burnRules],
  }),
  faultPenalties: filecoinTracedBurns({
    causes: ['deadline'],
    class: 'payment',
    lens: 'PENALTY',
    accrues: [{ holders: '1' }],
    token: 'FIL',
    toHeight: 4_878_840,
    revision: 1,
    meaning:
      'What cron took from storage providers for faults. From network version 25 on the daily sector fee leaves in the same ' +
      'transfer: see sectorFees.',
    evidence: [burnRules],
  }),
  gasBurn: filecoinGasBurn({
    class: 'gas',
    token: 'FIL',
    revision: 1,
    meaning: 'FIL burned for the gas of messages: the same money as gasFees, on its way to f099.',
    evidence: [gasRules],
  }),
  baseFeeBurn: filecoinGasBurn({
    part: 'baseFee',
    role: 'part',
    of: 'gasBurn',
    class: 'gas',
    token: 'FIL',
    revision: 1,
    meaning:
      'The base fee of the gas that was used, by tipset. Direct proofs of sectors paid none from height 343,201 to 892,800 ' +
      '(FIP-0009).',
    evidence: [gasRules],
  }),
  overEstimationBurn: filecoinGasBurn({
    part: 'overEstimation',
    role: 'part',
    of: 'gasBurn',
    class: 'gas',
    token: 'FIL',
    revision: 1,
    meaning: 'What was burned for gas limits more than a tenth above what was used, by tipset.',
    evidence: [gasRules],
  }),
  sectorFees: filecoinTracedBurns({
    causes: ['deadline'],
    class: 'usage',
    token: 'FIL',
    fromHeight: 4_878_841,
    revision: 1,
    meaning:
      'The daily fee of sectors (FIP-0100), which cron takes from storage providers. Faults of the same deadline ' +
      'leave in the same transfer and cannot be told apart: they are in it.',
    evidence: ['filecoin-project/FIPs: FIPS/fip-0100.md', burnRules],
  }),
  batchFees: filecoinTracedBurns({
    causes: ['batchFee'],
    class: 'usage',
    token: 'FIL',
    fromHeight: 892_801,
    toHeight: 4_878_840,
    revision: 1,
    meaning:
      'What storage providers paid to commit or prove many sectors in one message, from network version 13 to 24: at least ' +
      '0.004108331 FIL a sector committed and 0.01232499325 FIL a sector proved.',
    evidence: ['FIP-0013 and its end in FIP-0100; recorded trace of tipset 3573062 has four batches'],
  }),
  faultBurns: filecoinTracedBurns({
    causes: ['deadline'],
    class: 'penalty',
    token: 'FIL',
    toHeight: 4_878_840,
    revision: 1,
    meaning: 'FIL burned for faults that cron found: the same money as faultPenalties.',
    evidence: [burnRules],
  }),
  penaltyBurns: filecoinTracedBurns({
    causes: [...punished],
    class: 'penalty',
    token: 'FIL',
    revision: 1,
    meaning: 'FIL burned as a punishment: the same money as penalties.',
    evidence: [burnRules],
  }),
  contractBurns: filecoinTracedBurns({
    causes: ['contract'],
    class: 'other',
    token: 'FIL',
    fromHeight: 2_683_349,
    revision: 1,
    meaning:
      'FIL that contracts of the Ethereum machine sent to f099, such as network fees of Filecoin Pay in FIL.',
    evidence: ['FilOzone/filecoin-pay: src/FilecoinPayV1.sol'],
  }),
  otherBurns: filecoinTracedBurns({
    causes: ['direct', 'rewardFailed', 'burnedAtSource', 'other'],
    class: 'other',
    token: 'FIL',
    revision: 1,
    meaning:
      'FIL sent to f099 by users, rewards that a miner could not take, what is minted and burned at once since network ' +
      'version 29, and whatever has no other cause.',
    evidence: [burnRules, split],
  }),
  batchFeesElsewhere: filecoinTracedBurns({
    causes: ['batchFee'],
    role: 'guard',
    class: 'usage',
    token: 'FIL',
    fromHeight: 4_878_841,
    revision: 1,
    meaning: 'Batch fees after network version 25 abolished them: expected to stay zero.',
    evidence: ['FIP-0100'],
  }),
  internalBurns: filecoinInternalBurns({
    role: 'check',
    of: ['sectorFees', 'batchFees', 'faultBurns', 'penaltyBurns', 'contractBurns', 'otherBurns'],
    class: 'other',
    token: 'FIL',
    fromHeight: 41_282,
    revision: 1,
    meaning:
      'Everything burned beyond gas, as one residual by tipset: growth of f099 less the gas burned. Where a node gives traces ' +
      'it must equal the burns by cause; where none does it is all that is known of them.',
    evidence: ['f099 of consecutive recorded states', gasRules],
  }),
  burned: filecoinBurned({
    role: 'standIn',
    of: ['gasBurn', 'sectorFees', 'batchFees', 'faultBurns', 'penaltyBurns', 'contractBurns', 'otherBurns'],
    class: 'other',
    token: 'FIL',
    fromHeight: 41_282,
    revision: 1,
    meaning:
      'All FIL burned in a UTC day, from the balance of f099: exact, and two requests a day. Stands in where the burns by ' +
      'cause have not been read, and is compared with them where they have. Starts after the upgrade at height 41,280 ' +
      'emptied f099 into the reserve; about 6.53 million FIL were burned before.',
    evidence: [
      'filecoin-project/lotus: chain/stmgr/supply.go (FilBurnt), chain/consensus/filcns/upgrades.go (41,280)',
      'davidgasquez/filecoin-data-portal: 2,667.07 FIL burned on 2026-04-20, of which gas was under 1.37 FIL',
    ],
  }),
}
