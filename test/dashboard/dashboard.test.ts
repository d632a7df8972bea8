import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, start } from '../support/process.ts'

/** Where systems keep Chromium; CHROMIUM names another place. */
const places = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const executablePath = places.find((place) => place !== undefined && existsSync(place))
if (executablePath === undefined && process.env['CI'] !== undefined)
  throw new Error('Chromium is absent, but CI must run the tests of the dashboard')
const shots = join(root, 'dist', 'screenshots')

let browser: Browser
let url: string
let demo: ReturnType<typeof start>
const data = mkdtempSync(join(tmpdir(), 'depindex-dashboard-'))

/** A page at an address, with everything that must not happen. */
async function open(
  path: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; wrong: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options })
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(error.message))
  page.on('requestfailed', (request) => wrong.push(`failed: ${request.url()}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
      wrong.push(`asked elsewhere: ${request.url()}`)
  })
  await page.goto(url + path)
  await settled(page)
  return { page, wrong }
}

/** Waits until nothing is being read any more. */
async function settled(page: Page): Promise<void> {
  await page.waitForSelector('main')
  // One look may fall between two questions.
  for (let quiet = 0; quiet < 2; ) {
    quiet = (await page.locator('.waiting, .stale').count()) === 0 ? quiet + 1 : 0
    await page.waitForTimeout(50)
  }
}

const shoot = (page: Page, name: string) =>
  page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })

describe.skipIf(executablePath === undefined)('the dashboard (skipped without Chromium)', () => {
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    demo = start(['demo', '--days', '33'], { DEPINDEX_DATA: data, PORT: '0', LOG_LEVEL: 'error' })
    url = await new Promise((found, failed) => {
      let said = ''
      demo.child.stdout?.on('data', (chunk) => {
        said += chunk
        const at = /Open (http:\S+)\/ to look around/.exec(said)
        if (at?.[1] !== undefined) found(at[1])
      })
      void demo.finished.then((end) => failed(new Error(`the demo ended: ${end.stderr}`)))
    })
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    demo?.child.kill('SIGTERM')
    await demo?.finished
    rmSync(data, { recursive: true, force: true })
  }, 60_000)

  it('compares all networks, says what is simulated, and sorts by any column', async () => {
    const { page, wrong } = await open('/')
    await expect.poll(() => page.locator('.notice.simulated').textContent()).toContain('Simulated data.')
    const names = (): Promise<string[]> => page.locator('.overview tbody th a').allTextContents()
    const all = await names()
    expect(all).toContain('Arweave')
    expect(all).toContain('Helium')
    expect(await page.locator('tr[data-network=arweave] .number').first().textContent()).toMatch(/^\$/)
    await page.getByRole('button', { name: 'Network' }).click()
    const sorted = [...all].sort((a, b) => a.localeCompare(b, 'en'))
    expect(await names()).toEqual(sorted)
    await page.getByRole('button', { name: 'Network' }).click()
    expect(await names()).toEqual([...sorted].reverse())
    expect(await page.locator('[data-network="ao"] [data-label="Quality"]').textContent()).toMatch(
      /no coverage.*to \d{4}-\d\d-\d\d.*no protocol fee/,
    )
    await shoot(page, 'overview')
    expect(wrong).toEqual([])
    await page.context().close()
  })

  it('shows a network whole: charts, lenses, proof, coverage, streams, each switch in the address', async () => {
    const { page, wrong } = await open('/network/arweave')
    expect(await page.locator('.chart canvas').count()).toBe(2)
    expect(await page.getByRole('heading').allTextContents()).toEqual([
      'Arweave',
      'Honest definitions differ',
      'Supply proof',
      'What has been read',
      'What is counted',
      'What changed of what had been published',
    ])
    expect(await page.locator('.strip .read').count()).toBeGreaterThan(0)
    for (const [name, value] of [
      ['granularity', 'DAY'],
      ['days', '30'],
      ['lens', 'PURCHASE'],
      ['priceBasis', 'DAY_AVG'],
      ['denominator', 'REVENUE'],
      ['by', 'EPOCH'],
    ] as const) {
      await page.locator(`select[name=${name}]`).selectOption(value)
      await settled(page)
      expect(new URL(page.url()).searchParams.get(name)).toBe(value)
    }
    await page.reload()
    await settled(page)
    expect(await page.locator('select[name=lens]').inputValue()).toBe('PURCHASE')
    expect(wrong).toEqual([])
    await shoot(page, 'network')
    await page.context().close()
  })

  it('opens a day down to its transactions', async () => {
    const { page, wrong } = await open('/network/arweave?granularity=DAY')
    await page.getByText('The same as a table').click()
    await page.locator('details tbody tr th a').nth(3).click()
    await settled(page)
    expect(new URL(page.url()).pathname).toBe('/events')
    const rows = page.locator('main table tbody tr')
    expect(await rows.count()).toBe(100)
    await page.getByRole('button', { name: 'Older' }).click()
    await settled(page)
    expect(await page.getByRole('button', { name: 'Newest' }).count()).toBe(1)
    await page.locator('select[name=kind]').selectOption('FEE')
    await settled(page)
    expect(await rows.first().textContent()).toContain('fees')
    await shoot(page, 'events')
    expect(wrong).toEqual([])
    await page.context().close()
  })

  it('reads everything as of a past day', async () => {
    const { page, wrong } = await open('/')
    await page.locator('input[name=asOf]').fill('2020-01-01')
    await settled(page)
    expect(new URL(page.url()).searchParams.get('asOf')).toBe('2020-01-01')
    expect(await page.locator('tr[data-network=arweave] .number').allTextContents()).toEqual([
      '–',
      '–',
      '–',
      '–',
    ])
    await page.getByRole('link', { name: 'Arweave' }).click()
    await settled(page)
    expect(new URL(page.url()).searchParams.get('asOf')).toBe('2020-01-01')
    await page.getByRole('button', { name: 'As known now' }).click()
    await settled(page)
    expect(new URL(page.url()).searchParams.get('asOf')).toBe(null)
    expect(wrong).toEqual([])
    await page.context().close()
  })

  it('compares any metric of chosen networks', async () => {
    const { page, wrong } = await open('/compare')
    await page.locator('select[name=metric]').selectOption('EMISSIONS_USD')
    await settled(page)
    expect(await page.locator('.chart figcaption').textContent()).toBe('emissions usd')
    await page.getByLabel('Helium').uncheck()
    await settled(page)
    expect(await page.locator('main table tbody th').allTextContents()).not.toContain('Helium')
    await shoot(page, 'compare')
    expect(wrong).toEqual([])
    await page.context().close()
  })

  it('gives its numbers away: the GraphQL that it asked, and a file', async () => {
    const { page, wrong } = await open('/network/arweave', {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.getByRole('button', { name: 'Copy the GraphQL' }).click()
    const query = (await page.evaluate('navigator.clipboard.readText()')) as string
    await page.goto(`${url}/query`)
    await settled(page)
    await page.locator('textarea').fill(query)
    await page.getByRole('button', { name: 'Ask' }).click()
    await expect.poll(() => page.locator('pre').textContent()).toContain('"network": "ARWEAVE"')
    await page.goto(`${url}/network/arweave`)
    await settled(page)
    const file = await fetch(url + (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')))
    expect(file.status).toBe(200)
    expect(await file.text()).toMatch(/arweave/)
    expect(wrong).toEqual([])
    await page.context().close()
  })

  it('works by keyboard, on a phone and in the dark, and names what is not there', async () => {
    const phone = await open('/', { viewport: { width: 390, height: 800 }, colorScheme: 'dark' })
    expect(await phone.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await shoot(phone.page, 'phone-dark')
    await phone.page.goto(`${url}/network/arweave`)
    await settled(phone.page)
    expect(await phone.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await shoot(phone.page, 'phone-network')
    expect(phone.wrong).toEqual([])

    const { page, wrong } = await open('/')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content')
    const link = page.getByRole('link', { name: 'Arweave' })
    await link.focus()
    await page.keyboard.press('Enter')
    await settled(page)
    expect(new URL(page.url()).pathname).toBe('/network/arweave')
    await page.goBack()
    await settled(page)
    expect(new URL(page.url()).pathname).toBe('/')
    await page.locator('select[name=theme]').selectOption('dark')
    await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
    await page.goto(`${url}/network/hellium`)
    await settled(page)
    expect(await page.locator('main').textContent()).toContain('No network is called hellium')
    expect(wrong).toEqual([])
    for (const { page: of } of [phone, { page }]) await of.context().close()
  })

  it('asks for the key of a server that wants one', async () => {
    const closed = start(['serve'], {
      DEPINDEX_DATA: join(data, 'demo'),
      PORT: '0',
      LOG_LEVEL: 'error',
      API_KEYS: 'reader:opensesame',
    })
    const address = await new Promise<string>((found, failed) => {
      let said = ''
      closed.child.stderr?.on('data', (chunk) => {
        said += chunk
        const at = /API at (http:\S+)\/graphql/.exec(said)
        if (at?.[1] !== undefined) found(at[1])
      })
      void closed.finished.then((end) => failed(new Error(`the server ended: ${end.stderr}`)))
    })
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(address)
    await expect.poll(() => page.locator('.error').textContent()).toContain('asks for an API key')
    await page.locator('input[name=key]').fill('opensesame')
    await page.getByRole('button', { name: 'Use it in this tab' }).click()
    await settled(page)
    expect(await page.locator('tr[data-network=arweave] .number').first().textContent()).toMatch(/^\$/)
    const file = await fetch(address + (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')))
    expect(file.status).toBe(200)
    await context.close()
    closed.child.kill('SIGTERM')
    await closed.finished
  })

  it('loads little, and soon', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const sizes: Promise<number>[] = []
    page.on('response', (response) =>
      sizes.push(
        response
          .request()
          .sizes()
          .then(
            (s) => s.responseBodySize,
            () => 0,
          ),
      ),
    )
    await page.goto(url)
    await settled(page)
    expect((await Promise.all(sizes)).reduce((a, b) => a + b, 0)).toBeLessThan(300_000)
    await context.close()
  })
})
