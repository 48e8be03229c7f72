/** How a connection ended that should not have ended so. The first rule that finds something has the explanation. */
import { rangeOf } from '../../bytes/lists.js'
import { countOf, formatDuration, formatSize } from '../../bytes/units.js'
import { isNotDelivered } from '../../sessions/icmp.js'
import type { Role, TcpSummary } from '../../sessions/summary.js'
import type { PacketEvent } from '../../timeline/model.js'
import { otherRole } from '../endpoints.js'
import { isRejection } from '../icmp.js'
import { foreignReset } from './foreign-reset.js'
import { saidBy } from './icmp-says.js'
import { endOf, framesIn, has, isHttpRequest, named, ROLES, startOf, type TcpCase, type TcpRule } from './problem.js'
import { blackHole, isLargest, neverArrived, takenByNobody } from './too-large.js'

/** Quiet for this long, in ns, until the capture ends: what has not happened by then is not merely late. */
const LONG = 5e9
/** No client waits for a shorter time, in ns, for what it asked for. */
const IMPATIENT = 1e9

/** Bytes that nearly every network takes (RFC 1122 §3.3.3). */
const SMALLEST_MTU = 576

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

/** One end sent again and again, and the other was not heard of any more. */
const vanished: TcpRule = ({ packets, errors, summary, untilEnd }) => {
  for (const gone of ROLES) {
    const last = packets.findLastIndex((packet) => packet.from === gone && packet.received)
    const rest = packets.slice(last + 1).filter((packet) => !has(packet, 'RST'))
    const again = rest.filter((packet) => isKeepAlive(packet) || packet.truth?.verdict === 'retransmission')
    const [first] = again
    const final = again.at(-1)
    if (last < 0 || again.length < 2 || first === undefined || final === undefined) continue
    const probes = again.every(isKeepAlive)
    const until = (packets.at(-1)?.time ?? 0) + (summary.teardown.reset === undefined ? untilEnd : 0)
    const silence = formatDuration(until - (packets[last]?.time ?? 0))
    const what = probes
      ? `${countOf(again.length, 'keep-alive probe')} (${named(framesIn(again))})`
      : `what the ${otherRole(gone)} sent again ${again.length} times (${named(framesIn(again))})`
    const since = packets[last]?.frame ?? 0
    const about = errors.filter((error) => error.about !== gone && error.frame > since && isNotDelivered(error))
    const said = saidBy(about, summary)
    const alone = `not heard of for ${silence} after #${since}`
    if (said !== undefined && isRejection(said.error, 'tcp'))
      return {
        name: 'rejected',
        diagnosis: `rejected: ${said.text} about what the ${otherRole(gone)} sends${said.meaning}, and the ${gone}, ${alone}, may know nothing of it; ${what} stayed without an answer`,
        frames: [since, ...framesIn(again), ...said.frames].sort((a, b) => a - b),
      }
    const icmp = said === undefined ? '' : `; ${said.text}${said.meaning}`
    const isAsLong = first.length >= SMALLEST_MTU && again.every(({ length }) => length === first.length)
    const size = isAsLong && isLargest(packets, first) ? ', or packets as large as these do not get through' : ''
    return {
      name: 'vanished',
      diagnosis: `the ${gone} vanished: ${alone}, and ${what} stayed without an answer: its host or the network is down${size}${icmp}`,
      frames: [...new Set([since, ...framesIn(again), ...(said?.frames ?? [])])].sort((a, b) => a - b),
    }
  }
  return undefined
}

