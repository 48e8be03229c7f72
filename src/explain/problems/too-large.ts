/**
 * Data that is lost again and again. Where smaller segments arrive meanwhile, a network on the way takes only smaller packets, and
 * its router's word that it does is lost, too: a path MTU black hole (RFC 2923 §2.1).
 */
import { push } from '../../bytes/lists.js'
import { countOf, formatDuration, formatSize } from '../../bytes/units.js'
import { isTooBig } from '../../sessions/icmp.js'
import type { Role, TcpSummary } from '../../sessions/summary.js'
import { has } from '../../timeline/flags.js'
import type { PacketEvent } from '../../timeline/model.js'
import { otherRole } from '../endpoints.js'
import { endOf, framesIn, isCopy, named, ROLES, startOf, type TcpCase, type TcpRule } from './problem.js'

/** So often in vain is no chance any more. */
const TRIES = 3
/** Segments of one end that are held against what is acknowledged: the latest of a flight are enough to tell. */
const UNDER_WAY = 256
/** ns in which what a receiver lacks comes again, if it can. */
const PATIENCE = 1e9

/** Bytes of an IP packet that every network takes, or as good as (RFC 1122 §3.3.3, RFC 8200 §5), and of the shortest headers of IP and TCP. */
const IPV4 = { taken: 576, headers: 40 }
const IPV6 = { taken: 1280, headers: 60 }
const TIMESTAMPS = 12

/** False for a segment in a packet that no network on the way finds too large. */
export function mayBeTooLarge({ length, tcp }: PacketEvent, { client }: TcpSummary): boolean {
  const { taken, headers } = client.address.includes(':') ? IPV6 : IPV4
  return headers + (tcp?.timestamps === undefined ? 0 : TIMESTAMPS) + length > taken
}

/** Seen from the sender: nothing as large as a segment that it sends again and again arrives, and something smaller does. */
export const blackHole: TcpRule = (session) => {
  for (const sender of ROLES) {
    const errors = session.summary.icmpErrors ?? []
    if (errors.some((error) => error.about === sender && isTooBig(error))) continue
    const tries = sentInVain(session, sender)
    const [lost] = tries
    if (lost === undefined || !mayBeTooLarge(lost, session.summary)) continue
    const { first, again } = transmissions(session, tries, lost)
    const proof = smallerArrival(session.packets, first.frame, lost) ?? lifeSign(session, tries)
    if (proof === undefined) continue
    return {
      name: 'path MTU black hole',
      diagnosis: `path MTU black hole: ${formatSize(lost.length)} of the ${sender} in one segment never arrive (#${first.frame}, sent again ${countOf(again.length, 'time')}: ${named(framesIn(again))}), ${proof.text}, and no ICMP error says so`,
      frames: [...new Set([first.frame, ...framesIn(again), ...proof.frames])].sort((a, b) => a - b),
    }
  }
  return undefined
}

/** The first transmission of a segment, and those that were in vain after it. */
function transmissions({ packets }: TcpCase, tries: readonly PacketEvent[], lost: PacketEvent) {
  // the first time the network card may have cut it out of more
  const first = packets.find((one) => one.from === lost.from && covers(one, startOf(lost))) ?? lost
  return { first, again: tries.filter((one) => one !== first) }
}

/** Seen from the sender: it sends a segment again and again, and the other end, which is there, never has it. */
export const takenByNobody: TcpRule = (session) => {
  for (const sender of ROLES) {
    const tries = sentInVain(session, sender)
    const [lost] = tries
    if (lost === undefined) continue
    const { first, again } = transmissions(session, tries, lost)
    if (!again.every(isLost)) continue
    const heard = heardWithout(session.packets, tries)
    // until then the network may have been down
    if (heard === undefined || !tries.some(({ frame }) => frame > heard.frame)) continue
    const other = otherRole(sender)
    const why = mayBeTooLarge(lost, session.summary)
      ? 'as where a network on the way takes only smaller packets, or a firewall drops what carries data'
      : `and no network finds a packet of that size too large: something on the way drops it, as a firewall does, or the ${other}'s own system`
    return {
      name: 'never arrived',
      diagnosis: `${formatSize(lost.length)} of the ${sender} never arrive (#${first.frame}, sent again ${countOf(again.length, 'time')}: ${named(framesIn(again))}) though the ${other} is there (#${heard.frame} does not acknowledge them), ${why}`,
      frames: [first.frame, ...framesIn(again), heard.frame].sort((a, b) => a - b),
    }
  }
  return undefined
}

