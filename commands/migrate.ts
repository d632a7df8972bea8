import { createReaderRole, readerViews } from '../pipeline/store/reader_role.ts'
import { openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'

/** Brings the schema up to date, and makes the role of readers where one is asked for. */
export async function migrateStore(
  options: { readonly readerRole?: string },
  config: Config,
  output: Output,
): Promise<void> {
  const { db, close } = await openStore(config, 'migrate')
  try {
    if (options.readerRole !== undefined) {
      await createReaderRole(db, options.readerRole, config.READER_PASSWORD)
      output.note(`the role ${options.readerRole} may read ${readerViews.join(', ')}`)
      if (config.READER_PASSWORD === undefined)
        output.note('set READER_PASSWORD to give it a password to log in with')
    }
    output.text(`the database at ${db.shown} is up to date`)
  } finally {
    await close()
  }
}
