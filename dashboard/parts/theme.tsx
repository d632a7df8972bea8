import { useEffect, useState } from 'preact/hooks'

const themes = ['auto', 'light', 'dark'] as const
type Theme = (typeof themes)[number]
const key = 'depindex-theme'

/** Light, dark, or as the reader's system has it; kept in this browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(themes.find((t) => t === localStorage.getItem(key)) ?? 'auto')
  useEffect(() => {
    localStorage.setItem(key, theme)
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    dispatchEvent(new Event('themechange'))
  }, [theme])
  return (
    <label class="theme">
      Theme
      <select
        name="theme"
        value={theme}
        onChange={(e) => setTheme(themes.find((t) => t === e.currentTarget.value) ?? 'auto')}
      >
        {themes.map((t) => (
          <option key={t} value={t}>
            {t}
          </option>
        ))}
      </select>
    </label>
  )
}
