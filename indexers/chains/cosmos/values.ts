import type { Attribute } from './events.ts'

/** What a value at a dotted name must be, one of each: `{ action: ['bid-closed'], 'id.denom': ['uakt'] }`. */
export type Where = Readonly<Record<string, readonly string[]>>

/**
 * The text at a dotted name in the attributes of an event. The first part is an attribute's key, the others go into
 * its JSON, as events of the SDK from 0.50 on write messages.
 * @returns undefined where it is absent or JSON null; texts without their quotes, other values as JSON.
 * @example valueAt([['id', '{"provider":"akash1x"}']], 'id.provider') // 'akash1x'
 */
export function valueAt(attributes: readonly Attribute[], name: string): string | undefined {
  const [key, ...path] = name.split('.')
  const text = attributes.find(([k]) => k === key)?.[1]
  if (text === undefined || text === 'null') return undefined
  if (path.length === 0) return text.startsWith('"') ? textOf(parse(text)) : text
  let at = parse(text)
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Readonly<Record<string, unknown>>)[part]
  }
  return textOf(at)
}

/** Whether every condition holds. */
export function holds(attributes: readonly Attribute[], where: Where): boolean {
  return Object.entries(where).every(([name, values]) => {
    const value = valueAt(attributes, name)
    return value !== undefined && values.includes(value)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // Not JSON: an event of an older kind, which has no parts.
    throw error
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
