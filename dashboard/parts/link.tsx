import type { ComponentChildren } from 'preact'
import type { View } from '../view.ts'
import { addressOf } from '../view.ts'

/** Goes to an address without loading the page anew. */
export function go(address: string, replace = false): void {
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  dispatchEvent(new PopStateEvent('popstate'))
}

/** A link to a view: an ordinary one for the keyboard, new tabs and copying, quick for a click. */
export function Link({
  to,
  children,
  class: className,
  current,
}: {
  to: View
  children: ComponentChildren
  class?: string
  current?: boolean
}) {
  const address = addressOf(to)
  return (
    <a
      href={address}
      class={className}
      aria-current={current === true ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        go(address)
        scrollTo(0, 0)
      }}
    >
      {children}
    </a>
  )
}
