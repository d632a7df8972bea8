import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Asset } from '../graphql/assets.ts'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import { packageRoot } from './version.ts'

/** Packages that pages load, by the name of their asset. */
const packages: Readonly<Record<string, string>> = {
  'preact.js': 'preact',
  'preact-hooks.js': 'preact/hooks',
  'preact-jsx.js': 'preact/jsx-runtime',
}

/**
 * The files of the dashboard: the page, its style, its built modules and the packages they use.
 * @throws IndexerError `bad-file` naming the one that is missing, where the project has not been built.
 */
export function readDashboard(): { readonly page: string; readonly assets: ReadonlyMap<string, Asset> } {
  const root = packageRoot()
  const built = join(root, 'dist', 'dashboard')
  const script = (text: string): Asset => ({ type: 'text/javascript; charset=utf-8', text })
  try {
    const assets = new Map<string, Asset>()
    for (const name of readdirSync(built, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.js'))
        assets.set(name.replaceAll('\\', '/'), script(readFileSync(join(built, name), 'utf8')))
    }
    for (const [name, specifier] of Object.entries(packages)) {
      assets.set(name, script(readFileSync(fileURLToPath(import.meta.resolve(specifier)), 'utf8')))
    }
    // uPlot's own entry is CommonJS for Node; browsers take the module beside it.
    const uplot = fileURLToPath(import.meta.resolve('uplot/dist/uPlot.esm.js'))
    assets.set('uplot.js', script(readFileSync(uplot, 'utf8')))
    const style = readFileSync(join(root, 'dashboard', 'style.css'), 'utf8')
    assets.set('style.css', { type: 'text/css; charset=utf-8', text: style })
    return { page: readFileSync(join(root, 'dashboard', 'index.html'), 'utf8'), assets }
  } catch (cause) {
    throw new IndexerError(
      'bad-file',
      `the dashboard is not complete: ${messageOf(cause)}. Run: npm run build`,
      {},
      { cause },
    )
  }
}
