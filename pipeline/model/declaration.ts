import { IndexerError, messageOf } from './errors.ts'
import type { Fraction } from './fraction.ts'
import { addUpToOne, parseFraction } from './fraction.ts'
import type { Kind, NetworkDeclaration, Scale, StreamClass, StreamDeclaration } from './stream.ts'
import { day } from './time.ts'

const classes: Readonly<Record<Kind, readonly StreamClass[]>> = {
  emission: [
    'contributor',
    'staker',
    'treasury',
    'settlement',
    'oneOff',
    'returned',
    'remint',
    'locked',
    'vesting',
    'credit',
    'uncounted',
  ],
  burn: ['purchase', 'usage', 'gas', 'penalty', 'buyback', 'migration', 'other', 'credit'],
  fee: ['payment'],
  lock: ['lock', 'release'],
}
/** Classes that split another emission: summed on their own they would count it twice. */
const splits: readonly StreamClass[] = ['remint', 'locked']

/** What is wrong with a stream's class, split or scale; undefined: nothing. */
export function faultOf(stream: StreamDeclaration): string | undefined {
  const { kind, class: of, role = 'ledger' } = stream
  if (!classes[kind].includes(of))
    return `has the class ${of}, which is none of ${kind}: ${classes[kind].join(', ')}`
  if (splits.includes(of) && role !== 'part')
    return `has the class ${of} and must be a part of another emission`
  if (stream.scale !== undefined && kind !== 'fee' && role !== 'part')
    return 'has a scale: only fees and parts may, because the others are compared with the supply'
  if (stream.tolerance !== undefined && faultOfTolerance(stream)) return faultOfTolerance(stream)
  return faultOfShares(stream) ?? faultOfScale(stream.scale)
}

function faultOfTolerance({ role, of, tolerance }: StreamDeclaration): string | undefined {
  if (of === undefined || (role !== 'check' && role !== 'standIn'))
    return 'has a tolerance and is compared with nothing'
  return /^[1-9]\d*$/.test(tolerance?.raw ?? '') && tolerance?.why !== ''
    ? undefined
    : 'has a tolerance that is no whole number of smallest units above zero with a reason'
}

function faultOfShares({ accrues = [] }: StreamDeclaration): string | undefined {
  const shares: Fraction[][] = []
  try {
    for (const a of accrues)
      shares.push([a.supply, a.protocol, a.holders].flatMap((s) => (s === undefined ? [] : parseFraction(s))))
  } catch (error) {
    return `says who keeps it in shares of which ${messageOf(error)}`
  }
  if (shares.some((s) => !addUpToOne(s))) return 'says who keeps it in shares that do not add up to 1'
  return faultOfDates(accrues.map((a) => a.since))
}

function faultOfScale(scale: readonly Scale[] | undefined): string | undefined {
  if (scale === undefined) return undefined
  if (scale.length === 0 || scale[0]?.since !== undefined)
    return 'has a scale whose first entry is not for the time from the start on'
  try {
    if (scale.some((s) => parseFraction(s.times).above === 0n)) return 'has a scale of zero'
  } catch (error) {
    return `has a scale of which ${messageOf(error)}`
  }
  return faultOfDates(scale.map((s) => s.since))
}

function faultOfDates(dates: readonly (string | undefined)[]): string | undefined {
  const given = dates.slice(dates[0] === undefined ? 1 : 0)
  for (const [i, since] of given.entries()) {
    const before = given[i - 1]
    if (since === undefined || (before !== undefined && since <= before))
      return 'has dated entries that are not in order, earliest first'
    day(since)
  }
  return undefined
}

/** @throws IndexerError `bad-declaration` if two networks call different tokens, or one token, by the same symbol. */
export function checkSymbols(networks: readonly NetworkDeclaration[]): void {
  const owners = new Map<string, string>()
  for (const { id, tokens } of networks) {
    for (const symbol of Object.keys(tokens)) {
      const other = owners.get(symbol)
      if (other !== undefined) {
        throw new IndexerError(
          'bad-declaration',
          `networks ${other} and ${id} both declare a token ${symbol}; symbols are one namespace, so name one of them after its chain, such as ${symbol}.${id}`,
          { network: id },
        )
      }
      owners.set(symbol, id)
    }
  }
}
