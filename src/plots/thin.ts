/**
 * Fewer points that draw the same picture: of each slice of time the first, the last, the lowest and the highest stay, so
 * that no peak is lost; what stands out (a retransmission) stays first of all.
 */
import type { Axis, Band, Plot, Point, Series, SeriesKey } from './model.js'

/** Slices that a plot's time is cut into: no screen and no page shows more across. */
const SLICES = 800
/** Series that are the point of the plot; thinned only where there are more than a reader could count. */
const TELLING: ReadonlySet<SeriesKey> = new Set(['retransmission', 'out-of-order', 'duplicate', 'lost'])

/** The plot with at most so many slices' worth of points; the same plot when it has few. */
export function thin(plot: Plot, slices = SLICES): Plot {
  const series = plot.series.map((one) => thinSeries(one, plot.time, TELLING.has(one.key) ? 2 * slices : slices))
  const bands = plot.bands.length > slices ? thinBands(plot.bands, plot.time, slices) : plot.bands
  return { ...plot, series, bands }
}

/** How many points were left out in all, and of how many; undefined when none were. */
export function leftOutOf({ series }: Plot): { readonly drawn: number; readonly of: number } | undefined {
  if (series.every(({ thinnedFrom }) => thinnedFrom === undefined)) return undefined
  const count = (of: (one: Series) => number) => series.reduce((sum, one) => sum + of(one), 0)
  return { drawn: count(({ points }) => points.length), of: count((one) => one.thinnedFrom ?? one.points.length) }
}

/** Bands too short to be seen go; neighbours of one kind with less than a slice between them become one. */
function thinBands(bands: readonly Band[], { minimum, maximum }: Axis, slices: number): Band[] {
  const width = (maximum - minimum) / slices
  const last = new Map<Band['key'], Band>()
  const merged: Band[] = []
  for (const band of bands) {
    const before = last.get(band.key)
    if (before !== undefined && band.from - before.until < width) {
      last.set(band.key, { ...before, until: band.until })
      continue
    }
    if (before !== undefined) merged.push(before)
    last.set(band.key, band)
  }
  return [...merged, ...last.values()].filter(({ from, until }) => until - from >= width)
}

function thinSeries(series: Series, { minimum, maximum }: Axis, slices: number): Series {
  const { points } = series
  if (points.length <= 4 * slices) return series
  const width = (maximum - minimum) / slices
  const kept: Point[] = []
  let slice: Point[] = []
  let end = Number.NEGATIVE_INFINITY
  for (const point of points) {
    if (point.time >= end) {
      kept.push(...extremes(slice))
      slice = []
      end = minimum + (Math.floor((point.time - minimum) / width) + 1) * width
    }
    slice.push(point)
  }
  kept.push(...extremes(slice))
  return { ...series, points: kept, thinnedFrom: series.thinnedFrom ?? points.length }
}

/** First, lowest, highest, last: each once, in order of time. */
function extremes(points: readonly Point[]): Point[] {
  if (points.length <= 4) return [...points]
  let lowest = 0
  let highest = 0
  for (const [i, { value, to = value }] of points.entries()) {
    if (value < (points[lowest]?.value ?? 0)) lowest = i
    if (to > (points[highest]?.to ?? points[highest]?.value ?? 0)) highest = i
  }
  const chosen = new Set([0, lowest, highest, points.length - 1])
  return points.filter((_, i) => chosen.has(i))
}
