import { createServer } from 'node:http'
import { readTransaction } from '../indexers/chains/solana/transaction.ts'
import { recordedAnswers } from './solana.ts'

/** Serves recorded transactions, so many requests a second and no batches; says its address on standard output. */
const perSecond = Number(process.argv[2] ?? 50)
const answers = new Map(recordedAnswers().map((a) => [readTransaction(JSON.parse(a)).signature, a]))
let free = 0

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString()
  })
  request.on('end', () => {
    const now = performance.now()
    free = Math.max(now, free + 1000 / perSecond)
    setTimeout(() => {
      const asked = JSON.parse(body) as { id: number; params: readonly string[] } | readonly unknown[]
      response.end(
        'id' in asked
          ? `{"jsonrpc":"2.0","id":${asked.id},"result":${answers.get(asked.params[0] ?? '') ?? 'null'}}`
          : '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}',
      )
    }, free - now)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  process.stdout.write(`http://127.0.0.1:${port}\n`)
})
