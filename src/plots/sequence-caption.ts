/** What to see in a graph of sequence numbers: how fast, what was sent again and which hole it filled, where it stood still. */
import { formatSeconds } from '../bytes/time.js'
import { countOf, formatCount, formatDuration, formatSize } from '../bytes/units.js'
import { otherRole } from '../explain/endpoints.js'
import { framesOf } from '../explain/frames.js'
import type { Role } from '../sessions/summary.js'
import type { HeldBy } from '../timeline/measures/held-by.js'
import type { DirectionMeasures } from '../timeline/measures.js'
import type { DataSegment, Direction } from './direction.js'
import { extent } from './series.js'
import { formatValue } from './ticks.js'

/** Retransmissions that are told one by one. */
const TOLD = 3
/** A pause is worth a sentence when it takes so large a part of the time. */
const LONG_PAUSE = 0.15

export function sequenceCaption(direction: Direction, measures: DirectionMeasures, sender: Role): string[] {
  return [
    ...summary(direction, measures, sender),
    ...growth(measures),
    ...sentAgain(direction),
    ...others(direction),
    ...pause(direction, measures, sender),
  ]
}

/** `0.229 s`: as exact as a figure is read. */
export function at(time: number): string {
  return `${formatSeconds(time, 3)} s`
}

/** What a caption says of windows whose scale was agreed on before the capture began. */
export const SCALE_UNKNOWN = 'The SYNs were not both captured, and so by how much windows are scaled is not known'

function summary({ segments }: Direction, { throughput, acknowledgments }: DirectionMeasures, sender: Role): string[] {
  const first = segments[0]
  const last = segments.at(-1)
  if (first === undefined || last === undefined) return []
  const bytes = segments.reduce((sum, { start, end }) => sum + end - start, 0)
  const rise = segments.reduce((highest, { end }) => Math.max(highest, end), 0) - first.start
  const slope = throughput !== undefined && rise > first.end - first.start ? (throughput * rise) / bytes : undefined
  const length = lengthOf(segments)
  // the rate is measured up to the last acknowledgment
  const until = (acknowledgments.last ?? 0) - first.time
  const over = until > length ? ` over the ${formatDuration(until)} up to the last acknowledgment` : ''
  const rate = slope === undefined ? '' : `; the slope is the rate, ${formatValue('bit/s', slope)} on average${over}`
  if (first === last)
    return [`The only segment, #${first.frame}, carries ${formatSize(bytes)} to the ${otherRole(sender)}.`]
  return [
    `${countOf(segments.length, 'segment')} (#${first.frame} to #${last.frame}) carry ${formatSize(bytes)} to the ${otherRole(sender)} in ${formatDuration(length)}${rate}.`,
  ]
}

/** ns from the first to the last of them; a clock that stepped back leaves neither where it belongs. */
function lengthOf(segments: readonly DataSegment[]): number {
  const [from, until] = extent(segments)
  return Math.max(0, until - from)
}

/** Slow start, when there is enough of it to be seen. */
function growth({ slowStart }: DirectionMeasures): string[] {
  if (slowStart === undefined || slowStart.length < 2 || slowStart.hiddenBy !== undefined) return []
  const all = slowStart.rounds.slice(0, slowStart.length)
  // the last may be what a loss, or the end of the data, has left of it
  const growing = (all.at(-1) ?? 0) < (all.at(-2) ?? 0) ? all.slice(0, -1) : all
  if (growing.length < 2) return []
  const rounds = growing.slice(0, 5).map(formatCount)
  const more = growing.length > 5 ? ', …' : ''
  return [
    `The steps grow, round trip by round trip: ${rounds.join(', ')}${more} B. That is slow start, up to #${slowStart.lastFrame}.`,
  ]
}

