/**
 * How each series is drawn, alike in every plot. Colour never says it alone: a series has a mark, a dash or a width of its
 * own, so that a grey print reads the same.
 */
import type { Band, Point, Series, SeriesKey } from '../../plots/model.js'
import type { Pen, Point2 } from '../pen.js'
import type { Box, Room } from './room.js'

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
  readonly dash?: readonly number[]
  readonly area?: true
  /** it must be found, however short it is */
  readonly found?: true
}

export const LOOKS: Readonly<Record<SeriesKey, Look>> = {
  segment: { ink: 'ink', mark: 'square', width: 1.3 },
  lost: { ink: 'teardown', mark: 'box', width: 1.6, dash: [2, 2], found: true },
  retransmission: { ink: 'trouble', mark: 'cross', width: 3.2, found: true },
  'out-of-order': { ink: 'note', mark: 'triangle', width: 2.4, found: true },
  duplicate: { ink: 'note', mark: 'circle', width: 2.4, dash: [1, 1], found: true },
  ack: { ink: 'handshake', mark: 'dot', width: 1.4 },
  'duplicate-ack': { ink: 'handshake', mark: 'plus', width: 1.2 },
  window: { ink: 'teardown', mark: 'dot', width: 1.4, dash: [6, 3] },
  sack: { ink: 'note', mark: 'dot', width: 2.2, dash: [3, 1.5] },
  rtt: { ink: 'data', mark: 'dot', width: 1 },
  estimate: { ink: 'handshake', mark: 'dot', width: 1.6 },
  timeout: { ink: 'trouble', mark: 'dot', width: 1.4, dash: [6, 3] },
  throughput: { ink: 'teardown', mark: 'dot', width: 1.4, dash: [5, 2.5] },
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

/** All of a series in one shape, or in two where it fills an area. */
export function drawSeries(pen: Pen, { key, shape, points }: Series, { x, y }: Scale, bottom: number): string[] {
  const look = LOOKS[key]
  switch (shape) {
    case 'dots':
      return [
        marks(
          pen,
          look,
          points.map(({ time, value }) => [x(time), y(value)]),
        ),
      ]
    case 'bars':
      return [
        pen.strokes(
          points.flatMap((point) => bar(point, { x, y }, look, key !== 'sack')),
          look,
        ),
      ]
    default: {
      const line = lineThrough(points, { x, y }, shape === 'steps')
      const [first, last] = [line[0], line.at(-1)]
      if (first === undefined || last === undefined) return []
      const drawn = pen.strokes([line], look)
      return look.area === true
        ? [pen.area([...line, [last[0], bottom], [first[0], bottom]], look.ink), drawn]
        : [drawn]
    }
  }
}

/** Takes what `drawSeries` covers. */
export function takeRoom(room: Room, series: Series, scale: Scale): void {
  const { shape, points } = series
  if (shape === 'steps' || shape === 'line') room.takeLine(lineThrough(points, scale, shape === 'steps'))
  else for (const point of points) room.take(markBox(series, point, scale))
}

/** What the mark of one point covers. */
export function markBox({ key, shape }: Series, { time, value, to = value }: Point, { x, y }: Scale): Box {
  const [atX, from, until] = [x(time), y(value), y(to)]
  const { mark } = LOOKS[key]
  if (shape === 'bars') {
    const half = Math.max(1, (SEEN_FROM - (from - until)) / 2)
    return { left: atX - 2.5, right: atX + 2.5, top: until - half, bottom: from + half }
  }
  const half = mark === 'square' || mark === 'dot' ? 2.5 : 5
  return { left: atX - half, right: atX + half, top: from - half, bottom: from + half }
}

function lineThrough(points: readonly Point[], { x, y }: Scale, isSteps: boolean): Point2[] {
  const line: Point2[] = []
  for (const { time, value } of points) {
    const before = line.at(-1)
    if (isSteps && before !== undefined) line.push([x(time), before[1]])
    line.push([x(time), y(value)])
  }
  return line
}

function bar({ time, value, to = value }: Point, { x, y }: Scale, look: Look, hasSerifs: boolean): Point2[][] {
  const more = look.found === true ? Math.max(0, (SEEN_FROM - (y(value) - y(to))) / 2) : 0
  const [atX, from, until] = [x(time), y(value) + more, y(to) - more]
  const end = (atY: number): Point2[] => [
    [atX - 2, atY],
    [atX + 2, atY],
  ]
  const stem: Point2[] = [
    [atX, from],
    [atX, until],
  ]
  return hasSerifs && from - until >= SERIF_FROM ? [stem, end(from), end(until)] : [stem]
}

/** Each mark as lines from its middle's place; closed ones end where they began. */
const OUTLINES: Readonly<Record<Exclude<Look['mark'], 'square' | 'dot'>, readonly (readonly Point2[])[]>> = {
  cross: [
    [
      [-4, -4],
      [4, 4],
    ],
    [
      [4, -4],
      [-4, 4],
    ],
  ],
  plus: [
    [
      [-3, 0],
      [3, 0],
    ],
    [
      [0, -3],
      [0, 3],
    ],
  ],
  box: [polygon(4, 5, 45)],
  triangle: [polygon(3, 5.5, -90)],
  circle: [polygon(12, 4, 0)],
}

function polygon(corners: number, radius: number, from: number): Point2[] {
  return Array.from({ length: corners + 1 }, (_, i): Point2 => {
    const angle = ((from + ((i % corners) * 360) / corners) * Math.PI) / 180
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
}

function marks(pen: Pen, { ink, mark }: Look, at: readonly Point2[]): string {
  if (mark === 'square') return pen.dots(at, 4, 'square', ink)
  if (mark === 'dot') return pen.dots(at, 4.6, 'round', ink)
  const lines = at.flatMap(([x, y]) => OUTLINES[mark].map((line) => line.map(([dx, dy]): Point2 => [x + dx, y + dy])))
  const isOpen = mark === 'box' || mark === 'triangle' || mark === 'circle'
  return pen.strokes(lines, { ink, width: mark === 'cross' ? 2 : 1.4, open: isOpen })
}

/** As a legend lists them. */
export const ORDER = Object.keys(LOOKS) as readonly SeriesKey[]

/** What stands for a series in the legend, in a box of 22 by 10 pixels about (x, y). */
export function legendMark(pen: Pen, { key, shape }: Pick<Series, 'key' | 'shape'>, x: number, y: number): string {
  const look = LOOKS[key]
  if (shape === 'dots') return marks(pen, look, [[x + 11, y]])
  const line: Point2[] =
    shape === 'bars'
      ? [
          [x + 11, y - 6],
          [x + 11, y + 6],
        ]
      : [
          [x, y],
          [x + 22, y],
        ]
  return pen.strokes([line], look)
}
