/** Plots as one SVG figure, one panel a plot: axes with ticks and units, a legend, and below it what to see. */
import { printable } from '../../bytes/printable.js'
import { formatCount } from '../../bytes/units.js'
import type { Axis, Plot, Point, Series } from '../../plots/model.js'
import { leftOutOf, thin } from '../../plots/thin.js'
import { positionOf, type Ticks, ticksOf } from '../../plots/ticks.js'
import { MARGIN, WIDTH } from '../svg/columns.js'
import { escapeXml, line, rect, round, text } from '../svg/markup.js'
import { STYLESHEET } from '../svg/style.js'
import { wrap } from '../width.js'
import { BANDS, drawSeries, LOOKS, legendMark, ORDER, type Scale } from './marks.js'

export interface PlotFigureOptions {
  /** a line above the panels: which session it is */
  readonly heading?: string
  /** what to see in it stands below each panel; a report has it in its own words */
  readonly captions: boolean
}

const LEFT = 78
const RIGHT = WIDTH - MARGIN - 6
const HEIGHT = 300
/** Above what is plotted: what held the sender back, as a strip. */
const STRIP = 8
const MOST_TICKS_ACROSS = 10
const MOST_TICKS_UP = 7
/** Columns of sans-serif text of 12 px, and what a column of it takes at most. */
const WORD_COLUMNS = 126
const WORD_COLUMN = 6.3
/** Points of one series that are named by their frame. */
const MOST_NAMES = 12

const RULES = [
  'path{fill:none}path.open{fill:Canvas}.line{stroke-linejoin:round}path.area{fill-opacity:.14}',
  '.grid{stroke-opacity:.18}.shut{fill:#a3151b;fill-opacity:.12}',
  '.by-application{fill:#d0d7de}.by-receiver{fill:#7d4100}.by-network{fill:#6e9bd6}',
].join('\n')

export function drawPlots(plots: readonly Plot[], { heading, captions }: PlotFigureOptions): string {
  const shapes: string[] = []
  let y = 8
  if (heading !== undefined) {
    y += 16
    shapes.push(text(MARGIN, y, printable(heading), { className: 'ink title' }))
    y += 6
  }
  for (const [index, plot] of plots.entries()) {
    const panel = drawPanel(seen(thin(plot)), index, y, captions)
    shapes.push(...panel.shapes)
    y = panel.bottom
  }
  const height = round(y + 4)
  const name = [...(heading === undefined ? [] : [heading]), ...plots.map(({ title }) => title)].join('; ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escapeXml(name)}</title>`,
    `<desc id="d">${escapeXml(plots.flatMap(({ caption }) => caption).join(' '))}</desc>`,
    `<style>${STYLESHEET}\n${RULES}</style>`,
    `<rect width="${WIDTH}" height="${height}" class="ground"/>`,
    ...shapes,
    '</svg>',
    '',
  ].join('\n')
}

/** Without the bands that are narrower than a line. */
function seen(plot: Plot): Plot {
  const least = (plot.time.maximum - plot.time.minimum) / (RIGHT - LEFT)
  return { ...plot, bands: plot.bands.filter(({ from, until }) => until - from >= least) }
}

interface Panel {
  readonly shapes: readonly string[]
  readonly bottom: number
}

