const width = 120
const height = 28
const margin = 2

/** A small line of values in their order; where a value is not known the line is broken. */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const known = values.filter((v): v is number => v !== null)
  if (known.length < 2) return <span class="muted">–</span>
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const x = (i: number): number => margin + (i / Math.max(1, values.length - 1)) * (width - 2 * margin)
  const y = (v: number): number =>
    high === low ? height / 2 : height - margin - ((v - low) / (high - low)) * (height - 2 * margin)
  let path = ''
  let open = false
  for (const [i, value] of values.entries()) {
    if (value !== null) path += `${open ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`
    open = value !== null
  }
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <path d={path} />
    </svg>
  )
}
