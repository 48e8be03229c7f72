/** What of a capture on all interfaces is kept: the sessions that the traced sockets name, and what belongs to them. */
import { openCapture } from '../files/open.js'
import { PcapngWriter } from '../files/pcapng-writer.js'
import { openSink } from '../files/sink.js'
import type { Packet } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import type { SessionSummary } from '../sessions/summary.js'
import { revisit, sessionKey, survey } from '../survey.js'
import type { NamedSessions } from '../timeline/calls/named.js'

export interface Kept {
  /** sessions, and packets, in the capture and in what was kept of it */
  readonly sessions: number
  readonly packets: number
  readonly keptSessions: number
  readonly keptPackets: number
}

/** Copies the packets of the sessions that are named from one file to another, with the look-ups that led to them. */
export async function keepNamed(from: string, to: string, named: NamedSessions): Promise<Kept> {
  const wanted = new Set<string>()
  const around = new Set<number>()
  let sessions = 0
  const ended = (summary: SessionSummary) => {
    sessions++
    if (!named.has(summary)) return
    wanted.add(sessionKey(summary.protocol, summary.session))
    for (const frame of leadingTo(summary)) around.add(frame)
  }
  const first = await survey(await openCapture(from), ended, { analyse: false })
  const source = await openCapture(from)
  const [section] = source.info.sections
  const writer = new PcapngWriter(openSink(to), section ?? {})
  const ids = new Map<number, number>()
  let packets = 0
  let keptPackets = 0
  const copy = (packet: Packet, { session }: PacketFacts) => {
    packets++
    const isWanted = session !== undefined && wanted.has(sessionKey(session.protocol, session.number))
    if (!isWanted && !around.has(packet.number)) return
    let id = ids.get(packet.interfaceId)
    if (id === undefined) {
      id = writer.addInterface(source.info.interfaces[packet.interfaceId] ?? { linkType: packet.linkType })
      ids.set(packet.interfaceId, id)
    }
    writer.write(packet, id)
    keptPackets++
  }
  await revisit(source, first, copy, { analyse: false })
  await writer.close()
  return { sessions, packets, keptSessions: wanted.size, keptPackets }
}

/** The frames of the look-up and of the ARP exchanges before it. */
function leadingTo({ lookup, resolutions = [] }: SessionSummary): number[] {
  const frames = resolutions.flatMap(({ requestFrame, replyFrame }) => [requestFrame, replyFrame])
  return lookup === undefined ? frames : [...frames, lookup.queryFrame, lookup.answerFrame]
}