/** Probes of a shut window, and keep-alives, are not to be taken. */
function isLost({ truth }: PacketEvent): boolean {
  return truth?.verdict === 'retransmission' && truth.cause !== 'zero window' && truth.cause !== 'keep-alive'
}

interface Proof {
  readonly text: string
  readonly frames: readonly number[]
}

/** The transmissions of the first segment that was sent so often, always as large; none when there is no such segment. */
function sentInVain({ packets, summary }: TcpCase, sender: Role): readonly PacketEvent[] {
  const mss = summary.handshake[otherRole(sender)]?.mss ?? Number.POSITIVE_INFINITY
  const bySequence = new Map<number, PacketEvent[]>()
  for (const packet of packets) {
    // what is longer is yet to be cut up by the network card
    if (packet.from !== sender || packet.length === 0 || packet.length > mss || isCopy(packet)) continue
    push(bySequence, startOf(packet), packet)
  }
  for (const sent of bySequence.values()) {
    const tries = sent.filter(({ length }) => length === sent[0]?.length)
    if (tries.length >= TRIES) return tries
  }
  return []
}

/** Of what the end that sent `lost` sends from frame `since` on, all that arrives is smaller. */
function smallerArrival(packets: readonly PacketEvent[], since: number, lost: PacketEvent): Proof | undefined {
  const { smaller, answer, asLarge } = arrivals(packets, since, lost)
  if (asLarge || smaller === undefined || answer === undefined) return undefined
  return {
    text: `${formatSize(smaller.length)} do (#${smaller.frame}, which #${answer.frame} acknowledges): a network on the way takes only smaller packets`,
    frames: [smaller.frame, answer.frame],
  }
}

/** Nothing so large ever arrived, smaller packets did, and the other end is still heard of, though it has nothing new to acknowledge. */
function lifeSign({ packets, summary }: TcpCase, tries: readonly PacketEvent[]): Proof | undefined {
  const [lost] = tries
  const heard = heardWithout(packets, tries)
  if (lost === undefined || heard === undefined || !isLargest(packets, lost)) return undefined
  const smaller = packets.findLast(
    (one) => one.from === lost.from && one.length < lost.length && one.acknowledgedBy !== undefined,
  )
  if (smaller === undefined) return undefined
  // a receiver says what it has behind what it lacks, where the two agreed on that (RFC 2018 §4)
  const behind = packets.filter(
    (one) =>
      one.from === lost.from &&
      one.frame < heard.frame &&
      one.length > 0 &&
      startOf(one) > startOf(lost) &&
      !mayBeTooLarge(one, summary),
  )
  if (summary.handshake.negotiated?.sack === true && !behind.every((one) => acknowledges(heard, one))) return undefined
  const also = smaller.length > 0 ? '' : ', unless something drops whatever carries data'
  return {
    text: `smaller ones do (#${smaller.frame}), and the ${heard.from} is there (#${heard.frame}): it seems that a network on the way takes only smaller packets${also}`,
    frames: [smaller.frame, heard.frame],
  }
}

/** The other end's word after so many transmissions that it does not have the segment; undefined when it has, or is not heard of. */
function heardWithout(packets: readonly PacketEvent[], tries: readonly PacketEvent[]): PacketEvent | undefined {
  const [lost] = tries
  const enough = tries[TRIES - 1]
  if (lost === undefined || enough === undefined) return undefined
  const later = packets.filter(
    (packet) => packet.from !== lost.from && packet.frame > enough.frame && packet.received && !has(packet, 'RST'),
  )
  return later.some((packet) => acknowledges(packet, lost) || (packet.tcp?.acknowledgment ?? 0) > startOf(lost))
    ? undefined
    : later[0]
}

interface Arrivals {
  /** the first segment shorter than the lost one that arrived, and what acknowledges it */
  smaller?: PacketEvent | undefined
  answer?: PacketEvent | undefined
  /** one as long as the lost one arrived */
  asLarge: boolean
}

