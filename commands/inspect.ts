import type { Finding, Logger } from '../indexers/engine/ports.ts'
import { importChain } from '../pipeline/model/stream.ts'
import { findNetwork } from './app.ts'
import { chainsOf, openChain } from './chains.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { table } from './output.ts'

/** What a finding is called in the table; the first come first. */
const verdicts: Readonly<Record<Finding['verdict'], string>> = {
  differs: 'DIFFERS',
  fillIn: 'fill in',
  news: '',
  same: 'ok',
}

/**
 * Asks live nodes whether a network's declaration fits what is on its chains, and for what it does not know.
 * @returns Whether nothing differs; the command's exit code says the same.
 */
export async function inspect(
  id: string,
  options: { json?: boolean },
  config: Config,
  logger: Logger,
  output: Output,
  signal: AbortSignal,
): Promise<boolean> {
  const network = findNetwork(id, 'inspect', 'bad-argument')
  const tokens = Object.values(network.tokens).map((t) => t.chain)
  const chains = [...new Set([...chainsOf([network]), ...tokens])].filter((c) => c !== importChain)
  const all: (Finding & { readonly chain: string })[] = []
  for (const chain of chains) {
    const { source } = openChain(chain, config, logger)
    try {
      if (source.inspect === undefined) {
        output.note(`${chain}: nothing is asked there`)
        continue
      }
      const { origin } = await source.identify()
      if (origin !== 'live') output.note(`${chain}: the endpoint serves ${origin} data`)
      for (const finding of await source.inspect(network, signal)) all.push({ chain, ...finding })
    } finally {
      await source.close()
    }
  }
  const order = Object.keys(verdicts)
  const sorted = all.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  if (options.json) output.json(sorted)
  else output.text(describe(network.name, sorted))
  return sorted.every((f) => f.verdict !== 'differs')
}

function describe(name: string, findings: readonly (Finding & { readonly chain: string })[]): string {
  const lines = (text: string): string => text.replaceAll(/; |, | (?=> )/g, (at) => `${at.trimEnd()}\n`)
  const rows = findings.map((f) => [
    f.chain,
    verdicts[f.verdict],
    f.subject,
    lines(f.declared),
    lines(f.found),
  ])
  const count = (verdict: Finding['verdict']): number => findings.filter((f) => f.verdict === verdict).length
  if (findings.length === 0) return `${name}: nothing was compared; none of its chains knows what to ask`
  const sum = `${name}: ${count('differs')} differences, ${count('fillIn')} things to fill in, ${count('same')} as declared`
  return `${table(['chain', '', 'what', 'declared', 'found'], rows)}\n${sum}`
}
