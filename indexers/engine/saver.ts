import type { Batch } from '../../pipeline/model/batch.ts'
import type { IndexStore } from './ports.ts'

/** Events in one transaction: enough to pay for its fixed cost, few enough to keep memory flat. */
const eventsPerSave = 20_000
/** Batches waiting to be saved before readers wait too. */
const waitingBatches = 16
/** Transactions under way at once. */
const concurrentSaves = 2

interface Waiting {
  readonly batch: Batch
  readonly resolve: (inserted: number) => void
  readonly reject: (error: unknown) => void
}

/** Groups batches that are ready into one transaction while the one before is being written. */
export class Saver {
  readonly #store: IndexStore
  readonly #chain: string
  #waiting: Waiting[] = []
  #roomWanted: (() => void)[] = []
  #saving = 0

  constructor(store: IndexStore, chain: string) {
    this.#store = store
    this.#chain = chain
  }

  /** Resolves when another batch may be read without too many waiting to be saved. */
  async room(): Promise<void> {
    while (this.#waiting.length >= waitingBatches) {
      await new Promise<void>((resolve) => this.#roomWanted.push(resolve))
    }
  }

  /** Resolves with how many events were new, once the batch is committed. */
  save(batch: Batch): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    if (this.#saving >= concurrentSaves || this.#waiting.length === 0) return
    // While a save runs, a small group waits for more: each transaction has a fixed cost.
    const ready = this.#waiting.reduce((sum, w) => sum + w.batch.events.length, 0)
    if (this.#saving > 0 && ready < eventsPerSave) return
    const group: Waiting[] = []
    for (let events = 0; this.#waiting.length > 0 && events < eventsPerSave; ) {
      const next = this.#waiting.shift()
      if (next === undefined) break
      group.push(next)
      events += next.batch.events.length
    }
    this.#saving += 1
    for (const wake of this.#roomWanted.splice(0)) wake()
    void this.#write(group)
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    try {
      const { inserted } = await this.#store.saveBatches(
        this.#chain,
        group.map((w) => w.batch),
      )
      for (const [i, waiting] of group.entries()) waiting.resolve(i === 0 ? inserted : 0)
    } catch (error) {
      for (const waiting of group) waiting.reject(error)
    } finally {
      this.#saving -= 1
      this.#next()
    }
  }
}
