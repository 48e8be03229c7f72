/**
 * The two graphs of sequence numbers over time. Stevens' shows the first byte of each segment that one end sends (TCP/IP
 * Illustrated, volume 1). tcptrace's has all of both ends' view: segments as strokes from first byte to last, the line of
 * acknowledgments below them, the edge of the receiver's window above, and SACK blocks.
 */

import { countOf, formatDuration, formatSize } from '../bytes/units.js'
import { otherRole } from '../explain/endpoints.js'
import { framesOf } from '../explain/frames.js'
import type { Role } from '../sessions/summary.js'
import type { DirectionMeasures } from '../timeline/measures.js'
import { dataTimeAxis, spanOf } from './axes.js'
import { type DataSegment, type Direction, directionOf, type Subject } from './direction.js'
import type { Axis, Plot, Point, Series } from './model.js'
import { SCALE_UNKNOWN, sequenceCaption } from './sequence-caption.js'
import { identity, some } from './series.js'
import { roundAxis } from './ticks.js'

/** The window's edge is left above the graph when it is further off than this many times the data. */
const FAR_EDGE = 1.5

/** In the order in which they are drawn. */
const KINDS = [
  ['segment', 'segment'],
  ['lost', 'segment that did not arrive'],
  ['duplicate', 'copy made by the network'],
  ['out-of-order', 'overtaken on the way'],
  ['retransmission', 'retransmission'],
] as const

/** Undefined when there is no data in this direction. */
export function timeSequence({ timeline, measures }: Subject, sender: Role): Plot | undefined {
  const direction = directionOf(timeline, sender)
  if (measures === undefined || direction.segments.length === 0) return undefined
  const series = KINDS.flatMap(([key, label]) =>
    some({
      key,
      label,
      shape: 'dots',
      points: direction.segments.filter(({ kind }) => kind === key).map((one) => pointOf(one, one.start)),
    }),
  )
  return {
    name: 'time-sequence',
    title: `Time-sequence graph, ${sender} to ${otherRole(sender)}`,
    ...identity(timeline.summary, sender),
    time: dataTimeAxis(direction),
    // to the last byte, although a point stands at the first of its segment
    value: sequenceAxis(direction.segments.map(({ time, start, end }) => ({ time, value: start, to: end }))),
    series,
    bands: [],
    caption: sequenceCaption(direction, measures[sender], sender),
  }
}

export function tcptrace({ timeline, measures }: Subject, sender: Role): Plot | undefined {
  const direction = directionOf(timeline, sender)
  if (measures === undefined || direction.segments.length === 0) return undefined
  const { segments, acknowledgments } = direction
  const { isScaleKnown } = measures[sender].flight
  const acks = acknowledgments.map(({ time, number, frame }) => ({ time, value: number, frame }))
  const edges = acknowledgments.map(({ time, edge, frame }) => ({ time, value: edge, frame }))
  const blocks = acknowledgments.flatMap(({ time, frame, sack }) =>
    sack.map(([from, to]) => ({ time, value: from, to, frame })),
  )
  const duplicates = acknowledgments
    .filter(({ isDuplicate }) => isDuplicate)
    .map(({ time, number, frame }) => ({ time, value: number, frame }))
  const bars = KINDS.flatMap(([key, label]) =>
    some({
      key,
      label,
      shape: 'bars',
      points: segments.filter(({ kind }) => kind === key).map((one) => ({ ...pointOf(one, one.start), to: one.end })),
    }),
  )
  const series: Series[] = [
    ...some({
      key: 'window',
      label: `edge of the receiver's window${isScaleKnown ? '' : ', or beyond: its scale is not known'}`,
      shape: 'steps',
      points: edges,
    }),
    ...some({ key: 'sack', label: 'SACK block', shape: 'bars', points: blocks }),
    ...some({ key: 'ack', label: 'acknowledged', shape: 'steps', points: acks }),
    ...some({ key: 'duplicate-ack', label: 'duplicate ACK', shape: 'dots', points: duplicates }),
    ...bars,
  ]
  const data = sequenceAxis([...bars, { points: acks }].flatMap(({ points }) => points))
  const isFar = nearestEdge(direction) > FAR_EDGE * (data.maximum - data.minimum)
  return {
    name: 'tcptrace',
    title: `tcptrace graph, ${sender} to ${otherRole(sender)}`,
    ...identity(timeline.summary, sender),
    time: dataTimeAxis(direction),
    value: isFar ? data : sequenceAxis(series.flatMap(({ points }) => points)),
    series,
    bands: [],
    caption: [
      ...sequenceCaption(direction, measures[sender], sender),
      ...windowCaption(direction, measures[sender], isFar, sender),
      ...sackCaption(direction),
    ],
  }
}

/** How near the highest byte sent ever came to the edge. */
function nearestEdge({ segments, acknowledgments }: Direction): number {
  let nearest = Number.POSITIVE_INFINITY
  let next = 0
  let edge: number | undefined
  for (const { frame, end } of segments) {
    for (; (acknowledgments[next]?.frame ?? Number.POSITIVE_INFINITY) < frame; next++)
      edge = Math.max(edge ?? 0, acknowledgments[next]?.edge ?? 0)
    if (edge !== undefined) nearest = Math.min(nearest, edge - end)
  }
  return nearest
}

function windowCaption(direction: Direction, measures: DirectionMeasures, isFar: boolean, sender: Role): string[] {
  const { zeroWindowTime, isScaleKnown } = measures.flight
  const receiver = otherRole(sender)
  if (zeroWindowTime > 0) {
    const shut = direction.acknowledgments.filter(({ number, edge }) => number === edge).map(({ frame }) => frame)
    return [
      `The edge of the window meets the line of acknowledgments${framesOf(shut)}: the ${receiver}'s window is shut, for ${formatDuration(zeroWindowTime)} in all.`,
    ]
  }
  const nearest = nearestEdge(direction)
  if (!Number.isFinite(nearest)) return []
  if (isFar)
    return [
      `The edge of the ${receiver}'s window is above the graph: ${formatSize(nearest)} or more away, it held nothing back.`,
    ]
  // the edge may be further off than it looks, and never nearer
  if (!isScaleKnown) return [`${SCALE_UNKNOWN}: the edge may be further off than it looks.`]
  if (nearest <= 0) return [`The segments reach the edge of the ${receiver}'s window: it held the ${sender} back.`]
  return [`The segments never come nearer to the edge of the ${receiver}'s window than ${formatSize(nearest)}.`]
}

function sackCaption({ acknowledgments }: Direction): string[] {
  const frames = acknowledgments.filter(({ sack }) => sack.length > 0).map(({ frame }) => frame)
  if (frames.length === 0) return []
  return [
    `${countOf(frames.length, 'ACK')} with SACK blocks ${frames.length === 1 ? 'reports' : 'report'} what has arrived beyond a hole${framesOf(frames)}.`,
  ]
}

function pointOf({ time, frame, truth }: DataSegment, value: number): Point {
  const note = truth?.evidence[0]?.text
  return { time, value, frame, ...(note !== undefined && { note }) }
}

function sequenceAxis(points: readonly Point[]): Axis {
  const [minimum, maximum] = spanOf(points)
  return roundAxis({ label: 'relative sequence number', unit: 'B', minimum, maximum })
}
