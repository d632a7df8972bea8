import { scheduledTable } from '../chains/schedule/streams.ts'
import { splBurns, splMints } from '../chains/solana/streams.ts'
import { defineNetwork } from '../define.ts'

const mint = 'BZLbGTNCSFfoth2GYDtwr7e4imWzpR5jqcUuGEwr646K'
const docs = 'io.net documentation, copy of July 2025 (rajagurunath/software-engineering-agents@b01b451)'

/** GPU compute. Suppliers are paid in IO; most of what happens is kept by the company’s own servers. */
export const ionet = defineNetwork({
  id: 'ionet',
  name: 'io.net',
  sector: 'compute',
  description:
    'GPU clusters from many suppliers. Renters pay in USDC, IO or by card; suppliers earn IO by the hour. Bookings, prices and earnings are ' +
    'kept on the project’s own servers: the chain shows the supply, burns and payouts.',
  tokens: {
    IO: {
      chain: 'solana',
      address: mint,
      decimals: 8,
      price: {
        market: 'io',
        instruments: {
          pyth: [{ id: '82595d1509b770fa52681e260af4dda9752b87316d7c048535d8ead3fa856eb1' }],
        },
        listedSince: '2024-06-11',
      },
    },
  },
  streams: {
    burned: splBurns({
      kind: 'burn',
      class: 'other',
      token: 'IO',
      since: '2024-06-11',
      revision: 1,
      meaning:
        'Every IO burned: bought with revenue and slashed stake together. Which wallet burns for which reason was not found.',
      evidence: ['SPL Token: Burn and BurnChecked', `${docs}: IO Tokenomics, IO Staking`],
      where: { mint },
    }),
    minted: splMints({
      kind: 'emission',
      class: 'uncounted',
      token: 'IO',
      since: '2024-06-11',
      revision: 1,
      meaning:
        'Every IO minted. Whether the 800,000,000 were minted before the launch or are minted as needed was not found: if before, this stays ' +
        'zero and emission is a transfer. Proves the supply; in no emission sum.',
      evidence: ['SPL Token: MintTo and MintToChecked'],
      where: { mint },
    }),
    blockRewardsPlanned: scheduledTable({
      kind: 'emission',
      class: 'contributor',
      token: 'IO',
      since: '2024-07-01',
      until: '2026-06-11',
      revision: 1,
      estimated:
        'the published monthly plan, spread evenly over the days of each month; what was earned is on the project’s servers',
      meaning:
        'IO planned for suppliers and their stakers by month, until the Incentive Dynamic Engine replaced the plan on 2026-06-11. The first twelve ' +
        'months as published; later ones by the formula of the same page, 3,333,333.33 x 0.989849199^n, rounded to whole IO (it differs from ' +
        'the published months by at most 8 IO). A plan, not an observation.',
      evidence: [
        `${docs}: Monthly Token Emission Schedule`,
        'Announcements of the Incentive Dynamic Engine, late 2025 to June 2026',
      ],
      rows: [
        { from: '2024-07-01', to: '2024-08-01', amount: '3333333' },
        { from: '2024-08-01', to: '2024-09-01', amount: '3299497' },
        { from: '2024-09-01', to: '2024-10-01', amount: '3266003' },
        { from: '2024-10-01', to: '2024-11-01', amount: '3232850' },
        { from: '2024-11-01', to: '2024-12-01', amount: '3200033' },
        { from: '2024-12-01', to: '2025-01-01', amount: '3167549' },
        { from: '2025-01-01', to: '2025-02-01', amount: '3135395' },
        { from: '2025-02-01', to: '2025-03-01', amount: '3103568' },
        { from: '2025-03-01', to: '2025-04-01', amount: '3072063' },
        { from: '2025-04-01', to: '2025-05-01', amount: '3040879' },
        { from: '2025-05-01', to: '2025-06-01', amount: '3010011' },
        { from: '2025-06-01', to: '2025-07-01', amount: '2979456' },
        { from: '2025-07-01', to: '2025-08-01', amount: '2949220' },
        { from: '2025-08-01', to: '2025-09-01', amount: '2919283' },
        { from: '2025-09-01', to: '2025-10-01', amount: '2889650' },
        { from: '2025-10-01', to: '2025-11-01', amount: '2860318' },
        { from: '2025-11-01', to: '2025-12-01', amount: '2831283' },
        { from: '2025-12-01', to: '2026-01-01', amount: '2802543' },
        { from: '2026-01-01', to: '2026-02-01', amount: '2774095' },
        { from: '2026-02-01', to: '2026-03-01', amount: '2745936' },
        { from: '2026-03-01', to: '2026-04-01', amount: '2718063' },
        { from: '2026-04-01', to: '2026-05-01', amount: '2690472' },
        { from: '2026-05-01', to: '2026-06-01', amount: '2663162' },
        // A third of the month: 10 of 30 days.
        { from: '2026-06-01', to: '2026-06-11', amount: '878709' },
      ],
    }),
  },
  absent: {
    fee: {
      truly: 'unknown',
      why:
        'Renters pay off chain or to wallets that no public text names; the booking values that the company writes on chain are estimates of ' +
        'compute, not payments. Fees are 0.25 % of each side and 2 % for paying in USDC, of spending that only the project knows.',
    },
    emission: {
      truly: 'unknown',
      why:
        'Since 2026-06-11 the Incentive Dynamic Engine releases as much IO as a target in dollars costs, from vaults whose addresses were not ' +
        'found; before July 2024 no schedule was published. `depindex inspect ionet` lists the largest holders, among which the vaults must be.',
    },
  },
  counters: {
    ioSupply: {
      token: 'IO',
      counter: 'supply',
      meaning: 'IO that exists. Must change by exactly what was minted less what was burned.',
      evidence: ['SPL Token: the mint account'],
      word: 'solana.supply',
      settings: { mint },
    },
  },
  regimes: [
    { day: '2024-06-11', what: 'Launch: 500,000,000 IO, cap 800,000,000' },
    { day: '2025-06-04', what: '95 % of block rewards to enterprise devices' },
    { day: '2026-06-11', what: 'Incentive Dynamic Engine: suppliers are paid a target in dollars' },
  ],
})
