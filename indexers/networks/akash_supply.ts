import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import { burned, made, minted, supplyGrowth, unseenBurns } from '../chains/cosmos/streams.ts'
import { bme, gov, migrated, mint, node, stakePools } from './akash_accounts.ts'

/** What changes the supply of AKT. */
export const supplyStreams = {
  inflation: minted({
    kind: 'emission',
    class: 'staker',
    token: 'AKT',
    revision: 1,
    meaning:
      'AKT minted in each block for stakers and the community pool. Rewards and commissions restate the same coins and are not added.',
    evidence: [
      'akash-network/cosmos-sdk@b848f4c6: x/mint/keeper/mint.go',
      'Recorded fee collector of block 28742443',
    ],
  }),
  bmeShortfall: made({
    kind: 'emission',
    class: 'contributor',
    token: 'AKT',
    where: { denom: 'uakt', minters: [bme] },
    revision: 1,
    meaning:
      'AKT minted because redeemed ACT was worth more than the AKT locked for it. What the lock itself gives back is no mint.',
    evidence: [`${node}: x/bme/keeper`],
  }),
  otherMints: made({
    kind: 'emission',
    class: 'oneOff',
    token: 'AKT',
    where: { denom: 'uakt', mintersBut: [mint, bme] },
    revision: 1,
    meaning: 'AKT minted by any other module. None is known; booked so that the supply adds up.',
    evidence: [`${node}: app/mac.go (modules that may mint)`],
  }),
  netEmission: supplyGrowth({
    kind: 'emission',
    class: 'staker',
    role: 'standIn',
    token: 'AKT',
    of: [
      'inflation',
      'bmeShortfall',
      'otherMints',
      'slashed',
      'deposits',
      'drained',
      'otherBurns',
      'unseenBurns',
    ],
    estimated: 'It is the growth of the supply: emission less what was burned on the day.',
    revision: 1,
    meaning:
      'Growth of the AKT supply by day, exact, from the supply that the mint events at midnight tell. Stands in where blocks have not ' +
      'been read one by one, and must equal minted less burned where they have.',
    evidence: ['88 of 88 recorded blocks: annual_provisions / inflation is the whole supply before the mint'],
  }),
  slashed: burned({
    kind: 'burn',
    class: 'penalty',
    token: 'AKT',
    where: { denom: 'uakt', burners: stakePools },
    revision: 1,
    meaning: 'Stake burned because a validator misbehaved.',
    evidence: [`${node}: app/mac.go (bonded and not bonded pools burn)`],
  }),
  deposits: burned({
    kind: 'burn',
    class: 'penalty',
    token: 'AKT',
    where: { denom: 'uakt', burners: [gov] },
    revision: 1,
    meaning: 'Deposits of proposals that were vetoed or missed the quorum.',
    evidence: [`${node}: app/mac.go (gov burns)`],
  }),
  drained: burned({
    kind: 'burn',
    class: 'migration',
    token: 'AKT',
    where: { denom: 'uakt', burners: [bme] },
    revision: 1,
    meaning:
      'AKT in escrow turned into ACT, once, in block 26,063,781: 44,862.22263 AKT of 9,663 deployments.',
    evidence: [migrated],
  }),
  otherBurns: burned({
    kind: 'burn',
    class: 'other',
    token: 'AKT',
    where: { denom: 'uakt', burnersBut: [...stakePools, gov, bme] },
    revision: 1,
    meaning: 'AKT burned by any other module. None is known.',
    evidence: [`${node}: app/mac.go`],
  }),
  unseenBurns: unseenBurns({
    kind: 'burn',
    class: 'other',
    token: 'AKT',
    revision: 1,
    meaning:
      'Before block 5,629,650 burns have no event: what the supply fell short of the mint, by block. Zero after it.',
    evidence: ['Supply before each mint: annual_provisions / inflation'],
  }),
} satisfies Readonly<Record<string, StreamDeclaration>>
