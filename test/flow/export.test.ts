import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getStreams } from '../../commands/app.ts'
import { readConfig } from '../../commands/config.ts'
import type { ExportOptions } from '../../commands/export.ts'
import { exportFile } from '../../commands/export.ts'
import { migrateStore } from '../../commands/migrate.ts'
import { networks } from '../../indexers/networks/index.ts'
import { createDatabase } from '../support/database.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
let folder: string
const said: string[] = []
const output = {
  text: (text: string) => void said.push(text),
  json: () => undefined,
  note: (text: string) => void said.push(text),
}
const config = () => ({ ...readConfig({}), DATABASE_URL: opened.url })
const options = (more: Partial<ExportOptions>): ExportOptions => ({
  format: 'csv',
  out: join(folder, 'file'),
  shape: 'long',
  from: '2026-01-01',
  to: '2026-01-02',
  granularity: 'DAY',
  lens: 'CONSUMPTION',
  priceBasis: 'DAY_CLOSE',
  by: 'EVENT_TIME',
  denominator: 'FEES',
  network: 'arweave',
  metrics: 'fees_usd,subsidy_ratio',
  ...more,
})

beforeAll(async () => {
  opened = await createDatabase()
  folder = mkdtempSync(join(tmpdir(), 'depindex-export-'))
  await getStreams(opened.db, networks)
})
afterAll(async () => {
  await opened.drop()
  rmSync(folder, { recursive: true })
})

describe('export', () => {
  it('writes a file of either format with a manifest that holds its checksum', async () => {
    for (const format of ['csv', 'parquet']) {
      const out = join(folder, `metrics.${format}`)
      await exportFile('metrics', options({ format, out }), config(), output)
      const bytes = readFileSync(out)
      const manifest = JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8'))
      expect(manifest).toMatchObject({
        file: `metrics.${format}`,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        rows: 4,
      })
    }
    const rows = await parquetReadObjects({
      file: new Uint8Array(readFileSync(join(folder, 'metrics.parquet'))).buffer,
    })
    expect(rows.map((r) => [r['metric'], r['value'], r['quality']])).toEqual([
      ['fees_usd', null, 'NO_COVERAGE'],
      ['subsidy_ratio', null, 'NO_COVERAGE'],
      ['fees_usd', null, 'NO_COVERAGE'],
      ['subsidy_ratio', null, 'NO_COVERAGE'],
    ])
  })

  it('refuses an unknown format, metric and shape by name, and leaves no file', async () => {
    const out = join(folder, 'none')
    for (const [more, message] of [
      [{ format: 'xlsx' }, "--format: 'xlsx' is none of csv, parquet"],
      [{ metrics: 'fee_usd' }, /metrics: there is no metric 'fee_usd'. Did you mean/],
      [{ shape: 'round' }, "shape: 'round' is none of long, wide"],
      [{ out: join(folder, 'no', 'where') }, /cannot write csv: ENOENT/],
    ] as const)
      await expect(exportFile('metrics', options({ out, ...more }), config(), output)).rejects.toThrow(
        message,
      )
    expect(existsSync(out)).toBe(false)
  })
})

describe('migrate', () => {
  it('makes the role of readers where it is asked for, and says what it may read', async () => {
    const name = `exported_${process.pid}`
    said.length = 0
    await migrateStore({ readerRole: name }, config(), output)
    expect(said[0]).toBe(
      `the role ${name} may read metrics_daily_long, metrics_daily_wide, metrics_30d_long, metrics_daily_history, events_flat`,
    )
    await opened.db.pool.query(`drop owned by ${name}`)
    await opened.db.pool.query(`drop role ${name}`)
  })
})
