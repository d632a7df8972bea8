#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander'
import { type BackfillOptions, backfill } from './commands/backfill.ts'
import { backupTo, restoreFrom } from './commands/backup.ts'
import { type Config, readConfig, secretsIn } from './commands/config.ts'
import { type DemoOptions, demo } from './commands/demo.ts'
import { type DevnetCommandOptions, devnet } from './commands/devnet.ts'
import { type ExportOptions, exportFile, exportFormats } from './commands/export.ts'
import { inspect } from './commands/inspect.ts'
import { createLogger } from './commands/logging.ts'
import { type MigrateOptions, migrateStore } from './commands/migrate.ts'
import { standardOutput as output } from './commands/output.ts'
import { importPrices } from './commands/prices.ts'
import { pause, retry } from './commands/queue.ts'
import { repair } from './commands/repair.ts'
import { rollup } from './commands/rollup.ts'
import { importSeries, type SeriesImportOptions } from './commands/series.ts'
import { serve } from './commands/serve.ts'
import { stopOnSignals } from './commands/signals.ts'
import { status } from './commands/status.ts'
import { up } from './commands/up.ts'
import { verify } from './commands/verify.ts'
import { version } from './commands/version.ts'
import { type WorkerOptions, worker } from './commands/worker.ts'
import type { Logger } from './indexers/engine/ports.ts'
import { denominators, priceBases, timeBases } from './pipeline/model/basis.ts'
import { codeOf, messageOf } from './pipeline/model/errors.ts'
import { hideSecrets } from './pipeline/model/secrets.ts'
import { granularities } from './pipeline/model/series.ts'
import { lenses } from './pipeline/model/stream.ts'
import { storeError } from './pipeline/store/database.ts'

/** Exit code of a program that Ctrl-C ended. */
const interruptedCode = 130

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

/** What no message may show, once the settings are read. */
let secrets: readonly string[] = []
const stop = stopOnSignals(interruptedCode)

/** Reads the settings, makes the logger, and hands both to a command. */
function withConfig<A extends unknown[]>(
  run: (config: Config, logger: Logger, ...args: A) => Promise<void>,
  level = 'info',
) {
  return async (...args: A): Promise<void> => {
    const config = readConfig(process.env)
    secrets = secretsIn(config)
    await run(config, createLogger(config.LOG_LEVEL ?? level, secrets), ...args)
  }
}

/** An option with a few values, of which the first is the default. */
function choice(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices([...values]).default(values[0])
}

const program = new Command('depindex')
  .description(
    'Emissions, burns and fees of decentralised infrastructure networks, read from the chains and proved',
  )
  .version(version())
  .showHelpAfterError('(--help shows what can be asked)')
  .exitOverride()

program
  .command('up')
  .description('follow all configured networks, run the scheduled jobs and serve the API')
  .action(withConfig((config, logger) => up(config, logger, output, stop)))

program
  .command('demo')
  .description('everything without a network: simulated chain, database, indexers, rollups and API')
  .option('--once', 'exit after printing the summary table')
  .option('--days <n>', 'simulated days', '40')
  .option('--seed <n>', 'seed of the simulation', '1')
  .option('--recordings <dir>', 'replay recorded real answers from this folder instead')
  .action(
    withConfig((config, logger, options: DemoOptions) => demo(options, config, logger, output, stop), 'warn'),
  )

program
  .command('devnet')
  .description('serve simulated or recorded chain nodes to try things against')
  .option('--days <n>', 'simulated days', '40')
  .option('--seed <n>', 'seed of the simulation', '1')
  .option('--port <n>', 'port to serve on (default: a free one)', '0')
  .option('--recordings <dir>', 'replay recorded real answers from this folder instead')
  .option('--misbehave <kind=share,...>', 'faults and how often a request meets them, such as reset=0.05')
  .action(withConfig((_config, _logger, options: DevnetCommandOptions) => devnet(options, output, stop)))

program
  .command('migrate')
  .description('bring the database schema up to date')
  .option('--reader-role <name>', 'also make a role that may read the documented views and nothing else')
  .option('--writer-role <name>', 'also make a role for the processes: it changes data and no schema')
  .action(withConfig((config, _logger, options: MigrateOptions) => migrateStore(options, config, output)))

for (const [name, run, what] of [
  ['backup', backupTo, 'write everything that cannot be read again to a file'],
  ['restore', restoreFrom, 'bring a backup back into an empty database'],
] as const) {
  program
    .command(`${name} <file>`)
    .description(what)
    .action(withConfig((config, _logger, file: string) => run(file, config, output)))
}

program
  .command('serve')
  .description('serve the API alone')
  .action(withConfig((config, logger) => serve(config, logger, output, stop)))

program
  .command('backfill')
  .alias('index')
  .description('read a past range of a network; run again, it goes on where it stopped')
  .argument('<network>', 'for example arweave')
  .option('--stream <name>', 'only this stream')
  .option('--from <height|day>', 'first height, or first UTC day as YYYY-MM-DD (included)')
  .option('--to <height|day>', 'last height, or last UTC day (included)')
  .option('--workers <n>', 'ranges read at once by this process, 1 to 64', undefined)
  .option('--dry-run', 'only say how many requests and how long it would take')
  .option('--json', 'print the result as JSON')
  .action(
    withConfig((config, logger, network: string, options: Omit<BackfillOptions, 'network'>) =>
      backfill({ ...options, network }, config, logger, output, stop),
    ),
  )

program
  .command('worker')
  .description('take range jobs and scheduled jobs; any number of these may share one database')
  .option('--concurrency <n>', 'jobs at once, 1 to 64', undefined)
  .action(
    withConfig((config, logger, options: WorkerOptions) => worker(options, config, logger, output, stop)),
  )

