import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readResults } from '../indexers/chains/cosmos/events.ts'
import { isBroken, tallyBlock } from '../indexers/chains/cosmos/proof.ts'

const recordings = join(fileURLToPath(import.meta.url), '../../../../shared/recordings/akash/cometbft')
const megabyte = 1_048_576

/**
 * How many recorded `block_results` one core reads a second, from the text of the answer to a proved block, and what
 * memory that takes. The recordings are those of the tests; without them nothing is measured.
 */
export function benchCosmos(seconds: number, say: (line: string) => void): void {
  if (!existsSync(recordings)) {
    say('cosmos: no recordings at ../shared/recordings/akash, nothing measured')
    return
  }
  const texts = readdirSync(recordings).map((file) => readFileSync(join(recordings, file), 'utf8'))
  const bytes = texts.reduce((sum, text) => sum + text.length, 0)
  const place = { endpoint: 'recording', what: 'block_results' }
  const round = (): void => {
    for (const text of texts) {
      const parsed = JSON.parse(text) as { result?: { height: string }; height?: string }
      const result = parsed.result ?? parsed
      const results = readResults(result, Number(result.height), place)
      // Blocks of the time before coin events have none of the four; the proof is then only of the mint.
      const coinEvents = [results.begin, ...results.txs.map((t) => t.events)]
        .flat()
        .some((e) => e.type === 'coin_spent')
      const tally = tallyBlock(results, 'none', coinEvents)
      if (isBroken(tally) && !tally.broken.includes('x/mint says')) throw new Error(tally.broken)
    }
  }
  const heap = (): number => process.memoryUsage().rss / megabyte
  for (let i = 0; i < 20; i += 1) round()
  const before = heap()
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  let rounds = 0
  while (performance.now() - startedAt < seconds * 1000) {
    round()
    rounds += 1
  }
  const { user, system } = process.cpuUsage(cpu)
  // A second of a core, so that other work on the machine does not count.
  const took = (user + system) / 1_000_000
  const perSecond = (rounds * texts.length) / took
  say(
    `cosmos: ${Math.round(perSecond)} block_results a second on one core (mean ${Math.round(bytes / texts.length / 1024)} kB, ` +
      `${Math.round((perSecond * bytes) / texts.length / megabyte)} MB/s), memory ${Math.round(before)} MB before, ${Math.round(heap())} MB after`,
  )
}
