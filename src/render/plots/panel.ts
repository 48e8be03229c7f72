/** One plot as a panel: axes with ticks and units, a legend, and below it what to see. */
import { printable } from '../../bytes/printable.js'
import { formatCount } from '../../bytes/units.js'
import type { Axis, Plot, Point } from '../../plots/model.js'
import { leftOutOf, thin } from '../../plots/thin.js'
import { positionOf, type Ticks, ticksOf } from '../../plots/ticks.js'
import type { Pen } from '../pen.js'
import { MARGIN, WIDTH } from '../svg/columns.js'
import { wrap } from '../width.js'
import { drawLegend } from './legend.js'
import { BANDS, drawSeries, type Scale } from './marks.js'
import { drawNames, type Names } from './names.js'
import type { Box } from './room.js'

/** Pixels left and right of what is plotted, and its height. */
const BEFORE = 78
const AFTER = MARGIN + 6
const HEIGHT = 300
/** Above what is plotted: what held the sender back, as a strip. */
const STRIP = 8
/** Pixels from one tick of the time to the next at least. */
const TICK = 75
const MOST_TICKS_UP = 7
/** What a column of sans-serif text of 12 px takes, in sentences; a title is bold. */
const WORD_COLUMN = 6.63
const BOLD_COLUMN = 7.6

export interface PanelOptions {
  /** what to see in it stands below; a report has it in a caption of its own */
  readonly captions: boolean
  readonly title: boolean
  /** of the panel in pixels; a figure's when absent */
  readonly width?: number
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
function seen(plot: Plot, pixels: number): Plot {
  const least = (plot.time.maximum - plot.time.minimum) / pixels
  const isWithin = ({ value }: Point) => value <= plot.value.maximum
  return {
    ...plot,
    bands: plot.bands.filter(({ from, until }) => until - from >= least),
    series: plot.series.filter(({ points }) => points.some(isWithin)),
  }
}

export interface PlotShapes {
  readonly shapes: readonly string[]
  readonly bottom: number
  readonly scale: Scale
  /** what is plotted, within the axes */
  readonly area: Box
}

/** @param index of the panel in its figure @param from where it begins, in pixels from the top */
export function drawPanel(
  pen: Pen,
  whole: Plot,
  index: number,
  from: number,
  { captions, title, width = WIDTH, slices }: PanelOptions,
): PlotShapes {
  const [left, right] = [BEFORE, width - AFTER]
  const plot = seen(thin(whole, slices), right - left)
  const shapes: string[] = []
  let y = from
  if (title) {
    for (const words of wrap(plot.title, Math.floor((width - 2 * MARGIN) / BOLD_COLUMN))) {
      y += 18
      shapes.push(pen.text(MARGIN, y, words, { className: 'ink words strong' }))
    }
    y += 8
  }
  const legend = drawLegend(pen, plot, { left, right, top: y })
  shapes.push(...legend.shapes)
  y = legend.bottom
  const hasStrip = plot.bands.some(({ key }) => BANDS[key].isStrip)
  if (hasStrip) y += STRIP + 3
  const [top, bottom] = [y + 4, y + 4 + HEIGHT]
  const area = { left, right, top, bottom }
  const scale: Scale = {
    x: (time) => within(left, right, left + positionOf(plot.time, time) * (right - left)),
    y: (value) => within(top, bottom, bottom - positionOf(plot.value, value) * HEIGHT),
  }
  shapes.push(...drawBands(pen, plot, scale, area))
  const across = ticksOf(plot.time, Math.floor((right - left) / TICK))
  const up = ticksOf(plot.value, MOST_TICKS_UP)
  for (const { at, text: words } of across.ticks) {
    const x = scale.x(at)
    shapes.push(pen.line(x, top, x, bottom, 'l-ink thin grid'), pen.line(x, bottom, x, bottom + 4, 'l-ink thin'))
    shapes.push(pen.text(x, bottom + 15, words, { anchor: 'middle', className: 'ink small' }))
  }
  for (const { at, text: words } of up.ticks) {
    const tickY = scale.y(at)
    shapes.push(
      pen.line(left, tickY, right, tickY, 'l-ink thin grid'),
      pen.line(left - 4, tickY, left, tickY, 'l-ink thin'),
    )
    shapes.push(pen.text(left - 7, tickY + 3.3, words, { anchor: 'end', className: 'ink small' }))
  }
  shapes.push(pen.line(left, bottom, right, bottom, 'l-ink'), pen.line(left, top, left, bottom, 'l-ink'))
  const names = drawNames(pen, plot, scale, { left: left + 2, top: top - 5, right: right + 10, bottom: bottom - 1 })
  shapes.push(
    pen.clipped(
      left,
      top - 6,
      right - left,
      HEIGHT + 12,
      `p${index}`,
      plot.series.flatMap((series) => drawSeries(pen, series, scale, bottom)),
    ),
    ...names.shapes,
  )
  const middle = { x: 16, y: (top + bottom) / 2 }
  shapes.push(
    pen.text((left + right) / 2, bottom + 31, labelOf(plot.time, across), { anchor: 'middle', className: 'ink words' }),
    pen.text(middle.x, middle.y, labelOf(plot.value, up), {
      anchor: 'middle',
      className: 'ink words',
      rotate: { angle: -90, ...middle },
    }),
  )
  y = bottom + 40
  const below = [...(captions ? [plot.caption.join(' ')] : []), ...thinned(plot), ...unnamed(names)]
  for (const words of below.flatMap((sentence) =>
    wrap(printable(sentence), Math.floor((width - 2 * MARGIN) / WORD_COLUMN)),
  )) {
    y += 15
    shapes.push(pen.text(MARGIN, y, words, { className: 'ink words' }))
  }
  return { shapes, bottom: y + 12, scale, area }
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

function unnamed({ named, of }: Names): string[] {
  if (named === of) return []
  return [`Of ${formatCount(of)} marks that stand out, ${formatCount(named)} are named by their frame.`]
}

function drawBands(pen: Pen, { bands }: Plot, { x }: Scale, area: Box): string[] {
  return bands.map(({ key, from, until }) => {
    const { className, isStrip } = BANDS[key]
    const [left, right] = [Math.max(area.left, x(from)), Math.min(area.right, x(until))]
    const width = Math.max(0.5, right - left)
    return isStrip
      ? pen.rect(left, area.top - STRIP - 3, width, STRIP, className)
      : pen.rect(left, area.top, width, area.bottom - area.top, className)
  })
}
