import { erc20Burns } from '../chains/evm/streams.ts'
import { evmEvents } from '../chains/evm/words.ts'
import { splBurns, splMints } from '../chains/solana/streams.ts'
import { defineNetwork } from '../define.ts'

const mint = 'rndrizKT3MK1iimdxRdWabcF7Zg7AR5T4nud4EkHBof'
/** The token before: supply base 536,870,912 on Ethereum, retired on Polygon. */
const rndr = '0x6De037ef9aD2725EB40118Bb1702EBb27e4Aeb24'
const rndrOnPolygon = '0x61299774020dA444Af134c82fa83E3810b309991'
/** Burns what customers paid for rendering. */
const burnWallet = 'rbrnm7nPhfhBxPSh8qhRFrhB5MLnJGMNoyNQPvSi7vq'
const onSolana = '2023-11-02'
const jobs = { mint, signaturesOf: [burnWallet], authority: [burnWallet], leg: true }
const artemis = 'Artemis-xyz/dbt@0efb125e: models/staging/render/fact_render_burns.sql'
const llama = 'DefiLlama/dimension-adapters@e7346b0: fees/render-network.ts'
/** When payments in RNDR ended was not found; the old token was retired during 2025 (RNP-022). */
const escrowEnds = '2026-01-01'
const whichMints =
  'The mint authority of RENDER was not found in any public text, and upgrades of old RNDR are minted as well as emission is: all mints ' +
  'would overstate emission about twenty-fold. Two definitions wait for addresses: minted (the Foundation’s monthly mint, 492,132 in ' +
  'years 2 and 3 of the plan) and distributed (weekly transfers to node operators, about a sixth of it). `depindex inspect render` ' +
  'asks a live node for the authority.'

