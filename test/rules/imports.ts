import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'

/** Who may import whom of ours; a missing arrow is a rule. The longest matching folder counts. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'pipeline/model': [],
  'pipeline/store': ['pipeline/model'],
  'pipeline/imports': ['pipeline/model'],
  'pipeline/prices': ['pipeline/model', 'pipeline/store'],
  'pipeline/metrics': ['pipeline/model'],
  'pipeline/rollups': ['pipeline/model', 'pipeline/metrics', 'pipeline/store'],
  'pipeline/jobs': ['pipeline/model', 'pipeline/store', 'pipeline/prices', 'pipeline/rollups'],
  indexers: ['pipeline/model'],
  'indexers/engine': ['pipeline/model'],
  'indexers/chains': ['pipeline/model', 'indexers/define.ts', 'indexers/engine'],
  'indexers/networks': ['pipeline/model', 'indexers/define.ts', 'indexers/chains'],
  graphql: ['pipeline/model', 'pipeline/store'],
  migrations: [],
  devnet: ['pipeline/model', 'indexers/chains'],
  commands: ['pipeline', 'indexers', 'graphql', 'migrations', 'devnet'],
  'main.ts': ['commands', 'pipeline', 'indexers'],
  bench: ['pipeline', 'indexers', 'graphql', 'migrations', 'devnet', 'commands'],
}

/** Packages that only one part may use. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  pg: ['pipeline/store', 'bench', 'test'],
  kysely: ['pipeline/store', 'migrations'],
  'pg-cursor': ['pipeline/store'],
  'hyparquet-writer': ['graphql/files'],
  'pg-copy-streams': ['pipeline/store', 'bench'],
  '@apollo/server': ['graphql'],
  'node-cron': ['pipeline/jobs'],
  'graphile-worker': ['pipeline/jobs'],
  viem: ['indexers/chains/evm', 'indexers/chains/filecoin'],
  '@solana/web3.js': ['indexers/chains/solana'],
  commander: ['main.ts'],
}

export interface Import {
  readonly file: string
  /** Project path for our own files, package name otherwise. */
  readonly target: string
  readonly own: boolean
}

/** Every source file of the project below `root`, relative to it. */
export function sourceFiles(root: string): string[] {
  const tops = ['main.ts', 'commands', 'indexers', 'pipeline', 'graphql', 'migrations', 'devnet', 'bench']
  return tops.flatMap((top) => {
    if (top.endsWith('.ts')) return [top]
    try {
      return readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
        .filter((f) => f.endsWith('.ts'))
        .map((f) => join(top, f))
    } catch {
      return [] // A part that is not there yet imports nothing.
    }
  })
}

/** What a file imports, statically or not. */
export function importsOf(root: string, file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"]+)\1/g)
  return [...found].map(([, , target = '']) => {
    if (!target.startsWith('.')) {
      const parts = target.split('/')
      return {
        file,
        own: false,
        target: target.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? ''),
      }
    }
    return { file, own: true, target: relative(root, resolve(root, dirname(file), target)) }
  })
}

/** The network that a file of `indexers/networks` is about. */
const networkOf = (file: string): string => basename(file, '.ts').split('_')[0] ?? ''

const inFolder = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`)

/** A sentence for each import that breaks a rule. */
export function violations(imports: readonly Import[]): string[] {
  return imports.flatMap(({ file, target, own }) => {
    if (!own) {
      const homes = packageHomes[target]
      if (homes === undefined || homes.some((h) => inFolder(file, h))) return []
      return [`${file} imports ${target}, which belongs to ${homes.join(', ')}`]
    }
    const part = Object.keys(mayImport)
      .filter((p) => inFolder(file, p))
      .sort((a, b) => b.length - a.length)[0]
    if (part === undefined) return [`${file} is in no part that the rules know`]
    const [home = '', second = '', third = ''] = file.split('/')
    const siblings = part === 'indexers/chains' || part === 'indexers/networks'
    const ownFolder = part === 'indexers/chains' ? join(home, second, third) : part
    const sibling = siblings && inFolder(target, part) && !inFolder(target, ownFolder)
    if (sibling) return [`${file} imports ${target}: no chain imports another`]
    // A long network may keep some of its streams in files of its own: `filecoin_pay.ts` of `filecoin.ts`.
    const ownPart = networkOf(file) === networkOf(target)
    if (part === 'indexers/networks' && inFolder(target, part) && !file.endsWith('index.ts') && !ownPart) {
      return [`${file} imports ${target}: no network imports another`]
    }
    const allowed = [part, ...(mayImport[part] ?? [])]
    if (allowed.some((a) => inFolder(target, a))) return []
    return [
      `${file} imports ${target}; ${part} may import only ${mayImport[part]?.join(', ') || 'nothing of ours'}`,
    ]
  })
}

/** The files of one import cycle, if there is one. */
export function findCycle(imports: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>()
  for (const { file, target, own } of imports) if (own) next.set(file, [...(next.get(file) ?? []), target])
  const state = new Map<string, 'open' | 'done'>()
  const path: string[] = []
  const visit = (file: string): string[] | undefined => {
    if (state.get(file) === 'done') return undefined
    if (state.get(file) === 'open') return [...path.slice(path.indexOf(file)), file]
    state.set(file, 'open')
    path.push(file)
    for (const target of next.get(file) ?? []) {
      const cycle = visit(target)
      if (cycle !== undefined) return cycle
    }
    path.pop()
    state.set(file, 'done')
    return undefined
  }
  for (const file of next.keys()) {
    const cycle = visit(file)
    if (cycle !== undefined) return cycle
  }
  return undefined
}
