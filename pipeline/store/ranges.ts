import type { HeightRange } from '../model/height.ts'
import { normalise } from '../model/height.ts'

/** `{[1,200],[300,300]}`: heights as Postgres reads a multirange. */
export function toMultirange(ranges: readonly HeightRange[]): string {
  return `{${normalise(ranges)
    .map((r) => `[${r.from},${r.to}]`)
    .join(',')}}`
}

/** Heights from Postgres' canonical text, `{[1,201),[300,301)}`. */
export function fromMultirange(text: string): HeightRange[] {
  return [...text.matchAll(/\[(\d+),(\d+)\)/g)].map((m) => ({ from: Number(m[1]), to: Number(m[2]) - 1 }))
}
