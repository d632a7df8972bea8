/** USDC that Axelar issues, come through Osmosis: sha256 of `transfer/channel-9/transfer/channel-208/uusdc`. */
export const axlUsdc = 'ibc/170C677610AC31DF0904FFE09CD3B5C657492170E7E52372E48756B71E56F2F1'

/** The module that mints for stakers. An address of a module is the sha256 of its name, cut to 20 bytes, in bech32. */
export const mint = 'akash1m3h30wlvsf8llruxtpukdvsy0km2kum8922l76'
/** Gets transaction fees and the mint, until the next block. */
export const feeCollector = 'akash17xpfvakm2amg962yls6f84z3kell8c5lazw8j8'
/** Hands both on to stakers, and keeps the community pool. */
export const distribution = 'akash1jv65s3grqf6v6jl3dp4t6c9t9rk99cd82yfms9'
/** Holds the deposits of tenants and the collateral of bids. */
export const escrow = 'akash14pphss726thpwws3yc458hggufynm9x77l4l2u'
/** The vault: takes AKT for ACT, and makes and burns ACT. */
export const bme = 'akash1klpwzlvfnw7j8gtdd0cuu9vaw9ermsmd37sg55'
/** Holds and burns deposits of proposals. */
export const gov = 'akash10d07y265gmmuvt4z0w9aw880jnsr700jhe7z0f'
/** Bonded and not bonded stake: both burn what is slashed. */
export const stakePools = [
  'akash1fl48vsnmsdzcv85q5d2q4z5ajdha8yu3cqygqd',
  'akash1tygms3xhhs3yv487phx3dw4a95jn7t7lvqceke',
]

/** Source of most facts. */
export const node = 'akash-network/node@3efe26bf'
/** Source of how leases are told from collateral. */
export const recorded =
  'Recorded transaction ACF35CCB… of block 7509217: 1993 uakt earned, 5000000 of collateral given back'
/** Source of the figures of the two migration blocks. */
export const migrated =
  'akash-network/console@a353d24f: apps/chain-indexer/README.md (replayed by its authors)'

/** The event of each exchange of AKT and ACT. */
export const ledger = { events: ['akash.bme.v1.EventLedgerRecordExecuted'] }
/** From the upgrade to v2.0.0 on. */
export const sinceBme = { since: '2026-03-23', fromHeight: 26_063_777 }
/** From the first height after the two blocks that turned old leases into ACT. */
export const afterDrain = { since: '2026-03-23', fromHeight: 26_063_782 }
/** From v0.24.0 (leases in USDC, and a share of leases is taken) to the upgrade to v2.0.0. */
export const takeYears = {
  since: '2023-08-31',
  until: '2026-03-24',
  fromHeight: 12_606_074,
  toHeight: 26_063_776,
}