function sentAgain({ segments, acknowledgments }: Direction): string[] {
  const again = segments.filter(({ kind }) => kind === 'retransmission')
  const sentences = again.slice(0, TOLD).map((segment) => {
    const { frame, time, start, truth, acknowledgedBy } = segment
    const name = `The retransmission #${frame} at ${at(time)}${truth?.cause === undefined ? '' : ` (${truth.cause})`}`
    if (truth?.cause === 'keep-alive' || truth?.cause === 'zero window')
      return `#${frame} at ${at(time)} is a probe (${truth.cause}).`
    if (truth?.needed === false) return `${name} was not needed: its bytes, from ${formatCount(start)} on, had arrived.`
    const original = originalOf(segment, segments)
    const ack =
      acknowledgments.find((one) => one.frame === acknowledgedBy) ??
      acknowledgments.find((one) => one.frame > frame && one.number > start)
    if (ack === undefined) {
      const first = original === undefined ? '' : `, which #${original} had carried`
      return `${name} has the bytes from ${formatCount(start)} on again${first}; no ACK for them was captured.`
    }
    const hole = `${name} fills the hole at ${formatCount(start)}${original === undefined ? '' : ` that #${original} left`}`
    return `${hole}; ACK #${ack.frame} then rises to ${formatCount(ack.number)}, ${formatDuration(ack.time - time)} later.`
  })
  if (again.length > TOLD)
    sentences.push(`${countOf(again.length - TOLD, 'more retransmission')} (to #${again.at(-1)?.frame}).`)
  return sentences
}

/** The frame in which its first byte went first. */
function originalOf({ frame, start }: DataSegment, segments: readonly DataSegment[]): number | undefined {
  return segments.find((one) => one.frame < frame && one.start <= start && one.end > start)?.frame
}

function others({ segments, seenAgain }: Direction): string[] {
  const sentences: string[] = []
  const late = segments.filter(({ kind }) => kind === 'out-of-order').map(({ frame }) => frame)
  if (late.length > 0)
    sentences.push(
      `${countOf(late.length, 'segment was', 'segments were')} overtaken on the way and ${late.length === 1 ? 'stands' : 'stand'} below the line${framesOf(late)}.`,
    )
  const copies = segments.filter(({ kind }) => kind === 'duplicate').map(({ frame }) => frame)
  if (copies.length > 0)
    sentences.push(`${countOf(copies.length, 'copy was', 'copies were')} made by the network${framesOf(copies)}.`)
  if (seenAgain.length > 0)
    sentences.push(
      `${countOf(seenAgain.length, 'frame shows a segment', 'frames show segments')} that ${seenAgain.length === 1 ? 'was' : 'were'} captured before, and ${seenAgain.length === 1 ? 'is' : 'are'} not drawn again${framesOf(seenAgain)}.`,
    )
  return sentences
}

/** The longest stretch without data, and who was waited for. */
function pause({ segments }: Direction, { held }: DirectionMeasures, sender: Role): string[] {
  const first = segments[0]
  const last = segments.at(-1)
  if (first === undefined || last === undefined || segments.length < 3) return []
  let longest = 0
  let before: DataSegment = first
  let after: DataSegment = first
  for (const [index, segment] of segments.entries()) {
    const previous = segments[index - 1]
    if (previous === undefined || segment.time - previous.time <= longest) continue
    longest = segment.time - previous.time
    before = previous
    after = segment
  }
  if (longest === 0 || longest < LONG_PAUSE * lengthOf(segments)) return []
  const by = held.find(({ from, until }) => from <= before.time && until >= after.time)?.by
  const reason = repairOf(after, sender) ?? (by === undefined || by === 'unknown' ? undefined : reasonFor(by, sender))
  return [
    `The longest flat stretch is ${formatDuration(longest)}, from #${before.frame} to #${after.frame}${reason === undefined ? '' : `: ${reason}`}.`,
  ]
}

/** What a segment was sent again for, when it was: then it was that which was waited for. */
function repairOf({ truth }: DataSegment, sender: Role): string | undefined {
  switch (truth?.cause) {
    case 'timeout':
      return `the ${sender} waited for its retransmission timer`
    case 'tail loss probe':
      return `the ${sender} waited for an ACK, until it probed for a loss`
    case 'fast retransmit':
      return `the ${sender} waited until ACKs showed the loss`
    case 'path MTU':
      return `the ${sender} waited until a router said that a packet was too big`
    default:
      return undefined
  }
}

export function reasonFor(by: Exclude<HeldBy, 'unknown'>, sender: Role): string {
  switch (by) {
    case 'application':
      return `the ${sender}'s program had nothing to send`
    case 'Nagle':
      return `the ${sender} kept a short segment until the one before was acknowledged (Nagle's algorithm)`
    case 'receiver':
      return `the ${otherRole(sender)}'s window had no room for more`
    case 'network':
      return `the ${sender} waited for ACKs: its congestion window or its send buffer was full, or something was lost`
  }
}
