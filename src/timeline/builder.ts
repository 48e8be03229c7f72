/**
 * Builds one session's timeline while its packets pass: each becomes an event, and each ACK finds the segments that it
 * acknowledges. Used on the second pass over a file, for the sessions that are shown, and on a live capture.
 */
import { formatIpv4, formatIpv6 } from '../bytes/addresses.js'
import { sequenceAfter } from '../bytes/sequence.js'
import { labelOf, previewOf } from '../decode/application.js'
import { EchoWatch } from '../decode/echo.js'
import { tcp as header } from '../decode/tcp.js'
import { ACK, AE, CWR, ECE, FIN, type Packet, PSH, RST, SYN, URG } from '../packet.js'
import type { PacketFacts, Side } from '../sessions/facts.js'
import { type IcmpMessage, icmpOf } from '../sessions/icmp.js'
import { phaseName } from '../sessions/phases.js'
import type { Session } from '../sessions/session.js'
import { roleOf } from '../sessions/summarize.js'
import { segmentSummary } from '../sessions/summarize-truth.js'
import type { SessionSummary } from '../sessions/summary.js'
import { stateName } from '../sessions/tcp/states.js'
import { ChecksumDoubts } from './checksum-doubts.js'
import { findingsOf, foundAcknowledged, foundAnswered } from './findings.js'
import type { Finding, IcmpEvent, PacketEvent, SilenceEvent, TcpPart, Timeline, TimelineEvent } from './model.js'
import { preludeEvents } from './prelude.js'
import { RecentDatagrams } from './quoted.js'
import { seeAgain, seenOnce } from './second-sights.js'
import { TimesToLive } from './times-to-live.js'
import { WindowProbes } from './window-probes.js'

/** Events kept of one session; a longer one says how many packets it left out. */
const MAX_EVENTS = 200_000
/** Segments of one side that wait for an ACK, at the most; a capture of one direction never sees any. */
const MAX_OUTSTANDING = 4096
/** How far back among them the one is looked for that an ICMP error quotes. */
const MAX_QUOTABLE = 256
/** of a header, at the least (RFC 792): ports and sequence number */
const QUOTED_BYTES = 8
/** Bytes of payload that are shown as text. */
export const PREVIEW = 64
/** ns without a packet that are worth a line of their own. */
const SILENCE = 500e6

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [SYN, 'SYN'],
  [FIN, 'FIN'],
  [RST, 'RST'],
  [PSH, 'PSH'],
  [ACK, 'ACK'],
  [URG, 'URG'],
  [ECE, 'ECE'],
  [CWR, 'CWR'],
  [AE, 'AE'],
]

/** A segment that waits for its ACK. */
interface Outstanding {
  readonly event: PacketEvent
  /** the sequence number after its last byte, SYN and FIN counted */
  readonly end: number
}

export class TimelineBuilder {
  readonly #events: TimelineEvent[] = []
  readonly #isLive: boolean
  #isBegun = false
  /** per side, oldest first */
  readonly #outstanding: readonly [Outstanding[], Outstanding[]] = [[], []]
  readonly #echo = new EchoWatch()
  readonly #recent = new RecentDatagrams()
  /** per side: its latest datagram */
  readonly #latest: [PacketEvent | undefined, PacketEvent | undefined] = [undefined, undefined]
  /** datagrams with findings, by frame */
  readonly #remarked = new Map<number, PacketEvent>()
  readonly #timesToLive = new TimesToLive()
  readonly #windowProbes = new WindowProbes()
  readonly #doubts = new ChecksumDoubts()
  #lastTime = 0
  #leftOut = 0
  #timeDigits = 6

  /** @param isLive events are handed over and not kept, for a display that goes on for as long as the capture does */
  constructor(isLive = false) {
    this.#isLive = isLive
  }

