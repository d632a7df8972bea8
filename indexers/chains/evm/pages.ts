/**
 * The logs of one answer, parsed a few at a time: the objects of a page are garbage before the next one is
 * made, which costs the collector far less than one array of ten thousand logs.
 */
export class LogPages implements Iterable<readonly unknown[]> {
  readonly #text: string
  readonly #from: number
  readonly #to: number

  /** @param from,to Where in `text` the records are, without the brackets around them. */
  constructor(text: string, from: number, to: number) {
    this.#text = text
    this.#from = from
    this.#to = to
  }

  /** @throws SyntaxError if the records are not flat objects; then the whole answer must be parsed at once. */
  *[Symbol.iterator](): Iterator<readonly unknown[]> {
    for (let from = this.#from; from < this.#to; ) {
      const cut = this.#text.indexOf('},{', from + pageChars)
      const end = cut < 0 || cut >= this.#to ? this.#to : cut + 1
      yield JSON.parse(`[${this.#text.slice(from, end)}]`)
      from = end + 1
    }
  }
}

const pageChars = 32_000
const opening = '"result":[{'

/**
 * Parses an answer whose arrays of flat objects are left as {@link LogPages}.
 * @returns The answer, with `LogPages` in place of each `result` that is an array of objects.
 * @throws SyntaxError if the text is not JSON, or its objects are nested.
 */
export function parseInPages(text: string): unknown {
  const pages: LogPages[] = []
  let frame = ''
  let at = 0
  for (;;) {
    const found = text.indexOf(opening, at)
    if (found < 0) break
    const from = found + opening.length - 1
    const to = text.indexOf('}]', from) + 1
    if (to === 0) throw new SyntaxError('an array of results does not end')
    frame += `${text.slice(at, from)}${pages.length}`
    pages.push(new LogPages(text, from, to))
    at = to
  }
  const answer: unknown = JSON.parse(frame + text.slice(at))
  let used = 0
  for (const element of Array.isArray(answer) ? answer : [answer]) {
    if (typeof element !== 'object' || element === null || !Array.isArray(element.result)) continue
    const place: unknown = element.result.length === 1 ? element.result[0] : undefined
    const page = typeof place === 'number' ? pages[place] : undefined
    if (page === undefined) continue
    element.result = page
    used += 1
  }
  if (used !== pages.length) throw new SyntaxError('results of an unknown shape')
  return answer
}

/** The logs of an `eth_getLogs` result, in pages; undefined if the result is not an array. */
export function pagesOf(result: unknown): Iterable<readonly unknown[]> | undefined {
  if (result instanceof LogPages) return result
  return Array.isArray(result) ? [result] : undefined
}
