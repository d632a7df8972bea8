/** Path parts of providers' addresses that are keys: long, and of the letters that keys are made of. */
export const keyLike = /[A-Za-z0-9_-]{20,}/g

/** Shorter ones would take words out of messages that only look alike. */
const shortestSecret = 4

/**
 * What must not be shown of an address: user name, password, values of the query, and key-like path parts.
 * @returns Each as it is written in the address and as it is meant; empty for what is no address.
 */
export function secretsOf(url: string): string[] {
  if (!URL.canParse(url)) return []
  const { username, password, pathname, searchParams } = new URL(url)
  const written = [username, password, ...searchParams.values(), ...(pathname.match(keyLike) ?? [])]
  const all = written.flatMap((text) => [text, decoded(text), encodeURIComponent(text)])
  return [...new Set(all)].filter((text) => text.length >= shortestSecret)
}

/** The text with `***` for every secret in it. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  // The longest first: one may be a part of another.
  const all = secrets.filter((s) => s.length >= shortestSecret).toSorted((a, b) => b.length - a.length)
  return all.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A lone percent sign: it means itself.
  }
}