/** Nothing as long as `lost` ever arrived from the end that sent it. */
export function isLargest(packets: readonly PacketEvent[], lost: PacketEvent): boolean {
  return !arrivals(packets, 0, lost).asLarge
}

function arrivals(packets: readonly PacketEvent[], since: number, lost: PacketEvent): Arrivals {
  const found: Arrivals = { asLarge: false }
  let underWay: PacketEvent[] = []
  for (const packet of packets) {
    if (packet.frame < since) continue
    if (packet.from === lost.from) {
      if (packet.length === 0 || isCopy(packet)) continue
      // an acknowledgment is one of the bytes, and so of the last that carried them
      underWay = underWay.filter((one) => endOf(one) <= startOf(packet) || startOf(one) >= endOf(packet))
      underWay.push(packet)
      if (underWay.length > UNDER_WAY) underWay.shift()
      continue
    }
    const arrived = packet.received ? underWay.filter((one) => acknowledges(packet, one)) : []
    if (arrived.length === 0) continue
    if (arrived.some(({ length }) => length >= lost.length)) return { asLarge: true }
    found.smaller ??= arrived[0]
    found.answer ??= packet
    // the same bytes in smaller pieces: what is longer from here on may be cut up, too
    if (arrived.some((one) => startOf(one) === startOf(lost))) return found
    underWay = underWay.filter((one) => !arrived.includes(one))
  }
  return found
}

function covers(packet: PacketEvent, sequence: number): boolean {
  return packet.length > 0 && startOf(packet) <= sequence && endOf(packet) > sequence
}

function acknowledges({ tcp }: PacketEvent, packet: PacketEvent): boolean {
  if (tcp === undefined) return false
  const end = startOf(packet) + packet.length
  return tcp.acknowledgment >= end || (tcp.sack ?? []).some(([from, to]) => from <= startOf(packet) && to >= end)
}

/** Seen from the receiver: what would fill a gap never comes. */
export const neverArrived: TcpRule = (session) => {
  const { packets, untilEnd } = session
  for (const sender of ROLES) {
    const gap = gapOf(session, sender)
    if (gap === undefined) continue
    const waited = (packets.at(-1)?.time ?? 0) - gap.time + untilEnd
    if (waited < PATIENCE) continue
    return {
      name: 'never arrived',
      diagnosis: `${formatSize(gap.bytes)} of the ${sender} never arrived: ${gap.text}, and in ${formatDuration(waited)} they do not come: lost again and again, as where a network on the way takes only smaller packets, or never sent again`,
      frames: gap.frames,
    }
  }
  return undefined
}

interface Gap extends Proof {
  readonly bytes: number
  /** when it shows, ns */
  readonly time: number
}

function gapOf({ packets, summary }: TcpCase, sender: Role): Gap | undefined {
  const answers = packets.filter((packet) => packet.from !== sender && has(packet, 'ACK'))
  const acknowledged = answers.reduce((most, { tcp }) => Math.max(most, tcp?.acknowledgment ?? 0), 0)
  if (acknowledged === 0) return undefined
  const sent = packets.filter((packet) => packet.from === sender && !has(packet, 'RST'))
  const lacked = summary.truth?.[sender].lackedBytes
  if (lacked !== undefined) {
    const behind = sent.find((packet) => packet.length > 0 && startOf(packet) > acknowledged)
    const asks = answers.find(({ frame }) => frame > (behind?.frame ?? frame))
    if (behind === undefined || asks === undefined) return undefined
    const text = `#${behind.frame} comes behind them, #${asks.frame} asks for them`
    return { bytes: lacked, time: asks.time, text, frames: [behind.frame, asks.frame] }
  }
  // without data, it is numbered as if all that was sent before had come, of which there is never more than there is room for
  const room = answers.reduce((most, { tcp }) => Math.max(most, tcp?.window ?? 0), 0)
  let top = acknowledged
  for (const packet of sent) {
    const isBehind = startOf(packet) > top && startOf(packet) <= top + room
    // a FIN would be answered
    if (isBehind && packet.length === 0 && !has(packet, 'FIN')) {
      const text = `#${packet.frame} is numbered behind them`
      return { bytes: startOf(packet) - top, time: packet.time, text, frames: [packet.frame] }
    }
    top = Math.max(top, endOf(packet))
  }
  return undefined
}
