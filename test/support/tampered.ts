import { z } from 'zod'
import type { DevnetNode } from '../../devnet/node.ts'

const callShape = z.object({ method: z.string(), params: z.looseObject({ height: z.string().optional() }) })
const answerShape = z.looseObject({ result: z.record(z.string(), z.unknown()).optional() })

/** Changes a result of a JSON-RPC call; `height` is what was asked for, 0 without one. */
export type Tamper = (
  method: string,
  height: number,
  result: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>

/** A node whose results are changed before they are sent, in batches too. */
export function tampered(node: DevnetNode, tamper: Tamper): DevnetNode {
  return {
    origin: node.origin,
    async answer(request, twist) {
      const reply = await node.answer(request, twist)
      if (request.method !== 'POST') return reply
      const [asked, answered]: unknown[] = [JSON.parse(request.body), JSON.parse(reply.body)]
      const change = (call: unknown, answer: unknown): unknown => {
        const { method, params } = callShape.parse(call)
        const { result, ...rest } = answerShape.parse(answer)
        return result === undefined
          ? rest
          : { ...rest, result: tamper(method, Number(params.height ?? 0), result) }
      }
      const body =
        Array.isArray(asked) && Array.isArray(answered)
          ? answered.map((answer, at) => change(asked[at], answer))
          : change(asked, answered)
      return { ...reply, body: JSON.stringify(body) }
    },
  }
}
