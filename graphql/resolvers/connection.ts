/** A page of a list in Relay's shape; edges are made only when asked for. */
export interface Connection<Node> {
  readonly nodes: readonly Node[]
  readonly cursors: readonly (() => string)[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/**
 * Makes a page of at most `first` rows.
 * @param rows The rows of the page and at least one more if there is a next page.
 */
export function toConnection<Row, Node>(
  rows: readonly Row[],
  first: number,
  hasPreviousPage: boolean,
  toNode: (row: Row) => Node,
  toCursor: (row: Row) => string,
): Connection<Node> {
  const page = rows.slice(0, first)
  const cursors = page.map((row) => () => toCursor(row))
  return {
    nodes: page.map(toNode),
    cursors,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage,
      startCursor: cursors[0]?.() ?? null,
      endCursor: cursors.at(-1)?.() ?? null,
    },
  }
}

/** The rows of a page with their cursors. */
export function edgesOf<Node>(page: Connection<Node>): readonly { cursor: string; node: Node }[] {
  return page.nodes.map((node, i) => ({ node, cursor: page.cursors[i]?.() ?? '' }))
}