/** GPU rendering. Jobs are priced in fiat; most of the price buys RENDER, which is burned. */
export const render = defineNetwork({
  id: 'render',
  name: 'Render',
  sector: 'compute',
  description:
    'GPU time for rendering and other work. Jobs are priced in fiat: 95 % of the price buys RENDER that is burned, the rest is ' +
    'the operator’s fee. A planned amount of RENDER is minted up front every month, whatever the work.',
  tokens: {
    RENDER: {
      chain: 'solana',
      address: mint,
      decimals: 8,
      price: {
        market: 'render-token',
        instruments: {
          pyth: [{ id: '3d4a2bd9535be6ce8059d75eadeba507b043257321aa544717c56fa19b49e35d' }],
        },
      },
    },
    RNDR: {
      chain: 'ethereum',
      address: rndr,
      decimals: 18,
      price: { market: 'render-token' },
    },
    'RNDR.polygon': {
      chain: 'polygon',
      address: rndrOnPolygon,
      decimals: 18,
      price: { market: 'render-token' },
    },
  },
  streams: {
    jobsBurned: splBurns({
      kind: 'burn',
      class: 'usage',
      token: 'RENDER',
      since: onSolana,
      revision: 1,
      meaning:
        'RENDER burned for rendering: 95 % of what customers paid. Until 2025 by hand in batches, so that a burn can follow the work ' +
        'by weeks. The compute subnet and Salad burn from wallets of their own, which were not found: theirs are in otherBurned.',
      evidence: [llama, 'RNP-006, RNP-018, RNP-021, RNP-022 (rendernetwork/RNPs@a7ced77)'],
      where: jobs,
    }),
    jobsPaid: splBurns({
      kind: 'fee',
      class: 'payment',
      lens: 'CONSUMPTION',
      token: 'RENDER',
      since: onSolana,
      accrues: [{ holders: '0.95', protocol: '0.05' }],
      scale: [{ times: '1/0.95' }],
      estimated: 'the chain shows the 95 % that are burned; the whole price is that divided by 0.95',
      revision: 1,
      meaning:
        'What customers paid for rendering: the burn divided by 0.95, because 5 % are the operator’s fee (OTOY) and leave no trace on ' +
        'chain. Events show the burn. Without the compute subnet and Salad.',
      evidence: ['RNP-006, RNP-019: 5 % service fee', llama],
      where: jobs,
    }),
    otherBurned: splBurns({
      kind: 'burn',
      class: 'other',
      token: 'RENDER',
      since: onSolana,
      revision: 1,
      meaning:
        'RENDER burned by anybody else: the compute subnet, Salad, holders. Seven known burns were corrections, each paired with an equal ' +
        'mint, and are to be left out by signature; the list that names them (render_artemis_excluded_burn_and_mint_pairs.csv, after ' +
        'Artemis) was not at hand, so they are still in this stream.',
      evidence: [artemis, 'SPL Token: Burn and BurnChecked'],
      where: { mint, notAuthority: [burnWallet] },
    }),
    minted: splMints({
      kind: 'emission',
      class: 'uncounted',
      token: 'RENDER',
      since: onSolana,
      revision: 1,
      meaning:
        'All RENDER minted: monthly emission, upgrades of old RNDR and corrections, which cannot be told apart without the mint authority. ' +
        'Proves the supply; in no emission sum.',
      evidence: [
        'SPL Token: MintTo and MintToChecked',
        'RNP-018, RNP-022: 367M upgraded by December 2024, 423M by October 2025',
      ],
      where: { mint },
    }),
    escrowedEthereum: evmEvents({
      kind: 'fee',
      class: 'payment',
      lens: 'CONSUMPTION',
      token: 'RNDR',
      chain: 'ethereum',
      until: escrowEnds,
      revision: 1,
      meaning:
        'RNDR that customers paid for jobs on Ethereum, before RENDER was burned for them: TokensEscrowed. Nodes were paid from the ' +
        'escrow; who kept how much is not known.',
      evidence: ['Published Solidity of RenderToken and Escrow: TokensEscrowed(address,string,uint256)'],
      contracts: [rndr],
      events: [
        {
          event: 'event TokensEscrowed(address indexed sender, string jobId, uint256 amount)',
          amount: 'amount',
          sender: 'sender',
          detail: ['jobId'],
        },
      ],
    }),
    escrowedPolygon: evmEvents({
      kind: 'fee',
      class: 'payment',
      lens: 'CONSUMPTION',
      token: 'RNDR.polygon',
      chain: 'polygon',
      until: escrowEnds,
      revision: 1,
      meaning:
        'RNDR that customers paid for jobs on Polygon, before RENDER was burned for them; retired during 2025.',
      evidence: [
        'Published Solidity of RenderToken and Escrow: TokensEscrowed(address,string,uint256)',
        'RNP-022',
      ],
      contracts: [rndrOnPolygon],
      events: [
        {
          event: 'event TokensEscrowed(address indexed sender, string userId, uint256 amount)',
          amount: 'amount',
          sender: 'sender',
          detail: ['userId'],
        },
      ],
    }),
    legacyBurned: erc20Burns({
      kind: 'burn',
      class: 'other',
      role: 'part',
      of: 'otherBurned',
      token: 'RNDR',
      chain: 'ethereum',
      revision: 1,
      meaning:
        'RNDR destroyed on Ethereum: what customers still paid with it in the transition was burned too (RNP-006). Whether upgrades to ' +
        'Solana burn the RNDR they take in was not found, so this is shown beside otherBurned and added to nothing.',
      evidence: ['RNP-006', 'ERC-20: Transfer to the zero address'],
      contracts: [rndr],
    }),
  },
  absent: {
    emission: { truly: 'unknown', why: whichMints },
    oneOff: { truly: 'unknown', why: whichMints },
  },
  counters: {
    renderSupply: {
      token: 'RENDER',
      counter: 'supply',
      meaning: 'RENDER that exists on Solana. Must change by exactly what was minted less what was burned.',
      evidence: ['SPL Token: the mint account'],
      word: 'solana.supply',
      settings: { mint },
    },
  },
  regimes: [
    { day: '2023-11-02', what: 'RNDR on Ethereum can be upgraded to RENDER on Solana' },
    { day: '2023-12-20', what: 'Burn and mint begins: year 1, 760,567 RENDER a month' },
    { day: '2024-12-20', what: 'Year 2: 492,132 RENDER a month' },
    { day: '2025-12-20', what: 'Year 3: 492,132 RENDER a month' },
    { day: '2026-03-26', what: 'RNP-023 proposes the Salad subnet; when it began to burn was not found' },
    { day: '2026-12-20', what: 'Year 4 begins; its amount was not found' },
  ],
})
