import { join } from 'node:path'
import { createReaders } from '../commands/readers.ts'
import { fileFormats, finishFile, openFile } from '../graphql/files/file.ts'
import { readEventsFile } from '../graphql/files/request.ts'
import { metrics } from '../pipeline/metrics/index.ts'
import { addDays, day, dayStart } from '../pipeline/model/time.ts'
import { benchNetworks, fill, firstDay, onDatabase } from './fixture.ts'

const days = 365

/** Writes all events of a store as each kind of file: rows a second, and how far memory rises while it lasts. */
export async function benchFiles(events: number, say: (line: string) => void): Promise<void> {
  await onDatabase(join('.bench', 'files'), async (db) => {
    const networks = benchNetworks(6)
    await fill(db, networks, events, days)
    const readers = createReaders(db)
    const to = addDays(day(firstDay), days)
    const names = { networks: networks.map((n) => n.id), metrics: metrics.map((m) => m.id) }
    const wanted = readEventsFile(
      new Map([
        ['from', firstDay],
        ['to', to],
      ]),
      names,
      dayStart(to),
    )
    for (const format of fileFormats) {
      const startedAt = performance.now()
      let most = 0
      const file = await openFile(wanted, format, readers, 'bench')
      const done = await finishFile(format, file, async () => {
        most = Math.max(most, process.memoryUsage().rss)
      })
      const seconds = (performance.now() - startedAt) / 1000
      say(
        `${format}: ${done.rows} events in ${seconds.toFixed(1)} s (${Math.round(done.rows / seconds)} rows/s), ${(done.bytes / 1e6).toFixed(0)} MB, memory of the process at most ${Math.round(most / 1e6)} MB`,
      )
    }
  })
}
