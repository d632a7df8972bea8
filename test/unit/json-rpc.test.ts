import { describe, expect, test } from 'vitest'
import { type Dialect, type RpcRequest, readAnswer } from '../../indexers/engine/json_rpc_answer.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'

const dialect: Dialect = {
  meaning: ({ code, message }, { endpoint, method, height }) =>
    new IndexerError(
      code === 413 ? 'rpc-too-large' : 'rpc-unavailable',
      `${endpoint} ${method} ${height}: ${message}`,
    ),
  tooFast: [403],
}
const asked: readonly RpcRequest<unknown>[] = [12, 13].map((height) => ({
  method: 'block',
  params: [height],
  height,
  read: (result) => result,
}))
const answer = (text: string, status = 200) => ({ status, text, endpoint: 'http://node' })
const one = asked.slice(0, 1)

describe('an answer of JSON-RPC', () => {
  test('keeps digits that no number holds', () => {
    expect(readAnswer(answer('{"id":0,"result":18446744073709551615}'), one, dialect)).toEqual({
      values: [18_446_744_073_709_551_615n],
      endpoint: 'http://node',
    })
  })

  test.each([
    ['a page', '<html>', 200, 'rpc-bad-answer', 'block 12: expected JSON, got 6 characters'],
    ['a page of refusal', '<html>', 404, 'rpc-unavailable', 'block 12: answered 404'],
    ['a refusal in JSON', '{"reason":"no key"}', 401, 'rpc-unavailable', 'block 12: answered 401'],
    ['a status that asks for patience', 'Forbidden', 403, 'rpc-rate-limited', 'block 12: answered 403'],
    ['a question that is too large', '', 413, 'rpc-too-large', 'block 12: HTTP 413'],
    ['nothing', '{"id":0}', 200, 'rpc-bad-answer', 'block 12: neither a result nor an error'],
    ['an error without a text', '{"error":{"code":5}}', 200, 'rpc-unavailable', 'block 12: {"code":5}'],
  ])('that is %s names endpoint, method and height', (_, text, status, code, message) => {
    const error = (() => {
      try {
        return readAnswer(answer(text, status), one, dialect)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toMatchObject({ code, message: expect.stringContaining(`http://node ${message}`) })
  })

  test('to a batch names the heights that were asked for', () => {
    const twice = '[{"id":1,"result":1},{"id":1,"result":1}]'
    expect(() => readAnswer(answer(twice), asked, dialect)).toThrow(
      'http://node block, heights 12 to 13: a batch of 2 was answered with the id 1 twice',
    )
  })

  test('is parsed whole where the quicker way meets what it does not know, also while it is read', () => {
    const lazy = { ...dialect, quick: () => ({ id: 0, result: 'pages' }) }
    const read = (result: unknown) => {
      if (result === 'pages') throw new SyntaxError('not flat')
      return result
    }
    const requests = one.map((request) => ({ ...request, read }))
    expect(readAnswer(answer('{"id":0,"result":7}'), requests, lazy)).toMatchObject({ values: [7] })
  })
})
