import { networks } from '../indexers/networks/index.ts'
import { migrations } from '../migrations/index.ts'
import { metrics } from '../pipeline/metrics/index.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import type { NetworkDeclaration, Stream } from '../pipeline/model/stream.ts'
import type { UnixSeconds } from '../pipeline/model/time.ts'
import { saveCatalogue } from '../pipeline/store/catalogue.ts'
import type { Database } from '../pipeline/store/database.ts'
import { checkMigrated, migrate, openDatabase } from '../pipeline/store/database.ts'
import { openEmbedded } from '../pipeline/store/embedded.ts'
import { recordMetrics } from '../pipeline/store/stream_life.ts'
import type { Config } from './config.ts'

/** The present, in Unix seconds. The only clock of the product. */
export const now = (): UnixSeconds => Math.floor(Date.now() / 1000) as UnixSeconds

/** An open database and how to leave it. */
export interface Opened {
  readonly db: Database
  readonly embedded: boolean
  close(): Promise<void>
}

/**
 * Opens the configured database.
 * @param schema `migrate` brings it up to date; `check` refuses one that is not, except the embedded one.
 */
export async function openStore(
  config: Config,
  schema: 'migrate' | 'check',
  statementTimeoutMs?: number,
): Promise<Opened> {
  const server = config.DATABASE_URL === undefined ? await openEmbedded(config.DEPINDEX_DATA) : undefined
  const db = await openDatabase({
    url: server?.url ?? config.DATABASE_URL ?? '',
    origin: server === undefined ? 'DATABASE_URL' : 'the embedded database',
    ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
  })
  const close = async (): Promise<void> => {
    await db.close()
    await server?.release()
  }
  try {
    if (schema === 'migrate' || server !== undefined) await migrate(db, migrations)
    else await checkMigrated(db, migrations)
    return { db, embedded: server !== undefined, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The declared networks that NETWORKS names, or all of them.
 * @throws IndexerError `bad-config` naming the unknown network and the known ones.
 */
export function configuredNetworks(config: Config): readonly NetworkDeclaration[] {
  return (config.NETWORKS ?? networks.map((n) => n.id)).map((id) => findNetwork(id, 'NETWORKS', 'bad-config'))
}

/** @throws IndexerError naming the unknown network, where the name came from, and the known ones. */
export function findNetwork(
  id: string,
  from: string,
  code: 'bad-config' | 'bad-argument',
): NetworkDeclaration {
  const found = networks.find((n) => n.id === id)
  if (found !== undefined) return found
  throw new IndexerError(
    code,
    `${from}: unknown network '${id}'; known: ${networks.map((n) => n.id).join(', ')}`,
  )
}

/** Numbers the streams of all declared networks and gives those of the networks asked for. */
export async function getStreams(db: Database, wanted: readonly NetworkDeclaration[]): Promise<Stream[]> {
  const streams = await saveCatalogue(db, networks, now())
  await recordMetrics(db, metrics, now())
  return streams.filter((s) => wanted.some((n) => n.id === s.network))
}
