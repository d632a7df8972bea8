/**
 * Which price turns an amount into dollars.
 * - `DAY_CLOSE`: the last price before the next midnight UTC.
 * - `DAY_AVG`: the mean of the day's hourly prices.
 * - `EVENT`: what the event itself states, else the last price before its hour began.
 * - `PEG`: fixed prices alone; a token without one has no value.
 */
export type PriceBasis = 'DAY_CLOSE' | 'DAY_AVG' | 'EVENT' | 'PEG'

/** Which day an amount belongs to: the day it happened, or the days that its epoch was for. */
export type TimeBasis = 'EVENT_TIME' | 'EPOCH'

/** What a ratio divides by: all that users paid, or what the network and its holders kept of it. */
export type Denominator = 'FEES' | 'REVENUE'
