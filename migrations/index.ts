import type { Migration, MigrationProvider } from 'kysely'
import * as groundState from './0001_ground_state.ts'
import * as trustedNumbers from './0002_trusted_numbers.ts'
import * as scaledStreams from './0003_scaled_streams.ts'
import * as histories from './0004_histories.ts'
import * as work from './0005_work.ts'
import * as tolerance from './0006_tolerance.ts'
import * as readerViews from './0007_reader_views.ts'

/** Every migration, in order. An applied one never changes; a change is a new file and a line here. */
export const migrations: MigrationProvider = {
  getMigrations: async (): Promise<Record<string, Migration>> => ({
    '0001_ground_state': groundState,
    '0002_trusted_numbers': trustedNumbers,
    '0003_scaled_streams': scaledStreams,
    '0004_histories': histories,
    '0005_work': work,
    '0006_tolerance': tolerance,
    '0007_reader_views': readerViews,
  }),
}
