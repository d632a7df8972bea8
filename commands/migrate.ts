import { WorkQueue } from '../pipeline/jobs/queue.ts'
import { createReaderRole, readerViews } from '../pipeline/store/reader_role.ts'
import { createWriterRole } from '../pipeline/store/writer_role.ts'
import { openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'

export interface MigrateOptions {
  readonly readerRole?: string
  readonly writerRole?: string
}

/** Brings the schema up to date, and makes the roles that are asked for. */
export async function migrateStore(options: MigrateOptions, config: Config, output: Output): Promise<void> {
  const { db, close } = await openStore(config, 'migrate')
  try {
    // The queue's tables too, so that no process needs the right to make them.
    await (await WorkQueue.open(db, 2)).close()
    if (options.readerRole !== undefined) {
      await createReaderRole(db, options.readerRole, config.READER_PASSWORD)
      output.note(`the role ${options.readerRole} may read ${readerViews.join(', ')}`)
      if (config.READER_PASSWORD === undefined)
        output.note('set READER_PASSWORD to give it a password to log in with')
    }
    if (options.writerRole !== undefined) {
      await createWriterRole(db, options.writerRole, config.WRITER_PASSWORD)
      output.note(`the role ${options.writerRole} may read and change data, and work on the queue`)
      if (config.WRITER_PASSWORD === undefined)
        output.note('set WRITER_PASSWORD to give it a password to log in with')
    }
    output.text(`the database at ${db.shown} is up to date`)
  } finally {
    await close()
  }
}
