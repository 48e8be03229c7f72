/** What went wrong with a UDP conversation. That nobody answers is a problem only where an answer is to be expected. */
import { countOf, formatDuration } from '../../bytes/units.js'
import { icmpMessage } from '../icmp.js'
import { framesIn, named, type UdpRule } from './problem.js'

/** ns without a reply until the capture ends; the resolver's first time-out is 5 s, most programs' shorter. */
const PATIENCE = 1e9
/** Services that answer every request: echo, daytime, time, DNS, TFTP, NTP, SNMP, the lab's datagram server. */
const ANSWERING: ReadonlySet<number> = new Set([7, 13, 37, 53, 69, 123, 161, 51717, 51718])

const notDelivered: UdpRule = ({ summary, events }) => {
  const error = events.find((event) => event.kind === 'icmp')
  if (error === undefined) return undefined
  const quoted = events.findLast((event) => event.kind === 'packet' && event.time <= error.time)
  const frames = [...(quoted?.kind === 'packet' ? [quoted.frame] : []), error.frame]
  const message = icmpMessage(error.version, error.type, error.code)
  const about = summary[error.about === 'client' ? 'server' : 'client']
  const closed = message === 'port unreachable' ? `: nobody has port ${about.port} there` : ''
  return {
    name: message,
    diagnosis: `not delivered to ${about.address}: ICMP says "${message}" (#${error.frame})${closed}`,
    frames,
  }
}

const unanswered: UdpRule = ({ summary, packets, untilEnd }) => {
  const waiting = packets.filter((packet) => packet.from === 'client')
  const waited = summary.duration - (waiting[0]?.time ?? 0) + untilEnd
  if (summary.data.server.packets > 0 || waiting.length === 0 || waited < PATIENCE) return undefined
  if (!ANSWERING.has(summary.server.port)) return undefined
  return {
    name: 'no reply',
    diagnosis: `no reply: ${countOf(waiting.length, 'datagram')} to port ${summary.server.port} (${named(framesIn(waiting))}), and nothing came back in ${formatDuration(waited)}`,
    frames: framesIn(waiting),
  }
}

/** One that was answered has not been dropped: its checksum was not filled in yet when it was captured. */
const damaged: UdpRule = ({ packets, summary }) => {
  const bad = packets.filter((packet) => packet.findings.some(({ name }) => name === 'bad_checksum'))
  if (bad.length === 0 || (bad.length === packets.length && packets.length > 1) || summary.unanswered === 0)
    return undefined
  return {
    name: 'damaged',
    diagnosis: `${countOf(bad.length, 'datagram')} with a bad checksum (${named(framesIn(bad))}): dropped by the receiver, and nobody sends again`,
    frames: framesIn(bad),
  }
}

export const datagramRules: readonly UdpRule[] = [notDelivered, unanswered, damaged]
