import { createHash } from 'node:crypto'
import type { Answer } from './answers.ts'
import { cacheableAnswer, jsonAnswer } from './answers.ts'

/** A file of the dashboard. */
export interface Asset {
  readonly type: string
  readonly text: string
}

/** The dashboard: one page for every address of it, and what it loads. */
export interface Dashboard {
  readonly page: string
  /** By name below `/assets/`. */
  readonly assets: ReadonlyMap<string, Asset>
}

/** Addresses that the dashboard's one page answers. */
const pages = /^\/(|compare|events|query|network\/[a-z0-9-]+)$/

/** Gives the dashboard's answers; undefined for an address that is not of it, and for all without a dashboard. */
export function createAssetRoute(dashboard: Dashboard | undefined): (path: string) => Answer | undefined {
  if (dashboard === undefined) return () => undefined
  const page = withHeaders(cacheableAnswer('text/html; charset=utf-8', dashboard.page), {
    'content-security-policy': policyOf(dashboard.page),
    'referrer-policy': 'no-referrer',
  })
  const answers = new Map(
    [...dashboard.assets].map(([name, { type, text }]) => [name, cacheableAnswer(type, text)]),
  )
  return (path) => {
    if (pages.test(path)) return page
    if (!path.startsWith('/assets/')) return undefined
    return (
      answers.get(path.slice('/assets/'.length)) ?? jsonAnswer(404, { error: `there is nothing at ${path}` })
    )
  }
}

/** Nothing but the server itself may be asked for anything; the import map is the page's only inline script. */
function policyOf(page: string): string {
  const inline = [...page.matchAll(/<script type="importmap">([\s\S]*?)<\/script>/g)].map(
    (m) =>
      `'sha256-${createHash('sha256')
        .update(m[1] ?? '')
        .digest('base64')}'`,
  )
  return [
    "default-src 'none'",
    `script-src 'self' ${inline.join(' ')}`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } }
}
