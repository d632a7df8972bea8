import { burnByKind } from './burn_by_kind.ts'
import { burnMintRatio } from './burn_mint_ratio.ts'
import { burnsUsd } from './burns_usd.ts'
import type { Metric } from './define.ts'
import { earningsUsd } from './earnings_usd.ts'
import { emissionLiquidNative } from './emission_liquid_native.ts'
import { emissionLockedNative } from './emission_locked_native.ts'
import { emissionsAnnualisedUsd } from './emissions_annualised_usd.ts'
import { emissionsGrowth } from './emissions_growth.ts'
import { emissionsGrowthYoy } from './emissions_growth_yoy.ts'
import { emissionsUsd } from './emissions_usd.ts'
import { feesAnnualisedUsd } from './fees_annualised_usd.ts'
import { feesGrowth } from './fees_growth.ts'
import { feesGrowthYoy } from './fees_growth_yoy.ts'
import { feesRunRateUsd } from './fees_run_rate_usd.ts'
import { feesUsd } from './fees_usd.ts'
import { grossBurnNative } from './gross_burn_native.ts'
import { grossEmissionNative } from './gross_emission_native.ts'
import { holdersRevenueUsd } from './holders_revenue_usd.ts'
import { inflationAnnualised } from './inflation_annualised.ts'
import { lockedNative } from './locked_native.ts'
import { netBurnNative } from './net_burn_native.ts'
import { netEmissionNative } from './net_emission_native.ts'
import { netLockedNative } from './net_locked_native.ts'
import { netSubsidyUsd } from './net_subsidy_usd.ts'
import { oneOffMintNative } from './one_off_mint_native.ts'
import { pfCirculating } from './pf_circulating.ts'
import { pfFullyDiluted } from './pf_fully_diluted.ts'
import { prepaidBalanceUsd } from './prepaid_balance_usd.ts'
import { protocolRevenueUsd } from './protocol_revenue_usd.ts'
import { psCirculating } from './ps_circulating.ts'
import { psFullyDiluted } from './ps_fully_diluted.ts'
import { releasedNative } from './released_native.ts'
import { remintRewardNative } from './remint_reward_native.ts'
import { remintSettlementNative } from './remint_settlement_native.ts'
import { revenueAnnualisedUsd } from './revenue_annualised_usd.ts'
import { revenueCoverage } from './revenue_coverage.ts'
import { revenueGrowth } from './revenue_growth.ts'
import { revenueGrowthYoy } from './revenue_growth_yoy.ts'
import { revenueUsd } from './revenue_usd.ts'
import { subsidyRatio } from './subsidy_ratio.ts'
import { subsidyRatioNet } from './subsidy_ratio_net.ts'
import { supplyNative } from './supply_native.ts'
import { supplyResidualNative } from './supply_residual_native.ts'
import { supplySideUsd } from './supply_side_usd.ts'
import { takeRate } from './take_rate.ts'
import { vestedNative } from './vested_native.ts'

/** Every metric, one line each. */
export const metrics: readonly Metric[] = [
  feesUsd,
  emissionsUsd,
  subsidyRatio,
  revenueCoverage,
  netSubsidyUsd,
  subsidyRatioNet,
  supplySideUsd,
  protocolRevenueUsd,
  holdersRevenueUsd,
  revenueUsd,
  earningsUsd,
  takeRate,
  burnsUsd,
  prepaidBalanceUsd,
  grossEmissionNative,
  emissionLiquidNative,
  emissionLockedNative,
  vestedNative,
  oneOffMintNative,
  remintRewardNative,
  remintSettlementNative,
  grossBurnNative,
  netBurnNative,
  netEmissionNative,
  burnMintRatio,
  inflationAnnualised,
  lockedNative,
  releasedNative,
  netLockedNative,
  supplyNative,
  supplyResidualNative,
  psCirculating,
  psFullyDiluted,
  pfCirculating,
  pfFullyDiluted,
  feesAnnualisedUsd,
  revenueAnnualisedUsd,
  emissionsAnnualisedUsd,
  feesRunRateUsd,
  feesGrowth,
  feesGrowthYoy,
  revenueGrowth,
  revenueGrowthYoy,
  emissionsGrowth,
  emissionsGrowthYoy,
  ...burnByKind,
]
