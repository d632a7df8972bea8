/** A map with a greatest weight: what was used longest ago leaves first. */
export class Lru<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly weight: number }>()
  readonly #maxWeight: number
  #weight = 0

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight
  }

  /** The value, which counts as used now; undefined if it is not kept. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** Keeps a value, unless it alone weighs more than everything may. */
  set(key: string, value: V, weight = 1): void {
    this.#drop(key)
    if (weight > this.#maxWeight) return
    this.#entries.set(key, { value, weight })
    this.#weight += weight
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#maxWeight) break
      this.#drop(oldest)
    }
  }

  /** Sum of the weights of what is kept. */
  get weight(): number {
    return this.#weight
  }

  /** Forgets a value. */
  delete(key: string): void {
    this.#drop(key)
  }

  #drop(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0
    this.#entries.delete(key)
  }
}
