/** SVG to PNG with whichever converter is installed; synopsis draws no pixels itself. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../errors.js'

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
export function toPng(svg: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'synopsis-'))
  const [from, to] = [join(folder, 'figure.svg'), join(folder, 'figure.png')]
  const [, width = '860', height = '600'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
  try {
    writeFileSync(from, svg)
    for (const { program, args } of CONVERTERS) {
      const { error, status, stderr } = spawnSync(program, args(from, to, Math.ceil(+width), Math.ceil(+height)), {
        timeout: LONGEST,
      })
      if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') continue
      if (status !== 0) {
        const [why = ''] = String(stderr ?? error ?? '').split('\n')
        throw new UsageError(
          `${program} could not make a PNG of the figure: ${why || 'no reason given'}; write an .svg`,
        )
      }
      return readFileSync(to)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  throw new UsageError(
    'no PNG without a converter: install rsvg-convert (Debian and Ubuntu: librsvg2-bin; macOS: brew install librsvg), or write an .svg',
  )
}