function isKeepAlive({ findings, truth }: PacketEvent): boolean {
  return truth?.cause === 'keep-alive' || findings.some(({ name }) => name === 'keep_alive')
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

/** A host that does not know a connection answers with a reset without ACK, numbered as it was told (RFC 9293 §3.10.7.1). */
const forgotten: TcpRule = (session) => {
  const reset = resetOf(session)
  if (reset === undefined || reset.ownFin !== undefined || has(reset.packet, 'ACK')) return undefined
  const { packet, by, other, before } = reset
  const trigger = before.findLast((one) => one.from === other)
  if (trigger === undefined || !before.some((one) => one.from === by)) return undefined
  if (packet.tcp?.rawSequence !== trigger.tcp?.rawAcknowledgment) return undefined
  // an application that aborts sends RST with ACK on most systems; some do not, and then it comes of its own accord
  if (packet.time - trigger.time > 1e9) return undefined
  return {
    name: 'forgotten',
    diagnosis: `the ${by} no longer knew the connection (its host restarted, or a device on the way dropped it): it answered #${trigger.frame} with the reset #${packet.frame}, without ACK`,
    frames: [trigger.frame, packet.frame],
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
    diagnosis: `the ${by} closed with unread data: ${arrived} it sent nothing more, and its close became the reset #${packet.frame} instead of a FIN (SO_LINGER 0 looks the same)`,
    frames: [...framesIn(unread), packet.frame],
  }
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

/** Bytes. What is longer is an upload, which need not be answered. */
const LONGEST_REQUEST = 64 * 1024

/** The request was taken, and nothing came back before the server's end. */
const diedBeforeReplying: TcpRule = ({ packets, summary }) => {
  const { data, teardown } = summary
  if (teardown.first !== 'server' || data.server.bytes > 0 || summary.assumed) return undefined
  const end = packets.find((packet) => packet.from === 'server' && (has(packet, 'FIN') || has(packet, 'RST')))
  const request = packets.find((packet) => packet.from === 'client' && packet.length > 0)
  if (end === undefined || request === undefined || request.frame > end.frame) return undefined
  if (data.client.bytes > LONGEST_REQUEST && !isHttpRequest(request)) return undefined
  // it is numbered behind a reply that was not captured
  if (startOf(end) > 1) return undefined
  return {
    name: 'no reply',
    diagnosis: `the server ended before it replied: the request #${request.frame} (${formatSize(request.length)}) got no byte of an answer, only ${has(end, 'FIN') ? 'the FIN' : 'the reset'} #${end.frame}`,
    frames: [request.frame, end.frame],
  }
}

/** The request was taken, and the client did not wait any longer. */
const gaveUp: TcpRule = ({ packets, summary }) => {
  const { data, teardown } = summary
  if (teardown.first !== 'client' || data.server.bytes > 0 || summary.assumed) return undefined
  const index = packets.findIndex((packet) => packet.from === 'client' && (has(packet, 'FIN') || has(packet, 'RST')))
  const sent = packets.slice(0, index).filter((packet) => packet.from === 'client' && packet.length > 0)
  const [first, request, end] = [sent[0], sent.at(-1), packets[index]]
  if (first === undefined || request?.acknowledgedBy === undefined || end === undefined) return undefined
  // it had a reply, which was not captured
  if ((end.tcp?.acknowledgment ?? 0) > 1) return undefined
  const waited = end.time - request.time
  // what is sent in several segments may be an upload, and a close right behind it is no impatience
  if (isHttpRequest(first) ? waited < IMPATIENT : sent.length > 1 || waited < LONG) return undefined
  return {
    name: 'no reply',
    diagnosis: `no reply: the server acknowledged #${request.frame} (with #${request.acknowledgedBy}) and sent nothing in the ${formatDuration(waited)} until the client gave up (${has(end, 'FIN') ? 'FIN' : 'reset'} #${end.frame}): its program was busy or stuck${isHttpRequest(first) ? '' : ', or answers nothing'}`,
    frames: [request.frame, request.acknowledgedBy, end.frame],
  }
}

const aborted: TcpRule = (session) => {
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
  return `aborted by the ${by}: the reset #${packet.frame} instead of a FIN (SO_LINGER 0, or the program was ended); ${acknowledged}`
}

/** One end closed, the other was told and never closed: its program does not close its socket (CLOSE_WAIT). */
const neverClosed: TcpRule = ({ packets, summary, untilEnd }) => {
  const { teardown } = summary
  if (teardown.ending !== 'half-closed' || teardown.first === undefined) return undefined
  const fin = teardown.first === 'client' ? teardown.clientFin : teardown.serverFin
  const other = otherRole(teardown.first)
  if (fin === undefined || summary.data[other].packets === 0) return undefined
  const lastData = packets.findLast((packet) => packet.from === other && packet.length > 0)?.time ?? 0
  const quiet = summary.duration - Math.max(fin.time, lastData) + untilEnd
  if (quiet < LONG) return undefined
  return {
    name: 'never closed',
    diagnosis: `the ${other} never closed: ${formatDuration(quiet)} after the FIN #${fin.frame} it is still in CLOSE_WAIT`,
    frames: [fin.frame],
  }
}

/** The last word is a request that was acknowledged, so the server's host lives, and no reply comes. */
const hangs: TcpRule = ({ packets, summary, untilEnd }) => {
  if (summary.teardown.ending !== 'none') return undefined
  const index = packets.findLastIndex((packet) => packet.length > 0 && packet.truth === undefined)
  const request = packets[index]
  if (request?.from !== 'client' || request.acknowledgedBy === undefined) return undefined
  const earlier = packets.slice(0, index).filter((packet) => packet.length > 0)
  const upload = earlier.at(-1)?.from === 'client' && summary.data.server.bytes === 0 && !earlier.some(isHttpRequest)
  const quiet = summary.duration - request.time + untilEnd
  if (upload || quiet < 2 * LONG) return undefined
  return {
    name: 'hangs',
    diagnosis: `hangs: the server acknowledged #${request.frame} (with #${request.acknowledgedBy}) and has not replied in the ${formatDuration(quiet)} until the capture ends: its program is busy or stuck`,
    frames: [request.frame, request.acknowledgedBy],
  }
}

/** In the order in which they are tried: the more a rule explains, the earlier. */
export const endingRules: readonly TcpRule[] = [
  blackHole,
  takenByNobody,
  foreignReset,
  vanished,
  neverArrived,
  wroteAfterClose,
  forgotten,
  midData,
  unreadData,
  diedBeforeReplying,
  gaveUp,
  aborted,
  neverClosed,
  hangs,
]
