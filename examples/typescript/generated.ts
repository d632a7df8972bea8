/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A number that is published for each network and period, with its formula, unit and window. */
export type Metric =
  /** Dollars of tokens destroyed, for whatever reason. Never added to fees. Formula: sum of burns of every token. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURNS_USD'
  /** Whole tokens destroyed after being bought back. Formula: sum of burns of the class buyback. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURN_BUYBACK_NATIVE'
  /** Whole tokens destroyed as transaction fees. Formula: sum of burns of the class gas. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURN_GAS_NATIVE'
  /** Whole tokens destroyed to move to another chain or contract. Formula: sum of burns of the class migration. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURN_MIGRATION_NATIVE'
  /** Tokens destroyed for each token emitted: above 1 the supply shrinks. Formula: gross_burn_native / gross_emission_native. Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURN_MINT_RATIO'
  /** Whole tokens destroyed for any other reason. Formula: sum of burns of the class other. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURN_OTHER_NATIVE'
  /** Whole tokens destroyed as penalties. Formula: sum of burns of the class penalty. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURN_PENALTY_NATIVE'
  /** Whole tokens destroyed to buy credit. Formula: sum of burns of the class purchase. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURN_PURCHASE_NATIVE'
  /** Whole tokens destroyed to pay for use. Formula: sum of burns of the class usage. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'BURN_USAGE_NATIVE'
  /** What is left of revenue once emissions are counted as a cost; operating expenses are not known. Formula: revenue_usd - emissions_usd. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'EARNINGS_USD'
  /** What a year of emissions would be at the pace of the period. Formula: emissions_usd x 365 / days with complete data. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'EMISSIONS_ANNUALISED_USD'
  /** How much more than in the period before, as a fraction: 0.1 is 10 % more. Formula: emissions_usd / emissions_usd of the period before - 1: sums over sums. Unit: ratio. Window: the period asked for and the period before; every day of both must be complete. Methodology version 1. */
  | 'EMISSIONS_GROWTH'
  /** How much more than in the same period a year before, as a fraction: 0.1 is 10 % more. Formula: emissions_usd / emissions_usd of the same period a year before - 1: sums over sums. Unit: ratio. Window: the period asked for and the same period a year before; every day of both must be complete. Methodology version 1. */
  | 'EMISSIONS_GROWTH_YOY'
  /** Dollars of tokens newly minted to contributors, stakers or the programme. Formula: sum of gross emission of every token of the network. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'EMISSIONS_USD'
  /** Part of the emission that its receivers can use now. Formula: gross_emission_native - emission_locked_native. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'EMISSION_LIQUID_NATIVE'
  /** Part of the emission that becomes free later. Formula: sum of the locked parts of emissions. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'EMISSION_LOCKED_NATIVE'
  /** What a year of fees would be at the pace of the period. Formula: fees_usd x 365 / days with complete data. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'FEES_ANNUALISED_USD'
  /** How much more than in the period before, as a fraction: 0.1 is 10 % more. Formula: fees_usd / fees_usd of the period before - 1: sums over sums. Unit: ratio. Window: the period asked for and the period before; every day of both must be complete. Methodology version 1. */
  | 'FEES_GROWTH'
  /** How much more than in the same period a year before, as a fraction: 0.1 is 10 % more. Formula: fees_usd / fees_usd of the same period a year before - 1: sums over sums. Unit: ratio. Window: the period asked for and the same period a year before; every day of both must be complete. Methodology version 1. */
  | 'FEES_GROWTH_YOY'
  /** What the press calls annual recurring revenue. Formula: fees_usd of a calendar month x 12. Unit: USD. Window: a calendar month. Methodology version 1. */
  | 'FEES_RUN_RATE_USD'
  /** Everything end users paid for service, whoever keeps it, within one lens. Formula: sum of the fees of the lens. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'FEES_USD'
  /** Whole tokens destroyed. Formula: sum of burns of the network's own token. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'GROSS_BURN_NATIVE'
  /** Whole tokens newly minted to contributors, stakers or the programme; without migration mints, governance one-offs and settlement re-mints. Formula: sum of gross emission of the network's own token. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'GROSS_EMISSION_NATIVE'
  /** Part of the fees returned to holders by burning or distribution, less what was minted again because of it. Formula: sum of the shares of fees that accrue to holders - dollars of tokens minted again as rewards. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'HOLDERS_REVENUE_USD'
  /** Yearly growth of the supply if it went on like this, as a fraction, not compounded. Formula: net_emission_native x 365 / days / supply when the period began. Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'INFLATION_ANNUALISED'
  /** Tokens taken out of circulation and kept, such as collateral of credit. Not destroyed, though dashboards may say so. Formula: sum of locks. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'LOCKED_NATIVE'
  /** Whole tokens destroyed and not minted again. Formula: gross_burn_native - remint_reward_native - remint_settlement_native. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'NET_BURN_NATIVE'
  /** What the supply changed by; negative where it shrinks. Formula: all mints (settlement and one-off ones too, less emission given back) - gross_burn_native. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'NET_EMISSION_NATIVE'
  /** What locks and releases together took out of circulation; negative where more came back. Formula: locked_native - released_native. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'NET_LOCKED_NATIVE'
  /** Dollars emitted beyond what users paid; negative where users paid more. Can be added across networks. Formula: emissions_usd - fees_usd (or revenue_usd, by `denominator`). Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'NET_SUBSIDY_USD'
  /** Migration, treasury or governance mints; each is listed with its reason and in no emission sum. Formula: sum of one-off mints. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'ONE_OFF_MINT_NATIVE'
  /** Years of fees at this pace that the circulating supply is worth. Formula: close x circulating supply at the end / (fees_usd x 365 / days). Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'PF_CIRCULATING'
  /** Years of fees at this pace that the whole supply is worth. Formula: close x whole supply at the end / (fees_usd x 365 / days). Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'PF_FULLY_DILUTED'
  /** Deferred revenue: what users paid for in advance. The lens of the query does not matter. Formula: sum of fees of the lens PURCHASE - sum of fees of the lens CONSUMPTION, from the first day to the end of the period. Unit: USD. Window: from the first day known to the last day of the period; every day must be complete. Methodology version 1. */
  | 'PREPAID_BALANCE_USD'
  /** Part of the fees kept by the treasury or the operator. Formula: sum of the shares of fees that accrue to protocol. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'PROTOCOL_REVENUE_USD'
  /** Years of revenue at this pace that the circulating supply is worth. Formula: close x circulating supply at the end / (revenue_usd x 365 / days). Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'PS_CIRCULATING'
  /** Years of revenue at this pace that the whole supply is worth. Formula: close x whole supply at the end / (revenue_usd x 365 / days). Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'PS_FULLY_DILUTED'
  /** Tokens that had been locked and came back into circulation. Not minted. Formula: sum of releases. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'RELEASED_NATIVE'
  /** Part of the gross emission that was minted because of an earlier burn. Formula: sum of the re-minted parts of emissions. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'REMINT_REWARD_NATIVE'
  /** Minted to pay a provider out of what the user already burned: a payment, not an emission. Formula: sum of settlement mints. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'REMINT_SETTLEMENT_NATIVE'
  /** What a year of revenue would be at the pace of the period. Formula: revenue_usd x 365 / days with complete data. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'REVENUE_ANNUALISED_USD'
  /** Dollars that users paid for each dollar emitted; zero where nothing was paid, so it is well-behaved without revenue. Formula: fees_usd (or revenue_usd, by `denominator`) / emissions_usd. Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'REVENUE_COVERAGE'
  /** How much more than in the period before, as a fraction: 0.1 is 10 % more. Formula: revenue_usd / revenue_usd of the period before - 1: sums over sums. Unit: ratio. Window: the period asked for and the period before; every day of both must be complete. Methodology version 1. */
  | 'REVENUE_GROWTH'
  /** How much more than in the same period a year before, as a fraction: 0.1 is 10 % more. Formula: revenue_usd / revenue_usd of the same period a year before - 1: sums over sums. Unit: ratio. Window: the period asked for and the same period a year before; every day of both must be complete. Methodology version 1. */
  | 'REVENUE_GROWTH_YOY'
  /** Fees that the protocol and its holders keep: gross profit. Not what others call fees. Formula: fees_usd - supply_side_usd. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'REVENUE_USD'
  /** Dollars emitted for each dollar that users paid: 1 means each paid dollar is matched by one emitted dollar. Formula: emissions_usd / fees_usd (or revenue_usd, by `denominator`), a ratio of sums over the same days and prices. Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'SUBSIDY_RATIO'
  /** What holders were diluted by for each dollar that users paid; negative where more was burned than emitted. Formula: (emissions_usd - dollars of net burns other than migrations) / fees_usd (or revenue_usd, by `denominator`). Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 2. */
  | 'SUBSIDY_RATIO_NET'
  /** Whole tokens that exist at the close of the last day. Formula: a reading of the supply, carried to the close by what was minted and burned after it. Unit: tokens. Window: the close of the last day of the period. Methodology version 1. */
  | 'SUPPLY_NATIVE'
  /** Tokens that events do not explain: zero where every mint and burn is known. Formula: sum of (all mints - all burns - change of the supply) over the proofs that lie in the period. Unit: tokens. Window: the proofs that lie whole in the period. Methodology version 1. */
  | 'SUPPLY_RESIDUAL_NATIVE'
  /** Part of the fees paid straight to providers, from users, not minted. Formula: sum of the shares of fees that accrue to supply. Unit: USD. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'SUPPLY_SIDE_USD'
  /** Share of the fees that protocol and holders keep, as a fraction. Formula: revenue_usd / fees_usd. Unit: ratio. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'TAKE_RATE'
  /** Tokens minted before, or at the start, that became free. Never emission. Formula: sum of vesting. Unit: tokens. Window: the period asked for; every day of it must be complete. Methodology version 1. */
  | 'VESTED_NATIVE';

