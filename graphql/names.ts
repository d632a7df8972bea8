import { IndexerError } from '../pipeline/model/errors.ts'
import type { MetricInfo } from '../pipeline/model/series.ts'

/** Names of an enum and the ids they stand for. */
export class EnumNames {
  readonly #what: string
  readonly #idOf = new Map<string, string>()
  readonly #nameOf = new Map<string, string>()

  /** @throws IndexerError `bad-declaration` if there is no id, or an id gives no name or another's name. */
  constructor(what: string, ids: readonly string[]) {
    this.#what = what
    if (ids.length === 0) throw new IndexerError('bad-declaration', `the API needs at least one ${what}`)
    for (const id of ids) {
      const name = enumName(id)
      const other = this.#idOf.get(name)
      if (!/^[A-Z][A-Z0-9_]*$/.test(name) || name.startsWith('__') || other !== undefined) {
        const why = other === undefined ? 'is not a GraphQL name' : `is also the name of '${other}'`
        throw new IndexerError('bad-declaration', `${what} '${id}': ${name} ${why}; rename it`)
      }
      this.#idOf.set(name, id)
      this.#nameOf.set(id, name)
    }
  }

  /** All ids, in the order declared. */
  get ids(): readonly string[] {
    return [...this.#nameOf.keys()]
  }

  /** All names with their ids, in the order declared. */
  get entries(): readonly (readonly [name: string, id: string])[] {
    return [...this.#idOf]
  }

  /** The id behind a name that the schema has let through. */
  idOf(name: string): string {
    const id = this.#idOf.get(name)
    if (id === undefined) throw new IndexerError('bad-argument', `'${name}' is not a ${this.#what}`)
    return id
  }

  /** @throws IndexerError `store-conflict` for an id that is not declared, for example after a downgrade. */
  nameOf(id: string): string {
    const name = this.#nameOf.get(id)
    if (name === undefined) {
      throw new IndexerError(
        'store-conflict',
        `the store holds the ${this.#what} '${id}', which is not declared`,
      )
    }
    return name
  }

  /** Whether an id is declared. */
  has(id: string): boolean {
    return this.#nameOf.has(id)
  }
}

/** The generated enums of the schema. */
export interface ApiNames {
  readonly networks: EnumNames
  readonly metrics: EnumNames
}

/** The names of all declared networks and metrics. */
export function createNames(networkIds: readonly string[], metrics: readonly MetricInfo[]): ApiNames {
  return {
    networks: new EnumNames('network', networkIds),
    metrics: new EnumNames(
      'metric',
      metrics.map((m) => m.id),
    ),
  }
}

/** An id of ours as an enum value. @example enumName('io-net') // 'IO_NET', and enumName('oneOff') // 'ONE_OFF' */
export function enumName(id: string): string {
  return id
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase()
}
