/** How much was in flight, how much the receiver had room for, and what held the sender back meanwhile. */
import { formatDuration, formatSize } from '../bytes/units.js'
import { otherRole } from '../explain/endpoints.js'
import type { Role } from '../sessions/summary.js'
import type { FlightPoint } from '../timeline/measures/flight.js'
import type { HeldBy } from '../timeline/measures/held-by.js'
import type { DirectionMeasures } from '../timeline/measures.js'
import type { Timeline } from '../timeline/model.js'
import { dataTimeAxis, spanOf } from './axes.js'
import { directionOf, type Subject } from './direction.js'
import type { Band, Plot, Point, Series } from './model.js'
import { at, reasonFor, SCALE_UNKNOWN } from './sequence-caption.js'
import { identity, some } from './series.js'
import { roundAxis } from './ticks.js'

export function windowPlot({ timeline, measures }: Subject, sender: Role): Plot | undefined {
  const direction = measures?.[sender]
  if (direction === undefined || direction.flight.largest === 0) return undefined
  const { points, isScaleKnown } = direction.flight
  // of what the receiver has not said, nothing was acknowledged that the capture knows of
  if (direction.flight.smallestWindow === undefined) return undefined
  const receiver = otherRole(sender)
  const series: Series[] = [
    ...some({
      key: 'window',
      label: `window of the ${receiver}${isScaleKnown ? '' : ', or more: its scale is not known'}`,
      shape: 'steps',
      points: changes(points, ({ window }) => window),
    }),
    ...some({
      key: 'in-flight',
      label: 'bytes in flight',
      shape: 'steps',
      points: changes(points, ({ inFlight }) => inFlight),
    }),
  ]
  const [, maximum] = spanOf(series.flatMap((one) => one.points))
  return {
    name: 'window',
    title: `Window and bytes in flight, ${sender} to ${receiver}`,
    ...identity(timeline.summary, sender),
    time: dataTimeAxis(directionOf(timeline, sender)),
    value: roundAxis({ label: 'bytes', unit: 'B', minimum: 0, maximum }),
    series,
    bands: [...heldBands(direction, sender), ...shutBands(points)],
    caption: caption(direction, timeline.summary, sender),
  }
}

/** Where a value changes, and the last point: what stays as it is needs no point. */
function changes(flight: readonly FlightPoint[], valueAt: (point: FlightPoint) => number | undefined): Point[] {
  const points: Point[] = []
  for (const [index, point] of flight.entries()) {
    const value = valueAt(point)
    if (value === undefined) continue
    if (value !== points.at(-1)?.value || index === flight.length - 1)
      points.push({ time: point.time, value, frame: point.frame })
  }
  return points
}

function shutBands(points: readonly FlightPoint[]): Band[] {
  const bands: Band[] = []
  let since: number | undefined
  for (const { time, window } of points) {
    if (window === 0) since ??= time
    else if (since !== undefined) {
      bands.push({ key: 'zero-window', label: 'window shut', from: since, until: time })
      since = undefined
    }
  }
  const last = points.at(-1)
  if (since !== undefined && last !== undefined)
    bands.push({ key: 'zero-window', label: 'window shut', from: since, until: last.time })
  return bands
}

function heldBands({ held }: DirectionMeasures, sender: Role): Band[] {
  const labels = {
    application: `held back by the ${sender}'s program`,
    receiver: "held back by the receiver's window",
    network: "waiting for ACKs: congestion window, send buffer, Nagle's algorithm, or a loss",
  }
  return held.flatMap(({ by, from, until }) => {
    if (by === 'unknown') return []
    const key = by === 'Nagle' ? 'network' : by
    return [{ key, label: labels[key], from, until }]
  })
}

function caption({ flight, held }: DirectionMeasures, summary: Timeline['summary'], sender: Role): string[] {
  const largest = flight.points.find(({ inFlight }) => inFlight === flight.largest)
  const receiver = otherRole(sender)
  const room =
    largest?.window === undefined || !flight.isScaleKnown
      ? ''
      : `, of ${formatSize(largest.window)} that the ${receiver} had room for`
  const sentences = [
    `At most ${formatSize(flight.largest)} were in flight, at ${at(largest?.time ?? 0)} (#${largest?.frame})${room}.`,
  ]
  if (flight.zeroWindowTime > 0) {
    const shut = flight.points.find(({ window }) => window === 0)
    sentences.push(
      `The ${receiver}'s window was shut for ${formatDuration(flight.zeroWindowTime)} in all, first by #${shut?.frame}.`,
    )
  } else if (flight.smallestWindow !== undefined) {
    sentences.push(`The window was never smaller than ${formatSize(flight.smallestWindow)}.`)
  }
  if (!flight.isScaleKnown) {
    sentences.push(`${SCALE_UNKNOWN}: the ${receiver}'s window may be larger than it looks.`)
  }
  if (summary.protocol === 'tcp' && summary.truth?.vantage.place === receiver) {
    sentences.push(`The capture was taken at the ${receiver}: what was still on its way there is not in it.`)
  }
  const totals = new Map<Exclude<HeldBy, 'unknown'>, number>()
  let all = 0
  for (const { by, from, until } of held) {
    if (by !== 'unknown') totals.set(by, (totals.get(by) ?? 0) + until - from)
    all += until - from
  }
  const [most] = [...totals].toSorted(([, a], [, b]) => b - a)
  if (most !== undefined && all > 0) {
    const [by, time] = most
    sentences.push(
      `For ${Math.round((100 * time) / all)} % of the time between its segments, ${reasonFor(by, sender)}.`,
    )
  }
  return sentences
}
