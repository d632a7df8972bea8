import type {
  ASTVisitor,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
  ValidationContext,
  ValidationRule,
} from 'graphql'
import { GraphQLError } from 'graphql'

/** What one request may ask for. Every error names the limit by the name it has here. */
export interface Limits {
  /** Rows of one page of `metricSeries`. */
  readonly metricRows: number
  /** Events of one page of `events`. */
  readonly eventRows: number
  /** Days of streams behind one value. */
  readonly flowRows: number
  /** Events behind one value. */
  readonly pointEvents: number
  /** Rows that one query could give, all lists together. */
  readonly queryRows: number
  /** Days between `from` and `to`. */
  readonly periodDays: number
  /** Fields inside fields; the root field is level 1. Introspection fields do not count. */
  readonly queryDepth: number
  /** Aliases of an operation, those of a fragment once for each place that spreads it. */
  readonly queryAliases: number
  /** Words and signs of a query text. */
  readonly queryTokens: number
  readonly bodyBytes: number
  /** Milliseconds until an unanswered request is given up. */
  readonly requestMs: number
  /** Bytes that all cached answers may take. */
  readonly cacheBytes: number
  /** Compiled queries that are kept. */
  readonly compiledQueries: number
}

/** The limits of a public server. `docs/api.md` lists them. */
export const defaultLimits: Limits = {
  metricRows: 5_000,
  eventRows: 500,
  flowRows: 1_000,
  pointEvents: 100,
  queryRows: 50_000,
  periodDays: 3_700,
  queryDepth: 10,
  queryAliases: 30,
  queryTokens: 2_000,
  bodyBytes: 256 * 1024,
  requestMs: 30_000,
  cacheBytes: 64 * 1024 * 1024,
  compiledQueries: 500,
}

/** Depth and number of aliases of a selection with all its fragments. */
interface Shape {
  readonly depth: number
  readonly aliases: number
}

const empty: Shape = { depth: 0, aliases: 0 }

/**
 * Measures selections. Each fragment is measured once, so that fragments which spread each other many times
 * cost no more than their text; a fragment that spreads itself is another rule's error and counts as empty.
 */
function createMeasure(context: ValidationContext): (set: SelectionSetNode) => Shape {
  const known = new Map<FragmentDefinitionNode, Shape>()
  const ofFragment = (name: string): Shape => {
    const fragment = context.getFragment(name)
    if (!fragment) return empty
    const found = known.get(fragment)
    if (found !== undefined) return found
    known.set(fragment, empty)
    const shape = ofSet(fragment.selectionSet)
    known.set(fragment, shape)
    return shape
  }
  const ofSet = (set: SelectionSetNode): Shape => {
    let depth = 0
    let aliases = 0
    for (const selection of set.selections) {
      let inner: Shape
      if (selection.kind === 'FragmentSpread') inner = ofFragment(selection.name.value)
      else if (selection.kind === 'InlineFragment') inner = ofSet(selection.selectionSet)
      else {
        const below = selection.selectionSet === undefined ? empty : ofSet(selection.selectionSet)
        const introspection = selection.name.value.startsWith('__')
        inner = {
          depth: introspection ? 0 : below.depth + 1,
          aliases: below.aliases + (selection.alias === undefined ? 0 : 1),
        }
      }
      depth = Math.max(depth, inner.depth)
      aliases += inner.aliases
    }
    return { depth, aliases }
  }
  return ofSet
}

/** Refuses operations that are deeper or have more aliases than the limits say. */
export function limitRules(limits: Limits): ValidationRule[] {
  const rule = (context: ValidationContext): ASTVisitor => {
    const measure = createMeasure(context)
    const refuse = (
      node: OperationDefinitionNode,
      seen: string,
      limit: 'queryDepth' | 'queryAliases',
    ): void => {
      const maximum = limits[limit]
      context.reportError(
        new GraphQLError(`the query ${seen}; the limit ${limit} is ${maximum}`, {
          nodes: node,
          extensions: { code: 'QUERY_TOO_LARGE', limit, maximum },
        }),
      )
    }
    return {
      OperationDefinition(node) {
        const { depth, aliases } = measure(node.selectionSet)
        if (depth > limits.queryDepth) refuse(node, `is ${depth} levels deep`, 'queryDepth')
        if (aliases > limits.queryAliases) refuse(node, `has ${aliases} aliases`, 'queryAliases')
      },
      Field(node) {
        // Answers are plain objects: '__proto__' as a name of one would be lost.
        if (node.alias?.value.startsWith('__')) {
          context.reportError(
            new GraphQLError(`the alias '${node.alias.value}' starts with '__', which GraphQL reserves`, {
              nodes: node,
            }),
          )
        }
      },
    }
  }
  return [rule]
}
