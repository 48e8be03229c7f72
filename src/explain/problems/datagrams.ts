/** What went wrong with a UDP conversation. That nobody answers is a problem only where an answer is to be expected. */
import { countOf, formatDuration } from '../../bytes/units.js'
import { isNotDelivered } from '../../sessions/icmp.js'
import type { Role, UdpSummary } from '../../sessions/summary.js'
import type { IcmpEvent, PacketEvent } from '../../timeline/model.js'
import { quotedIn } from '../../timeline/quoted.js'
import { otherRole } from '../endpoints.js'
import { icmpMessage } from '../icmp.js'
import { saidBy } from './icmp-says.js'
import { framesIn, named, type UdpRule } from './problem.js'

/** ns without a reply until the capture ends; the resolver's first time-out is 5 s, most programs' shorter. */
const PATIENCE = 1e9

const notDelivered: UdpRule = ({ summary, events, packets }) => {
  const errors = events.filter((event) => event.kind === 'icmp').filter(isNotDelivered)
  const [error] = errors
  if (error === undefined) return undefined
  const same = errors.filter(
    ({ about, type, code }) => about === error.about && type === error.type && code === error.code,
  )
  const quoted = same.flatMap((one) => quotedIn(one, packets)?.frame ?? [])
  const message = icmpMessage(error.version, error.type, error.code)
  const to = otherRole(error.about)
  const back = packets.find((packet) => packet.from === to && packet.frame > (same.at(-1)?.frame ?? 0))
  const meaning =
    message === 'port unreachable' ? `: ${whoHasPort(summary, to, back)}` : (saidBy(same, summary)?.meaning ?? '')
  return {
    name: message,
    diagnosis: `not delivered to ${summary[to].address}: ICMP says "${message}" (${named(framesIn(same))})${meaning}`,
    frames: [...new Set([...quoted, ...framesIn(same), ...(back === undefined ? [] : [back.frame])])].sort(
      (a, b) => a - b,
    ),
  }
}

/** `back`: what comes from that port after the last error. */
function whoHasPort({ client, server, data }: UdpSummary, of: Role, back: PacketEvent | undefined): string {
  const { port } = of === 'client' ? client : server
  if (back !== undefined) return `nobody had port ${port} there then; later somebody has (#${back.frame})`
  return `nobody has port ${port} there${data[of].packets > 0 ? ' any more' : ''}`
}

const noReply: UdpRule = ({ summary, packets, untilEnd }) => {
  const waiting = packets.filter((packet) => packet.from === 'client')
  const waited = summary.duration - (waiting[0]?.time ?? 0) + untilEnd
  if (summary.requests === undefined || summary.data.server.packets > 0) return undefined
  if (waiting.length === 0 || waited < PATIENCE || summary.icmpErrors?.some(isNotDelivered)) return undefined
  return {
    name: 'no reply',
    diagnosis: `no reply: ${countOf(waiting.length, 'datagram')} to port ${summary.server.port} (${named(framesIn(waiting))}), and nothing came back in ${formatDuration(waited)}`,
    frames: framesIn(waiting),
  }
}

/** Some were answered, so the server is there. */
const lost: UdpRule = ({ summary, events, packets, untilEnd }) => {
  const { requests, duration, data } = summary
  if (requests === undefined || requests.undecided > 0 || data.server.packets === 0) return undefined
  // what was left out, or is in another summary, may be the reply
  if (summary.resumed || packets.length < data.client.packets + data.server.packets) return undefined
  const told = new Set([
    ...packets.map((packet) => packet.answers?.frame),
    ...events.map((event) => (event.kind === 'icmp' ? quotedIn(event, packets)?.frame : undefined)),
  ])
  const open = packets.filter(
    ({ from, frame, time, repeats }) =>
      from === 'client' && repeats === undefined && !told.has(frame) && duration - time + untilEnd >= PATIENCE,
  )
  // of one that was captured twice the frames are not known
  if (open.length === 0 || open.length > requests.unanswered) return undefined
  return {
    name: 'unanswered',
    diagnosis: `${open.length} of ${countOf(requests.answered + requests.unanswered, 'request')} without a reply (${named(framesIn(open))}): lost on the way, or the reply was`,
    frames: framesIn(open),
  }
}

const askedAgain: UdpRule = ({ summary, packets }) => {
  const [first, ...others] = packets.filter(({ repeats }) => repeats !== undefined)
  const before = packets.find(({ frame }) => frame === first?.repeats)
  if (summary.requests === undefined || first === undefined || before === undefined) return undefined
  const more = others.length === 0 ? '' : `, and so ${others.length === 1 ? 'was' : 'were'} ${named(framesIn(others))}`
  return {
    name: 'asked again',
    diagnosis: `#${before.frame} was sent again as #${first.frame}, ${formatDuration(first.time - before.time)} later${more}: no reply had come by then`,
    frames: [before.frame, first.frame, ...framesIn(others)],
  }
}

/** One that was answered, or found nobody on its port, has not been dropped: it was changed after it had arrived. */
const damaged: UdpRule = ({ packets, events, summary }) => {
  const { client, server } = summary.data
  const unfit = client.badChecksums + server.badChecksums
  if (unfit > 1 && unfit === client.packets + server.packets) return undefined
  if (summary.requests?.unanswered === 0) return undefined
  const taken = new Set(
    events.map((event) => (event.kind === 'icmp' ? quotedByHost(event, packets)?.frame : undefined)),
  )
  const bad = packets.filter(
    ({ frame, findings }) => !taken.has(frame) && findings.some(({ name }) => name === 'bad_checksum'),
  )
  if (bad.length === 0) return undefined
  return {
    name: 'damaged',
    diagnosis: `${countOf(bad.length, 'datagram')} with a bad checksum (${named(framesIn(bad))}): dropped by the receiver, and nobody sends again`,
    frames: framesIn(bad),
  }
}

/** The datagram that an error of the host itself is about. */
function quotedByHost(event: IcmpEvent, packets: readonly PacketEvent[]): PacketEvent | undefined {
  const { version, type, code } = event
  return icmpMessage(version, type, code) === 'port unreachable' ? quotedIn(event, packets) : undefined
}

export const datagramRules: readonly UdpRule[] = [notDelivered, noReply, lost, askedAgain, damaged]
