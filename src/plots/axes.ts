/** Axes that hold all points of their series. */
import type { Axis, Point, Series } from './model.js'

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

/** From the first point to the last, with a little room at either side: a point at the edge is seen whole. */
export function timeAxis(series: readonly Series[]): Axis {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { points } of series) {
    first = Math.min(first, points[0]?.time ?? first)
    last = Math.max(last, points.at(-1)?.time ?? last)
  }
  if (first > last) [first, last] = [0, 1]
  const room = Math.max(1, (last - first) * 0.015)
  return {
    label: 'time since the session began',
    unit: 'ns',
    minimum: first - room,
    maximum: last + room,
    scale: 'linear',
  }
}
