/** How fast one end sent, and how much of it was delivered, in equal slices of time. */
import { formatDuration, formatSize } from '../bytes/units.js'
import { otherRole } from '../explain/endpoints.js'
import type { Role } from '../sessions/summary.js'
import { timeAxis } from './axes.js'
import { type DataSegment, type Direction, directionOf, type Subject } from './direction.js'
import type { Plot, Point, Series } from './model.js'
import { at } from './sequence-caption.js'
import { extent, identity, some } from './series.js'
import { formatValue, roundAxis, stepFor } from './ticks.js'

/** Slices that a session's data is cut into, at the most; fewer where that would be less than a few packets each. */
const MOST_SLICES = 60
const PACKETS_A_SLICE = 3

interface Amount {
  readonly time: number
  readonly bytes: number
}

export function ratePlot(subject: Subject, sender: Role): Plot | undefined {
  const { summary } = subject.timeline
  // UDP has neither segments nor ACKs
  const direction = directionOf(subject.timeline, sender)
  const sent = summary.protocol === 'tcp' ? segmentsOf(direction) : datagramsOf(subject, sender)
  const delivered = acknowledgedOf(direction)
  // a clock that stepped leaves neither the first packet earliest nor the last one latest
  const [from, end] = extent([...sent, ...delivered])
  if (end <= from) return undefined
  const slices = Math.min(MOST_SLICES, Math.ceil((sent.length + delivered.length) / PACKETS_A_SLICE))
  const width = stepFor('ns', Math.max(1, (end - from) / slices))
  const rate = (amounts: readonly Amount[]) => ratesOf(amounts, from, end, width)
  const series: Series[] = [
    ...some({ key: 'throughput', label: 'throughput: all payload that was sent', shape: 'steps', points: rate(sent) }),
    ...(delivered.length === 0
      ? []
      : some({
          key: 'goodput',
          label: 'goodput: acknowledged for the first time',
          shape: 'steps',
          points: rate(delivered),
        })),
  ]
  const fastest = series.flatMap(({ points }) => points).reduce((most, { value }) => Math.max(most, value), 0)
  return {
    name: 'throughput',
    title: `Throughput${delivered.length > 0 ? ' and goodput' : ''}, ${sender} to ${otherRole(sender)}`,
    ...identity(summary, sender),
    time: timeAxis(series),
    value: roundAxis({
      label: `rate, in slices of ${formatDuration(width)}`,
      unit: 'bit/s',
      minimum: 0,
      maximum: fastest,
    }),
    series,
    bands: [],
    caption: caption(subject, direction, sender, sent, series),
  }
}

function segmentsOf({ segments }: Direction): Amount[] {
  return segments.map(({ time, start, end }) => ({ time, bytes: end - start }))
}

function datagramsOf({ timeline }: Subject, sender: Role): Amount[] {
  const sent: Amount[] = []
  for (const event of timeline.events) {
    if (event.kind === 'packet' && event.from === sender && event.length > 0)
      sent.push({ time: event.time, bytes: event.length })
  }
  return sent
}

/** What each ACK acknowledged that none had before; of the data that was captured. */
function acknowledgedOf({ segments, acknowledgments }: Direction): Amount[] {
  const end = segments.reduce((highest, segment) => Math.max(highest, segment.end), 0)
  let highest = segments[0]?.start ?? 0
  const amounts: Amount[] = []
  for (const { time, number } of acknowledgments) {
    // a FIN takes a sequence number, and is no byte
    const reached = Math.min(number, end)
    if (reached <= highest) continue
    amounts.push({ time, bytes: reached - highest })
    highest = reached
  }
  return amounts
}

/** One value a slice, and the last once more at its end, so that its step is seen. */
function ratesOf(amounts: readonly Amount[], from: number, until: number, width: number): Point[] {
  const sums = new Array<number>(Math.floor((until - from) / width) + 1).fill(0)
  for (const { time, bytes } of amounts) {
    const slice = Math.floor((time - from) / width)
    sums[slice] = (sums[slice] ?? 0) + bytes
  }
  const points = sums.map((bytes, slice) => ({ time: from + slice * width, value: roundRate((bytes * 8e9) / width) }))
  points.push({ time: from + sums.length * width, value: points.at(-1)?.value ?? 0 })
  return points
}

/** No fractions of a bit, but where there are hardly any. */
function roundRate(rate: number): number {
  return rate >= 100 ? Math.round(rate) : Math.round(rate * 1000) / 1000
}

function caption(
  { timeline, measures }: Subject,
  { segments, acknowledgments }: Direction,
  sender: Role,
  sent: readonly Amount[],
  series: readonly Series[],
): string[] {
  const sentences: string[] = []
  const [fastest] = (series[0]?.points ?? []).toSorted((a, b) => b.value - a.value)
  const peak =
    fastest === undefined ? '' : ` Most was sent at ${at(fastest.time)}: ${formatValue('bit/s', fastest.value)}.`
  const bytes = sent.reduce((sum, amount) => sum + amount.bytes, 0)
  const { throughput, goodput } = measures?.[sender] ?? {}
  if (throughput === undefined) {
    const [from, until] = extent(sent)
    return [`${formatSize(bytes)} in ${formatDuration(until - from)}.${peak}`]
  }
  sentences.push(`${formatSize(bytes)} were sent, ${formatValue('bit/s', throughput)} on average.${peak}`)
  if (goodput === undefined) return [...sentences, 'No ACK for it was captured: how much arrived is not known.']
  const { summary } = timeline
  const again = segments.filter(({ kind }) => kind === 'retransmission')
  const copies = segments.filter(({ kind }) => kind === 'duplicate')
  const end = segments.reduce((highest, segment) => Math.max(highest, segment.end), 0)
  const left = end - acknowledgments.reduce((highest, { number }) => Math.max(highest, number), 0)
  const parts = [
    ...(again.length > 0 ? [`${formatSize(sizeOf(again))} of it had been sent before`] : []),
    ...(copies.length > 0 ? [`${formatSize(sizeOf(copies))} are copies made by the network`] : []),
    ...(left > 0 ? [`no ACK was captured for the last ${formatSize(left)}`] : []),
  ]
  const missed = summary.protocol === 'tcp' ? (summary.truth?.[sender].missedBytes ?? 0) : 0
  if (missed > 0)
    sentences.push(`${formatSize(missed)} more arrived that were not captured: only the goodput has them.`)
  sentences.push(
    parts.length === 0
      ? `All of it was acknowledged, and none sent twice${missed > 0 ? '.' : ': goodput follows throughput as the ACKs come.'}`
      : `${listOf(parts)}: the goodput is ${formatValue('bit/s', goodput)} on average.`,
  )
  if (again.some(({ truth, acknowledgedBy }) => truth?.needed !== false && acknowledgedBy !== undefined))
    sentences.push('It drops to 0 while a hole is open, and jumps when it is filled.')
  return sentences
}

function sizeOf(segments: readonly DataSegment[]): number {
  return segments.reduce((sum, { start, end }) => sum + end - start, 0)
}

/** As the beginning of a sentence: `a, b and c`. */
function listOf(parts: readonly string[]): string {
  const list = [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ')
  return list.charAt(0).toUpperCase() + list.slice(1)
}
