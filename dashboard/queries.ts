import type { View } from './view.ts'
import { addDays, definitionsOf, endOf } from './view.ts'

/** Networks and how their chains are followed: what every page begins with. */
export const startQuery = `{
  networks { id slug name sector description origin }
  status { version now chains { chain origin head headTime lastError } proofs { network ok } }
}`

const pointFields = 'date network metric value unit quality reason warning availableAt'

/** Values of metrics over the range of a view, under its definitions. */
export const seriesQuery = `query Series($networks: [Network!], $metrics: [Metric!]!, $from: Date!, $to: Date!, $granularity: Granularity,
  $lens: Lens, $priceBasis: PriceBasis, $denominator: Denominator, $by: TimeBasis, $asOf: DateTime) {
  metricSeries(networks: $networks, metrics: $metrics, from: $from, to: $to, granularity: $granularity, lens: $lens,
    priceBasis: $priceBasis, denominator: $denominator, by: $by, asOf: $asOf, first: 5000) {
    nodes { ${pointFields} } pageInfo { hasNextPage } }
}`

/** Variables of {@link seriesQuery}. */
export function seriesVariables(
  view: View,
  metrics: readonly string[],
  networks?: readonly string[],
  granularity: string = view.granularity,
): object {
  const end = endOf(view)
  return {
    networks: networks ?? null,
    metrics,
    from: addDays(end, -view.days),
    to: end,
    granularity,
    ...definitionsOf(view),
  }
}

/** What a network's page shows beside its series. */
export const networkQuery = `query Network($network: Network!, $from: Date!, $to: Date!) {
  methodology(network: $network) {
    regimes { day what }
    absences { what truly why }
    streams { name kind class lens role token method since until estimated meaning evidence }
  }
  coverage(network: $network) { stream chain covered { from to } gaps { from to code reason } heightsMissing behindBy }
  reconciliation(network: $network, from: $from, to: $to) { token proof from to residualRaw shareOfSupply ok }
  restatements(network: $network, first: 20) {
    nodes { subject token date availableAt oldAmount newAmount oldUsd newUsd newQuality reason } }
}`