  /** The next packet of the session, or an ICMP error about it. Returns the new events, for a live display. */
  add(packet: Packet, facts: PacketFacts): readonly TimelineEvent[] {
    const session = facts.session
    if (session === undefined) return []
    if (this.#events.length >= MAX_EVENTS) {
      this.#leftOut++
      return []
    }
    if (this.#isLive) this.#events.length = 0
    const first = this.#events.length
    const isBegun = this.#isBegun
    const latest = this.#latest[facts.side]
    if (facts.seenAgain && latest !== undefined) {
      seeAgain(latest, packet.number, packet.comments)
      return []
    }
    if (!isBegun) {
      this.#isBegun = true
      this.#timeDigits = packet.timeDigits
      this.#events.push(...preludeEvents(session))
    }
    const gap = facts.time - this.#lastTime
    if (gap >= SILENCE && isBegun) this.#events.push(this.#silence(session, facts, gap))
    const icmp = icmpOf(packet)
    const event = icmp
      ? this.#icmpEvent(icmp, packet, facts, session, gap)
      : this.#packetEvent(packet, facts, session, gap)
    this.#events.push(event)
    this.#lastTime = facts.time
    return this.#events.slice(first)
  }

  finish(summary: SessionSummary): Timeline {
    this.#doubts.finish()
    return { ...seenOnce(summary, this.#events), leftOut: this.#leftOut, timeDigits: this.#timeDigits }
  }

  #silence(session: Session, facts: PacketFacts, gap: number): SilenceEvent {
    return { kind: 'silence', time: this.#lastTime, gap, brokenBy: roleOf(session, facts.side) }
  }

  #packetEvent(packet: Packet, facts: PacketFacts, session: Session, gap: number): PacketEvent {
    const cut = packet.start + packet.originalLength - packet.end
    const label = packet.payloadLength > 0 ? this.#label(packet, facts, session) : undefined
    const text =
      packet.payloadLength > 0 ? previewOf(packet.view, packet.payload, packet.payloadEnd, PREVIEW) : undefined
    const isTcp = session.protocol === 'tcp'
    const acknowledged = isTcp ? this.#acknowledge(packet, facts) : []
    const event: PacketEvent = {
      kind: 'packet',
      frame: packet.number,
      time: facts.time,
      gap,
      from: roleOf(session, facts.side),
      phase: phaseName(facts.phase),
      ...(isTcp && { states: { client: stateName(session.client.state), server: stateName(session.server.state) } }),
      length: packet.payloadLength,
      ...(isTcp && { tcp: tcpPart(packet, facts) }),
      ...(label !== undefined && { label }),
      ...(text !== undefined && { text }),
      findings: this.#findings(packet, facts, isTcp),
      ...(facts.truth && { truth: segmentSummary(facts.truth, (side) => roleOf(session, side)) }),
      acknowledges: acknowledged.map((segment) => segment.event.frame),
      ...(acknowledged.length > 0 && { acknowledgesAfter: facts.time - (acknowledged.at(-1)?.event.time ?? 0) }),
      ...(facts.requestFrame > 0 && { answers: { frame: facts.requestFrame, after: facts.replyTime } }),
      ...(facts.repeatsFrame > 0 && { repeats: facts.repeatsFrame }),
      ...(isTcp && (packet.tcp.flags & RST) !== 0 && { timeToLive: packet.timeToLive }),
      received: facts.received,
      ...(cut > 0 && { cut }),
      ...(packet.vlan >= 0 && { vlan: packet.vlan }),
      ...(packet.comments.length > 0 && { comments: packet.comments }),
    }
    for (const segment of acknowledged) {
      segment.event.acknowledgedBy = packet.number
      if (!segment.event.received) noteArrival(segment, acknowledged, packet.number)
    }
    if (isTcp) {
      this.#remember(packet, facts.side, event)
      this.#doubts.settle(packet, facts, event)
    } else {
      this.#recent.note(packet, facts.side)
      this.#latest[facts.side] = event
      if (event.findings.length > 0 && this.#remarked.size < MAX_OUTSTANDING) this.#remarked.set(packet.number, event)
      const request = this.#remarked.get(facts.requestFrame)
      if (request !== undefined) request.findings = foundAnswered(request.findings, packet.number)
    }
    return event
  }

  #icmpEvent(icmp: IcmpMessage, packet: Packet, facts: PacketFacts, session: Session, gap: number): IcmpEvent {
    const about = facts.side === 0 ? 1 : 0
    const { quoted } = packet
    const quotes = quoted && this.#quotedFrame(quoted, about, session.protocol === 'tcp')
    const by = formatAddress(packet, packet.source)
    const isOnTheWay = quoted !== undefined && by !== formatAddress(quoted, quoted.destination)
    return {
      kind: 'icmp',
      frame: packet.number,
      time: facts.time,
      gap,
      about: roleOf(session, about),
      by,
      ...(isOnTheWay && { onTheWay: true as const }),
      ...(quotes !== undefined && { quotes }),
      version: icmp.version,
      type: icmp.type,
      code: icmp.code,
    }
  }

  #quotedFrame(quoted: Packet, side: Side, isTcp: boolean): number | undefined {
    if (!isTcp) return this.#recent.frameOf(quoted, side)
    if (quoted.limit - quoted.transport < QUOTED_BYTES) return undefined
    const sequence = header.sequence(quoted.view, quoted.transport) | 0
    const waiting = this.#outstanding[side]
    for (let i = waiting.length - 1; i >= Math.max(0, waiting.length - MAX_QUOTABLE); i--) {
      const segment = waiting[i]
      if (segment === undefined || !sequenceAfter(segment.end, sequence)) continue
      if (!sequenceAfter(startOf(segment.event), sequence)) return segment.event.frame
    }
    return undefined
  }

  #findings(packet: Packet, facts: PacketFacts, isTcp: boolean): readonly Finding[] {
    const findings = findingsOf(packet, facts, this.#doubts.isTold(facts.side))
    if (!isTcp) return findings
    const named = this.#windowProbes.take(packet, facts.side, findings)
    const foreign = this.#timesToLive.take(packet, facts.side)
    return foreign === undefined ? named : [...named, foreign]
  }

  /** A reply that repeats its request is an echo, whatever else it may look like; a request that repeats a reply is none. */
  #label(packet: Packet, facts: PacketFacts, session: Session): string | undefined {
    const repeats = this.#echo.see(facts.side, packet.view, packet.payload, packet.payloadEnd)
    return repeats && facts.side !== session.clientSide ? 'echo' : labelOf(packet)
  }

