import { useEffect, useRef, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import { tick } from '../format.ts'
import type { Regime } from '../types.ts'

/** One line: a value for each day of the chart, null where it is not known. */
export interface Line {
  readonly name: string
  readonly values: readonly (number | null)[]
}

const height = 280
/** Between the least and the greatest value of a linear axis. */
const widest = 100
const colours = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6', '--line-7']

/** Lines over days, with the dates at which rules changed. A click asks for the day under it. */
export function Chart({
  days,
  lines,
  unit,
  regimes = [],
  label,
  onDay,
}: {
  days: readonly string[]
  lines: readonly Line[]
  unit: string
  regimes?: readonly Regime[]
  label: string
  onDay?: (day: string) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  const [failed, setFailed] = useState('')
  const key = JSON.stringify([days, lines, unit, regimes, theme])
  useEffect(() => {
    const box = place.current
    if (box === null) return
    let plot: uPlot | undefined
    let gone = false
    const resize = new ResizeObserver(() => plot?.setSize({ width: box.clientWidth, height }))
    import('uplot').then(
      ({ default: Plot }) => {
        if (gone) return
        plot = new Plot(optionsOf(), [days.map(unixOf), ...lines.map((l) => [...l.values])], box)
        resize.observe(box)
      },
      (error: unknown) => setFailed(String(error)),
    )
    const optionsOf = (): uPlot.Options => {
      const colour = (name: string): string => getComputedStyle(box).getPropertyValue(name).trim()
      const grid = { stroke: colour('--grid'), width: 1 }
      const axis = { stroke: colour('--muted'), grid, ticks: grid }
      return {
        width: box.clientWidth,
        height,
        tzDate: (seconds) =>
          new Date(new Date(seconds * 1000).getTime() + new Date().getTimezoneOffset() * 60_000),
        cursor: { drag: { x: true, y: false } },
        legend: { live: true },
        scales: { x: { time: true }, y: { distr: spreads(lines) ? 3 : 1 } },
        axes: [
          { ...axis, space: 90, values: (_: uPlot, ticks: number[]) => ticks.map(dayOf) },
          {
            ...axis,
            size: 64,
            values: (_: uPlot, ticks: (number | null)[]) =>
              ticks.map((t) => (t === null ? '' : tick(t, unit))),
          },
        ],
        series: [
          { value: (_: uPlot, seconds: number | null) => (seconds === null ? '' : dayOf(seconds)) },
          ...lines.map((line, i) => ({
            label: line.name,
            stroke: colour(colours[i % colours.length] ?? '--line-1'),
            width: 2,
            spanGaps: false,
            points: { show: line.values.filter((v) => v !== null).length < 45 },
            // Without an index the pointer is outside of the chart.
            value: (_: uPlot, value: number | null, _series: number, at: number | null) =>
              at === null ? '' : value === null ? 'not known' : tick(value, unit),
          })),
        ],
        hooks: { drawClear: [(self: uPlot) => drawRegimes(self, regimes, colour('--mark'))] },
      }
    }
    const click = (): void => {
      const at = plot?.cursor.idx
      const day = at === null || at === undefined ? undefined : days[at]
      if (day !== undefined) onDay?.(day)
    }
    box.addEventListener('click', click)
    return () => {
      gone = true
      box.removeEventListener('click', click)
      resize.disconnect()
      plot?.destroy()
    }
  }, [key])
  const marks = regimes.filter((r) => r.day >= (days[0] ?? '') && r.day <= (days.at(-1) ?? ''))
  return (
    <figure class="chart">
      <figcaption>{label}</figcaption>
      {failed !== '' && <p class="error">{failed}</p>}
      {lines.every((l) => l.values.every((v) => v === null)) && (
        <p class="muted">Not known on any day of this range.</p>
      )}
      <div ref={place} class={onDay === undefined ? '' : 'clickable'} role="img" aria-label={label} />
      {marks.length > 0 && (
        <ol class="marks">
          {marks.map((r) => (
            <li key={r.day + r.what}>
              <time>{r.day}</time> {r.what}
            </li>
          ))}
        </ol>
      )}
    </figure>
  )
}

const unixOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000
const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)

/** Whether values lie so far apart that only a logarithmic axis shows them all; it can show none at or below zero. */
function spreads(lines: readonly Line[]): boolean {
  const known = lines.flatMap((l) => l.values.filter((v) => v !== null))
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return low > 0 && high / low > widest
}

function drawRegimes(plot: uPlot, regimes: readonly Regime[], colour: string): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = colour
  ctx.setLineDash([4, 4])
  for (const regime of regimes) {
    const x = plot.valToPos(unixOf(regime.day), 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}

/** The theme in force: charts are drawn on canvas and must be drawn again when it changes. */
function useTheme(): string {
  const read = (): string =>
    document.documentElement.dataset['theme'] ??
    (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  const [theme, setTheme] = useState(read())
  useEffect(() => {
    const update = (): void => setTheme(read())
    const media = matchMedia('(prefers-color-scheme: dark)')
    media.addEventListener('change', update)
    addEventListener('themechange', update)
    return () => {
      media.removeEventListener('change', update)
      removeEventListener('themechange', update)
    }
  }, [])
  return theme
}
