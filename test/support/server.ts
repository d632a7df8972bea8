import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openEmbedded } from '../../pipeline/store/embedded.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
  }
}

/** One real Postgres for the whole run; each test file makes databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'depindex-test-'))
  // So that the user that Postgres runs as may enter it when the tests run as root.
  chmodSync(directory, 0o755)
  const server = await openEmbedded(join(directory, 'data'))
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.release()
    rmSync(directory, { recursive: true, force: true })
  }
}
