import { unknownSupply } from '../model/supply.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { addDays } from '../model/time.ts'
import type { Database } from '../store/database.ts'
import type { SupplyRow } from '../store/supply.ts'
import {
  getAnchors,
  getDayReadings,
  getNetFlows,
  getSupplyDays,
  getTail,
  publishSupply,
} from '../store/supply.ts'

/**
 * Publishes each token's supply at the close of days: a reading of the day carried to its end by the events
 * after it, and from day to day by what was minted and burned, as far as every stream gives its days. Other
 * counters are published as they were read.
 * @param touched Days of tokens whose flows or readings changed.
 * @returns Days that changed.
 */
export async function recomputeSupply(
  db: Database,
  touched: ReadonlyMap<string, ReadonlySet<Day>>,
  now: UnixSeconds,
): Promise<number> {
  let changed = 0
  for (const [token, days] of touched) {
    const rows: SupplyRow[] = []
    /** Days whose reading cannot be carried to their end: another day's may reach them. */
    const open = new Set<Day>()
    for (const reading of await getDayReadings(db, token, [...days])) {
      const { counter, day, height } = reading
      const tail = counter === 'supply' ? await getTail(db, token, reading) : 0n
      if (tail === null) open.add(day)
      else {
        rows.push({
          token,
          counter,
          day,
          raw: reading.value + tail,
          readingHeight: height,
          quality: 'COMPLETE',
          reason: null,
          change: 'reading or events of the day',
        })
      }
    }
    changed += await publishSupply(db, rows, now)
    changed += await publishSupply(db, await carry(db, token, days, open), now)
  }
  return changed
}

/** Supplies of the days between the anchors around the touched days. */
async function carry(
  db: Database,
  token: string,
  touched: ReadonlySet<Day>,
  open: ReadonlySet<Day>,
): Promise<SupplyRow[]> {
  const anchors = (await getAnchors(db, token)).filter((a) => !open.has(a.day))
  if (anchors.length === 0) {
    // What rested on a reading that no longer reaches its day's end is no longer said.
    const said = await getSupplyDays(db, token)
    return [...new Set([...open, ...said])].map((day) => unreached(token, day))
  }
  const sorted = [...touched].sort()
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return []
  const lower = anchors.findLast((a) => a.day < first)
  const upper = anchors.find((a) => a.day > last)
  const flows = await getNetFlows(db, token, lower?.day, upper?.day)
  const known = new Map(anchors.map((a) => [a.day, a.raw]))
  const days = [...flows.keys()]
  for (const day of days) {
    const before = known.get(addDays(day, -1))
    const net = flows.get(day)
    if (before !== undefined && net != null && !known.has(day)) known.set(day, before + net)
  }
  for (const day of days.reverse()) {
    const close = known.get(day)
    const net = flows.get(day)
    const before = addDays(day, -1)
    if (close !== undefined && net != null && !known.has(before) && flows.has(before))
      known.set(before, close - net)
  }
  const anchored = new Set(anchors.map((a) => a.day))
  const carried = days
    .filter((day) => !anchored.has(day))
    .map((day): SupplyRow => {
      const raw = known.get(day) ?? null
      if (raw === null) return unreached(token, day)
      return { ...unreached(token, day), raw, quality: 'COMPLETE', reason: null }
    })
  return [...carried, ...[...open].filter((day) => !flows.has(day)).map((day) => unreached(token, day))]
}

function unreached(token: string, day: Day): SupplyRow {
  return {
    token,
    counter: 'supply',
    day,
    raw: null,
    readingHeight: null,
    quality: 'NO_COVERAGE',
    reason: unknownSupply('supply'),
    change: 'events',
  }
}
