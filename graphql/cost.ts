import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql'
import { GraphQLError, getNamedType, isObjectType, valueFromASTUntyped } from 'graphql'
import type { Limits } from './limits.ts'

/** Rows that a list without `first` is taken to have. */
const rowsOfList: Readonly<Record<string, number>> = {
  networks: 10,
  streams: 15,
  tokens: 3,
  prices: 1_000,
  reconciliation: 2_000,
  coverage: 100,
  covered: 10,
  gaps: 10,
  rows: 100,
  legs: 2,
  metrics: 50,
}

/** Lists that are pages of the connection around them, and count there. */
const insidePages = ['nodes', 'edges', 'node', 'pageInfo']

/**
 * The most rows that a query may give: what each list can hold, times what holds the list. Each fragment is
 * measured once for each place that it is spread at, up to a limit of steps.
 */
export function rowsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const d of document.definitions) if (d.kind === 'FragmentDefinition') fragments.set(d.name.value, d)
  const operation = document.definitions.find(
    (d) => d.kind === 'OperationDefinition' && (operationName == null || d.name?.value === operationName),
  )
  const root = schema.getQueryType()
  if (operation?.kind !== 'OperationDefinition' || root == null) return 0
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).map((v) => [
      v.variable.name.value,
      v.defaultValue && valueFromASTUntyped(v.defaultValue),
    ]),
  )
  const given = { ...defaults, ...variables }
  const known = new Map<string, number>()
  const ofSet = (set: SelectionSetNode, typeName: string): number => {
    let rows = 0
    for (const s of set.selections) {
      if (s.kind === 'Field') rows += ofField(s, typeName)
      else if (s.kind === 'InlineFragment')
        rows += ofSet(s.selectionSet, s.typeCondition?.name.value ?? typeName)
      else {
        const fragment = fragments.get(s.name.value)
        if (fragment === undefined) continue
        const before = known.get(s.name.value)
        const own = before ?? ofSet(fragment.selectionSet, fragment.typeCondition.name.value)
        known.set(s.name.value, own)
        rows += own
      }
      if (rows > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER
    }
    return rows
  }
  const ofField = (node: FieldNode, typeName: string): number => {
    const type = schema.getType(typeName)
    const field = isObjectType(type) ? type.getFields()[node.name.value] : undefined
    if (field === undefined || node.selectionSet === undefined) return 0
    const inner = ofSet(node.selectionSet, getNamedType(field.type).name)
    const first = field.args.find((a) => a.name === 'first')
    const listed = rowsOfList[node.name.value]
    if (insidePages.includes(node.name.value) || (first === undefined && listed === undefined)) return inner
    const asked = node.arguments?.find((a) => a.name.value === 'first')
    const value = asked === undefined ? first?.defaultValue : valueFromASTUntyped(asked.value, given)
    const count = first === undefined ? (listed ?? 1) : typeof value === 'number' ? Math.max(1, value) : 100
    return count * (1 + inner)
  }
  return ofSet(operation.selectionSet, root.name)
}

/** The refusal of a query that may give too many rows. */
export function tooManyRows(rows: number, limits: Limits): GraphQLError {
  return new GraphQLError(
    `the query could give ${rows} rows; the limit queryRows is ${limits.queryRows}. Ask for smaller pages, or fewer things at once`,
    { extensions: { code: 'QUERY_TOO_LARGE', limit: 'queryRows', maximum: limits.queryRows } },
  )
}
