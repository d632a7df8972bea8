import type { Metric } from '../../pipeline/metrics/define.ts'

/** The part of docs/metrics.md that the declarations say themselves. */
export function renderMetrics(metrics: readonly Metric[]): string {
  return metrics
    .map(
      (m) => `## \`${m.id}\`

${m.meaning}

- unit: ${m.unit === 'tokens' ? "whole tokens of the network's own token" : m.unit}
- window: ${m.window}
- formula: ${m.formula}
- null: ${m.nullRule}
- methodology version: ${m.revision}
`,
    )
    .join('\n')
}
