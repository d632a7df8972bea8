import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { checkMigrated, migrate } from '../../pipeline/store/database.ts'
import { createDatabase } from '../support/database.ts'
import { renderSchema } from '../support/schema.ts'

const read = (file: string): string =>
  readFileSync(new URL(`../../migrations/${file}`, import.meta.url), 'utf8')
/** An applied migration never changes: a change is a new file. */
const frozen: Record<string, string> = JSON.parse(read('frozen.json'))

let opened: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  opened = await createDatabase()
})
afterAll(() => opened.drop())

it('from nothing give exactly schema.sql', async () => {
  const schema = await renderSchema(opened.db)
  if (process.env['WRITE_SCHEMA'] === '1')
    writeFileSync(new URL('../../migrations/schema.sql', import.meta.url), schema)
  expect(schema).toBe(read('schema.sql'))
})

it('are frozen once applied', async () => {
  const names = Object.keys(await migrations.getMigrations())
  expect(Object.keys(frozen)).toEqual(names)
  for (const name of names)
    expect(
      createHash('sha256')
        .update(read(`${name}.ts`))
        .digest('hex'),
      name,
    ).toBe(frozen[name])
})

it('do nothing the second time, and are missed where they are absent', async () => {
  expect(await migrate(opened.db, migrations)).toEqual([])
  await checkMigrated(opened.db, migrations)
  await opened.db.pool.query('delete from kysely_migration')
  await expect(checkMigrated(opened.db, migrations)).rejects.toThrow(
    /lacks migration 0001_ground_state; run: depindex migrate/,
  )
})