program
  .command('retry')
  .description('put ranges that were given up back into the queue')
  .argument('[network]', 'only this network')
  .action(withConfig((config, _logger, network: string | undefined) => retry(network, config, output)))

for (const paused of [true, false]) {
  program
    .command(`${paused ? 'pause' : 'resume'} <network>`)
    .description(paused ? 'let the jobs of a network wait, on every machine' : 'let paused jobs go on')
    .action(withConfig((config, _logger, network: string) => pause(network, paused, config, output)))
}

program
  .command('rollup')
  .description('fetch missing prices and rebuild the days that changed')
  .option('--all', 'rebuild every day')
  .option('--no-prices', 'do not ask price sources')
  .action(
    withConfig((config, logger, options: { all?: boolean; prices?: boolean }) =>
      rollup(options, config, logger, output),
    ),
  )

program
  .command('status')
  .description('what has been read of each stream, what is missing and why')
  .option('--json', 'print as JSON')
  .action(withConfig((config, _logger, options: { json?: boolean }) => status(options, config, output)))

program
  .command('verify')
  .description('compare independent paths; exit code 1 if a residual is not zero')
  .argument('[network]')
  .option('--from <day>', 'first UTC day, included')
  .option('--to <day>', 'last UTC day, included')
  .option('--json', 'print as JSON')
  .action(
    withConfig(
      async (
        config,
        _logger,
        network: string | undefined,
        options: { from?: string; to?: string; json?: boolean },
      ) => {
        if (!(await verify(network, options, config, output))) process.exitCode = 1
      },
    ),
  )

program
  .command('export')
  .description('write metrics or events to a file')
  .argument('<what>', 'metrics or events')
  .requiredOption('--out <file>', "the file to write, or '-' for standard output")
  .addOption(choice('--format <format>', 'how the file is written', exportFormats))
  .addOption(
    choice('--shape <shape>', 'long: a row for each value; wide: a row for each date', ['long', 'wide']),
  )
  .option('--network <network>', 'only this network')
  .option('--metrics <ids>', 'only these metrics, separated by commas')
  .option('--stream <name>', 'only events of this stream, whatever its role')
  .option('--from <day>', 'first UTC day, included (default: a year before --to)')
  .option('--to <day>', 'last UTC day, included (default: yesterday)')
  .addOption(choice('--granularity <periods>', 'length of the periods of metrics', granularities))
  .addOption(choice('--lens <lens>', 'which payments count as fees', lenses))
  .addOption(choice('--price-basis <basis>', 'which price turns tokens into dollars', priceBases))
  .addOption(choice('--by <basis>', 'which day an amount belongs to', timeBases))
  .addOption(choice('--denominator <sum>', 'what ratios divide by', denominators))
  .option('--as-of <instant>', 'values as they were known then, such as 2026-06-01T00:00:00Z')
  .action(
    withConfig((config, _logger, what: string, options: ExportOptions) =>
      exportFile(what, options, config, output),
    ),
  )

program
  .command('prices')
  .description('manual prices')
  .command('import')
  .description('import a CSV with columns token, date, usd, author and optionally note: all of it or nothing')
  .argument('<file>')
  .action(withConfig((config, _logger, file: string) => importPrices(file, config, output)))

program
  .command('series')
  .description('published series')
  .command('import')
  .description('bring a published series in with its source: each stream from the whole file, or nothing')
  .argument('<file>', 'CSV with a line for each period')
  .requiredOption('--stream <names>', 'imported streams to fill, separated by commas, such as publishedMints')
  .requiredOption('--source <text>', 'who published it, and where')
  .requiredOption('--licence <text>', 'under which licence')
  .requiredOption(
    '--retrieved <day>',
    'UTC day the file was retrieved; periods that were not over are left out',
  )
  .option('--network <network>', 'the network, where several have a stream of the name')
  .option(
    '--spread <how>',
    "'none' keeps longer periods whole, 'even' spreads them over their days as estimates",
    'none',
  )
  .option('--replace', 'replace other amounts imported for the same days')
  .action(
    withConfig((config, _logger, file: string, options: SeriesImportOptions) =>
      importSeries(file, options, config, output),
    ),
  )

program
  .command('inspect')
  .description('ask live nodes what a declaration needs; exit code 1 if something differs from it')
  .argument('<network>', 'for example helium')
  .option('--json', 'print as JSON')
  .action(
    withConfig(async (config, logger, network: string, options: { json?: boolean }) => {
      if (!(await inspect(network, options, config, logger, output, stop))) process.exitCode = 1
    }),
  )

program
  .command('repair')
  .description('forget blocks that the chain dropped, so that they are read again')
  .argument('<chain>')
  .option('--from <height>', 'first height to forget; without it, stored blocks are compared with the chain')
  .action(
    withConfig((config, logger, chain: string, options: { from?: string }) =>
      repair(chain, options, config, logger, output, stop),
    ),
  )

/** Says in one line why the command could not go on. */
function fail(thrown: unknown): void {
  const error = storeError(thrown, 'running the command')
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else {
    output.note(hideSecrets(`depindex: ${messageOf(error)}`, secrets))
    if (codeOf(error) === undefined && error instanceof Error)
      output.note(hideSecrets(error.stack ?? '', secrets))
    process.exitCode = codeOf(error) === 'interrupted' ? interruptedCode : 1
  }
}

// The queue's library loses the failures of what it says to a database that went away.
process.once('unhandledRejection', (thrown) => {
  fail(thrown)
  process.exit()
})

try {
  await program.parseAsync()
} catch (thrown) {
  fail(thrown)
}
