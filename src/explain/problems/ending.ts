/** How a connection ended that should not have ended so. The first rule that finds something has the explanation. */
import { formatDuration, formatSize } from '../../bytes/units.js'
import { PREVIEW } from '../../timeline/builder.js'
import { has } from '../../timeline/flags.js'
import type { PacketEvent } from '../../timeline/model.js'
import { otherRole } from '../endpoints.js'
import { foreignReset } from './foreign-reset.js'
import { isHttpRequest, type Problem, startOf, type TcpRule } from './problem.js'
import { aborted, resetRules } from './resets.js'
import { blackHole, neverArrived, takenByNobody } from './too-large.js'
import { vanished } from './vanished.js'

/** Quiet for this long, in ns, until the capture ends: what has not happened by then is not merely late. */
const LONG = 5e9
/** No client waits for a shorter time, in ns, for what it asked for. */
const IMPATIENT = 1e9

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
  const behind = packets.find((packet) => packet.from === 'server' && packet.received && startOf(packet) > 1)
  const waited = end.time - request.time
  // what is sent in several segments may be an upload, and a close right behind it is no impatience
  if (isHttpRequest(first) ? waited < IMPATIENT : sent.length > 1 || waited < LONG) return undefined
  if (behind !== undefined) return replyLost(request, end, behind, waited)
  return {
    name: 'no reply',
    diagnosis: `no reply: the server acknowledged #${request.frame} (with #${request.acknowledgedBy}) and sent nothing in the ${formatDuration(waited)} until the client gave up (${has(end, 'FIN') ? 'FIN' : 'reset'} #${end.frame}): its program was busy or stuck${isHttpRequest(first) ? '' : ', or answers nothing'}${unfinished(sent)}`,
    frames: [request.frame, request.acknowledgedBy, end.frame],
  }
}

/** Methods of requests without a body: they end with their header's empty line (RFC 9112 §2.1). */
const BODILESS = /^(?:GET|HEAD|DELETE|OPTIONS|TRACE) /

/** Where a request, of these segments, does not end as those of its kind do, whoever reads it may wait for the rest. */
function unfinished(sent: readonly PacketEvent[]): string {
  const [request] = sent
  if (request?.text === undefined || sent.length > 1 || request.length > PREVIEW) return ''
  if (!isHttpRequest(request))
    return request.text.endsWith('⏎') ? '' : ', or it waits for a newline, which the request does not end with'
  const isWhole = request.text.endsWith('⏎⏎') || !BODILESS.test(request.text)
  return isWhole ? '' : ', or it waits for the rest: the request does not end with an empty line'
}

/** The server's later packets are numbered behind bytes that nobody has seen: it had replied. */
function replyLost(request: PacketEvent, end: PacketEvent, behind: PacketEvent, waited: number): Problem {
  return {
    name: 'never arrived',
    diagnosis: `the reply to #${request.frame} never arrived: #${behind.frame} is numbered behind ${formatSize(startOf(behind) - 1)} of the server that did not come in the ${formatDuration(waited)} until the client gave up (${has(end, 'FIN') ? 'FIN' : 'reset'} #${end.frame}): something on the way drops them, as a firewall does what carries data, or a network that takes only smaller packets`,
    frames: [request.frame, end.frame, behind.frame].sort((a, b) => a - b),
  }
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
    diagnosis: `hangs: the server acknowledged #${request.frame} (with #${request.acknowledgedBy}) and has not replied in the ${formatDuration(quiet)} until the capture ends: its program is busy or stuck${unfinished([...earlier.slice(earlier.findLastIndex(({ from }) => from === 'server') + 1), request])}`,
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
  ...resetRules,
  diedBeforeReplying,
  gaveUp,
  aborted,
  neverClosed,
  hangs,
]
