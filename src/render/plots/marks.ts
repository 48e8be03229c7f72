/**
 * How each series is drawn, alike in every plot. Colour never says it alone: a series has a mark, a dash or a width of its
 * own, so that a grey print reads the same.
 */
import type { Band, Point, Series, SeriesKey } from '../../plots/model.js'
import { round } from '../svg/markup.js'

/** From points to pixels. */
export interface Scale {
  readonly x: (time: number) => number
  readonly y: (value: number) => number
}

/** `ink`: a colour of the style sheet. */
export interface Look {
  readonly ink: string
  readonly mark: 'square' | 'dot' | 'cross' | 'box' | 'triangle' | 'circle' | 'plus'
  /** of lines and bars, in pixels */
  readonly width: number
  readonly dash?: string
  readonly area?: true
  /** points are labelled with their frame */
  readonly named?: true
}

export const LOOKS: Readonly<Record<SeriesKey, Look>> = {
  segment: { ink: 'ink', mark: 'square', width: 1.3 },
  lost: { ink: 'teardown', mark: 'box', width: 1.6, dash: '2 2', named: true },
  retransmission: { ink: 'trouble', mark: 'cross', width: 3.2, named: true },
  'out-of-order': { ink: 'note', mark: 'triangle', width: 2.4, named: true },
  duplicate: { ink: 'note', mark: 'circle', width: 2.4, dash: '1 1', named: true },
  ack: { ink: 'handshake', mark: 'dot', width: 1.4 },
  'duplicate-ack': { ink: 'handshake', mark: 'plus', width: 1.2 },
  window: { ink: 'teardown', mark: 'dot', width: 1.4, dash: '6 3' },
  sack: { ink: 'note', mark: 'dot', width: 2.2, dash: '3 1.5' },
  rtt: { ink: 'data', mark: 'dot', width: 1 },
  estimate: { ink: 'handshake', mark: 'dot', width: 1.6 },
  timeout: { ink: 'trouble', mark: 'dot', width: 1.4, dash: '6 3' },
  throughput: { ink: 'teardown', mark: 'dot', width: 1.4, dash: '5 2.5' },
  goodput: { ink: 'data', mark: 'dot', width: 1.8, area: true },
  'in-flight': { ink: 'data', mark: 'dot', width: 1.6, area: true },
}

export const BANDS: Readonly<Record<Band['key'], { readonly className: string; readonly isStrip: boolean }>> = {
  'zero-window': { className: 'shut', isStrip: false },
  application: { className: 'by-application', isStrip: true },
  receiver: { className: 'by-receiver', isStrip: true },
  network: { className: 'by-network', isStrip: true },
}

/** Pixels from which on a bar has serifs at its ends: of shorter ones they would make beads. */
const SERIF_FROM = 9
/** Pixels that a bar has at least which must be found. */
const SEEN_FROM = 6

/** All of a series in one path, or in two where it fills an area. */
export function drawSeries({ key, shape, points }: Series, { x, y }: Scale, bottom: number): string[] {
  const look = LOOKS[key]
  switch (shape) {
    case 'dots':
      return [
        marks(
          look,
          points.map(({ time, value }) => [x(time), y(value)] as const),
        ),
      ]
    case 'bars': {
      return [stroke(look, points.map((point) => bar(point, { x, y }, look, key !== 'sack')).join(''))]
    }
    default: {
      const path = lineThrough(points, { x, y }, shape === 'steps')
      const first = points[0]
      const last = points.at(-1)
      if (look.area !== true || first === undefined || last === undefined) return [stroke(look, path)]
      const area = `${path}V${round(bottom)}H${round(x(first.time))}Z`
      return [`<path d="${area}" class="${look.ink} area"/>`, stroke(look, path)]
    }
  }
}

function lineThrough(points: readonly Point[], { x, y }: Scale, isSteps: boolean): string {
  let path = ''
  for (const { time, value } of points) {
    const [atX, atY] = [round(x(time)), round(y(value))]
    path += path === '' ? `M${atX} ${atY}` : isSteps ? `H${atX}V${atY}` : `L${atX} ${atY}`
  }
  return path
}

function bar({ time, value, to = value }: Point, { x, y }: Scale, look: Look, hasSerifs: boolean): string {
  const more = look.named === true ? Math.max(0, (SEEN_FROM - (y(value) - y(to))) / 2) : 0
  const [atX, from, until] = [x(time), y(value) + more, y(to) - more]
  const stem = `M${round(atX)} ${round(from)}V${round(until)}`
  if (!hasSerifs || from - until < SERIF_FROM) return stem
  const end = (atY: number) => `M${round(atX - 2)} ${round(atY)}h4`
  return stem + end(from) + end(until)
}

function stroke({ ink, width, dash }: Look, path: string): string {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`
  return `<path d="${path}" class="l-${ink} line" stroke-width="${width}"${dashes}/>`
}

/** Strokes of next to no length with caps: the shortest way to draw many small marks. */
export function marks({ ink, mark }: Look, at: readonly (readonly [x: number, y: number])[]): string {
  const each = (draw: (x: string, y: string) => string) => at.map(([x, y]) => draw(round(x), round(y))).join('')
  switch (mark) {
    case 'square':
      return `<path d="${each((x, y) => `M${x} ${y}h.01`)}" class="l-${ink} line" stroke-width="4" stroke-linecap="square"/>`
    case 'dot':
      return `<path d="${each((x, y) => `M${x} ${y}h.01`)}" class="l-${ink} line" stroke-width="4.6" stroke-linecap="round"/>`
    case 'cross':
      return `<path d="${each((x, y) => `M${x} ${y}m-4-4l8 8m0-8l-8 8`)}" class="l-${ink} line" stroke-width="2"/>`
    case 'plus':
      return `<path d="${each((x, y) => `M${x} ${y}m-3 0h6m-3-3v6`)}" class="l-${ink} line" stroke-width="1.1"/>`
    case 'box':
      return `<path d="${each((x, y) => `M${x} ${y}m-3.5-3.5h7v7h-7z`)}" class="l-${ink} open" stroke-width="1.5"/>`
    case 'triangle':
      return `<path d="${each((x, y) => `M${x} ${y}m0-5l4.5 8h-9z`)}" class="l-${ink} open" stroke-width="1.5"/>`
    case 'circle':
      return `<path d="${each((x, y) => `M${x} ${y}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0`)}" class="l-${ink} open" stroke-width="1.5"/>`
  }
}

/** As a legend lists them. */
export const ORDER = Object.keys(LOOKS) as readonly SeriesKey[]

/** What stands for a series in the legend, in a box of 22 by 10 pixels about (x, y). */
export function legendMark({ key, shape }: Pick<Series, 'key' | 'shape'>, x: number, y: number): string {
  const look = LOOKS[key]
  if (shape === 'dots') return marks(look, [[x + 11, y]])
  if (shape === 'bars') return stroke(look, `M${round(x + 11)} ${round(y - 6)}v12`)
  return stroke(look, `M${round(x)} ${round(y)}h22`)
}