/** A network of the catalogue. */
export type Network =
  /** The network with the slug akash. */
  | 'AKASH'
  /** The network with the slug arweave. */
  | 'ARWEAVE'
  /** The network with the slug filecoin. */
  | 'FILECOIN'
  /** The network with the slug helium. */
  | 'HELIUM'
  /** The network with the slug ionet. */
  | 'IONET'
  /** The network with the slug render. */
  | 'RENDER';

/** What a value is worth. COMPLETE, ESTIMATED, STALE_PRICE and PROOF_FAILED come with a value; the others come with null and a reason. */
export type Quality =
  /** Every day of the period is read, priced and ended. */
  | 'COMPLETE'
  /** Part of it comes from a published plan, not from observation. */
  | 'ESTIMATED'
  /** Nothing of the period has been read, or the amount is not known. */
  | 'NO_COVERAGE'
  /** No price is known for a token on a day of the period. */
  | 'NO_PRICE'
  /** Part of the period has not been read. */
  | 'PARTIAL'
  /** A day of the period has not ended. */
  | 'PENDING'
  /** A proof fails on a day of the period: the reason says which, and what it leaves over. */
  | 'PROOF_FAILED'
  /** Priced with a price older than a day, but not too old. */
  | 'STALE_PRICE'
  /** The ratio's denominator is zero. */
  | 'ZERO_DENOMINATOR';

export type SubsidyQueryVariables = Exact<{
  networks?: Array<Network> | Network | null | undefined;
  from: string;
  to: string;
}>;


export type SubsidyQuery = { metricSeries: { nodes: Array<{ date: string, network: Network, metric: Metric, value: string | null, unit: string, quality: Quality, reason: string | null }> } | null };


export const SubsidyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Subsidy"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"networks"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Network"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Date"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Date"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"metricSeries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"networks"},"value":{"kind":"Variable","name":{"kind":"Name","value":"networks"}}},{"kind":"Argument","name":{"kind":"Name","value":"metrics"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"FEES_USD"},{"kind":"EnumValue","value":"EMISSIONS_USD"},{"kind":"EnumValue","value":"SUBSIDY_RATIO"}]}},{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"Argument","name":{"kind":"Name","value":"to"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}},{"kind":"Argument","name":{"kind":"Name","value":"granularity"},"value":{"kind":"EnumValue","value":"TRAILING_30"}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5000"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"date"}},{"kind":"Field","name":{"kind":"Name","value":"network"}},{"kind":"Field","name":{"kind":"Name","value":"metric"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"quality"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}}]} as unknown as DocumentNode<SubsidyQuery, SubsidyQueryVariables>;