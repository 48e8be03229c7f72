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

/** One direction's. Each is measured when it is first asked for: who looks for problems needs few of them. */
export class DirectionMeasures {
  readonly #packets: readonly PacketEvent[]
  readonly #sender: Role
  readonly #summary: TcpSummary
  #roundTrips: RoundTrips | undefined
  #flight: Flight | undefined
  #held: readonly Held[] | undefined
  #slowStart: readonly [SlowStart | undefined] | undefined
  #acknowledgments: Acknowledgments | undefined

  constructor(packets: readonly PacketEvent[], sender: Role, summary: TcpSummary) {
    this.#packets = packets
    this.#sender = sender
    this.#summary = summary
  }

  get roundTrips(): RoundTrips {
    this.#roundTrips ??= roundTrips(this.#packets, this.#sender)
    return this.#roundTrips
  }

  get flight(): Flight {
    this.#flight ??= flight(this.#packets, this.#sender, this.#summary)
    return this.#flight
  }

  /** what held the sender back, one stretch after the other, between its first data segment and its last */
  get held(): readonly Held[] {
    this.#held ??= whatHeldBack(this.#packets, this.#sender, this.#summary)
    return this.#held
  }

  get slowStart(): SlowStart | undefined {
    this.#slowStart ??= [slowStart(this.#packets, this.#sender, this.#summary, this.held)]
    return this.#slowStart[0]
  }

  /** how the other end acknowledged this one's data */
  get acknowledgments(): Acknowledgments {
    this.#acknowledgments ??= acknowledgments(this.#packets, this.#sender, this.roundTrips)
    return this.#acknowledgments
  }

  /** Bits per second that were sent, from the first data segment to the last one or the last ACK. */
  get throughput(): number | undefined {
    const bytes = this.#data.reduce((sum, { length }) => sum + length, 0)
    return this.#perSecond(bytes)
  }

  /** The same of what was delivered, once; not known where no ACK was captured. */
  get goodput(): number | undefined {
    const { count, delivered } = this.acknowledgments
    return count > 0 ? this.#perSecond(delivered) : undefined
  }

  get #data(): PacketEvent[] {
    return this.#packets.filter((packet) => packet.from === this.#sender && packet.length > 0)
  }

  #perSecond(bytes: number): number | undefined {
    const data = this.#data
    const [first, last] = [data[0], data.at(-1)]
    if (first === undefined || last === undefined) return undefined
    const duration = Math.max(this.acknowledgments.last ?? 0, last.time) - first.time
    return duration > 0 ? (bytes * 8e9) / duration : undefined
  }
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
    client: new DirectionMeasures(packets, 'client', summary),
    server: new DirectionMeasures(packets, 'server', summary),
  }
  measured.set(timeline, measures)
  return measures
}
