import Table from 'cli-table3'

/** Where commands put what they have to say. */
export interface Output {
  /** The answer, on standard output. */
  text(text: string): void
  /** The answer for programs: one JSON document; amounts beyond 2^53 as text. */
  json(value: unknown): void
  /** A remark for people, on standard error. */
  note(text: string): void
}

/** Standard output and standard error. */
export const standardOutput: Output = {
  text: (text) => void process.stdout.write(`${text}\n`),
  json: (value) =>
    void process.stdout.write(
      `${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? v.toString() : v), 2)}\n`,
    ),
  note: (text) => void process.stderr.write(`${text}\n`),
}

/** A table of text; numbers belong right-aligned. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  rightAligned: readonly number[] = [],
): string {
  const made = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (rightAligned.includes(i) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) made.push([...row])
  return made.toString()
}
