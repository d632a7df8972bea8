import { onTestFinished } from 'vitest'
import { type RpcAsked, startScriptedNode } from '../../devnet/evm/scripted.ts'

/** Starts a node whose every answer is written by the test, until the test ends: its address. */
export async function scripted(answer: Parameters<typeof startScriptedNode>[0]): Promise<string> {
  const node = await startScriptedNode(answer)
  onTestFinished(node.close)
  return node.url
}

/** Three requests of JSON-RPC, told apart by their only parameter. */
export const echo = [1, 2, 3].map((n) => ({
  method: 'm',
  params: [n],
  read: (result: unknown): unknown => result,
}))

/** The answer to a request of `echo`: its parameters. */
export const answered = (rpc: RpcAsked) => ({ id: rpc.id, result: rpc.params })

/** Answers to the batch of `echo` that no client may take: what is wrong, the answers, what the error says. */
export const spoiledBatches: readonly (readonly [
  wrong: string,
  answer: (asked: readonly RpcAsked[]) => unknown,
  message: string,
])[] = [
  ['an unknown id', (asked) => asked.map((rpc) => ({ ...answered(rpc), id: rpc.id + 7 })), 'unknown id 7'],
  ['an id twice', (asked) => asked.map((rpc) => ({ ...answered(rpc), id: 0 })), 'the id 0 twice'],
  ['an answer too few', (asked) => asked.slice(1).map(answered), 'without the id 0'],
  ['neither result nor error', (asked) => asked.map(({ id }) => ({ id })), 'neither a result nor an error'],
  ['a text', () => 'busy', 'expected 3 answers, got "busy"'],
]
