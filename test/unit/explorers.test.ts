import { expect, it } from 'vitest'
import { chainsOf } from '../../commands/chains.ts'
import { explorers } from '../../indexers/explorers.ts'
import { networks } from '../../indexers/networks/index.ts'
import { explorerUrl } from '../../pipeline/model/explorer.ts'
import { paperChains } from '../../pipeline/model/stream.ts'

const page = (chain: string, txHash: string, fromHeight: number | null = null): string | null =>
  explorerUrl(explorers[chain], { txHash, height: 7, fromHeight })

it('every chain that a network is read from has pages', () => {
  expect(
    chainsOf(networks).filter((chain) => explorers[chain] === undefined && !paperChains.includes(chain)),
  ).toEqual([])
})

it('ids lead to the page of what they name: a transaction, or a block', () => {
  const id = (length: number): string => 'a'.repeat(length)
  expect([
    page('arweave', id(43)),
    page('arweave', id(64)),
    page('akash', 'AB'.repeat(32)),
    page('akash', 'AB'.repeat(32), 3),
    page('filecoin', `bafy${'a'.repeat(58)}`),
    page('filecoin', '5411273'),
    page('ethereum', `0x${'ab'.repeat(32)}`),
    page('solana', '5'.repeat(88)),
  ]).toEqual([
    `https://viewblock.io/arweave/tx/${id(43)}`,
    'https://viewblock.io/arweave/block/7',
    `https://www.mintscan.io/akash/tx/${'AB'.repeat(32)}`,
    'https://www.mintscan.io/akash/block/7',
    `https://filfox.info/en/message/bafy${'a'.repeat(58)}`,
    'https://filfox.info/en/tipset/5411273',
    `https://etherscan.io/tx/0x${'ab'.repeat(32)}`,
    `https://solscan.io/tx/${'5'.repeat(88)}`,
  ])
})

it('an id of another kind has no page, and neither has one of a chain without explorers', () => {
  expect([page('solana', 'short'), page('ethereum', 'ab'.repeat(32)), page('nowhere', 'x')]).toEqual([
    null,
    null,
    null,
  ])
})
