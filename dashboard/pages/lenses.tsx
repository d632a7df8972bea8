import { shown, words } from '../format.ts'
import { Shown, useAsk } from '../parts/ask.tsx'
import { Badge } from '../parts/badge.tsx'
import type { NetworkInfo, Point } from '../types.ts'
import type { View } from '../view.ts'
import { addDays, choices, definitionsOf, endOf } from '../view.ts'

const lookBackDays = 8

/** The same network by every lens, over the newest complete 30 days: fees of different lenses are never added. */
export function Lenses({ view, network }: { view: View; network: NetworkInfo }) {
  const end = endOf(view)
  const { lens: _, ...definitions } = definitionsOf(view)
  const asked = useAsk<Record<string, { nodes: readonly Point[] }>>(query, {
    networks: [network.id],
    from: addDays(end, -lookBackDays),
    to: end,
    ...definitions,
  })
  return (
    <Shown asked={asked}>
      {(data) => (
        <table class="plain lenses">
          <thead>
            <tr>
              <th scope="col">Lens</th>
              <th scope="col" class="number">
                Fees, 30 days
              </th>
              <th scope="col" class="number">
                Subsidy ratio
              </th>
              <th scope="col">Quality</th>
            </tr>
          </thead>
          <tbody>
            {choices.lens.map((lens) => {
              const { fees, ratio } = latest(data[lens]?.nodes ?? [])
              return (
                <tr key={lens} class={lens === view.lens ? 'chosen' : ''}>
                  <th scope="row">{words(lens)}</th>
                  <td class="number" data-label="Fees">
                    {shown(fees?.value, 'USD')}
                  </td>
                  <td class="number" data-label="Ratio">
                    {shown(ratio?.value, 'ratio')}
                  </td>
                  <td>
                    {fees !== undefined && <Badge quality={fees.quality} reason={fees.reason} />}{' '}
                    <small>{fees?.reason}</small>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </Shown>
  )
}

function latest(points: readonly Point[]): { fees: Point | undefined; ratio: Point | undefined } {
  const of = (metric: string): Point[] => points.filter((p) => p.metric === metric)
  const fees = of('FEES_USD').findLast((p) => p.value !== null) ?? of('FEES_USD').at(-2)
  return { fees, ratio: of('SUBSIDY_RATIO').find((p) => p.date === fees?.date) }
}

const query = `query Lenses($networks: [Network!], $from: Date!, $to: Date!, $priceBasis: PriceBasis, $denominator: Denominator,
  $by: TimeBasis, $asOf: DateTime) {
${choices.lens
  .map(
    (
      lens,
    ) => `  ${lens}: metricSeries(networks: $networks, metrics: [FEES_USD, SUBSIDY_RATIO], from: $from, to: $to, granularity: TRAILING_30,
    lens: ${lens}, priceBasis: $priceBasis, denominator: $denominator, by: $by, asOf: $asOf, first: 100) {
    nodes { date network metric value unit quality reason warning availableAt } }`,
  )
  .join('\n')}
}`
