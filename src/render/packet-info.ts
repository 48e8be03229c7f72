/** One packet in one line, for the table of packets: what it does, in the words of its innermost protocol. */
import { formatDuration } from '../bytes/units.js'
import { labelOf } from '../decode/application.js'
import { values } from '../decode/field-values.js'
import { Protocol, protocolName, protocolTitle } from '../decode/protocols.js'
import { findingName } from '../explain/findings.js'
import { icmpMessage } from '../explain/icmp.js'
import { explainProblem } from '../explain/problem.js'
import { ACK, FIN, type Packet, PSH, RST, SYN, URG } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import { analysisFields } from '../sessions/tcp/wireshark/result.js'

const TCP = 6
const UDP = 17
const FLAGS: readonly (readonly [number, string])[] = [
  [SYN, 'SYN'],
  [FIN, 'FIN'],
  [RST, 'RST'],
  [PSH, 'PSH'],
  [ACK, 'ACK'],
  [URG, 'URG'],
]

export interface PacketInfo {
  readonly source: string
  readonly destination: string
  readonly protocol: string
  readonly info: string
  readonly trouble: boolean
}

export function describePacket(packet: Packet, facts: PacketFacts): PacketInfo {
  const problem = explainProblem(packet)
  const text = whatItDoes(packet, facts)
  const findings = packet.transportProtocol === TCP ? findingsOf(facts) : []
  const remarks = [...findings, ...(problem === undefined ? [] : [problem])]
  return {
    ...addresses(packet),
    protocol: innermost(packet),
    info: remarks.length === 0 ? text : `${text} [${remarks.join(', ')}]`,
    trouble: remarks.length > 0,
  }
}

function addresses(packet: Packet): { source: string; destination: string } {
  for (const [source, destination] of ADDRESS_FIELDS) {
    const from = values(packet, source).at(packet.hasQuoted ? 0 : -1)
    const to = values(packet, destination).at(packet.hasQuoted ? 0 : -1)
    if (from !== undefined && to !== undefined) return { source: from, destination: to }
  }
  return { source: '', destination: '' }
}

const ADDRESS_FIELDS = [
  ['ip.src', 'ip.dst'],
  ['ipv6.src', 'ipv6.dst'],
  ['arp.src.proto_ipv4', 'arp.dst.proto_ipv4'],
  ['eth.src', 'eth.dst'],
] as const

function innermost(packet: Packet): string {
  let name = ''
  for (let layer = 0; layer < packet.layers; layer++) {
    const protocol = packet.layerProtocol[layer] ?? 0
    if (protocol !== Protocol.data) name = protocolName(protocol)
  }
  return name.toUpperCase()
}

function whatItDoes(packet: Packet, facts: PacketFacts): string {
  if (packet.fragment) return `fragment, identification 0x${packet.identification.toString(16)}`
  switch (packet.transportProtocol) {
    case TCP:
      return segment(packet, facts)
    case UDP:
      return datagram(packet, facts)
    default:
      return other(packet)
  }
}

function segment(packet: Packet, facts: PacketFacts): string {
  const { flags, length } = packet.tcp
  const seen = facts.wireshark
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)
  const sequence = seen.relativeSequence
  const ack = (flags & ACK) !== 0 ? ` ack ${seen.relativeAcknowledgment}` : ''
  const what = names.length === 0 ? 'no flags' : names.join('·')
  const label = length > 0 ? labelOf(packet) : undefined
  const payload = label === undefined ? '' : ` ${label}`
  return `${ports(packet)} ${what} ${sequence}:${sequence + length}(${length})${ack} win ${seen.scaledWindow}${payload}`
}

function datagram(packet: Packet, facts: PacketFacts): string {
  const answer =
    facts.requestFrame > 0 ? ` answers #${facts.requestFrame} after ${formatDuration(facts.replyTime)}` : ''
  const again = facts.repeatsFrame > 0 ? ` #${facts.repeatsFrame} again` : ''
  const label = labelOf(packet)
  return `${ports(packet)} (${packet.payloadLength})${answer}${again}${label === undefined ? '' : ` ${label}`}`
}

function ports(packet: Packet): string {
  return `${packet.sourcePort} → ${packet.destinationPort}`
}

function other(packet: Packet): string {
  const [opcode] = values(packet, 'arp.opcode')
  if (opcode !== undefined) return arp(packet, opcode)
  for (const [field, version] of [
    ['icmp', 4],
    ['icmpv6', 6],
  ] as const) {
    const [type] = values(packet, `${field}.type`)
    const [code] = values(packet, `${field}.code`)
    if (type !== undefined && code !== undefined) return icmp(packet, version, Number(type), Number(code))
  }
  const last = packet.layerProtocol[packet.layers - 1] ?? 0
  return packet.layers === 0 ? 'no bytes' : protocolTitle(last)
}

function arp(packet: Packet, opcode: string): string {
  const [asked = '?'] = values(packet, 'arp.dst.proto_ipv4')
  const [asker = '?'] = values(packet, 'arp.src.proto_ipv4')
  const [hardware = '?'] = values(packet, 'arp.src.hw_mac')
  if (opcode === '1') return `who has ${asked}? tell ${asker}`
  return opcode === '2' ? `${asker} is at ${hardware}` : `opcode ${opcode}`
}

const MESSAGES: Readonly<Record<string, string>> = {
  '4:0': 'echo reply',
  '4:8': 'echo request',
  '4:9': 'router advertisement',
  '4:10': 'router solicitation',
  '4:13': 'timestamp request',
  '4:14': 'timestamp reply',
  '6:128': 'echo request',
  '6:129': 'echo reply',
  '6:133': 'router solicitation',
  '6:134': 'router advertisement',
  '6:135': 'neighbor solicitation',
  '6:136': 'neighbor advertisement',
  '6:143': 'multicast listener report',
}

function icmp(packet: Packet, version: 4 | 6, type: number, code: number): string {
  const message = MESSAGES[`${version}:${type}`] ?? icmpMessage(version, type, code)
  const quoted = packet.hasQuoted ? packet.quoted : undefined
  if (quoted !== undefined && quoted.transport >= 0) return `${message}, about ${ports(quoted)}`
  return message
}

function findingsOf(facts: PacketFacts): string[] {
  const names: string[] = []
  for (const [field, bit] of analysisFields) {
    if ((facts.wireshark.flags & bit) !== 0) names.push(findingName(field.slice('tcp.analysis.'.length)))
  }
  return names
}
