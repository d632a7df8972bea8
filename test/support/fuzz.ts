import type { GraphQLArgument, GraphQLInputType, GraphQLOutputType, GraphQLSchema } from 'graphql'
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredInputField,
} from 'graphql'

/** Numbers from 0 to 1. */
export type Chance = () => number

const pick = <T>(chance: Chance, from: readonly T[]): T | undefined =>
  from[Math.floor(chance() * from.length)]

/** Values that clients write by mistake or on purpose. */
const odd = [
  '""',
  '"2026-02-30"',
  '"2026-01-03"',
  '"9999-12-31"',
  '"0000-00-00"',
  '"\\u0000"',
  '"😀"',
  '-1',
  '0',
  '1',
  '3',
  '2147483648',
  'null',
  'true',
  '1.5e308',
  '[]',
  '{}',
  'FEES_USD',
  '"2026-01-04T00:00:00Z"',
  '"2026-01-04T25:00:00Z"',
  '"alpha"',
  '"; drop table event; --"',
  '"WyJzZXJpZXMiXQ"',
]

/** Makes queries of a schema: mostly ones that it lets through, with arguments that mostly make sense. */
export function createQueryMaker(schema: GraphQLSchema, chance: Chance): () => string {
  const inputOf = (type: GraphQLInputType, name: string): string => {
    if (chance() < 0.06) return pick(chance, odd) ?? 'null'
    const bare = getNullableType(type)
    if (isListType(bare))
      return `[${Array.from({ length: 1 + Math.floor(chance() * 3) }, () => inputOf(bare.ofType, name)).join(', ')}]`
    if (isEnumType(bare)) return pick(chance, bare.getValues())?.name ?? 'X'
    if (isInputObjectType(bare)) {
      const fields = Object.values(bare.getFields()).filter((f) => isRequiredInputField(f) || chance() < 0.3)
      return `{ ${fields.map((f) => `${f.name}: ${inputOf(f.type, f.name)}`).join(', ')} }`
    }
    switch (bare.toString()) {
      case 'Date':
        return `"2026-01-0${name === 'to' ? 4 + Math.floor(chance() * 5) : 1 + Math.floor(chance() * 4)}"`
      case 'DateTime':
        return `"2026-01-0${1 + Math.floor(chance() * 8)}T0${Math.floor(chance() * 9)}:00:00Z"`
      case 'Int':
        return String(Math.floor(chance() * 12))
      case 'Boolean':
        return String(chance() < 0.5)
      default:
        return pick(chance, ['"alpha"', '"IO"', '"payments"', '"00000008"', '"ALP"']) ?? '""'
    }
  }
  const argumentsOf = (args: readonly GraphQLArgument[]): string => {
    const given = args.filter((a) => (isRequiredInputField(a) ? chance() < 0.97 : chance() < 0.3))
    return given.length === 0
      ? ''
      : `(${given.map((a) => `${a.name}: ${inputOf(a.type, a.name)}`).join(', ')})`
  }
  const selectionOf = (type: GraphQLOutputType, depth: number): string => {
    const named = getNamedType(type)
    if (!isObjectType(named)) return ''
    const fields = Object.values(named.getFields())
    const leaves = fields.filter((f) => !isObjectType(getNamedType(f.type)))
    const chosen = fields.filter(
      (f) => chance() < (isObjectType(getNamedType(f.type)) ? 0.35 : 0.4) && depth > 0,
    )
    const wanted = chosen.length > 0 ? chosen : [pick(chance, leaves) ?? fields[0]].flatMap((f) => f ?? [])
    const parts = wanted.map((f, i) => {
      const alias = chance() < 0.03 ? `a${i}: ` : ''
      return `${alias}${f.name}${argumentsOf(f.args)} ${selectionOf(f.type, depth - 1)}`
    })
    if (chance() < 0.03) parts.push('__typename')
    if (chance() < 0.01) parts.push('nothingLikeThis')
    return `{ ${parts.join(' ')} }`
  }
  return () => {
    const query = schema.getQueryType()
    const fields = Object.values(query?.getFields() ?? {})
    const roots = Array.from({ length: chance() < 0.8 ? 1 : 2 }, () => pick(chance, fields))
    const text = `{ ${roots.map((f, i) => (f === undefined ? '' : `r${i}: ${f.name}${argumentsOf(f.args)} ${selectionOf(f.type, 5)}`)).join(' ')} }`
    if (chance() > 0.03) return text
    // Some are cut or have a sign put in.
    const at = Math.floor(chance() * text.length)
    return chance() < 0.5
      ? text.slice(0, at)
      : `${text.slice(0, at)}${pick(chance, ['{', '"', '$', '\u0000', '}'])}${text.slice(at)}`
  }
}
