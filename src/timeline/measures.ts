/**
 * What can be measured in a TCP session's timeline, a direction at a time: round-trip times, what was in flight and what
 * window was open, what held the sender back, how it was acknowledged. Times are integers of ns, since the session's first
 * packet where they are moments. All of it is as seen where the capture was taken: at the receiver, round trips are short.
 */
import type { Role, TcpSummary } from '../sessions/summary.js'
import { type Acknowledgments, acknowledgments } from './measures/acknowledgments.js'
import { type Flight, flight } from './measures/flight.js'
import { type Held, whatHeldBack } from './measures/held.js'
import { type RoundTrips, roundTrips } from './measures/round-trips.js'
import { type SlowStart, slowStart } from './measures/slow-start.js'
import type { PacketEvent, Timeline } from './model.js'

export interface DirectionMeasures {
  readonly roundTrips: RoundTrips
  readonly flight: Flight
  /** what held the sender back, one stretch after the other, between its first data segment and its last */
  readonly held: readonly Held[]
  readonly slowStart: SlowStart | undefined
  /** how the other end acknowledged this one's data */
  readonly acknowledgments: Acknowledgments
  /**
   * Bits per second from the first data segment to the last one or the last ACK: what was sent, and what was delivered once.
   * The latter is not known where no ACK was captured.
   */
  readonly throughput?: number
  readonly goodput?: number
}

export interface Measures {
  readonly client: DirectionMeasures
  readonly server: DirectionMeasures
}

/** What was measured before: the story, the problems and the plots of a session all ask for it. */
const measured = new WeakMap<Timeline, Measures>()

/** Undefined for a UDP session. The timeline must not be folded. */
export function measure(timeline: Timeline): Measures | undefined {
  const { summary } = timeline
  if (summary.protocol !== 'tcp') return undefined
  const before = measured.get(timeline)
  if (before !== undefined) return before
  const packets = timeline.events.filter((event) => event.kind === 'packet')
  const measures = {
    client: measureDirection(packets, 'client', summary),
    server: measureDirection(packets, 'server', summary),
  }
  measured.set(timeline, measures)
  return measures
}

function measureDirection(packets: readonly PacketEvent[], sender: Role, summary: TcpSummary): DirectionMeasures {
  const inFlight = flight(packets, sender, summary)
  const trips = roundTrips(packets, sender)
  const data = packets.filter((packet) => packet.from === sender && packet.length > 0)
  const acks = acknowledgments(packets, sender, trips)
  const first = data[0]
  const bytes = data.reduce((sum, { length }) => sum + length, 0)
  const until = Math.max(acks.last ?? 0, data.at(-1)?.time ?? 0)
  const duration = first === undefined ? 0 : until - first.time
  const held = whatHeldBack(packets, sender, summary)
  return {
    roundTrips: trips,
    flight: inFlight,
    held,
    slowStart: slowStart(packets, sender, summary, held),
    acknowledgments: acks,
    ...(duration > 0 && { throughput: (bytes * 8e9) / duration }),
    ...(duration > 0 && acks.count > 0 && { goodput: (acks.delivered * 8e9) / duration }),
  }
}