  /** Takes the segments that this packet acknowledges off the other side's list. */
  #acknowledge(packet: Packet, facts: PacketFacts): Outstanding[] {
    if ((packet.tcp.flags & ACK) === 0 || !facts.received) return []
    const list = this.#outstanding[facts.side === 0 ? 1 : 0]
    const acknowledgment = packet.tcp.acknowledgment
    const acknowledged: Outstanding[] = []
    // thousands may be outstanding: one walk for each ACK, in place
    let left = 0
    for (const segment of list) {
      if (sequenceAfter(segment.end, acknowledgment)) list[left++] = segment
      else acknowledged.push(segment)
    }
    if (acknowledged.length > 0) list.length = left
    return acknowledged
  }

  #remember(packet: Packet, side: Side, event: PacketEvent): void {
    const { flags, sequence, length } = packet.tcp
    const taken = length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)
    if (taken === 0 || (flags & RST) !== 0) return
    const list = this.#outstanding[side]
    if (list.length >= MAX_OUTSTANDING) list.shift()
    list.push({ event, end: (sequence + taken) | 0 })
  }
}

/** A segment with a bad checksum is acknowledged, by `frame`: unless its bytes are in another of those, it had arrived. */
function noteArrival({ event }: Outstanding, acknowledged: readonly Outstanding[], frame: number): void {
  if (!event.findings.some(({ name }) => name === 'bad_checksum')) return
  const start = startOf(event)
  const cameOtherwise = acknowledged.some(
    (other) => other.event !== event && !sequenceAfter(startOf(other.event), start) && sequenceAfter(other.end, start),
  )
  if (cameOtherwise) return
  event.received = true
  event.findings = foundAcknowledged(event.findings, frame)
}

function startOf({ tcp }: PacketEvent): number {
  return (tcp?.rawSequence ?? 0) | 0
}

function tcpPart(packet: Packet, facts: PacketFacts): TcpPart {
  const tcp = packet.tcp
  const seen = facts.wireshark
  const syn = (tcp.flags & SYN) !== 0
  return {
    flags: FLAG_NAMES.filter(([bit]) => (tcp.flags & bit) !== 0).map(([, name]) => name),
    sequence: seen.relativeSequence,
    rawSequence: tcp.sequence >>> 0,
    acknowledgment: (tcp.flags & ACK) !== 0 ? seen.relativeAcknowledgment : 0,
    rawAcknowledgment: tcp.acknowledgment >>> 0,
    window: seen.scaledWindow,
    rawWindow: tcp.window,
    ...(syn && tcp.mss >= 0 && { mss: tcp.mss }),
    ...(syn && tcp.windowScale >= 0 && { windowScale: tcp.windowScale }),
    ...(syn && tcp.sackPermitted && { sackPermitted: true }),
    ...(tcp.hasTimestamps && { timestamps: { value: tcp.timestampValue, echo: tcp.timestampEcho } }),
    ...(tcp.sackBlocks > 0 && { sack: sackBlocks(packet, facts) }),
  }
}

/** SACK blocks are in the other direction's numbers: relative to what its acknowledgment is relative to. */
function sackBlocks(packet: Packet, facts: PacketFacts): (readonly [number, number])[] {
  const tcp = packet.tcp
  const base = tcp.acknowledgment - facts.wireshark.relativeAcknowledgment
  const blocks: (readonly [number, number])[] = []
  for (let i = 0; i < tcp.sackBlocks; i++) {
    const left = ((tcp.sack[i * 2] ?? 0) - base) >>> 0
    const right = ((tcp.sack[i * 2 + 1] ?? 0) - base) >>> 0
    blocks.push([left, right])
  }
  return blocks
}

function formatAddress({ networkVersion, networkView }: Packet, at: number): string {
  return (networkVersion === 4 ? formatIpv4 : formatIpv6)(networkView, at)
}
