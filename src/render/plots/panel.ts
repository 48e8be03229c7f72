/** One plot as a panel: axes with ticks and units, a legend, and below it what to see. */
import { printable } from '../../bytes/printable.js'
import { formatCount } from '../../bytes/units.js'
import type { Axis, Plot, Point, Series } from '../../plots/model.js'
import { leftOutOf, thin } from '../../plots/thin.js'
import { positionOf, type Ticks, ticksOf } from '../../plots/ticks.js'
import type { Pen } from '../pen.js'
import { MARGIN, WIDTH } from '../svg/columns.js'
import { wrap } from '../width.js'
import { BANDS, drawSeries, LOOKS, legendMark, ORDER, type Scale } from './marks.js'

const LEFT = 78
const RIGHT = WIDTH - MARGIN - 6
const HEIGHT = 300
/** Where what is plotted begins and ends, from left to right. */
export const AREA = { left: LEFT, right: RIGHT }
/** Above what is plotted: what held the sender back, as a strip. */
const STRIP = 8
const MOST_TICKS_ACROSS = 10
const MOST_TICKS_UP = 7
/** Columns of sans-serif text of 12 px, and what a column of it takes at most. */
const WORD_COLUMNS = 126
const WORD_COLUMN = 7.2
/** Points of one series that are named by their frame. */
const MOST_NAMES = 12

export interface PanelOptions {
  /** what to see in it stands below; a report has it in a caption of its own */
  readonly captions: boolean
  readonly title: boolean
  /** slices of time of which each shows four points at the most */
  readonly slices?: number
}

/** Pixels beyond the axes, where nothing is seen. */
const BEYOND = 50

/** What lies far beyond the axes is drawn not so far: TeX knows no length above some six metres. */
function within(from: number, until: number, at: number): number {
  return Math.min(until + BEYOND, Math.max(from - BEYOND, at))
}

/** Without the bands that are narrower than a line, and without series that lie beyond the axes. */
function seen(plot: Plot): Plot {
  const least = (plot.time.maximum - plot.time.minimum) / (RIGHT - LEFT)
  const isWithin = ({ value }: Point) => value <= plot.value.maximum
  return {
    ...plot,
    bands: plot.bands.filter(({ from, until }) => until - from >= least),
    series: plot.series.filter(({ points }) => points.some(isWithin)),
  }
}

interface Part {
  readonly shapes: readonly string[]
  readonly bottom: number
}

export interface PlotShapes extends Part {
  readonly scale: Scale
  readonly top: number
  /** where the axis of time is */
  readonly base: number
}

/** @param index of the panel in its figure @param from where it begins, in pixels from the top */
export function drawPanel(
  pen: Pen,
  whole: Plot,
  index: number,
  from: number,
  { captions, title, slices }: PanelOptions,
): PlotShapes {
  const plot = seen(thin(whole, slices))
  const shapes: string[] = []
  let y = from
  if (title) {
    shapes.push(pen.text(MARGIN, y + 18, plot.title, { className: 'ink words strong' }))
    y += 26
  }
  const legend = drawLegend(pen, plot, y)
  shapes.push(...legend.shapes)
  y = legend.bottom
  const hasStrip = plot.bands.some(({ key }) => BANDS[key].isStrip)
  if (hasStrip) y += STRIP + 3
  const [top, bottom] = [y + 4, y + 4 + HEIGHT]
  const scale: Scale = {
    x: (time) => within(LEFT, RIGHT, LEFT + positionOf(plot.time, time) * (RIGHT - LEFT)),
    y: (value) => within(top, bottom, bottom - positionOf(plot.value, value) * HEIGHT),
  }
  shapes.push(...drawBands(pen, plot, scale, top, bottom))
  const across = ticksOf(plot.time, MOST_TICKS_ACROSS)
  const up = ticksOf(plot.value, MOST_TICKS_UP)
  for (const { at, text: words } of across.ticks) {
    const x = scale.x(at)
    shapes.push(pen.line(x, top, x, bottom, 'l-ink thin grid'), pen.line(x, bottom, x, bottom + 4, 'l-ink thin'))
    shapes.push(pen.text(x, bottom + 15, words, { anchor: 'middle', className: 'ink small' }))
  }
  for (const { at, text: words } of up.ticks) {
    const tickY = scale.y(at)
    shapes.push(
      pen.line(LEFT, tickY, RIGHT, tickY, 'l-ink thin grid'),
      pen.line(LEFT - 4, tickY, LEFT, tickY, 'l-ink thin'),
    )
    shapes.push(pen.text(LEFT - 7, tickY + 3.3, words, { anchor: 'end', className: 'ink small' }))
  }
  shapes.push(pen.line(LEFT, bottom, RIGHT, bottom, 'l-ink'), pen.line(LEFT, top, LEFT, bottom, 'l-ink'))
  shapes.push(
    pen.clipped(
      LEFT,
      top - 6,
      RIGHT - LEFT,
      HEIGHT + 12,
      `p${index}`,
      plot.series.flatMap((series) => drawSeries(pen, series, scale, bottom)),
    ),
    ...drawNames(pen, plot, scale),
  )
  const middle = { x: 16, y: (top + bottom) / 2 }
  shapes.push(
    pen.text((LEFT + RIGHT) / 2, bottom + 31, labelOf(plot.time, across), { anchor: 'middle', className: 'ink words' }),
    pen.text(middle.x, middle.y, labelOf(plot.value, up), {
      anchor: 'middle',
      className: 'ink words',
      rotate: { angle: -90, ...middle },
    }),
  )
  y = bottom + 40
  const below = [...(captions ? [plot.caption.join(' ')] : []), ...thinned(plot)]
  for (const words of below.flatMap((sentence) => wrap(printable(sentence), WORD_COLUMNS))) {
    y += 15
    shapes.push(pen.text(MARGIN, y, words, { className: 'ink words' }))
  }
  return { shapes, bottom: y + 12, scale, top, base: bottom }
}

