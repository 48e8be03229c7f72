/**
 * The frames of what stands out, beside their marks. In a crowded plot most of them have to go without: a name stands on
 * nothing that is drawn, and what tells most is named first.
 */
import type { Plot, Series, SeriesKey } from '../../plots/model.js'
import type { Pen } from '../pen.js'
import { SMALL_COLUMN } from '../svg/columns.js'
import { LOOKS, markBox, type Scale, takeRoom } from './marks.js'
import { type Box, Room } from './room.js'

/** Series whose points are named, the most telling first. */
const NAMED: readonly SeriesKey[] = ['retransmission', 'out-of-order', 'duplicate', 'lost']
/** Points of one series that are named: more would be read by nobody. */
const MOST_NAMES = 12
/** Pixels that a name rises above its line, and between it and its mark. */
const RISE = 7.5
const GAP = 1.5
/** Pixels that a name keeps from other names, so that each is read by itself. */
const APART = 3

export interface Names {
  readonly shapes: readonly string[]
  /** how many are named, of how many marks that could be */
  readonly named: number
  readonly of: number
}

export function drawNames(pen: Pen, { series }: Plot, scale: Scale, area: Box): Names {
  const kinds = NAMED.flatMap((key) => series.filter((one) => one.key === key))
  const of = kinds.reduce((sum, { points, thinnedFrom }) => sum + (thinnedFrom ?? points.length), 0)
  if (of === 0) return { shapes: [], named: 0, of }
  const room = new Room(area)
  for (const one of series) takeRoom(room, one, scale)
  const shapes = kinds.flatMap((one) => nameSeries(pen, one, scale, room))
  return { shapes, named: shapes.length, of }
}

function nameSeries(pen: Pen, series: Series, scale: Scale, room: Room): string[] {
  const { key, points } = series
  const shapes: string[] = []
  for (const index of spread(points.length)) {
    const point = points[index]
    if (point?.frame === undefined) continue
    if (shapes.length === MOST_NAMES) break
    const name = `#${point.frame}`
    const place = placesBeside(markBox(series, point, scale), name.length * SMALL_COLUMN).find((box) =>
      room.isFree(box),
    )
    if (place === undefined) continue
    room.take({ ...place, left: place.left - APART, right: place.right + APART })
    shapes.push(pen.text(place.left, place.bottom, name, { className: `${LOOKS[key].ink} small` }))
  }
  return shapes
}

/** Where a name of this width can stand, the best first: right of its mark and below, then all around. */
function placesBeside(mark: Box, width: number): Box[] {
  const middle = (mark.left + mark.right - width) / 2
  const [right, left] = [mark.right + GAP, mark.left - GAP - width]
  const [level, above, below] = [(mark.top + mark.bottom + RISE) / 2, mark.top - GAP, mark.bottom + GAP + RISE]
  const places: (readonly [left: number, bottom: number])[] = [
    [right, level],
    [right, below],
    [right, above],
    [left, level],
    [left, above],
    [left, below],
    [middle, below],
    [middle, above],
  ]
  return places.map(([x, y]) => ({ left: x, top: y - RISE, right: x + width, bottom: y }))
}

/** First and last, then what lies in the middle between those before: all indexes, those most apart first. */
function* spread(count: number): Generator<number> {
  const seen = new Uint8Array(count)
  const last = count - 1
  for (let parts = 1; parts < 2 * count; parts *= 2) {
    for (let part = 0; part <= parts; part++) {
      const index = Math.round((part * last) / parts)
      if (index < 0 || seen[index] === 1) continue
      seen[index] = 1
      yield index
    }
  }
}
