import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's folder: the sources' own, or the parent of the built ones. */
export function packageRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const parent = dirname(here)
  return parent.endsWith('dist') ? dirname(parent) : parent
}

/** The version in package.json. */
export function version(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
