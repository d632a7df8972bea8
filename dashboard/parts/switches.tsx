import { words } from '../format.ts'
import type { View } from '../view.ts'
import { addressOf, choices, endOf } from '../view.ts'
import { go } from './link.tsx'

type Name = 'lens' | 'priceBasis' | 'denominator' | 'by' | 'granularity' | 'days'

const labels: Readonly<Record<Name, string>> = {
  lens: 'Lens',
  priceBasis: 'Price',
  denominator: 'Ratio by',
  by: 'Days by',
  granularity: 'Periods',
  days: 'Range',
}
const daysShown: Readonly<Record<string, string>> = {
  '30': '30 days',
  '90': '90 days',
  '365': '1 year',
  '1095': '3 years',
  '1825': '5 years',
}

/** The reader's choices of definitions, which every number of the page follows. */
export function Switches({ view, names }: { view: View; names: readonly Name[] }) {
  const set = (change: Partial<View>): void => go(addressOf({ ...view, ...change }), true)
  return (
    <form class="switches" aria-label="Definitions" onSubmit={(event) => event.preventDefault()}>
      {names.map((name) => (
        <label key={name}>
          {labels[name]}
          <select
            name={name}
            value={String(view[name])}
            onChange={(event) => {
              const { value } = event.currentTarget
              set(name === 'days' ? { days: Number(value) } : { [name]: value })
            }}
          >
            {choices[name].map((value) => (
              <option key={value} value={value}>
                {name === 'days' ? daysShown[value] : words(value)}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label>
        As of
        <input
          type="date"
          name="asOf"
          value={view.asOf}
          max={endOf({ ...view, asOf: '' })}
          onChange={(event) => set({ asOf: event.currentTarget.value })}
        />
      </label>
      {view.asOf !== '' && (
        <button type="button" onClick={() => set({ asOf: '' })}>
          As known now
        </button>
      )}
    </form>
  )
}
