/** Connections that a reset ended: what its sender had done, or had never known. */
import { rangeOf } from '../../bytes/lists.js'
import { formatDuration, formatSize } from '../../bytes/units.js'
import type { Role, TcpSummary } from '../../sessions/summary.js'
import { has } from '../../timeline/flags.js'
import type { PacketEvent } from '../../timeline/model.js'
import { isProbe } from '../../timeline/window-probes.js'
import { otherRole } from '../endpoints.js'
import { endOf, framesIn, named, startOf, type TcpCase, type TcpRule } from './problem.js'

/** A host answers at once; its reset takes a round trip at most, ns. */
const PROMPT = 1e9
/** A host under load takes this long to answer a handshake, ns. */
const REACTION = 100e6

interface Reset {
  readonly packet: PacketEvent
  readonly by: Role
  readonly other: Role
  /** what was captured before it, and after it */
  readonly before: readonly PacketEvent[]
  readonly after: readonly PacketEvent[]
  /** the FINs before it, of who resets and of the other */
  readonly ownFin: PacketEvent | undefined
  readonly otherFin: PacketEvent | undefined
}

function resetOf({ packets, summary }: TcpCase): Reset | undefined {
  if (summary.teardown.ending !== 'reset') return undefined
  const index = packets.findIndex((packet) => has(packet, 'RST') && packet.received)
  const packet = packets[index]
  if (packet === undefined) return undefined
  const by = packet.from
  const before = packets.slice(0, index)
  return {
    packet,
    by,
    other: otherRole(by),
    before,
    after: packets.slice(index + 1),
    ownFin: before.find((one) => one.from === by && has(one, 'FIN')),
    otherFin: before.find((one) => one.from !== by && has(one, 'FIN')),
  }
}

/**
 * Data segments of `role` before the reset that nobody acknowledged. What the reset itself acknowledges counts, and so does an
 * acknowledgment that crossed it. Of an end that was not captured nobody knows what it acknowledged.
 */
function unacknowledged({ before, packet, after }: Reset, role: Role): PacketEvent[] {
  const heard = [...before, packet, ...after.filter((one) => !has(one, 'RST'))].filter((one) => one.from !== role)
  if (heard.length === 0) return []
  let acknowledged = 0
  for (const one of heard) {
    if (has(one, 'ACK')) acknowledged = Math.max(acknowledged, one.tcp?.acknowledgment ?? 0)
  }
  return before.filter((one) => one.from === role && one.length > 0 && endOf(one) > acknowledged)
}

/** Who has closed its socket answers what still comes with a reset (RFC 1122 §4.2.2.13). */
const wroteAfterClose: TcpRule = (session) => {
  const reset = resetOf(session)
  if (reset?.ownFin === undefined) return undefined
  const { packet, by, other, ownFin, before, after } = reset
  // what its host only sends again, its program had written before
  const late = before.filter(
    (one) =>
      one.from === other && one.length > 0 && one.frame > ownFin.frame && one.truth?.verdict !== 'retransmission',
  )
  if (late.length === 0) return undefined
  const otherFin = reset.otherFin ?? after.find((one) => one.from === other && has(one, 'FIN'))
  const outcome =
    otherFin === undefined
      ? `and the ${other}'s next write fails with EPIPE`
      : `but no write fails: the ${other} closed, too (FIN #${otherFin.frame})`
  return {
    name: 'written after close',
    diagnosis: `the ${by} had closed or died (FIN #${ownFin.frame}) when the ${other} still wrote (${named(framesIn(late))}): the reset #${packet.frame} answers, ${outcome}`,
    frames: [ownFin.frame, ...framesIn(late), packet.frame],
  }
}

/** What answered the packet `trigger` without knowing the connection: numbered as that told it (RFC 9293 §3.10.7.1). */
function unknowing({ packet, other, before }: Reset): PacketEvent | undefined {
  if (has(packet, 'ACK')) return undefined
  const trigger = before.findLast((one) => one.from === other)
  if (trigger === undefined || packet.tcp?.rawSequence !== trigger.tcp?.rawAcknowledgment) return undefined
  // an application that aborts sends RST with ACK on most systems; some do not, and then it comes of its own accord
  return packet.time - trigger.time > PROMPT ? undefined : trigger
}

