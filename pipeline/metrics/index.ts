import { burnsUsd } from './burns_usd.ts'
import type { Metric } from './define.ts'
import { emissionsUsd } from './emissions_usd.ts'
import { feesUsd } from './fees_usd.ts'
import { grossBurnNative } from './gross_burn_native.ts'
import { grossEmissionNative } from './gross_emission_native.ts'
import { subsidyRatio } from './subsidy_ratio.ts'

/** Every metric, one line each. */
export const metrics: readonly Metric[] = [
  feesUsd,
  emissionsUsd,
  burnsUsd,
  subsidyRatio,
  grossEmissionNative,
  grossBurnNative,
]
