import { pino } from 'pino'
import pretty from 'pino-pretty'
import type { Logger } from '../indexers/engine/ports.ts'
import { hideSecrets } from '../pipeline/model/secrets.ts'

/**
 * Logs to standard error: readable lines on a terminal, JSON lines elsewhere.
 * @param secrets What no line may show, whatever it comes from.
 */
export function createLogger(level: string, secrets: readonly string[] = []): Logger {
  const stream = process.stderr.isTTY
    ? pretty({ sync: true, destination: 2, ignore: 'pid,hostname' })
    : pino.destination({ dest: 2, sync: true })
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: (line) => hideSecrets(line, secrets) },
    },
    stream,
  )
  return {
    debug: (message, facts) => logger.debug(facts ?? {}, message),
    info: (message, facts) => logger.info(facts ?? {}, message),
    warn: (message, facts) => logger.warn(facts ?? {}, message),
    error: (message, facts) => logger.error(facts ?? {}, message),
  }
}
