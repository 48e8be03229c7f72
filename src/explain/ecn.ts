/** Congestion that routers marked instead of dropping packets, as the ends tell it each other (RFC 3168). */
import { countOf } from '../bytes/units.js'
import type { Role } from '../sessions/summary.js'
import { has } from '../timeline/flags.js'
import type { PacketEvent } from '../timeline/model.js'
import { otherRole } from './endpoints.js'
import { framesIn, named, ROLES } from './problems/problem.js'

/** `both ends use ECN (#1, #2)`, and who was told of congestion and slowed down; nothing where it is not in use. */
export function explainEcn(packets: readonly PacketEvent[]): string[] {
  const syn = packets.find((packet) => has(packet, 'SYN') && !has(packet, 'ACK'))
  const synAck = packets.find((packet) => has(packet, 'SYN') && has(packet, 'ACK'))
  if (syn === undefined || synAck === undefined) return []
  const isOffered = has(syn, 'ECE') && has(syn, 'CWR')
  const isTaken = has(synAck, 'ECE') && !has(synAck, 'CWR')
  if (!isOffered || !isTaken) return []
  const told = ROLES.flatMap((sender) => tellOf(sender, packets))
  const marks = told.length === 0 ? ['no router marked congestion'] : told
  return [`both ends use ECN (${named([syn.frame, synAck.frame])}): ${marks.join('; ')}`]
}

function tellOf(sender: Role, packets: readonly PacketEvent[]): string[] {
  const later = packets.filter((packet) => !has(packet, 'SYN'))
  const echoes = later.filter((packet) => packet.from === otherRole(sender) && has(packet, 'ECE'))
  if (echoes.length === 0) return []
  const slowed = later.filter((packet) => packet.from === sender && has(packet, 'CWR'))
  const then =
    slowed.length === 0
      ? `the ${sender} does not say that it slowed down`
      : `the ${sender} slowed down ${countOf(slowed.length, 'time')} (CWR: ${named(framesIn(slowed))})`
  return [
    `routers marked congestion on what the ${sender} sent, as ${countOf(echoes.length, 'packet')} of the ${otherRole(sender)} ${echoes.length === 1 ? 'tells' : 'tell'} it (ECE: ${named(framesIn(echoes))}), and ${then}`,
  ]
}
