import type { CosmosChain } from '../chains/cosmos/chain.ts'

const oracleAkt = { 'id.denom': ['akt', 'uakt'], 'id.base_denom': ['usd'] }

/** The chain that Akash runs, as its source reads it. */
export const akashChain: CosmosChain = {
  chain: 'akash',
  chainId: 'akashnet-2',
  mintDenom: 'uakt',
  supplyToken: 'AKT',
  // The upgrade to SDK 0.45 ("mainnet3").
  coinEventsFrom: 5_629_650,
  oracle: [
    {
      event: 'akash.oracle.v1.EventPriceData',
      price: 'data.price',
      at: 'data.timestamp',
      where: oracleAkt,
      token: 'AKT',
    },
    {
      event: 'akash.oracle.v2.EventPriceData',
      price: 'price',
      at: 'timestamp',
      where: oracleAkt,
      token: 'AKT',
    },
  ],
}
