import { createServer } from 'node:http'

/** One JSON-RPC request as a node receives it. */
export interface RpcAsked {
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

/**
 * Starts a node on 127.0.0.1 whose every answer is written by the caller, for tests of nodes that misbehave.
 * @param answer The whole JSON answer to a request, or to a batch.
 */
export async function startScriptedNode(
  answer: (asked: RpcAsked | readonly RpcAsked[]) => unknown,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.setHeader('x-depindex-origin', 'simulated')
      response.end(JSON.stringify(answer(JSON.parse(Buffer.concat(chunks).toString()))))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