/** The handshake's last segment is answered with a reset: the server has no room for the connection, or nobody listens any more. */
const turnedAway: TcpRule = (session) => {
  const reset = resetOf(session)
  const { syn, synAck, ack } = session.summary.handshake
  if (reset?.by !== 'server' || !syn || !synAck || !ack || unknowing(reset) === undefined) return undefined
  const { packet, before } = reset
  const server = before.filter((one) => one.from === 'server')
  if (!server.every((one) => has(one, 'SYN')) || packet.time - ack.time > ack.time - syn.time + REACTION)
    return undefined
  return {
    name: 'turned away',
    diagnosis: `turned away: the handshake's last segment #${ack.frame} was answered with the reset #${packet.frame}, without ACK: the server's backlog was full and its host resets what does not fit (tcp_abort_on_overflow), or its program ended meanwhile`,
    frames: [syn.frame, synAck.frame, ack.frame, packet.frame],
  }
}

/** A host that does not know a connection answers with a reset without ACK. */
const forgotten: TcpRule = (session) => {
  const reset = resetOf(session)
  const trigger = reset === undefined || reset.ownFin !== undefined ? undefined : unknowing(reset)
  if (reset === undefined || trigger === undefined) return undefined
  return {
    name: 'forgotten',
    diagnosis: `the ${reset.by} ${whyUnknown(reset, trigger, session.summary)}: it answered #${trigger.frame} with the reset #${reset.packet.frame}, without ACK`,
    frames: [trigger.frame, reset.packet.frame],
  }
}

function whyUnknown({ by, before }: Reset, trigger: PacketEvent, { handshake }: TcpSummary): string {
  const last = before.findLast((one) => one.from === by)
  if (last === undefined && handshake.syn === undefined)
    return 'knows no such connection, whose opening was not captured (its host restarted, or a device on the way that translates addresses no longer does it as before)'
  // it had tried, and stopped
  if (last !== undefined && isTry(last) && trigger.time - last.time > PROMPT)
    return `had given up ${formatDuration(trigger.time - last.time)} after its last try, #${last.frame}, at the latest (its timer ran out, as with TCP_USER_TIMEOUT, or its host restarted), and no longer knew the connection`
  return 'no longer knew the connection (its host restarted, or a device on the way dropped it)'
}

/** Sent again, or to ask whether the other end is there or its window open. */
function isTry({ truth, findings }: PacketEvent): boolean {
  return truth?.verdict === 'retransmission' || findings.some(isProbe)
}

/** Closed so late that the other host, which had closed long before, no longer waited for it (RFC 9293 §3.10.7.1). */
const closedLate: TcpRule = (session) => {
  const reset = resetOf(session)
  if (reset?.ownFin === undefined || reset.otherFin === undefined || unknowing(reset) !== reset.otherFin)
    return undefined
  const { packet, by, other, ownFin, otherFin } = reset
  const waited = otherFin.time - ownFin.time
  if (ownFin.acknowledgedBy === undefined || waited < PROMPT) return undefined
  return {
    name: 'closed late',
    diagnosis: `the ${other} closed (#${otherFin.frame}) only ${formatDuration(waited)} after the FIN #${ownFin.frame}, in CLOSE_WAIT until then: the ${by}'s host no longer waited for it (FIN_WAIT_2 ends by a timer) and answered with the reset #${packet.frame}`,
    frames: [ownFin.frame, otherFin.frame, packet.frame],
  }
}

