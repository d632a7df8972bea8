import {
  arweaveDebt,
  arweaveEndowmentTakes,
  arweaveFees,
  arweaveFeesEndowment,
  arweaveFeesFromHeaders,
  arweaveFeesMiner,
  arweaveInflation,
} from '../chains/arweave/streams.ts'
import { defineNetwork } from '../define.ts'

/** Permanent storage. Users pay once in AR; most of it enters an endowment that is to pay for later years. */
export const arweave = defineNetwork({
  id: 'arweave',
  name: 'Arweave',
  sector: 'storage',
  description:
    'Permanent data storage on its own chain. A transaction pays once, in AR; a small part goes to the miner of its ' +
    'block, the rest to an endowment kept for future storage. Miners are also paid by inflation, which is nearly spent.',
  tokens: {
    AR: { chain: 'arweave', decimals: 12, price: { market: 'arweave' } },
  },
  streams: {
    inflation: arweaveInflation({
      token: 'AR',
      revision: 1,
      meaning:
        'AR minted for the miner of each block: a function of its height that consensus fixes. Spendable about 30 days ' +
        'later. All of the emission, as long as debtSupply is zero.',
      evidence: [
        'ArweaveTeam/arweave: apps/arweave/src/ar_inflation.erl and its history',
        'Recorded blocks 235201, 269511, 315701, 422251, 633720, 812970: reward = inflation + fees - growth of the pool',
      ],
    }),
    debtSupply: arweaveDebt({
      token: 'AR',
      fromHeight: 1_132_210,
      revision: 1,
      meaning:
        'AR created because the endowment could not pay the reward that miners are due. Possible from block 2,069,870 on; ' +
        'it was zero in every header seen.',
      evidence: [
        'ArweaveTeam/arweave: apps/arweave/src/ar_node_utils.erl, ar_pricing.erl, ar_serialize.erl (debt_supply)',
      ],
    }),
    fees: arweaveFees({
      token: 'AR',
      lens: 'CONSUMPTION',
      revision: 1,
      meaning:
        'What users paid to have data stored or AR moved: the fee of every L1 transaction. Bundled (ANS-104) items pay ' +
        'nothing themselves; the transaction that carries them does.',
      evidence: [
        'ArweaveTeam/docs.arweave.org-info: server/http-api.md (reward of a transaction)',
        'Recorded blocks 315701, 422251, 633720, 812970: fees explain the change of the pool to the winston',
      ],
    }),
    feesMiner: arweaveFeesMiner({
      token: 'AR',
      lens: 'CONSUMPTION',
      of: 'fees',
      accrues: [{ supply: '1' }],
      revision: 1,
      meaning:
        'The part of the fees that the miner of the block gets: a sixth from block 269,510, a 21st from 2,069,870. ' +
        'Before 269,510 a share of the pool, read as fees less the growth of the pool.',
      evidence: [
        'ArweaveTeam/arweave: apps/arweave/src/ar_node_utils.erl, ar_pricing.erl, ar_pricing_transition.erl',
        'Recorded blocks 315701, 422251, 633720, 812970: miner parts of the fees',
      ],
    }),
    feesEndowment: arweaveFeesEndowment({
      token: 'AR',
      lens: 'CONSUMPTION',
      of: 'fees',
      accrues: [{ protocol: '1' }],
      revision: 1,
      meaning:
        'The part of the fees that enters the endowment: five sixths from block 269,510, 20 of 21 parts from 2,069,870. ' +
        'Before 269,510 the growth of the pool, negative where its finder took more than the fees put in.',
      evidence: [
        'ArweaveTeam/arweave: apps/arweave/src/ar_node_utils.erl, ar_pricing.erl, ar_pricing_transition.erl',
        'Recorded blocks 235201, 315701, 422251, 633720, 812970: reward_pool before and after',
      ],
    }),
    feesFromHeaders: arweaveFeesFromHeaders({
      token: 'AR',
      lens: 'CONSUMPTION',
      of: 'fees',
      fromHeight: 1_132_211,
      revision: 1,
      meaning:
        'All fees of a block without its transactions: reward - inflation - new debt + growth of the pool. Must equal fees ' +
        'block by block; unknown where a double signer forfeits rewards.',
      evidence: [
        'ArweaveTeam/arweave: apps/arweave/src/ar_node_utils.erl, ar_serialize.erl (header field reward since fork 2.6)',
        'Conservation of AR, checked on the recorded blocks 235201 to 812970',
      ],
    }),
    endowmentTakes: arweaveEndowmentTakes({
      token: 'AR',
      fromHeight: 269_510,
      revision: 1,
      meaning:
        'What the endowment paid to miners: its part of the fees less the growth of the pool. Neither minted nor a fee, ' +
        'so in no sum. Taken from in 2019 until the pool was empty at block 269,512; expected zero since fork 1.9.',
      evidence: [
        'ArweaveTeam/arweave, tags N.1.8.0.0 and N.1.9.0.0: apps/arweave/src/ar_node_utils.erl',
        'Recorded block 269511: the pool falls by 139257978 winston without a transaction',
      ],
    }),
  },
  absent: {
    burn: {
      truly: 'zero',
      why: 'Arweave destroys no AR: a fee goes to the miner and to the endowment, and the endowment is a sink that can pay out, not a burn.',
    },
  },
  regimes: [
    {
      day: '2018-06-08',
      what: 'Launch: one winston a block is minted, the finder shares the fees with the pool',
    },
    {
      day: '2019-08-29',
      what: 'Fork 1.8 (block 269,510): each fee is split, a sixth to the miner, the rest to the endowment',
    },
    { day: '2021-11-17', what: 'Fork 2.5 (block 812,970): inflation and the split in exact whole numbers' },
    {
      day: '2023-03-06',
      what: 'Fork 2.6 (block 1,132,210): headers state the reward; rewards are locked for about 30 days',
    },
  ],
})
