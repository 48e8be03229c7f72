/** Why there was no connection. At most one of these rules finds anything, and then there is nothing more to say. */
import { countOf, formatDuration } from '../../bytes/units.js'
import { isNotDelivered } from '../../sessions/icmp.js'
import { has } from '../../timeline/flags.js'
import { isRejection } from '../icmp.js'
import { SYN_TIMER, whyUnanswered } from './handshake.js'
import { saidBy } from './icmp-says.js'
import { framesIn, isCopy, named, type TcpCase, type TcpRule } from './problem.js'

function syns(session: TcpCase) {
  return session.packets.filter((packet) => packet.from === 'client' && has(packet, 'SYN'))
}

/** Nothing but SYNs, and perhaps a reset, from the client, and nothing from the server. */
function nothingCameBack({ summary }: TcpCase): boolean {
  const { client, server } = summary.data
  const sent = (summary.handshake.syn?.transmissions ?? 0) + (summary.teardown.reset?.by === 'client' ? 1 : 0)
  return summary.handshake.syn !== undefined && server.packets === 0 && client.packets <= sent
}

const refused: TcpRule = (session) => {
  const { handshake, teardown } = session.summary
  if (teardown.ending !== 'refused' || !handshake.syn || !teardown.reset) return undefined
  const { port, address } = session.summary.server
  const { frame } = teardown.reset
  const reset = session.packets.find((packet) => packet.frame === frame)
  const nobody = `nobody listens on port ${port} of ${address}`
  const { usual } = session
  const foreign =
    usual !== undefined && reset?.timeToLive !== undefined && reset.timeToLive !== usual.timeToLive
      ? `, which is hardly of ${address} itself: its time to live is ${reset.timeToLive}, and ${usual.timeToLive} that of what else comes from there (#${usual.frame}): a firewall on the way may refuse in its name`
      : ''
  const sent = syns(session).filter((syn) => !isCopy(syn) && syn.frame < frame)
  const [first, last] = [sent[0], sent.at(-1)]
  if (first !== undefined && last !== undefined && last.time - first.time >= SYN_TIMER) {
    const { why } = whyUnanswered(first.frame, session.summary, session.accepted)
    return {
      name: 'refused',
      diagnosis: `refused in the end: ${why}; when it came again as #${last.frame}, ${formatDuration(last.time - first.time)} later, the reset #${frame} ${foreign === '' ? `says that ${nobody}` : `refuses it${foreign}, or ${nobody}`}`,
      frames: [...framesIn(sent), frame],
    }
  }
  return {
    name: 'refused',
    diagnosis:
      foreign === ''
        ? `refused: ${nobody}: the SYN #${handshake.syn.frame} was answered with the reset #${frame}`
        : `refused: the SYN #${handshake.syn.frame} was answered with the reset #${frame}${foreign}, or ${nobody}`,
    frames: [handshake.syn.frame, frame],
  }
}

const unreachable: TcpRule = (session) => {
  const said = saidBy(session.errors.filter(isNotDelivered), session.summary)
  if (said === undefined || !nothingCameBack(session)) return undefined
  const sent = framesIn(syns(session))
  const isRejected = isRejection(said.error, 'tcp')
  return {
    name: isRejected ? 'rejected' : 'unreachable',
    diagnosis: `${isRejected ? 'rejected' : 'not reached'}: ${said.text} about the SYN ${named(sent)}${said.meaning}`,
    frames: [...sent, ...said.frames].sort((a, b) => a - b),
  }
}

const unresolved: TcpRule = (session) => {
  const silent = session.summary.resolutions?.find((one) => one.replyFrame === 0)
  if (silent === undefined || !nothingCameBack(session)) return undefined
  return {
    name: 'ARP unanswered',
    diagnosis: `no such host: nobody answered ARP for ${silent.address}, asked ${silent.requests} times from #${silent.requestFrame} on`,
    frames: [silent.requestFrame, ...framesIn(syns(session))],
  }
}

/** ns without an answer to a single SYN, or SYN/ACK, that prove something. */
const PATIENCE = 1e9

/** The server took others: then it, or what stands before it, drops this one. */
const unanswered: TcpRule = (session) => {
  if (!nothingCameBack(session)) return undefined
  const { accepted, untilEnd, summary } = session
  const sent = syns(session)
  const waited = summary.duration + untilEnd
  if (waited < PATIENCE) return undefined
  const times = `${countOf(sent.length, 'SYN')} (${named(framesIn(sent))}) and no answer in ${formatDuration(waited)}`
  const why =
    accepted > 0
      ? `though the server had ${countOf(accepted, 'other connection')} open: its backlog is full, or something on the way drops the SYN`
      : 'not even a refusal: the host is down, or something on the way drops the SYN'
  return {
    name: 'never answered',
    diagnosis: `never answered: ${times}, ${why}`,
    frames: framesIn(sent),
  }
}

const halfOpen: TcpRule = (session) => {
  const { handshake, teardown } = session.summary
  const { syn, synAck, ack } = handshake
  const { reset } = teardown
  const data = session.packets.find((packet) => packet.length > 0)
  if (!syn || !synAck || ack || (data !== undefined && !(reset !== undefined && reset.frame < data.frame)))
    return undefined
  // whoever closes a connection had it
  if (session.packets.some((packet) => packet.from === 'client' && has(packet, 'FIN') && packet.received))
    return undefined
  const answers = framesIn(session.packets.filter((packet) => packet.from === 'server' && has(packet, 'SYN')))
  if (reset?.by === 'client') {
    const how = `the client answered the SYN/ACK #${synAck.frame} with the reset #${reset.frame}`
    return {
      name: 'half-open',
      diagnosis: `half-open: ${how}: it did not want this connection, or no longer knew of it`,
      frames: [syn.frame, synAck.frame, reset.frame],
    }
  }
  const waited = session.summary.duration - synAck.time + session.untilEnd
  if (waited < PATIENCE) return undefined
  const times = answers.length > 1 ? `, sent ${answers.length} times` : ''
  return {
    name: 'half-open',
    diagnosis: `half-open: the client never answered the SYN/ACK (${named(answers)}${times}): the server is left in SYN_RCVD`,
    frames: [syn.frame, ...answers],
  }
}

/** In the order in which they are tried. */
export const openingRules: readonly TcpRule[] = [refused, unreachable, unresolved, unanswered, halfOpen]