function labelOf({ label }: Axis, { unit }: Ticks): string {
  return unit === '' ? label : `${label}, ${unit}`
}

function thinned(plot: Plot): string[] {
  const left = leftOutOf(plot)
  if (left === undefined) return []
  return [
    `Drawn are ${formatCount(left.drawn)} of ${formatCount(left.of)} points: the first, last, lowest and highest of each moment.`,
  ]
}

function drawLegend(pen: Pen, { series, bands }: Plot, top: number): Part {
  const shapes: string[] = []
  const strips = [...new Map(bands.map((band) => [band.key, band])).values()]
  const entries = [
    ...series
      .toSorted((a, b) => ORDER.indexOf(a.key) - ORDER.indexOf(b.key))
      .map((one) => ({ label: one.label, draw: (x: number, y: number) => legendMark(pen, one, x, y) })),
    ...strips.map(({ key, label }) => ({
      label,
      draw: (x: number, y: number) => pen.rect(x, y - 4, 22, 8, BANDS[key].className),
    })),
  ]
  let x = LEFT
  let y = top + 8
  for (const { label, draw } of entries) {
    const width = 28 + label.length * WORD_COLUMN + 14
    if (x > LEFT && x + width > RIGHT + 14) {
      x = LEFT
      y += 16
    }
    shapes.push(draw(x, y), pen.text(x + 28, y + 4, label, { className: 'ink words' }))
    x += width
  }
  return { shapes, bottom: y + 12 }
}

function drawBands(pen: Pen, { bands }: Plot, { x }: Scale, top: number, bottom: number): string[] {
  return bands.map(({ key, from, until }) => {
    const { className, isStrip } = BANDS[key]
    const [left, right] = [Math.max(LEFT, x(from)), Math.min(RIGHT, x(until))]
    const width = Math.max(0.5, right - left)
    return isStrip
      ? pen.rect(left, top - STRIP - 3, width, STRIP, className)
      : pen.rect(left, top, width, bottom - top, className)
  })
}

/** The frames of what stands out, beside their marks, where there is room. */
function drawNames(pen: Pen, { series }: Plot, scale: Scale): string[] {
  const shapes: string[] = []
  const taken: (readonly [number, number])[] = []
  for (const one of series) {
    if (LOOKS[one.key].named !== true) continue
    let named = 0
    for (const point of one.points) {
      const [x, y] = nameAt(one, point, scale)
      if (named === MOST_NAMES || taken.some(([left, top]) => Math.abs(left - x) < 34 && Math.abs(top - y) < 11))
        continue
      taken.push([x, y])
      named++
      const isAtEnd = x > RIGHT - 40
      const style = { anchor: isAtEnd ? 'end' : 'start', className: `${LOOKS[one.key].ink} small` } as const
      shapes.push(pen.text(isAtEnd ? x - 14 : x, y, `#${point.frame}`, style))
    }
  }
  return shapes
}

/** Right of the mark, and clear of the line of acknowledgments on which a hole begins. */
function nameAt({ shape }: Series, { time, value, to = value }: Point, { x, y }: Scale): readonly [number, number] {
  return shape === 'bars' ? [x(time) + 5, Math.min(y(to) + 3, y(value) - 3)] : [x(time) + 7, y(value) + 7]
}
