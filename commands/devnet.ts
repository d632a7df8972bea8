import type { Fault, FaultKind } from '../devnet/misbehave.ts'
import { faultKinds } from '../devnet/misbehave.ts'
import { startDevnet } from '../devnet/start.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import { now } from './app.ts'
import { wholeNumber } from './arguments.ts'
import type { Output } from './output.ts'
import { untilAborted } from './serve.ts'

export interface DevnetCommandOptions {
  readonly days: string
  readonly seed: string
  readonly port: string
  readonly recordings?: string
  readonly misbehave?: string
}

/** Blocks that a stale head lags behind. */
const staleBlocks = 10

/** Serves simulated or recorded chain nodes until the signal. */
export async function devnet(
  options: DevnetCommandOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const started = await startDevnet({
    seed: wholeNumber('--seed', options.seed, 0),
    days: wholeNumber('--days', options.days, 1),
    port: wholeNumber('--port', options.port, 0),
    end: now(),
    live: options.recordings === undefined,
    misbehave: (options.misbehave ?? '').split(',').filter(Boolean).map(readFault),
    ...(options.recordings === undefined ? {} : { recordings: options.recordings }),
  })
  const settings = Object.entries(started.environment).map(([name, value]) => `${name}=${value}`)
  output.text(settings.join('\n'))
  await untilAborted(signal)
  await started.close()
}

/** `reset=0.05`: a kind of fault and how often a request meets it, from 0 to 1. */
function readFault(text: string): Fault {
  const [name = '', share = '1'] = text.split('=')
  const kind = faultKinds.find((k) => k === name)
  const probability = Number(share)
  if (kind === undefined || !(probability >= 0 && probability <= 1)) {
    throw new IndexerError(
      'bad-argument',
      `--misbehave: '${text}' is not a kind and a share from 0 to 1, such as reset=0.05; kinds: ${faultKinds.join(', ')}`,
    )
  }
  return makeFault(kind, probability)
}

function makeFault(kind: FaultKind, probability: number): Fault {
  switch (kind) {
    case 'stale-head':
      return { kind, probability, blocks: staleBlocks }
    case 'stripped':
      return { kind, probability, fields: ['reward_pool'] }
    default:
      return { kind, probability }
  }
}
