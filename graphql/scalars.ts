import type { GraphQLScalarType, GraphQLSchema, ValueNode } from 'graphql'
import { GraphQLError, isScalarType } from 'graphql'
import { IndexerError } from '../pipeline/model/errors.ts'

const textScalars = ['DateTime', 'Date', 'Decimal', 'BigInt']

/** Inputs pass as written; the resolver that knows the argument's name checks them, so that its error can name it. */
function readText(type: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new GraphQLError(`${type} is written as text`, { extensions: { code: 'BAD_USER_INPUT' } })
}

function literalText(type: string, node: ValueNode): string {
  if (node.kind === 'StringValue' || node.kind === 'IntValue' || node.kind === 'FloatValue') return node.value
  return readText(type, undefined)
}

function writeText(type: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return value.toString()
  throw new IndexerError('amount-out-of-range', `a ${type} to be given is ${typeof value}, not text`)
}

function writeHeight(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new IndexerError('amount-out-of-range', `a Height to be given is ${String(value)}`)
}

function scalarOf(schema: GraphQLSchema, name: string): GraphQLScalarType {
  const type = schema.getType(name)
  if (!isScalarType(type)) throw new IndexerError('bad-declaration', `schema.graphql has no scalar ${name}`)
  return type
}

/** Gives the schema's own scalars their behaviour: numbers that must stay exact travel as text. */
export function attachScalars(schema: GraphQLSchema): void {
  for (const name of textScalars) {
    const type = scalarOf(schema, name)
    type.serialize = (value) => writeText(name, value)
    type.parseValue = (value) => readText(name, value)
    type.parseLiteral = (node) => literalText(name, node)
  }
  scalarOf(schema, 'Height').serialize = writeHeight
}
