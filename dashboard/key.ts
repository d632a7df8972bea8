const place = 'depindex-key'

/** The key that this reader gave for the API, kept in this tab alone; empty: none. */
export function readKey(): string {
  return sessionStorage.getItem(place) ?? ''
}

/** Keeps a key for this tab, and reads the page again with it. */
export function giveKey(key: string): void {
  sessionStorage.setItem(place, key)
  location.reload()
}
