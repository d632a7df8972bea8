import { keyLike } from './secrets.ts'

/** What can go wrong, and whether trying again can help. `docs/errors.md` lists exactly these codes. */
export const errorCodes = {
  'bad-config': { retry: false, text: 'A setting in the environment is missing or malformed.' },
  'bad-argument': { retry: false, text: 'A command-line argument or option is wrong.' },
  'bad-file': { retry: false, text: 'An imported file has a malformed line. Nothing of it was imported.' },
  'amount-out-of-range': { retry: false, text: 'A number does not fit what it stands for.' },
  'bad-declaration': { retry: false, text: 'A network declaration contradicts itself.' },
  'rpc-unavailable': { retry: true, text: 'No endpoint of a chain answered, after all retries.' },
  'rpc-rate-limited': { retry: true, text: 'An endpoint asked for fewer requests (HTTP 429).' },
  'rpc-bad-answer': { retry: true, text: 'A node answered with something malformed, cut or incomplete.' },
  'rpc-not-found': { retry: true, text: 'A node does not hold what was asked for.' },
  'rpc-refused': {
    retry: false,
    text: 'A node refused the request itself; asking again the same way cannot help.',
  },
  'rpc-too-large': {
    retry: false,
    text: 'A node limits the range or size of the request; the range is split.',
  },
  'wrong-chain': {
    retry: false,
    text: 'An endpoint serves another chain than the one configured or stored.',
  },
  'not-finalized': { retry: true, text: 'A height above the finalized head was asked for.' },
  'continuity-broken': {
    retry: false,
    text: 'A block does not follow the block stored before it: the chain was reorganised below its declared depth.',
  },
  'decode-failed': { retry: false, text: 'A decoder does not understand what the chain holds.' },
  'store-unavailable': { retry: true, text: 'The database cannot be reached or does not accept writes.' },
  'store-not-migrated': { retry: false, text: 'The database has no depindex schema of this version.' },
  'store-conflict': { retry: false, text: 'Stored data contradicts what was about to be stored.' },
  'port-in-use': { retry: false, text: 'The port to serve on is taken.' },
  'price-unavailable': { retry: true, text: 'A price source did not answer or answered nonsense.' },
  interrupted: { retry: true, text: 'The work was stopped on request; it resumes where it left off.' },
} as const

export type ErrorCode = keyof typeof errorCodes

/** Plain values that say where something went wrong: endpoint, method, height, line. Never secrets. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>

/**
 * The one error class. The message says what was being done, to what, what was seen, and what to do next,
 * in one line.
 */
export class IndexerError extends Error {
  readonly code: ErrorCode
  readonly facts: Facts

  constructor(code: ErrorCode, message: string, facts: Facts = {}, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'IndexerError'
    this.code = code
    this.facts = facts
  }

  /** Whether the same call may succeed later. */
  get retryable(): boolean {
    return errorCodes[this.code].retry
  }
}

/** The code of an error of ours, or undefined for any other thrown value. */
export function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof IndexerError ? error.code : undefined
}

/** One line that describes any thrown value. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.split('\n')[0] ?? text
}

/** Removes user names, passwords, and key-like path parts and query values from a URL, for messages and logs. */
export function redactUrl(url: string): string {
  try {
    const parsed = new URL(url)
    parsed.username = ''
    parsed.password = ''
    for (const name of [...parsed.searchParams.keys()]) parsed.searchParams.set(name, '***')
    parsed.pathname = parsed.pathname.replace(keyLike, '***')
    return parsed.toString().replace(/\/$/, '')
  } catch {
    return '(malformed URL)'
  }
}