function drawPanel(plot: Plot, index: number, from: number, captions: boolean): Panel {
  const shapes = [text(MARGIN, from + 18, plot.title, { className: 'ink words strong' })]
  let y = from + 26
  const legend = drawLegend(plot, y)
  shapes.push(...legend.shapes)
  y = legend.bottom
  const hasStrip = plot.bands.some(({ key }) => BANDS[key].isStrip)
  if (hasStrip) y += STRIP + 3
  const [top, bottom] = [y + 4, y + 4 + HEIGHT]
  const scale: Scale = {
    x: (time) => LEFT + positionOf(plot.time, time) * (RIGHT - LEFT),
    y: (value) => bottom - positionOf(plot.value, value) * HEIGHT,
  }
  shapes.push(...drawBands(plot, scale, top, bottom))
  const across = ticksOf(plot.time, MOST_TICKS_ACROSS)
  const up = ticksOf(plot.value, MOST_TICKS_UP)
  for (const { at, text: words } of across.ticks) {
    const x = scale.x(at)
    shapes.push(line(x, top, x, bottom, 'l-ink thin grid'), line(x, bottom, x, bottom + 4, 'l-ink thin'))
    shapes.push(text(x, bottom + 15, words, { anchor: 'middle', className: 'ink small' }))
  }
  for (const { at, text: words } of up.ticks) {
    const tickY = scale.y(at)
    shapes.push(line(LEFT, tickY, RIGHT, tickY, 'l-ink thin grid'), line(LEFT - 4, tickY, LEFT, tickY, 'l-ink thin'))
    shapes.push(text(LEFT - 7, tickY + 3.3, words, { anchor: 'end', className: 'ink small' }))
  }
  shapes.push(line(LEFT, bottom, RIGHT, bottom, 'l-ink'), line(LEFT, top, LEFT, bottom, 'l-ink'))
  const clip = `p${index}`
  shapes.push(
    `<clipPath id="${clip}"><rect x="${LEFT}" y="${round(top - 6)}" width="${RIGHT - LEFT}" height="${HEIGHT + 12}"/></clipPath>`,
    `<g clip-path="url(#${clip})">`,
    ...plot.series.flatMap((series) => drawSeries(series, scale, bottom)),
    '</g>',
    ...drawNames(plot, scale),
  )
  const middle = { x: 16, y: (top + bottom) / 2 }
  shapes.push(
    text((LEFT + RIGHT) / 2, bottom + 31, labelOf(plot.time, across), { anchor: 'middle', className: 'ink words' }),
    text(middle.x, middle.y, labelOf(plot.value, up), {
      anchor: 'middle',
      className: 'ink words',
      rotate: { angle: -90, ...middle },
    }),
  )
  y = bottom + 40
  const below = [...(captions ? [plot.caption.join(' ')] : []), ...thinned(plot)]
  for (const words of below.flatMap((sentence) => wrap(printable(sentence), WORD_COLUMNS))) {
    y += 15
    shapes.push(text(MARGIN, y, words, { className: 'ink words' }))
  }
  return { shapes, bottom: y + 12 }
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

function drawLegend({ series, bands }: Plot, top: number): Panel {
  const shapes: string[] = []
  const strips = [...new Map(bands.map((band) => [band.key, band])).values()]
  const entries = [
    ...series
      .toSorted((a, b) => ORDER.indexOf(a.key) - ORDER.indexOf(b.key))
      .map((one) => ({ label: one.label, draw: (x: number, y: number) => legendMark(one, x, y) })),
    ...strips.map(({ key, label }) => ({
      label,
      draw: (x: number, y: number) => rect(x, y - 4, 22, 8, BANDS[key].className),
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
    shapes.push(draw(x, y), text(x + 28, y + 4, label, { className: 'ink words' }))
    x += width
  }
  return { shapes, bottom: y + 8 }
}

function drawBands({ bands }: Plot, { x }: Scale, top: number, bottom: number): string[] {
  return bands.map(({ key, from, until }) => {
    const { className, isStrip } = BANDS[key]
    const [left, right] = [Math.max(LEFT, x(from)), Math.min(RIGHT, x(until))]
    const width = Math.max(0.5, right - left)
    return isStrip
      ? rect(left, top - STRIP - 3, width, STRIP, className)
      : rect(left, top, width, bottom - top, className)
  })
}

/** The frames of what stands out, beside their marks, where there is room. */
function drawNames({ series }: Plot, scale: Scale): string[] {
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
      shapes.push(text(isAtEnd ? x - 14 : x, y, `#${point.frame}`, style))
    }
  }
  return shapes
}

/** Right of the mark, and clear of the line of acknowledgments on which a hole begins. */
function nameAt({ shape }: Series, { time, value, to = value }: Point, { x, y }: Scale): readonly [number, number] {
  return shape === 'bars' ? [x(time) + 5, Math.min(y(to) + 3, y(value) - 3)] : [x(time) + 7, y(value) + 7]
}
