/**
 * Packets that the capture has twice, as one on a bridge, a router or a mirror of both directions has: each is told once. Its first sight
 * stays, and says in which frames it was seen again.
 */
import type { Role, SessionSummary, TcpSummary } from '../sessions/summary.js'
import type { PacketEvent, TimelineEvent } from './model.js'

/** So many packets may pass before one is seen again. */
const NEAR = 512
/** Comments of one packet, after which those of its second sights are left out. */
const COMMENTS = 64

/** Of one end's packets that were seen again. */
interface Again {
  packets: number
  segments: number
  bytes: number
  syns: number
  duplicateAcks: number
}

/** The events without second sights, and a summary that does not count them. */
export function seenOnce(
  summary: SessionSummary,
  events: readonly TimelineEvent[],
): { readonly summary: SessionSummary; readonly events: readonly TimelineEvent[] } {
  const twice = new Set(summary.protocol === 'tcp' ? summary.truth?.capturedTwice : [])
  if (summary.protocol !== 'tcp' || twice.size === 0) return { summary, events }
  const again: Record<Role, Again> = { client: none(), server: none() }
  const latest: PacketEvent[] = []
  const kept: TimelineEvent[] = []
  for (const event of events) {
    const first =
      event.kind === 'packet' && twice.has(event.frame) ? latest.findLast((one) => isSame(one, event)) : undefined
    if (event.kind !== 'packet' || first === undefined) {
      kept.push(event)
      if (event.kind !== 'packet') continue
      latest.push(event)
      if (latest.length > NEAR) latest.shift()
    } else {
      seeAgain(first, event.frame, event.comments)
      count(again[event.from], event)
    }
  }
  for (const event of kept) {
    if (event.kind !== 'packet') continue
    event.acknowledges = event.acknowledges.filter((frame) => !twice.has(frame))
  }
  return { summary: without(again, summary), events: kept }
}

/** The packet, of which there is `first`, was captured once more, with comments of its own. */
export function seeAgain(first: PacketEvent, frame: number, comments: readonly string[] = []): void {
  first.seenAgain ??= []
  first.seenAgain.push(frame)
  const { comments: own = [] } = first
  if (comments.length > 0 && own.length < COMMENTS) first.comments = [...own, ...comments]
}

function none(): Again {
  return { packets: 0, segments: 0, bytes: 0, syns: 0, duplicateAcks: 0 }
}

function isSame({ from, length, tcp }: PacketEvent, other: PacketEvent): boolean {
  return (
    from === other.from &&
    length === other.length &&
    tcp?.rawSequence === other.tcp?.rawSequence &&
    tcp?.rawAcknowledgment === other.tcp?.rawAcknowledgment &&
    tcp?.flags.join() === other.tcp?.flags.join()
  )
}

function count(again: Again, { length, tcp, findings }: PacketEvent): void {
  again.packets++
  again.bytes += length
  if (length > 0) again.segments++
  if (tcp?.flags.includes('SYN')) again.syns++
  if (findings.some(({ name }) => name === 'duplicate_ack')) again.duplicateAcks++
}

function without(again: Record<Role, Again>, summary: TcpSummary): TcpSummary {
  const { handshake, data } = summary
  const { syn, synAck } = handshake
  const { client, server } = again
  return {
    ...summary,
    handshake: {
      ...handshake,
      ...(syn !== undefined && { syn: { ...syn, transmissions: Math.max(1, syn.transmissions - client.syns) } }),
      ...(synAck !== undefined && {
        synAck: { ...synAck, transmissions: Math.max(1, synAck.transmissions - server.syns) },
      }),
    },
    data: { client: less(data.client, client), server: less(data.server, server) },
  }
}

function less(sent: TcpSummary['data'][Role], again: Again): TcpSummary['data'][Role] {
  const { remarks } = sent
  return {
    ...sent,
    packets: sent.packets - again.packets,
    segments: sent.segments - again.segments,
    bytes: sent.bytes - again.bytes,
    retransmittedBytes: Math.max(0, sent.retransmittedBytes - again.bytes),
    ...(remarks !== undefined && {
      remarks: { ...remarks, duplicateAcks: Math.max(0, remarks.duplicateAcks - again.duplicateAcks) },
    }),
  }
}
