// PostGraphile 5 over the same database, for `npm run bench:api`. Run from the folder that BENCH_POSTGRAPHILE names,
// where postgraphile and a Node of version 22 are installed; see docs/benchmarks.md.

import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const folder = createRequire(pathToFileURL(`${process.cwd()}/`))
const load = (name: string) => import(pathToFileURL(folder.resolve(name)).href)
const { postgraphile } = await load('postgraphile')
const { makePgService } = await load('postgraphile/adaptors/pg')
const { PostGraphileAmberPreset } = await load('postgraphile/presets/amber')
const { grafserv } = await load('postgraphile/grafserv/node')
const server = createServer()
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env['BENCH_DB'], schemas: ['public'] })],
  grafserv: { graphiql: false, graphqlPath: '/graphql' },
  grafast: { explain: false },
}
await postgraphile(preset).createServ(grafserv).addTo(server)
server.listen(0, '127.0.0.1', () => {
  const bound = server.address()
  if (bound !== null && typeof bound === 'object') process.stdout.write(`http://127.0.0.1:${bound.port}\n`)
})
process.once('SIGTERM', () => process.exit(0))
