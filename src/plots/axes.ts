/** Axes that hold all points of their series. */
import type { Direction } from './direction.js'
import type { Axis, Point, Series } from './model.js'
import { extent } from './series.js'

/** The least and the greatest value; 0 and 1 when there are no points. */
export function spanOf(points: readonly Point[]): readonly [minimum: number, maximum: number] {
  let minimum = Number.POSITIVE_INFINITY
  let maximum = Number.NEGATIVE_INFINITY
  for (const { value, to = value } of points) {
    minimum = Math.min(minimum, value, to)
    maximum = Math.max(maximum, value, to)
  }
  return minimum <= maximum ? [minimum, maximum] : [0, 1]
}

/** Of all points of these series. */
export function timeAxis(series: readonly Series[]): Axis {
  const extents = series.map(({ points }) => extent(points))
  return axisOf(Math.min(...extents.map(([first]) => first)), Math.max(...extents.map(([, last]) => last)))
}

/** While data was on its way: neither the handshake nor a silence before the end presses it together. */
export function dataTimeAxis({ segments, acknowledgments }: Direction): Axis {
  const [first, last] = extent(segments)
  const end = segments.reduce((highest, segment) => Math.max(highest, segment.end), 0)
  const acknowledged = acknowledgments.find(({ number }) => number >= end) ?? acknowledgments.at(-1)
  return axisOf(first, Math.max(last, acknowledged?.time ?? last))
}

/** ns: what is shown of a single moment. */
const SHORTEST = 1e6

/** With a little room at either side: a point at the edge is seen whole. */
function axisOf(from: number, until: number): Axis {
  const [first, last] = from <= until ? [from, until] : [0, 0]
  const room = last > first ? Math.max(1, (last - first) * 0.015) : SHORTEST / 2
  return {
    label: 'time since the session began',
    unit: 'ns',
    minimum: first - room,
    maximum: last + room,
    scale: 'linear',
  }
}
