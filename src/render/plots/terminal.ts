/** A plot in the terminal: a quick look, in braille dots or in plain ASCII. */
import { printable } from '../../bytes/printable.js'
import type { Plot, Series, SeriesKey } from '../../plots/model.js'
import { positionOf, ticksOf } from '../../plots/ticks.js'
import type { Paint, Theme } from '../style.js'
import { displayWidth, padEnd, padStart, wrap } from '../width.js'
import { Canvas } from './canvas.js'

export interface TerminalOptions {
  readonly width: number
  readonly theme: Theme
  /** plain ASCII when false */
  readonly braille: boolean
}

const ROWS = 18
const WIDEST = 160

/** A series' colour, its letter in ASCII, and whether it is a letter in braille too: what has to be found at once. */
const LOOKS: Readonly<Record<SeriesKey, readonly [paint: keyof Theme, letter: string, isLetter: boolean]>> = {
  segment: ['strong', '*', false],
  lost: ['teardown', 'x', true],
  retransmission: ['trouble', 'R', true],
  'out-of-order': ['note', 'o', true],
  duplicate: ['note', 'd', true],
  ack: ['handshake', '.', false],
  'duplicate-ack': ['handshake', '+', false],
  window: ['teardown', '-', false],
  sack: ['note', ':', false],
  rtt: ['data', '*', false],
  estimate: ['handshake', '=', false],
  timeout: ['trouble', '-', false],
  throughput: ['teardown', '-', false],
  goodput: ['data', '#', false],
  'in-flight': ['data', '#', false],
}

export function* drawPlotLines(plot: Plot, { width, theme, braille }: TerminalOptions): Generator<string> {
  const up = ticksOf(plot.value, 6)
  const across = ticksOf(plot.time, Math.max(2, Math.floor(width / 14)))
  const gutter = Math.max(...up.ticks.map(({ text }) => displayWidth(text))) + 1
  const columns = Math.min(width, WIDEST) - gutter - 2
  const canvas = new Canvas(columns, ROWS, braille)
  for (const series of plot.series) drawOn(canvas, plot, series)
  const unit = up.unit === '' ? '' : `, ${up.unit}`
  yield ''
  yield theme.strong(plot.title)
  yield theme.faint(`${plot.value.label}${unit}`)
  const labels = new Map(up.ticks.map(({ at, text }) => [rowOf(plot, at), text]))
  for (let row = 0; row < ROWS; row++) {
    const label = labels.get(row)
    const tick = label === undefined ? (braille ? '│' : '|') : braille ? '┤' : '+'
    const cells = canvas.row(row).map(({ character, key }) => paintFor(theme, key)(character))
    yield `${padStart(label ?? '', gutter - 1)} ${theme.faint(tick)}${cells.join('').trimEnd()}`
  }
  yield* timeRows(plot, across, gutter, columns, braille, theme)
  const legend = plot.series.map(({ key, label }) => {
    const [, letter, isLetter] = LOOKS[key]
    const mark = !braille || isLetter ? letter : '⣿'
    return `${paintFor(theme, key)(mark)} ${label}`
  })
  yield* joined(
    legend,
    plot.series.map(({ label }) => displayWidth(label) + 2),
    width,
  )
  for (const line of wrap(printable(plot.caption.join(' ')), Math.min(width, WIDEST))) yield line
}

function rowOf({ value }: Plot, at: number): number {
  return Math.min(ROWS - 1, Math.round((1 - positionOf(value, at)) * (ROWS - 1)))
}

function drawOn(canvas: Canvas, { time, value }: Plot, { key, shape, points }: Series): void {
  const [, letter, isLetter] = LOOKS[key]
  const x = (at: number) => Math.round(positionOf(time, at) * (canvas.width - 1))
  const y = (at: number) => Math.round((1 - positionOf(value, at)) * (canvas.height - 1))
  let last: readonly [number, number] | undefined
  for (const point of points) {
    const [atX, atY] = [x(point.time), y(point.value)]
    if (shape === 'steps' && last !== undefined) {
      canvas.horizontal(last[0], atX, last[1], key, letter)
      canvas.vertical(atX, last[1], atY, key, letter)
    } else if (shape === 'bars') canvas.vertical(atX, atY, y(point.to ?? point.value), key, letter)
    if (isLetter) canvas.letter(atX, atY, key, letter)
    else canvas.dot(atX, atY, key, letter)
    last = [atX, atY]
  }
}

/** The axis of time, and the numbers below it. */
function* timeRows(
  { time }: Plot,
  { unit, ticks }: ReturnType<typeof ticksOf>,
  gutter: number,
  columns: number,
  braille: boolean,
  theme: Theme,
): Generator<string> {
  const [corner, plain, tick] = braille ? ['└', '─', '┬'] : ['+', '-', '+']
  const axis = new Array<string>(columns).fill(plain)
  let numbers = ' '.repeat(gutter + 1)
  for (const { at, text } of ticks) {
    const column = Math.round(positionOf(time, at) * (columns - 1))
    axis[column] = tick
    const start = gutter + 1 + column - Math.floor(text.length / 2)
    if (start > numbers.trimEnd().length) numbers = padEnd(numbers.slice(0, start), start) + text
  }
  yield `${' '.repeat(gutter)}${theme.faint(corner + axis.join(''))}`
  yield theme.faint(`${numbers.trimEnd()} ${unit}`)
}

function paintFor(theme: Theme, key: SeriesKey | undefined): Paint {
  return key === undefined ? (text) => text : theme[LOOKS[key][0]]
}

/** Pieces of known widths on as few lines as hold them. */
function* joined(pieces: readonly string[], widths: readonly number[], width: number): Generator<string> {
  let line = ''
  let used = 0
  for (const [i, piece] of pieces.entries()) {
    const wide = (widths[i] ?? 0) + 3
    if (line !== '' && used + wide > width) {
      yield line
      line = ''
      used = 0
    }
    line += line === '' ? piece : `   ${piece}`
    used += wide
  }
  if (line !== '') yield line
}
