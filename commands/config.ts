import { existsSync } from 'node:fs'
import { z } from 'zod'
import { IndexerError } from '../pipeline/model/errors.ts'
import { secretsOf } from '../pipeline/model/secrets.ts'
import { binanceBaseUrl } from '../pipeline/prices/sources/binance.ts'
import { coinbaseBaseUrl } from '../pipeline/prices/sources/coinbase.ts'
import { coingeckoBaseUrl } from '../pipeline/prices/sources/coingecko.ts'
import { llamaBaseUrl } from '../pipeline/prices/sources/llama.ts'
import { pythBaseUrl } from '../pipeline/prices/sources/pyth.ts'

/** Public nodes that answer without a key; users should name their own or more of them. */
const publicEndpoints = {
  arweave: 'https://arweave.net',
  solana: 'https://api.mainnet-beta.solana.com',
  ethereum: 'https://ethereum-rpc.publicnode.com',
  polygon: 'https://polygon-bor-rpc.publicnode.com',
  filecoin: 'https://api.node.glif.io/rpc/v1',
  akash: 'https://rpc.akashnet.net:443',
}

/** Every source of prices, in the order that they are preferred unless PRICE_SOURCES says otherwise. */
const priceSources = ['llama', 'coingecko', 'binance', 'coinbase', 'pyth', 'oracle', 'manual']

const urlList = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((u) => u.trim())
      .filter((u) => u !== ''),
  )
  .refine((urls) => urls.length > 0, 'names no address')
  .refine(
    (urls) => urls.every((u) => URL.canParse(u) && /^https?:$/.test(new URL(u).protocol)),
    'must be http:// or https:// addresses, separated by commas',
  )

const url = z
  .string()
  .refine(
    (u) => URL.canParse(u) && /^https?:$/.test(new URL(u).protocol),
    'must be an http:// or https:// address',
  )
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((t) => t.trim())
    .filter((t) => t !== ''),
)
const wholeNumber = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= low && n <= high, `must be from ${low} to ${high}`)

const shape = z.object({
  DATABASE_URL: z.string().optional(),
  DEPINDEX_DATA: z.string().default('.depindex'),
  PORT: wholeNumber(0, 65_535).prefault('4000'),
  HOST: z.string().default('127.0.0.1'),
  /** Port on which `worker` serves /metrics and /health; absent: it serves nothing. */
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  NETWORKS: list.optional(),
  ARWEAVE_URLS: urlList.prefault(publicEndpoints.arweave),
  SOLANA_RPC_URLS: urlList.prefault(publicEndpoints.solana),
  ETHEREUM_RPC_URLS: urlList.prefault(publicEndpoints.ethereum),
  POLYGON_RPC_URLS: urlList.prefault(publicEndpoints.polygon),
  FILECOIN_RPC_URLS: urlList.prefault(publicEndpoints.filecoin),
  AKASH_RPC_URLS: urlList.prefault(publicEndpoints.akash),
  /** No address by default: nobody is known to serve AO's modelled supply without a key. */
  AO_URLS: urlList.optional(),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      'must be trace, debug, info, warn, error or silent',
    )
    .optional(),
  PRICE_SOURCES: list
    .refine(
      (names) => names.every((n) => priceSources.includes(n)),
      `must be a comma-separated list of ${priceSources.join(', ')}, best first`,
    )
    .prefault(priceSources.join(',')),
  LLAMA_COINS_BASE_URL: url.default(llamaBaseUrl),
  COINGECKO_BASE_URL: url.default(coingeckoBaseUrl),
  COINGECKO_API_KEY: z.string().optional(),
  BINANCE_BASE_URL: url.default(binanceBaseUrl),
  COINBASE_BASE_URL: url.default(coinbaseBaseUrl),
  PYTH_BASE_URL: url.default(pythBaseUrl),
  PYTH_API_KEY: z.string().optional(),
  /** Keys that open the API, as `name:key` or the key alone; absent: it is open to all. */
  API_KEYS: list
    .refine((keys) => keys.length > 0, 'names no key')
    .refine(
      (keys) => keys.every((k) => /^(?:[A-Za-z0-9_-]+:)?[A-Za-z0-9_-]{8,}$/.test(k)),
      'must be name:key entries separated by commas; a key has at least 8 letters, digits, - or _',
    )
    .transform((keys) =>
      keys.map((k, i) => {
        const [first = '', second] = k.split(':')
        return second === undefined ? { name: `key ${i + 1}`, key: first } : { name: first, key: second }
      }),
    )
    .optional(),
  /** Points of the API that a client may use in a minute: one a request, more for large ones; 0: no limit. */
  RATE_LIMIT: wholeNumber(0, 1_000_000_000).prefault('1200'),
  /** Reverse proxies in front of the API whose X-Forwarded-For is believed. */
  TRUST_PROXY: wholeNumber(0, 10).prefault('0'),
  /** Password of the role that `migrate --reader-role` makes; absent: it keeps the one it has, or has none. */
  READER_PASSWORD: z.string().optional(),
  /** The same for the role that `migrate --writer-role` makes. */
  WRITER_PASSWORD: z.string().optional(),
  /** File with the only queries that the API is to answer; absent: any. */
  PERSISTED_QUERIES: z.string().optional(),
  FOLLOW_DAYS: wholeNumber(0, 20_000).prefault('40'),
})

/** Every setting, checked. Names are those of the environment. */
export type Config = z.infer<typeof shape>

/** The configuration with some settings replaced, each checked as if it came from the environment. */
export function withSettings(config: Config, settings: Readonly<Record<string, string>>): Config {
  const checked = shape.parse(settings)
  return {
    ...config,
    ...Object.fromEntries(Object.entries(checked).filter(([name]) => name in settings)),
  }
}

/**
 * Reads `.env` if there is one, and checks every setting.
 * @throws IndexerError `bad-config` naming the variable and what it must be.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const checked = shape.safeParse(set)
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]
  throw new IndexerError('bad-config', `${issue?.path.join('.')}: ${issue?.message}`)
}

/** Every secret that the settings hold: keys, passwords, and what addresses carry. */
export function secretsIn(config: Config): string[] {
  const addresses = Object.entries(config).flatMap(([name, value]) =>
    /_URLS?$/.test(name) && name !== 'DATABASE_URL' ? [value].flat().map(String) : [],
  )
  // Its user is a name that messages use in other senses too: `depindex`, `postgres`.
  const database = config.DATABASE_URL?.replace(/\/\/[^/:@]*:/, '//:') ?? ''
  const keys = [config.COINGECKO_API_KEY, config.PYTH_API_KEY, config.READER_PASSWORD, config.WRITER_PASSWORD]
  return [
    ...[...addresses, database].flatMap((address) => secretsOf(address)),
    ...keys.flatMap((key) => key ?? []),
    ...(config.API_KEYS ?? []).map(({ key }) => key),
  ]
}
