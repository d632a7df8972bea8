import { createHash } from 'node:crypto'
import { codeOf, IndexerError, messageOf } from '../../pipeline/model/errors.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { instant, unixSeconds } from '../../pipeline/model/time.ts'
import type { Answer, StreamedAnswer } from '../answers.ts'
import { jsonAnswer, keeps } from '../answers.ts'
import type { ApiServices } from '../context.ts'
import { clientCode } from '../errors.ts'
import type { Place } from '../places.ts'
import type { Route } from '../queries.ts'
import { settledSeconds } from '../settled.ts'
import type { FileFormat } from './file.ts'
import { fileFormats, finishFile, openFile } from './file.ts'
import type { EventsFile, MetricsFile } from './request.ts'
import { readEventsFile, readMetricsFile } from './request.ts'

/** Points of the rate limit that a file costs. */
const pointsPerFile = 20
/** Files that are written at once; more wait outside, so that queries keep their connections. */
const filesAtOnce = 3
const retrySeconds = '5'

const types: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

/** The files of metrics and events, and what says their checksums. */
export function createFilePlaces(services: ApiServices): Map<string, Place> {
  let writing = 0
  const busy = (): Answer | undefined =>
    writing < filesAtOnce
      ? undefined
      : refusal(503, `${filesAtOnce} files are being written; ask again in ${retrySeconds} s`, 'BUSY', {
          'retry-after': retrySeconds,
        })
  const file =
    (what: 'metrics' | 'events', format: FileFormat): Route =>
    (request, url, charge) =>
      answering(async () => {
        const wanted = readWanted(what, url.searchParams, services)
        const version = await services.readers.getDataVersion()
        const headers = headersOf(wanted, format, url, version, services)
        const tags = request.headers['if-none-match'] ?? ''
        if (tags.includes(headers['etag'] ?? ' ')) return { status: 304, headers, body: Buffer.alloc(0) }
        const refused = busy()
        if (refused !== undefined) return refused
        await charge(pointsPerFile)
        const { chunks } = await openFile(wanted, format, services.readers, services.version)
        const held = async function* (): AsyncGenerator<Uint8Array | string> {
          writing += 1
          try {
            yield* chunks
          } finally {
            writing -= 1
          }
        }
        return { status: 200, headers, chunks: held(), compressible: format === 'csv' }
      })
  const manifest: Route = (_request, url, charge) =>
    answering(async () => {
      const given = new URLSearchParams(url.searchParams)
      const name = given.get('file') ?? ''
      given.delete('file')
      const [, what, format] = /^(metrics|events)\.(csv|parquet)$/.exec(name) ?? []
      if (what === undefined || format === undefined)
        throw new IndexerError(
          'bad-argument',
          `file: '${name.slice(0, 60)}' is none of metrics.csv, metrics.parquet, events.csv, events.parquet`,
        )
      // What the manifest says holds as of one instant, and its address names it.
      if (!given.has('asOf')) given.set('asOf', instant(presentOf(services)))
      const wanted = readWanted(what as 'metrics' | 'events', given, services)
      const refused = busy()
      if (refused !== undefined) return refused
      await charge(pointsPerFile)
      writing += 1
      try {
        const open = await openFile(wanted, format as FileFormat, services.readers, services.version)
        given.set('from', wanted.query.from ?? '')
        given.set('to', wanted.query.to ?? '')
        const address = `/v1/${name}?${given}`
        return jsonAnswer(200, { address, ...(await finishFile(name, open)) })
      } finally {
        writing -= 1
      }
    })
  const places = new Map<string, Place>([['/v1/manifest', { methods: ['GET'], route: manifest }]])
  for (const what of ['metrics', 'events'] as const)
    for (const format of fileFormats)
      places.set(`/v1/${what}.${format}`, { methods: ['GET'], route: file(what, format) })
  return places
}

const presentOf = ({ clock }: ApiServices): UnixSeconds => unixSeconds(Math.ceil(clock() / 1000))

function readWanted(
  what: 'metrics' | 'events',
  search: URLSearchParams,
  services: ApiServices,
): MetricsFile | EventsFile {
  const { names, readers } = services
  const given = new Map([...search].filter(([name]) => name !== 'key'))
  const known = { networks: names.networks.ids, metrics: readers.metrics.map((m) => m.id) }
  const now = presentOf(services)
  return what === 'metrics' ? readMetricsFile(given, known, now) : readEventsFile(given, known, now)
}

function headersOf(
  wanted: MetricsFile | EventsFile,
  format: FileFormat,
  url: URL,
  dataVersion: string,
  { clock }: ApiServices,
): Record<string, string> {
  const now = Math.floor(clock() / 1000)
  const { from, to, asOf } = wanted.query
  const fixed = url.searchParams.has('asOf') && asOf !== undefined && asOf <= now - settledSeconds
  url.searchParams.delete('key')
  const parts = [fixed ? 'fixed' : dataVersion, url.pathname, url.search, from, to]
  const tag = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)
  return {
    'content-type': types[format],
    'content-disposition': `attachment; filename="${wanted.what}_${from}_${to}.${format}"`,
    // Weak: the same rows, whatever bytes a compression gives.
    etag: `W/"${tag}"`,
    'cache-control': fixed ? keeps.forever : keeps.tenMinutes,
    'x-depindex-data-version': dataVersion,
    ...(wanted.what === 'metrics' ? { 'x-depindex-as-of': instant(wanted.query.asOf) } : {}),
  }
}

/** Mistakes in the request become answers that name the argument. */
async function answering(work: () => Promise<Answer | StreamedAnswer>): Promise<Answer | StreamedAnswer> {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    return refusal(code === 'bad-argument' ? 400 : 503, messageOf(error), clientCode(code))
  }
}

function refusal(
  status: number,
  message: string,
  code: string,
  headers: Record<string, string> = {},
): Answer {
  return jsonAnswer(status, { errors: [{ message, extensions: { code } }] }, headers)
}
