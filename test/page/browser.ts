/** A real headless Chromium that opens reports from files, and writes down whatever a report must not do. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { synopsis } from '../cli/synopsis.js'

const EXECUTABLE = '/usr/bin/chromium'
export const hasChromium = existsSync(EXECUTABLE)
export const why = hasChromium ? '' : ' (skipped: chromium is not installed)'

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

export interface View {
  /** after the file's name: `#0/tcp0/4` */
  readonly at?: string
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
}

export interface Opened {
  readonly page: Page
  /** console messages, errors, requests, dialogs: a report makes none */
  readonly incidents: string[]
}

/** For a test file: a folder, a browser, and how to make a report and open it. */
export function browsing() {
  const folder = mkdtempSync(join(tmpdir(), 'synopsis-page-'))
  let browser: Browser | undefined
  beforeAll(async () => {
    if (hasChromium) browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const path = (name: string) => join(folder, name)

  /** Makes the report of a capture; gives its path. */
  const report = (capture: string, name: string, ...options: string[]): string => {
    const { status, stderr } = synopsis(['report', capture, '-o', path(name), ...options])
    if (status !== 0) throw new Error(stderr)
    return path(name)
  }

  const open = async (
    file: string,
    { at = '', width = 1366, height = 768, dark = false }: View = {},
  ): Promise<Opened> => {
    if (browser === undefined) throw new Error('there is no browser')
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      acceptDownloads: true,
    })
    const page = await context.newPage()
    const incidents: string[] = []
    page.on('console', (message) => incidents.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => incidents.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => {
      incidents.push(`dialog: ${dialog.message()}`)
      dialog.dismiss().catch(() => {})
    })
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(pathToFileURL(file).href) && !url.startsWith('data:')) incidents.push(`request: ${url}`)
    })
    await page.goto(pathToFileURL(file).href + at)
    await page.waitForSelector('h1')
    return { page, incidents }
  }

  return { path, report, open }
}
