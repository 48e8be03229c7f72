/** What slowed a connection down or disturbed it. Each rule stands for itself: a session can have several. */
import { countOf, formatDuration, formatSize } from '../../bytes/units.js'
import type { TcpSummary } from '../../sessions/summary.js'
import { has } from '../../timeline/flags.js'
import type { DirectionMeasures } from '../../timeline/measures.js'
import type { PacketEvent } from '../../timeline/model.js'
import { otherRole } from '../endpoints.js'
import { handshakeAckLost, olderConnection, synAckAgain, synAckLost, synAgain } from './handshake.js'
import { nagle } from './nagle.js'
import { isTimeout, outage, silentOutage } from './outage.js'
import { framesIn, named, ROLES, type TcpRule } from './problem.js'
import { slowReply } from './slow-reply.js'

/** ns at zero window that are worth a line: an update that follows at once held nobody up. */
const STALL = 50e6

/** The receiver's buffer was full, and its sender had to wait. */
const zeroWindow: TcpRule = (session) => {
  for (const sender of ROLES) {
    const receiver = otherRole(sender)
    const shut = session.packets.filter(
      (packet) => packet.from === receiver && packet.tcp?.window === 0 && !has(packet, 'RST') && !has(packet, 'SYN'),
    )
    if (shut.length === 0) continue
    const { zeroWindowTime } = session.measures[sender].flight
    if (zeroWindowTime < STALL || !hadToWait(session.measures[sender])) continue
    const last = shut.at(-1)?.frame ?? 0
    const opened = session.packets.find(
      (packet) =>
        packet.from === receiver && packet.frame > last && (packet.tcp?.window ?? 0) > 0 && !has(packet, 'RST'),
    )
    const end = opened ? `until #${opened.frame} opened it again` : 'and it never opened again'
    return {
      name: 'stalled',
      diagnosis: `stalled on a zero window for ${formatDuration(zeroWindowTime)}: the ${receiver}'s program reads too slowly, its buffer was full from #${shut[0]?.frame ?? 0} on, ${end}`,
      frames: [...framesIn(shut), ...(opened ? [opened.frame] : [])],
    }
  }
  return undefined
}

/** False when the sender's program had nothing to send whenever the window was shut: nobody waited for it to open. */
function hadToWait({ flight, held }: DirectionMeasures): boolean {
  return flight.points.some(({ window, time }, index) => {
    if (window !== 0) return false
    const until = flight.points[index + 1]?.time ?? time
    const meanwhile = held.filter((stretch) => stretch.from < until && stretch.until > time)
    return meanwhile.length === 0 || meanwhile.some(({ by }) => by !== 'application')
  })
}

/** What was sent again, by what made the sender do it. A FIN is no data: it has a rule of its own. */
const losses: TcpRule = (session) => {
  const again = session.packets.filter((packet) => packet.length > 0 && isTimeout(packet) && !has(packet, 'SYN'))
  if (again.length === 0) return undefined
  const { share, of } = shareOf(again, session.summary)
  const percent = share < 1 ? `${share.toFixed(1)} %` : `${Math.round(share)} %`
  const needless = again.filter(({ truth }) => truth?.needed === false).length
  const what =
    needless === again.length
      ? `${sentAgain(again)}, needlessly: ${whyNeedless(again)}`
      : `${percent} retransmitted: ${of} sent again (${causes(again)})${needless > 0 ? `, ${needless} of them needlessly` : ''}`
  return {
    name: needless === again.length ? 'needless retransmission' : 'retransmitted',
    diagnosis: `${what}: ${named(framesIn(again))}`,
    frames: framesIn(again),
  }
}

/** Where the network card cuts segments up, some stand for many packets: only bytes can be compared. */
function shareOf(again: readonly PacketEvent[], { data, truth }: TcpSummary): { share: number; of: string } {
  const { client, server } = data
  if (ROLES.some((role) => truth?.[role].offload !== undefined)) {
    const bytes = again.reduce((sum, { length }) => sum + length, 0)
    const all = Math.max(1, client.bytes + server.bytes)
    const count = countOf(again.length, 'segment')
    return { share: (100 * bytes) / all, of: `${count} with ${formatSize(bytes)} of ${formatSize(all)}` }
  }
  const segments = Math.max(1, client.segments + server.segments)
  return { share: (100 * again.length) / segments, of: `${again.length} of ${countOf(segments, 'data segment')}` }
}

