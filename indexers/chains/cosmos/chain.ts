/** An event by which the chain's own oracle states a price in US dollars. */
export interface OracleEvent {
  readonly event: string
  /** Where in the event the price and its time are, as dotted names: `data.price`. */
  readonly price: string
  readonly at: string
  /** Values that must stand in the event: `{ 'id.denom': ['akt'] }`. */
  readonly where: Readonly<Record<string, readonly string[]>>
  readonly token: string
}

/** What a reader must know of one CometBFT chain. Data only; the folder itself names no chain. */
export interface CosmosChain {
  /** The chain's name in declarations. */
  readonly chain: string
  /** What nodes call it. A simulated node adds `.simulated`. */
  readonly chainId: string
  /** The denom that x/mint mints: its supply is what inflation is a share of. */
  readonly mintDenom: string
  /** First height whose blocks tell every movement of coins (`coin_spent`, `coin_received`, `coinbase`, `burn`). */
  readonly coinEventsFrom: number
  /** The token that readings of the mint denom's supply are kept under. */
  readonly supplyToken: string
  readonly oracle: readonly OracleEvent[]
}
