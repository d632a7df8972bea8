import type { PriceSource } from '../pipeline/prices/source.ts'
import { binance } from '../pipeline/prices/sources/binance.ts'
import { coinbase } from '../pipeline/prices/sources/coinbase.ts'
import { coingecko } from '../pipeline/prices/sources/coingecko.ts'
import { llama } from '../pipeline/prices/sources/llama.ts'
import { pyth } from '../pipeline/prices/sources/pyth.ts'
import type { Config } from './config.ts'

/**
 * The price services that PRICE_SOURCES names, best ranked first. `oracle` prices come with the chains and
 * `manual` ones from files: there is nothing to ask for them.
 */
export function createPriceSources(config: Config): PriceSource[] {
  const services: Readonly<Record<string, () => PriceSource>> = {
    llama: () => llama(config.LLAMA_COINS_BASE_URL),
    coingecko: () => coingecko(config.COINGECKO_BASE_URL, config.COINGECKO_API_KEY),
    binance: () => binance(config.BINANCE_BASE_URL),
    coinbase: () => coinbase(config.COINBASE_BASE_URL),
    pyth: () => pyth(config.PYTH_BASE_URL, config.PYTH_API_KEY),
  }
  return config.PRICE_SOURCES.flatMap((name) => services[name]?.() ?? [])
}
