/** Handshakes that took more than one try, and went well in the end. */
import { countOf, formatDuration } from '../../bytes/units.js'
import type { TcpSummary } from '../../sessions/summary.js'
import { has } from '../../timeline/flags.js'
import { isTakenAt } from '../truth.js'
import { framesIn, isCopy, named, type TcpRule } from './problem.js'

/** ns after which a SYN is sent again because of its timer (1 s on Linux); sooner, the network or the capture copied it. */
export const SYN_TIMER = 100e6

export const synAgain: TcpRule = ({ packets, summary, accepted }) => {
  const { syn, synAck } = summary.handshake
  if (!syn || !synAck || syn.transmissions < 2) return undefined
  const syns = packets.filter((packet) => packet.from === 'client' && has(packet, 'SYN') && !isCopy(packet))
  const [first, second] = syns
  if (first === undefined || second === undefined || second.time - first.time < SYN_TIMER) return undefined
  const wait = formatDuration(second.time - first.time)
  const cause =
    synAck.frame < second.frame ? synAckWasLost(synAck.frame) : whyUnanswered(first.frame, summary, accepted)
  return {
    name: cause.name,
    diagnosis: `${cause.why}, and the SYN was sent again after ${wait} (${named(framesIn(syns.slice(1)))})`,
    frames: [...framesIn(syns), synAck.frame].sort((a, b) => a - b),
  }
}

/** The server knew an older connection from the same port, as of a client that has restarted (RFC 9293 §3.5.1). */
export const olderConnection: TcpRule = ({ packets, summary }) => {
  const syn = packets.find((packet) => packet.from === 'client' && has(packet, 'SYN'))
  const first = packets.find((packet) => packet.from === 'server')
  if (syn === undefined || first === undefined || has(first, 'SYN') || has(first, 'RST')) return undefined
  const reset = packets.find((packet) => packet.from === 'client' && packet.frame > first.frame)
  if (reset === undefined || !has(reset, 'RST') || reset.tcp?.rawSequence !== first.tcp?.rawAcknowledgment)
    return undefined
  const again = packets.find((packet) => packet.from === 'client' && packet.frame > reset.frame && has(packet, 'SYN'))
  const then =
    again === undefined
      ? 'and did not ask again'
      : `and asked again ${formatDuration(again.time - syn.time)} after the first time (#${again.frame})`
  return {
    name: 'older connection',
    diagnosis: `the server still had an older connection from port ${summary.client.port}, of which the client knew no longer: it answered the SYN #${syn.frame} with an ACK of that one (#${first.frame}), which the client reset (#${reset.frame}), ${then}`,
    frames: [syn.frame, first.frame, reset.frame, ...(again === undefined ? [] : [again.frame])],
  }
}

/** Of a SYN that got no answer. */
export function whyUnanswered(frame: number, summary: TcpSummary, accepted: number) {
  return isTakenAt('server', summary) ? backlogWasFull(frame) : synWasLost(frame, accepted)
}

function synAckWasLost(frame: number) {
  return { name: 'SYN/ACK lost', why: `the SYN/ACK #${frame} was lost` }
}

function backlogWasFull(frame: number) {
  const why = `the SYN #${frame} had reached the server's host, which did not answer: its backlog was full`
  return { name: 'backlog full', why }
}

/** Elsewhere than at the server, a SYN that was lost and one that the server dropped look the same. */
function synWasLost(frame: number, accepted: number) {
  if (accepted === 0) return { name: 'SYN lost', why: `the SYN #${frame}, or the answer to it, was lost` }
  const others = countOf(accepted, 'other connection')
  const why = `the SYN #${frame} got no answer while the server had ${others} open: its backlog was full, or the SYN was lost`
  return { name: 'backlog full or SYN lost', why }
}

/** The SYN/ACK once more, though the SYN came but once: the client has not heard it. */
export const synAckLost: TcpRule = ({ packets, summary }) => {
  const { syn, synAck, ack } = summary.handshake
  if (!syn || !synAck || syn.transmissions > 1) return undefined
  const until = ack?.frame ?? Number.POSITIVE_INFINITY
  const sent = packets.filter(
    (packet) => packet.from === 'server' && has(packet, 'SYN') && packet.frame < until && !isCopy(packet),
  )
  const [first, second] = sent
  if (first === undefined || second === undefined || second.time - first.time < SYN_TIMER) return undefined
  const wait = formatDuration(second.time - first.time)
  return {
    name: 'SYN/ACK lost',
    diagnosis: `the SYN/ACK #${first.frame} was lost, and sent again after ${wait} (${named(framesIn(sent.slice(1)))})`,
    frames: framesIn(sent),
  }
}

/** ns until the client's first segment after the SYN/ACK that show it not to be the answer to that. */
const TOO_LATE = 1e9

/** Seen at the server: the handshake's last segment never came, only what the client sent much later. */
export const handshakeAckLost: TcpRule = ({ packets, summary }) => {
  const { synAck, ack } = summary.handshake
  if (!synAck || synAck.transmissions > 1 || summary.truth?.vantage.place !== 'server') return undefined
  const next = packets.find((packet) => packet.from === 'client' && packet.frame > synAck.frame)
  if (next === undefined || next.time - synAck.time < TOO_LATE || (ack && ack.frame !== next.frame)) return undefined
  if (has(next, 'RST') || has(next, 'SYN') || (next.length === 0 && !has(next, 'FIN'))) return undefined
  const wait = formatDuration(next.time - synAck.time)
  return {
    name: 'ACK lost',
    diagnosis: `the handshake's last segment never came: the SYN/ACK #${synAck.frame} was acknowledged ${wait} later, by #${next.frame}; until then the server knew of no connection, and it did not send its SYN/ACK again, as one that keeps nothing of a SYN (SYN cookies)`,
    frames: [synAck.frame, next.frame],
  }
}

/** The SYN/ACK once more, when the client has already acknowledged it: the server has not taken that ACK. */
export const synAckAgain: TcpRule = ({ packets, summary }) => {
  const { synAck, ack } = summary.handshake
  if (!synAck || !ack) return undefined
  const again = packets.filter(
    (packet) =>
      packet.from === 'server' &&
      has(packet, 'SYN') &&
      !isCopy(packet) &&
      packet.frame > ack.frame &&
      packet.time - synAck.time >= SYN_TIMER,
  )
  if (again.length === 0) return undefined
  const last = again.at(-1)?.frame ?? 0
  const told = packets.filter(
    (packet) => packet.from === 'client' && has(packet, 'ACK') && packet.frame >= ack.frame && packet.frame < last,
  )
  const full = told.length > 1
  const why = full
    ? "it did not take the client's ACK: its backlog, the queue for accept, was full"
    : "the client's ACK was lost, or the server's backlog was full"
  return {
    name: full ? 'backlog full' : 'ACK lost',
    diagnosis: `the server sent its SYN/ACK again (${named(framesIn(again))}) though the client had acknowledged it (${named(framesIn(told))}): ${why}`,
    frames: [...framesIn(told), ...framesIn(again)].sort((a, b) => a - b),
  }
}
