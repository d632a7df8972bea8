import type { ExplorerPage } from '../pipeline/model/explorer.ts'

/**
 * Where people can look at what an event names, by chain: pages of public block explorers. `id` says which ids a
 * page is for, because some events name a block and not a transaction; an id that none matches has no page.
 */
export const explorers: Readonly<Record<string, readonly ExplorerPage[]>> = {
  solana: [{ id: '^[1-9A-HJ-NP-Za-km-z]{64,90}$', url: 'https://solscan.io/tx/{id}' }],
  ethereum: [{ id: '^0x[0-9a-f]{64}$', url: 'https://etherscan.io/tx/{id}' }],
  polygon: [{ id: '^0x[0-9a-f]{64}$', url: 'https://polygonscan.com/tx/{id}' }],
  // Written in akash-network/net, mainnet/meta.json.
  akash: [
    { id: '^[0-9A-F]{64}$', url: 'https://www.mintscan.io/akash/tx/{id}' },
    { id: '^[0-9A-F]{64}$', url: 'https://www.mintscan.io/akash/block/{height}', stretch: true },
  ],
  filecoin: [
    { id: '^bafy[a-z2-7]{50,60}$', url: 'https://filfox.info/en/message/{id}' },
    { id: '^\\d+$', url: 'https://filfox.info/en/tipset/{id}' },
  ],
  'filecoin-evm': [{ id: '^0x[0-9a-f]{64}$', url: 'https://filfox.info/en/message/{id}' }],
  arweave: [
    { id: '^[A-Za-z0-9_-]{43}$', url: 'https://viewblock.io/arweave/tx/{id}' },
    { id: '^[A-Za-z0-9_-]{64}$', url: 'https://viewblock.io/arweave/block/{height}' },
  ],
  ao: [{ id: '^[A-Za-z0-9_-]{43}$', url: 'https://www.ao.link/#/message/{id}' }],
}
