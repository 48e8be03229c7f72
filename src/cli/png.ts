/** SVG to PNG with whichever converter is installed; synopsis draws no pixels itself. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../errors.js'
import { endOnSignals, temporaryFolder } from './ending.js'

/** Pixels of the picture for one of the figure's: sharp in print at the width of a page. */
const SCALE = 2

interface Converter {
  readonly program: string
  readonly args: (svg: string, png: string, width: number, height: number) => readonly string[]
}

/** From the quickest on. */
const CONVERTERS: readonly Converter[] = [
  { program: 'rsvg-convert', args: (svg, png) => ['--zoom', String(SCALE), '-o', png, svg] },
  { program: 'inkscape', args: (svg, png) => ['--export-type=png', '-d', String(96 * SCALE), '-o', png, svg] },
  ...['chromium', 'chromium-browser', 'google-chrome'].map((program) => ({
    program,
    args: (svg: string, png: string, width: number, height: number) => [
      '--headless',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--hide-scrollbars',
      `--force-device-scale-factor=${SCALE}`,
      `--window-size=${width},${height}`,
      `--screenshot=${png}`,
      `file://${svg}`,
    ],
  })),
  { program: 'magick', args: (svg, png) => ['-density', String(96 * SCALE), svg, png] },
]

/** ms that a converter may take */
const LONGEST = 60_000

/** @throws UsageError when no converter is there, or the one that is fails */
export async function toPng(svg: string): Promise<Uint8Array> {
  let child: ChildProcess | undefined
  endOnSignals(() => void child?.kill())
  const folder = temporaryFolder()
  const [from, to] = [join(folder, 'figure.svg'), join(folder, 'figure.png')]
  const [, width = '860', height = '600'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
  writeFileSync(from, svg)
  for (const { program, args } of CONVERTERS) {
    const words = args(from, to, Math.ceil(+width), Math.ceil(+height))
    child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], timeout: LONGEST })
    const failure = await failureOf(child)
    if (failure === ABSENT) continue
    if (failure !== undefined) {
      throw new UsageError(
        `${program} could not make a PNG of the figure: ${failure || 'no reason given'}; write an .svg`,
      )
    }
    return readFileSync(to)
  }
  throw new UsageError(
    'no PNG without a converter: install rsvg-convert (Debian and Ubuntu: librsvg2-bin; macOS: brew install librsvg), or write an .svg',
  )
}

const ABSENT = Symbol('there is no such program')

/** Waits for a converter. Undefined when it made the picture; else its first words about why not. */
function failureOf(child: ChildProcess): Promise<string | typeof ABSENT | undefined> {
  let why = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (!why.includes('\n')) why += text
  })
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? ABSENT : error.message))
    child.once('close', (status) => resolve(status === 0 ? undefined : (why.split('\n')[0] ?? '')))
  })
}