/** close() on a socket with data that was not read sends RST instead of FIN (RFC 2525 §2.17); so does SO_LINGER 0. */
const unreadData: TcpRule = (session) => {
  const reset = resetOf(session)
  if (reset === undefined || reset.ownFin !== undefined || !has(reset.packet, 'ACK')) return undefined
  const { packet, by, other, before } = reset
  const lastOwn = before.findLastIndex((one) => one.from === by && one.length > 0)
  const came = before.slice(lastOwn + 1).filter((one) => one.from === other && one.length > 0 && one.received)
  const starts = new Set<number>()
  const unread = came.filter((one) => !starts.has(startOf(one)) && starts.add(startOf(one)))
  const bytes = sizeOf(unread)
  if (unread.length === 0 || unacknowledged(reset, by).length > 0 || unacknowledged(reset, other).length > 0)
    return undefined
  const size = `${formatSize(bytes)} (${named(framesIn(unread))})`
  // which of several its program has read does not show
  const arrived = unread.length === 1 ? `${size} had arrived,` : `some of the ${size} that had arrived;`
  return {
    name: 'closed with unread data',
    diagnosis: `the ${by} closed with unread data: ${arrived} it sent nothing more, and its close became the reset #${packet.frame} instead of a FIN (${looksTheSame(reset)} looks the same)`,
    frames: [...framesIn(unread), packet.frame],
  }
}

function looksTheSame({ by, before }: Reset): string {
  const hasAnswered = before.some((one) => one.from === by && one.length > 0)
  return by === 'client' || hasAnswered
    ? 'SO_LINGER 0'
    : 'SO_LINGER 0, or the end of the listening socket before its accept,'
}

/** Each byte counted once. */
function sizeOf(packets: readonly PacketEvent[]): number {
  let bytes = 0
  let top = Number.NEGATIVE_INFINITY
  for (const packet of packets.toSorted((a, b) => startOf(a) - startOf(b))) {
    const end = startOf(packet) + packet.length
    bytes += Math.max(0, end - Math.max(top, startOf(packet)))
    top = Math.max(top, end)
  }
  return bytes
}

const midData: TcpRule = (session) => {
  const reset = resetOf(session)
  if (reset === undefined) return undefined
  for (const role of [reset.other, reset.by]) {
    const left = unacknowledged(reset, role)
    if (left.length === 0) continue
    const bytes = rangeOf(left.map(endOf))[1] - rangeOf(left.map(startOf))[0]
    return {
      name: 'reset in mid-data',
      diagnosis: `reset in mid-data by the ${reset.by} (#${reset.packet.frame}): ${formatSize(bytes)} of the ${role} (${named(framesIn(left))}) were on their way and not acknowledged`,
      frames: [...framesIn(left), reset.packet.frame],
    }
  }
  return undefined
}

export const aborted: TcpRule = (session) => {
  const reset = resetOf(session)
  if (reset === undefined) return undefined
  const { packet, ownFin, otherFin } = reset
  // both had closed, and all data had been acknowledged: nobody lost anything
  if (ownFin !== undefined && otherFin !== undefined) return undefined
  const fin = ownFin ?? otherFin
  return {
    name: 'reset',
    diagnosis: howAborted(reset, session.summary),
    frames: [...(fin ? [fin.frame] : []), packet.frame],
  }
}

function howAborted({ packet, by, other, ownFin, otherFin }: Reset, { data, handshake }: TcpSummary): string {
  const acknowledged = data[other].packets > 0 ? 'all data had been acknowledged' : `of the ${other} there is no packet`
  if (ownFin !== undefined)
    return `the ${by} closed (FIN #${ownFin.frame}), and then reset the connection (#${packet.frame}) without waiting for the ${other} to close`
  const hasData = data.client.bytes + data.server.bytes > 0
  if (!hasData && handshake.syn !== undefined)
    return `reset by the ${by} (#${packet.frame}) before any data, ${formatDuration(packet.time)} after the first packet: perhaps before the server's accept`
  if (otherFin !== undefined)
    return `the ${other} closed (FIN #${otherFin.frame}), and the ${by} answered with the reset #${packet.frame} instead of a FIN${hasData ? `; ${acknowledged}` : ''}`
  if (!hasData) return `reset by the ${by} (#${packet.frame}); what came before it was not captured`
  return `aborted by the ${by}: the reset #${packet.frame} instead of a FIN (SO_LINGER 0, data left unread, or a program that was ended); ${acknowledged}`
}

/** In the order in which they are tried. */
export const resetRules: readonly TcpRule[] = [wroteAfterClose, turnedAway, forgotten, closedLate, midData, unreadData]
