// npm run test:sim [-- --seed 7 | --seeds 20]: the seeded simulation by hand, one seed or many.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seeds: { type: 'string', default: '20' } },
})
const seeds = values.seed ?? Array.from({ length: Number(values.seeds) }, (_, i) => i + 1).join(',')
if (!/^\d+(,\d+)*$/.test(seeds)) {
  process.stderr.write(`test:sim: '${values.seed ?? values.seeds}' is not a whole number\n`)
  process.exit(1)
}
const { status } = spawnSync('npx', ['vitest', 'run', 'test/sim'], {
  stdio: 'inherit',
  env: { ...process.env, SIM_SEEDS: seeds },
})
process.exit(status ?? 1)
