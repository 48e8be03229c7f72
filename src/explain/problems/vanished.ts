/** An end that is not heard of any more, while the other sends again and again. */
import { countOf, formatDuration } from '../../bytes/units.js'
import { isNotDelivered } from '../../sessions/icmp.js'
import type { Role } from '../../sessions/summary.js'
import { has } from '../../timeline/flags.js'
import type { IcmpEvent, PacketEvent } from '../../timeline/model.js'
import { isProbe } from '../../timeline/window-probes.js'
import { otherRole } from '../endpoints.js'
import { isRejection } from '../icmp.js'
import { isTakenAt } from '../truth.js'
import { saidBy } from './icmp-says.js'
import { framesIn, named, ROLES, type TcpCase, type TcpRule } from './problem.js'
import { isLargest, mayBeTooLarge } from './too-large.js'

/** After so long without packets, in ns, a device on the way may have forgotten the connection. */
const FORGETFUL = 5e9

const KEEP_ALIVES = ['keep-alive probe', 'keep-alive probes'] as const
const WINDOW_PROBES = ['probe of its shut window', 'probes of its shut window'] as const

export const vanished: TcpRule = (session) => {
  for (const gone of ROLES) {
    const silence = silenceOf(session, gone)
    if (silence === undefined) continue
    const { last, again, first } = silence
    const until = (session.packets.at(-1)?.time ?? 0) + (session.summary.teardown.reset ? 0 : session.untilEnd)
    const waited = formatDuration(until - first.time)
    const repeated = again.filter((packet) => packet !== first)
    const [probe, probes] = again.some(isWindowProbe) ? WINDOW_PROBES : KEEP_ALIVES
    const what = again.every(isSentToAsk)
      ? `${countOf(again.length, probe, probes)} (${named(framesIn(again))})`
      : `#${first.frame}, sent again ${countOf(repeated.length, 'time')} (${named(framesIn(repeated))}),`
    const alone = `not heard of after #${last.frame}, and ${what} stayed without an answer for ${waited}`
    const frames = [last.frame, first.frame, ...framesIn(again)]
    const since = ({ frame }: IcmpEvent) => frame > last.frame
    const about = session.errors.filter((error) => error.about !== gone && since(error) && isNotDelivered(error))
    const said = saidBy(about, session.summary)
    if (said !== undefined && isRejection(said.error, 'tcp'))
      return {
        name: 'rejected',
        diagnosis: `rejected: ${said.text} about what the ${otherRole(gone)} sends${said.meaning}, and the ${gone} may know nothing of it: ${alone}`,
        frames: inOrder([...frames, ...said.frames]),
      }
    return {
      name: 'vanished',
      diagnosis: `the ${gone} vanished: ${alone}: ${said === undefined || said.meaning === '' ? why(session, silence) : `${said.text}${said.meaning}`}`,
      frames: inOrder([...frames, ...(said?.frames ?? [])]),
    }
  }
  return undefined
}

interface Silence {
  readonly gone: Role
  /** the last that was heard */
  readonly last: PacketEvent
  /** the first that got no answer, and what was sent again */
  readonly first: PacketEvent
  readonly again: readonly PacketEvent[]
}

function silenceOf({ packets }: TcpCase, gone: Role): Silence | undefined {
  const index = packets.findLastIndex((packet) => packet.from === gone && packet.received)
  const last = packets[index]
  const rest = packets.slice(index + 1).filter((packet) => packet.from !== gone && !has(packet, 'RST'))
  const again = rest.filter((packet) => isSentToAsk(packet) || packet.truth?.verdict === 'retransmission')
  const first = rest.find((packet) => packet.length > 0 || has(packet, 'FIN') || again.includes(packet))
  if (last === undefined || first === undefined || again.length < 2) return undefined
  return { gone, last, first, again }
}

function why(session: TcpCase, { gone, last, first, again }: Silence): string {
  const { packets, summary, heardOf } = session
  const isAsLong = mayBeTooLarge(first, summary) && again.every(({ length }) => length === first.length)
  const size = isAsLong && isLargest(packets, first) ? ', or packets as large as these do not get through' : ''
  const forgot = first.time - last.time > FORGETFUL ? ', or forgot the connection while it was idle' : ''
  const elsewhere = heardOf?.(gone, first.time)
  if (isTakenAt(gone, summary)) {
    const backlog = gone === 'server' && has(last, 'SYN') ? 'its backlog was full, or ' : ''
    return `the packets had reached its host, which did not answer: ${backlog}its own firewall drops them, or its answers${size}`
  }
  if (elsewhere !== undefined) {
    const backlog = gone === 'server' && has(last, 'SYN') ? 'its backlog was full, ' : ''
    return `its host was up meanwhile (#${elsewhere}, of another connection): ${backlog}it no longer answers in this one, or something on the way drops its packets${forgot}${size}`
  }
  return `its host or the network is down, or a device on the way drops the packets${forgot}${size}`
}

function inOrder(frames: readonly number[]): number[] {
  return [...new Set(frames)].sort((a, b) => a - b)
}

function isSentToAsk({ findings, truth }: PacketEvent): boolean {
  return truth?.cause === 'keep-alive' || findings.some(isProbe)
}

function isWindowProbe({ findings }: PacketEvent): boolean {
  return findings.some((finding) => isProbe(finding) && finding.name !== 'keep_alive')
}
