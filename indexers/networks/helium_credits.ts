import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import { splBurns, splMints, splUnpaired } from '../chains/solana/streams.ts'
import { accounts, breakers, calls, mints, source } from './helium_names.ts'

const program = `${source}: programs/data-credits`
const onSolana = '2023-04-18'

const spent = {
  kind: 'fee',
  class: 'payment',
  lens: 'CONSUMPTION',
  token: 'DC',
  revision: 1,
  since: onSolana,
  // Nobody receives a spent credit: it is destroyed, and hotspots are paid from emission.
  accrues: [{ holders: '1' }],
} as const

const bought = { mint: mints.HNT, signaturesOf: [breakers.DC], under: [calls.mintDataCredits], leg: true }

/**
 * Wallets of the operator that bought in bulk, and when. The first burned 43 % of all HNT burned to February 2026 in 178
 * transactions from June 2023 on; the others are those of the buy-back of 2025-10-21 to 2026-01-02.
 */
const operatorWallets = [
  { address: 'Bi5JuJDjan77e6bDB7bENdi3RHEZUGru2AGRTT6ERo8g', since: '2023-06-01' },
  { address: 'buyzuS9fLSBqkmNCHbmQP4SB72zSfAzPb3Cr9iFRhtM', since: '2025-10-21', until: '2026-01-03' },
  { address: '2j65rdW1jZvrEUx1xzC9ctcVbDW9smw2TUMhp3REFhNR', since: '2025-10-21', until: '2026-01-03' },
]

/** Credits used, credits bought, and every other end of HNT. */
export const creditStreams: Readonly<Record<string, StreamDeclaration>> = {
  creditsSpentMobile: splBurns({
    ...spent,
    meaning:
      'Data Credits used up by traffic on Mobile hotspots, at their fixed price: what carriers pay. $0.50 a GB until early June 2026, ' +
      'then $0.10: a fall then is a price cut. Before it, carriers are said to have paid less than the credits show.',
    evidence: [
      `${program}, burn_delegated_data_credits_v0`,
      'Helium docs@40e4bc4: 100,000 DC = 1 USD',
      'HIP 143, HIP 149',
    ],
    where: { mint: mints.DC, under: [calls.burnForMobile] },
  }),
  creditsSpentIot: splBurns({
    ...spent,
    meaning: 'Data Credits used up by LoRaWAN packets, 1 DC for each 24 bytes, at their fixed price.',
    evidence: [`${program}, burn_delegated_data_credits_v0`, 'Helium docs@40e4bc4'],
    where: { mint: mints.DC, under: [calls.burnForIot] },
  }),
  creditsSpentOther: splBurns({
    ...spent,
    meaning:
      'Data Credits used up to bring hotspots online, to assert locations and for boosts, at their fixed price.',
    evidence: [`${program}, burn_without_tracking_v0`, 'Helium docs@40e4bc4'],
    where: { mint: mints.DC, under: [calls.burnWithoutTracking] },
  }),
  creditsSpentElsewhere: splBurns({
    ...spent,
    role: 'guard',
    meaning: 'Data Credits burned by an instruction that no stream here knows.',
    evidence: [program],
    where: { mint: mints.DC, notUnder: [calls.burnForMobile, calls.burnForIot, calls.burnWithoutTracking] },
  }),
  creditsBought: splBurns({
    kind: 'burn',
    class: 'purchase',
    token: 'HNT',
    revision: 1,
    since: onSolana,
    meaning:
      'HNT burned for Data Credits, by hand or automatically. Prepaid: it leads use by weeks and is lumpy. Not every burn of HNT is ' +
      'one: see notEmitted, forfeited and otherBurns.',
    evidence: [
      `${program}, mint_data_credits_v0`,
      `${source}: programs/dc-auto-top, top_off_dc_v0 (from 2025-11-12)`,
    ],
    where: bought,
  }),
  creditsPurchased: splBurns({
    kind: 'fee',
    class: 'payment',
    lens: 'PURCHASE',
    token: 'HNT',
    revision: 1,
    since: onSolana,
    accrues: [{ holders: '1' }],
    meaning: 'The same burns as payments for credits: bookings. Never added to credits spent.',
    evidence: [`${program}, mint_data_credits_v0`],
    where: bought,
  }),
  creditsPurchasedByOperator: splBurns({
    kind: 'fee',
    class: 'payment',
    lens: 'DISCRETIONARY',
    token: 'HNT',
    revision: 1,
    since: '2023-06-01',
    accrues: [{ holders: '1' }],
    meaning:
      'Those purchases that wallets of the operator signed: bulk burns, not demand. By a list of signers with dates; who stands behind ' +
      'the first wallet is concluded from its size, not published.',
    evidence: [
      'Burns by signer, CryptoZach/Tokenomics-as-Systems-Engineering-…@7c2503d (Dune, to 2026-02)',
      'DefiLlama/dimension-adapters@e7346b0, fees/helium: buy-back wallets and their dates',
    ],
    where: { ...bought, authority: operatorWallets },
  }),
  creditsBoughtUnpaired: splUnpaired({
    kind: 'burn',
    class: 'purchase',
    role: 'guard',
    token: 'HNT',
    revision: 1,
    since: onSolana,
    meaning: 'A purchase that burned HNT and did not mint credits exactly once in the same instruction.',
    evidence: [`${program}, mint_data_credits_v0`],
    type: 'burn',
    where: bought,
    pair: { within: calls.mintDataCredits, type: 'mint', mint: mints.DC },
  }),
  creditsMinted: splMints({
    kind: 'emission',
    class: 'credit',
    token: 'DC',
    revision: 1,
    since: onSolana,
    meaning: 'Data Credits made for their buyers. Proves the supply of credits; in no sum of emissions.',
    evidence: [`${program}, mint_data_credits_v0 and genesis_issue`],
    where: { mint: mints.DC, signaturesOf: [breakers.DC] },
  }),
  creditsBurned: splBurns({
    kind: 'burn',
    class: 'credit',
    token: 'DC',
    revision: 1,
    since: onSolana,
    meaning: 'Every Data Credit used up. Proves the supply of credits; in no sum of burns.',
    evidence: [program],
    where: { mint: mints.DC },
  }),
  otherBurns: splBurns({
    kind: 'burn',
    class: 'other',
    token: 'HNT',
    revision: 1,
    since: onSolana,
    meaning:
      'HNT burned by its holders in any other way. Reading it means reading every transaction that names the mint, tens of thousands a day.',
    evidence: ['SPL Token: Burn and BurnChecked'],
    where: { mint: mints.HNT, notUnder: [calls.mintDataCredits, calls.noEmit, calls.claimRewards] },
  }),
  allBurns: splBurns({
    kind: 'burn',
    class: 'other',
    role: 'check',
    of: ['creditsBought', 'otherBurns', 'notEmitted', 'forfeited'],
    token: 'HNT',
    revision: 1,
    since: onSolana,
    meaning:
      'Every burn of HNT: must be what was burned for credits, by other holders, as unearned and as forfeited together.',
    evidence: [
      'SPL Token: Burn and BurnChecked',
      `Delegator pool ${accounts.delegatorPool}, no-emit account ${accounts.noEmitAccount}`,
    ],
    where: { mint: mints.HNT },
  }),
}
