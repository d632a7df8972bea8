/**
 * Who pays for each network: dollars emitted for each dollar that users paid, over the last 30 days.
 * Run with a server on port 4000: node --experimental-strip-types main.ts [http://host:port] (Node 22 or newer), or tsx.
 */
import { GraphQLClient } from 'graphql-request'
import { SubsidyDocument } from './generated.ts'

const [server = 'http://127.0.0.1:4000'] = process.argv.slice(2)
const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

const client = new GraphQLClient(`${server}/graphql`)
const { metricSeries } = await client.request(SubsidyDocument, { from: dayAgo(3), to: dayAgo(0) })
for (const { date, network, metric, value, unit, quality, reason } of metricSeries?.nodes ?? []) {
  const shown = value === null ? `unknown (${quality}: ${reason})` : `${value} ${unit}`
  process.stdout.write(`${date} ${network} ${metric} ${shown}\n`)
}
