/** What a packet is in its session: what its own bytes do not say. */
import { formatCount, formatDuration } from '../bytes/units.js'
import { explainCompleteness } from '../explain/completeness.js'
import { findingName } from '../explain/findings.js'
import type { Packet } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import { phaseName } from '../sessions/phases.js'
import { stateName } from '../sessions/tcp/states.js'
import { analysisFields } from '../sessions/tcp/wireshark/result.js'

type Row = readonly [label: string, text: string]

export function inSession(packet: Packet, facts: PacketFacts): Row[] {
  const { session } = facts
  if (session === undefined) {
    return facts.late ? [['Session', `${facts.stream}; it was over before this packet came`]] : []
  }
  const from = facts.side === session.clientSide ? 'client' : 'server'
  const rows: Row[] = [
    [
      'Session',
      `${session.protocol.toUpperCase()} ${session.number}, from the ${from}${session.assumed ? ' (assumed)' : ''}`,
    ],
    ['Time since the packet before', formatDuration(facts.gap)],
  ]
  if (facts.requestFrame > 0) rows.push(['Answers', `#${facts.requestFrame}, ${formatDuration(facts.replyTime)} later`])
  if (facts.repeatsFrame > 0) rows.push(['Sent again', `the request #${facts.repeatsFrame} once more`])
  if (session.protocol !== 'tcp') return rows
  rows.push(['Phase', phaseName(facts.phase)])
  rows.push(['States after it', `client ${stateName(session.client.state)}, server ${stateName(session.server.state)}`])
  if (packet.transportProtocol === TCP) rows.push(...ofSegment(packet, facts))
  return rows
}

const TCP = 6

function ofSegment(packet: Packet, facts: PacketFacts): Row[] {
  const seen = facts.wireshark
  const end = seen.relativeSequence + packet.tcp.length
  const rows: Row[] = [
    ['Relative sequence number', `${seen.relativeSequence} to ${end} (${packet.tcp.length} bytes of payload)`],
    ['Relative acknowledgment', String(seen.relativeAcknowledgment)],
    ['Window, scaled', formatCount(seen.scaledWindow)],
  ]
  if (seen.acksFrame > 0) rows.push(['Acknowledges', `#${seen.acksFrame}, ${formatDuration(seen.ackRtt)} later`])
  if (seen.bytesInFlight > 0) rows.push(['In flight after it', `${formatCount(seen.bytesInFlight)} bytes`])
  for (const [field, bit] of analysisFields) {
    if ((seen.flags & bit) !== 0) rows.push(['Finding', findingName(field.slice('tcp.analysis.'.length))])
  }
  if (!facts.received) rows.push(['Received', 'no: its receiver cannot have taken it'])
  rows.push(['Completeness', explainCompleteness(seen.completeness)])
  return rows
}
