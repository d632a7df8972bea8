import { aoCounter } from '../chains/ao/streams.ts'
import { scheduledDecay } from '../chains/schedule/streams.ts'
import { defineNetwork } from '../define.ts'

/** A computer on top of Arweave, shown beside it: a token of its own, minted by a plan of its own. */
export const ao = defineNetwork({
  id: 'ao',
  name: 'AO',
  sector: 'compute',
  description:
    'Parallel processes whose messages are stored on Arweave. Its token is minted every five minutes for holders of AR ' +
    'and for those who deposit assets, not for who runs machines. Nobody pays a fee to the protocol; what messages cost ' +
    'in storage is in the fees of Arweave.',
  tokens: {
    AO: { chain: 'ao', decimals: 12, price: { market: 'ao-computer', listedSince: '2025-02-08' } },
  },
  streams: {
    minted: aoCounter({
      kind: 'emission',
      class: 'staker',
      token: 'AO',
      key: 'minted',
      revision: 1,
      meaning:
        'AO minted, by the counter that the token process keeps, as the difference between two of its states. Read only ' +
        'where AO_URLS names a HyperBEAM node that holds those states.',
      evidence: [
        'permaweb/HyperBEAM: device ~pot@1.0 (state keys minted, last-drip, mint-cap)',
        'AO token documents (token process 0syT13r0s0tgPmIed95bJnuSqaD29HQNN8D3ElLSrsc, cap 21,000,000, 12 decimals)',
      ],
    }),
    plannedMint: scheduledDecay({
      kind: 'emission',
      class: 'staker',
      role: 'standIn',
      token: 'AO',
      since: '2024-02-27',
      cap: '21000000',
      start: '2024-02-27T18:00:00Z',
      everySeconds: 300,
      rate: '0.000001647321875',
      estimated: 'the published minting rule, worked out and not observed',
      revision: 1,
      meaning:
        'AO minted by the published rule: every five minutes 0.0001647321875 % of what is left of 21 million. Stands in on ' +
        'days that the counter of the process does not give.',
      evidence: [
        'AO documents (aodocs): minting rule and its start at Arweave block 1,372,724',
        'Announced: 1,038,700 AO on 2024-06-13, about 15 % on 2025-02-08; the rule gives 1,032,332 at that midnight and 15.15 %',
      ],
    }),
  },
  counters: {
    supply: {
      token: 'AO',
      counter: 'supply',
      word: 'ao.counter',
      settings: { key: 'total-supply' },
      meaning: 'AO that exists, as the token process states it beside what it minted.',
      evidence: ['permaweb/HyperBEAM: device ~pot@1.0 (state key total-supply)'],
    },
  },
  absent: {
    fee: {
      truly: 'unknown',
      why:
        'AO has no protocol fee that exists or can be observed: operators price computing off any common ledger, and the ' +
        'storage of messages is paid on Arweave.',
    },
    burn: {
      truly: 'unknown',
      why: 'No burn of AO was found in its documents; that there is none is not proved.',
    },
  },
  regimes: [
    { day: '2024-02-27', what: 'Minting begins, all of it for holders of AR' },
    { day: '2024-06-18', what: 'A third for holders of AR, two thirds for deposited assets' },
    { day: '2025-02-08', what: 'AO can be transferred' },
  ],
})
