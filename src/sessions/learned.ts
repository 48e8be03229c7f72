/**
 * What is known of every stream once it was let go, a few bytes each: enough to know a late segment, or a SYN that
 * begins a new stream on the same ports, and what a second pass over the same capture must know from the start.
 * Of UDP that is little, and is kept by numbers of its own.
 */
import type { Side } from './facts.js'
import type { TcpSession } from './tcp/session.js'
import type { SegmentTruth, TruthOfSession } from './tcp/truth/result.js'
import { WiresharkTotals } from './tcp/wireshark/totals.js'
import type { UdpSession } from './udp/session.js'

/** Segments out of the ordinary that are kept of the whole capture: some 500 MiB of them, in the worst case. */
const MAX_SEGMENTS = 1_000_000

const ANSWERED = 1
const REFUSED = 2
/** … and of side 1: twice that */
const BASE_KNOWN = 4

export class Learned {
  readonly totals = new WiresharkTotals()
  /** of UDP streams whose number was taken late (udp/late-numbers.ts), by the one they had at first */
  readonly lateNumbers = new Map<number, number>()
  #flags = new Uint8Array(256)
  /** UDP streams, a bit each: those that look like requests and replies for a while and are none */
  #unlikeRequests = new Uint8Array(32)
  /** two a stream: what each side's relative sequence numbers count from */
  #bases = new Int32Array(512)
  /** frames that were lost on their way, of the streams that lost any */
  readonly #lost = new Map<number, ReadonlySet<number>>()

  /** what really happened, of the segments that were not simply the next one, by frame */
  readonly #segments = new Map<number, SegmentTruth>()
  readonly #isForAnotherPass: boolean

  /** `isForAnotherPass`: what only a second pass over the same capture asks for is kept as well. */
  constructor(isForAnotherPass: boolean) {
    this.#isForAnotherPass = isForAnotherPass
  }

  /** Takes in a session that is let go. */
  note(session: TcpSession): void {
    const { number, client, server, sides } = session
    while (number >= this.#flags.length) this.#grow()
    const refused = client.synFrame !== 0 && server.synFrame === 0 && server.rstFrame !== 0
    let flags = (server.synFrame !== 0 ? ANSWERED : 0) | (refused ? REFUSED : 0)
    for (const side of [0, 1] as const) {
      if (sides[side].hasBase !== 0) flags |= BASE_KNOWN << side
      this.#bases[number * 2 + side] = sides[side].base
    }
    this.#flags[number] = flags
    if (!this.#isForAnotherPass) return
    const analysis = session.wireshark
    if (analysis !== undefined) this.totals.save(number, analysis.conversation)
    if (session.truth !== undefined) this.#noteTruth(number, session.truth)
  }

  /** Takes in a UDP session that is let go. */
  noteUdp({ number, shape, replies }: UdpSession): void {
    if (!this.#isForAnotherPass || shape === 'requests' || replies.answered + replies.repeated === 0) return
    const byte = number >> 3
    while (byte >= this.#unlikeRequests.length) this.#unlikeRequests = doubled(this.#unlikeRequests)
    this.#unlikeRequests[byte] = (this.#unlikeRequests[byte] ?? 0) | (1 << (number & 7))
  }

  /** The UDP stream is no requests and replies in the end. */
  isUnlikeRequests(stream: number): boolean {
    return (((this.#unlikeRequests[stream >> 3] ?? 0) >> (stream & 7)) & 1) !== 0
  }

  #noteTruth(number: number, truth: TruthOfSession): void {
    if (truth.lost.length > 0) this.#lost.set(number, new Set(truth.lost))
    for (const segment of truth.segments) {
      if (this.#segments.size >= MAX_SEGMENTS) return
      this.#segments.set(segment.frame, segment)
    }
  }

  /** What really happened, if the frame's segment was not simply the next one. */
  segment(frame: number): SegmentTruth | undefined {
    return this.#segments.get(frame)
  }

  /** The stream's SYN was answered by a SYN/ACK. */
  answered(stream: number): boolean {
    return ((this.#flags[stream] ?? 0) & ANSWERED) !== 0
  }

  /** The stream's SYN was answered by a reset. */
  refused(stream: number): boolean {
    return ((this.#flags[stream] ?? 0) & REFUSED) !== 0
  }

  hasBase(stream: number, side: Side): boolean {
    return ((this.#flags[stream] ?? 0) & (BASE_KNOWN << side)) !== 0
  }

  base(stream: number, side: Side): number {
    return this.#bases[stream * 2 + side] ?? 0
  }

  lost(stream: number): ReadonlySet<number> | undefined {
    return this.#lost.get(stream)
  }

  #grow(): void {
    this.#flags = doubled(this.#flags)
    const bases = new Int32Array(this.#bases.length * 2)
    bases.set(this.#bases)
    this.#bases = bases
  }
}

function doubled(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(bytes.length * 2)
  longer.set(bytes)
  return longer
}
