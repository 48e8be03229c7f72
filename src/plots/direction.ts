/** One direction of a TCP session, ready to be plotted: its data segments, and the acknowledgments that came back. */
import { append } from '../bytes/lists.js'
import { sequenceDifference } from '../bytes/sequence.js'
import type { Role, SegmentSummary } from '../sessions/summary.js'
import type { Measures } from '../timeline/measures.js'
import type { PacketEvent, Timeline } from '../timeline/model.js'

/** What plots are made from: a timeline that is not folded. */
export interface Subject {
  readonly timeline: Timeline
  /** absent for UDP */
  readonly measures?: Measures
}

export interface DataSegment {
  readonly frame: number
  readonly time: number
  /** sequence numbers of its first byte, and after its last */
  readonly start: number
  readonly end: number
  readonly kind: 'segment' | 'lost' | 'retransmission' | 'out-of-order' | 'duplicate'
  readonly truth?: SegmentSummary
  readonly acknowledgedBy?: number
}

export interface Acknowledgment {
  readonly frame: number
  readonly time: number
  readonly number: number
  /** the sequence number up to which the receiver has room */
  readonly edge: number
  readonly isDuplicate: boolean
  readonly sack: readonly (readonly [from: number, to: number])[]
}

export interface Direction {
  readonly segments: readonly DataSegment[]
  readonly acknowledgments: readonly Acknowledgment[]
  /** frames of its data that are a second sight of one above */
  readonly seenAgain: readonly number[]
}

export function directionOf({ events }: Timeline, sender: Role): Direction {
  const segments: DataSegment[] = []
  const acknowledgments: Acknowledgment[] = []
  const seenAgain: number[] = []
  // relative numbers go round at 2^32: each is read as the one nearest to the highest so far
  let highest = 0
  const unwrap = (number: number) => highest + sequenceDifference(number, highest)
  for (const event of events) {
    if (event.kind !== 'packet' || event.tcp === undefined) continue
    if (event.from === sender && event.length > 0 && event.seenAgain !== undefined) append(seenAgain, event.seenAgain)
    const { tcp, from, length, frame, time } = event
    if (from === sender) {
      if (length === 0) continue
      const start = unwrap(tcp.sequence)
      segments.push({
        frame,
        time,
        start,
        end: start + length,
        kind: kindOf(event),
        ...(event.truth && { truth: event.truth }),
        ...(event.acknowledgedBy !== undefined && { acknowledgedBy: event.acknowledgedBy }),
      })
      highest = Math.max(highest, start + length)
    } else if (tcp.flags.includes('ACK') && !tcp.flags.includes('RST') && event.received) {
      const number = unwrap(tcp.acknowledgment)
      acknowledgments.push({
        frame,
        time,
        number,
        edge: number + tcp.window,
        isDuplicate: event.findings.some(({ name }) => name === 'duplicate_ack'),
        sack: (tcp.sack ?? []).map(([left, right]) => [unwrap(left), unwrap(right)] as const),
      })
      highest = Math.max(highest, number)
    }
  }
  return { segments, acknowledgments, seenAgain }
}

function kindOf({ truth, received }: PacketEvent): DataSegment['kind'] {
  if (truth?.verdict) return truth.verdict
  return received ? 'segment' : 'lost'
}