/** ns from one FIN to the next that a timer takes at least; some hosts repeat theirs at once in answer to a FIN that crosses it. */
const FIN_TIMER = 100e6

/** A FIN again, with no data; one whose acknowledgment was only late has harmed nobody. */
const finAgain: TcpRule = ({ packets }) => {
  for (const sender of ROLES) {
    const fins = packets.filter((packet) => packet.from === sender && has(packet, 'FIN'))
    const again = fins.filter((packet) => packet.length === 0 && isTimeout(packet) && packet.truth?.needed !== false)
    const [first] = fins
    const last = again.at(-1)
    if (first === undefined || last === undefined) continue
    // the first one may not have been seen
    if (last !== first && last.time - first.time < FIN_TIMER) continue
    const isHeard = fins.some(({ acknowledgedBy }) => acknowledgedBy !== undefined)
    return {
      name: isHeard ? 'FIN lost' : 'FIN unanswered',
      diagnosis: isHeard
        ? `the FIN was lost and sent again: ${named(framesIn(again))}`
        : `the FIN #${first.frame} was not acknowledged, and sent again: ${named(framesIn(again))}`,
      frames: framesIn(again),
    }
  }
  return undefined
}

function sentAgain(again: readonly PacketEvent[]): string {
  return `${countOf(again.length, 'segment was', 'segments were')} sent again (${causes(again)})`
}

function whyNeedless(again: readonly PacketEvent[]): string {
  return again.every(({ truth }) => truth?.cause === 'fast retransmit')
    ? 'the bytes were only late, and duplicate ACKs made them look lost'
    : 'the bytes had arrived, and their acknowledgment was lost or late'
}

function causes(again: readonly PacketEvent[]): string {
  const counts = new Map<string, number>()
  for (const { truth } of again) {
    const cause = truth?.cause ?? 'cause unknown'
    counts.set(cause, (counts.get(cause) ?? 0) + 1)
  }
  return [...counts].map(([cause, count]) => (counts.size === 1 ? cause : `${count} ${cause}`)).join(', ')
}

const overtaken: TcpRule = ({ packets }) => {
  const late = packets.filter((packet) => packet.truth?.verdict === 'out-of-order')
  if (late.length === 0) return undefined
  return {
    name: 'reordered',
    diagnosis: `${countOf(late.length, 'segment was', 'segments were')} overtaken on the way and came out of order: ${named(framesIn(late))}`,
    frames: framesIn(late),
  }
}

const copied: TcpRule = ({ packets }) => {
  const copies = packets.filter((packet) => packet.truth?.verdict === 'duplicate')
  if (copies.length === 0) return undefined
  return {
    name: 'duplicated',
    diagnosis: `the network delivered ${countOf(copies.length, 'segment')} twice: ${named(framesIn(copies))}`,
    frames: framesIn(copies),
  }
}

/** Where all of one end's are bad and it was understood, they were changed after they had arrived. */
const damaged: TcpRule = ({ packets, summary }) => {
  const bad = packets.filter(({ from, findings, received }) => {
    const sent = summary.data[from]
    return !received && sent.badChecksums < sent.packets && findings.some(({ name }) => name === 'bad_checksum')
  })
  if (bad.length === 0) return undefined
  return {
    name: 'damaged',
    diagnosis: `${countOf(bad.length, 'segment')} with a bad checksum (${named(framesIn(bad))}): damaged on the way, and dropped by the receiver`,
    frames: framesIn(bad),
  }
}

/** Worst first. */
export const flowRules: readonly TcpRule[] = [
  olderConnection,
  synAckAgain,
  handshakeAckLost,
  outage,
  silentOutage,
  zeroWindow,
  synAgain,
  synAckLost,
  damaged,
  losses,
  finAgain,
  slowReply,
  nagle,
  overtaken,
  copied,
]
