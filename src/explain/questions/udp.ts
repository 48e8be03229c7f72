/** The questions that UDP labs ask. */
import { formatCount } from '../../bytes/units.js'
import type { UdpSummary } from '../../sessions/summary.js'
import type { PacketEvent } from '../../timeline/model.js'
import { formatEndpoint } from '../endpoints.js'
import { type Answer, answered, unanswerable } from './answer.js'

const HEADER = 8
/** What 16 bits hold. */
const LARGEST = 65_535
const IPV4_HEADER = 20

export function udpAnswers(summary: UdpSummary, packets: readonly PacketEvent[]): Answer[] {
  const whole = packets.filter(isWhole)
  const example = whole.find((packet) => packet.length > 0) ?? whole[0]
  return [
    fields(summary, example),
    lengthCounts(example),
    largestPayload(summary),
    protocolNumber(summary),
    swappedPorts(summary, packets),
  ]
}

/** What its Length field says is there. */
function isWhole({ findings }: PacketEvent): boolean {
  return findings.every(({ name }) => name !== 'malformed')
}

function ports(summary: UdpSummary, packet: PacketEvent): readonly [number, number] {
  const { client, server } = summary
  return packet.from === 'client' ? [client.port, server.port] : [server.port, client.port]
}

function fields(summary: UdpSummary, packet: PacketEvent | undefined): Answer {
  const question = 'Which fields does the UDP header have, and how long is each?'
  const answer = 'four, of 2 bytes each and 8 in all: Source Port, Destination Port, Length, Checksum (RFC 768)'
  if (packet === undefined) return answered(question, answer)
  const [source, destination] = ports(summary, packet)
  return answered(question, answer, [
    `#${packet.frame}: Source Port ${source}, Destination Port ${destination}, Length ${HEADER + packet.length}, and the checksum (synopsis packet FILE ${packet.frame} shows their bytes)`,
  ])
}

function lengthCounts(packet: PacketEvent | undefined): Answer {
  const question = 'What does the value in the Length field count?'
  const answer = "the bytes of the UDP header and its payload together; IP's header is not counted"
  if (packet === undefined) return unanswerable(question, 'no datagram with a Length that fits it was captured')
  return answered(question, answer, [
    `#${packet.frame}: Length ${HEADER + packet.length} = ${HEADER} bytes of header + ${packet.length} bytes of payload`,
  ])
}

function largestPayload({ client, data }: UdpSummary): Answer {
  const question = 'How many bytes can a UDP payload have at the most?'
  const isIpv6 = client.address.includes(':')
  const sent = Math.max(data.client.largest, data.server.largest)
  const answer = isIpv6
    ? `${formatCount(LARGEST - HEADER)} bytes: IPv6's Payload Length does not count IPv6's own header`
    : `${formatCount(LARGEST - HEADER)} bytes by UDP's Length field; ${formatCount(LARGEST - IPV4_HEADER - HEADER)} in IPv4, whose Total Length counts its own header too`
  return answered(question, answer, [
    `Length has 16 bits: 2¹⁶ − 1 = ${formatCount(LARGEST)}; − ${HEADER} bytes of UDP header = ${formatCount(LARGEST - HEADER)}${isIpv6 ? '' : `; − ${IPV4_HEADER} bytes of IPv4 header = ${formatCount(LARGEST - IPV4_HEADER - HEADER)}`}`,
    `the largest payload in this session has ${formatCount(sent)} bytes`,
  ])
}

function protocolNumber({ client, firstFrame }: UdpSummary): Answer {
  const field = client.address.includes(':')
    ? "IPv6's Next Header (the last one, where there are extension headers)"
    : "IPv4's Protocol field"
  return answered('What is the protocol number of UDP?', '17 in decimal, 0x11 in hexadecimal', [
    `#${firstFrame}: ${field} is 17 (0x11)`,
  ])
}

function swappedPorts(summary: UdpSummary, packets: readonly PacketEvent[]): Answer {
  const question = 'How do the ports of a reply relate to those of the request?'
  // of several that waited at once any will do: the ports are the same
  const request = packets.find((packet) => packet.from === 'client')
  const reply = packets.find((packet) => packet.from === 'server' && packet.frame > (request?.frame ?? 0))
  if (reply === undefined || request === undefined)
    return unanswerable(question, 'no request with its reply was captured')
  const [from, to] = ports(summary, request)
  const [replyFrom, replyTo] = ports(summary, reply)
  return answered(question, "they change places: the request's source port is the reply's destination port", [
    `#${request.frame}: ${from} → ${to}; #${reply.frame}: ${replyFrom} → ${replyTo}`,
    `client ${formatEndpoint(summary.client)}, server ${formatEndpoint(summary.server)}`,
  ])
}
