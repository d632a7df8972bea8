/**
 * Which price turns an amount into dollars.
 * - `DAY_CLOSE`: the last price before the next midnight UTC.
 * - `DAY_AVG`: the mean of the day's hourly prices.
 * - `EVENT`: what the event itself states, else the last price before its hour began.
 * - `PEG`: fixed prices alone; a token without one has no value.
 */
export type PriceBasis = (typeof priceBases)[number]

/** Every price basis; the first is the default. */
export const priceBases = ['DAY_CLOSE', 'DAY_AVG', 'EVENT', 'PEG'] as const

/** Which day an amount belongs to: the day it happened, or the days that its epoch was for. */
export type TimeBasis = (typeof timeBases)[number]

/** Every time basis; the first is the default. */
export const timeBases = ['EVENT_TIME', 'EPOCH'] as const

/** What a ratio divides by: all that users paid, or what the network and its holders kept of it. */
export type Denominator = (typeof denominators)[number]

/** Every denominator; the first is the default. */
export const denominators = ['FEES', 'REVENUE'] as const
