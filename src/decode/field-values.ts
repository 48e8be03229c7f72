/**
 * A packet's fields by Wireshark's names, written as `tshark -T fields` writes them. A name is looked up once, and gives a
 * reader that can go through millions of packets.
 */
import { formatBytes, formatIpv4, formatIpv6, formatMac } from '../bytes/addresses.js'
import type { Field } from '../bytes/fields.js'
import { NO_TIME, type Packet, ProblemKind } from '../packet.js'
import type { Variable } from './header.js'
import { ipv4 } from './ipv4.js'
import { Protocol, protocolName } from './protocols.js'
import { bytesNeeded, isBefore } from './read-together.js'
import { headers } from './registry.js'

/**
 * Appends the field's values in the packet to `out`: one for each layer that has it, outermost first, those of the packet
 * that an ICMP error quotes after them; none when the packet has no such field, or was cut before it.
 */
export type FieldReader = (packet: Packet, out: string[]) => void

/** The field as text, from the header that begins at `at`. */
export function formatField(field: Field, view: DataView, at: number): string {
  const start = at + (field.bit >> 3)
  switch (field.format) {
    case 'decimal':
      return String(field(view, at))
    case 'flag':
      return field(view, at) === 0 ? '0' : '1'
    case 'hex':
      return `0x${field(view, at)
        .toString(16)
        .padStart(bytesOf(field.width) * 2, '0')}`
    case 'hex16':
      return `0x${field(view, at).toString(16).padStart(4, '0')}`
    case 'hex32':
      return `0x${field(view, at).toString(16).padStart(8, '0')}`
    case 'ipv4':
      return formatIpv4(view, start)
    case 'ipv6':
      return formatIpv6(view, start)
    case 'mac':
      return formatMac(view, start)
    case 'bytes':
      return formatBytes(view, start, field.width >> 3)
  }
}

function bytesOf(bits: number): number {
  return (bits + 7) >> 3
}

/** The reader of a field, undefined when there is no field of that name here. */
export function fieldReader(key: string): FieldReader | undefined {
  const whole = packetFields.get(key)
  if (whole !== undefined) return whole
  const fields = fieldsByProtocol(aliases.get(key) ?? [key])
  const variables = variablesByProtocol(key)
  if (fields.length === 0 && variables.length === 0) return undefined
  return (packet, out) => {
    readLayers(packet, fields, variables, key, out)
    if (packet.hasQuoted && packet.quoted !== undefined) readLayers(packet.quoted, fields, variables, key, out)
  }
}

/** A field's values in one packet. For many packets, look up its reader once. */
export function values(packet: Packet, key: string): string[] {
  const out: string[] = []
  fieldReader(key)?.(packet, out)
  return out
}

/** Names that stand for two fields of one header, or of two headers. */
const aliases = new Map<string, readonly string[]>([
  ['ip.version', ['ip.version', 'ipv6.version']],
  ['eth.addr', ['eth.dst', 'eth.src']],
  ['ip.addr', ['ip.src', 'ip.dst']],
  ['ipv6.addr', ['ipv6.src', 'ipv6.dst']],
  ['tcp.port', ['tcp.srcport', 'tcp.dstport']],
  ['udp.port', ['udp.srcport', 'udp.dstport']],
])

type ByProtocol<T> = (T | undefined)[]

function fieldsByProtocol(keys: readonly string[]): ByProtocol<Field[]> {
  const found: ByProtocol<Field[]> = []
  for (const [protocol, { fields }] of headers) {
    const ofHeader = fields.filter((field) => keys.includes(field.key))
    if (ofHeader.length > 0) found[protocol] = ofHeader
  }
  return found
}

function variablesByProtocol(key: string): ByProtocol<Variable> {
  const found: ByProtocol<Variable> = []
  for (const [protocol, { variable }] of headers) {
    if (variable?.keys.includes(key)) found[protocol] = variable
  }
  return found
}

function readLayers(
  packet: Packet,
  fields: ByProtocol<Field[]>,
  variables: ByProtocol<Variable>,
  key: string,
  out: string[],
): void {
  for (let layer = 0; layer < packet.layers; layer++) {
    const protocol = packet.layerProtocol[layer] ?? 0
    const ofHeader = fields[protocol]
    const variable = variables[protocol]
    if (ofHeader === undefined && variable === undefined) continue
    const view = packet.viewOf(layer)
    const at = packet.layerStart[layer] ?? 0
    const end = packet.layerEnd[layer] ?? 0
    if (ofHeader !== undefined) {
      for (const field of ofHeader) {
        if (isShown(packet, layer, field, view, at, end)) out.push(fieldValue(packet, field, view, at))
      }
    }
    if (variable === undefined) continue
    for (const placed of variable.read(view, at, end)) {
      if (placed.field.key !== key || placed.at + bytesNeeded(placed.field, view, placed.at, end) > end) continue
      out.push(formatField(placed.field, view, placed.at))
    }
  }
}

/** Whether tshark gets as far as the field, in a header that may have been cut or may make no sense. */
function isShown(packet: Packet, layer: number, field: Field, view: DataView, at: number, end: number): boolean {
  if (at + bytesNeeded(field, view, at, end) > end) return false
  const { problem } = packet
  return problem.kind !== ProblemKind.badValue || problem.layer !== layer || isBefore(field, problem.field)
}

function fieldValue(packet: Packet, field: Field, view: DataView, at: number): string {
  // what the sender left at 0 for its network card to fill in (segmentation offload) is all that the frame holds
  if (field === ipv4.totalLength && field(view, at) === 0) return String(packet.start + packet.originalLength - at)
  return formatField(field, view, at)
}

/** What belongs to the packet rather than to one header of it. */
const packetFields = new Map<string, FieldReader>([
  ['frame.number', (packet, out) => out.push(String(packet.number))],
  [
    'frame.time_epoch',
    (packet, out) => {
      if (packet.timeDigits === NO_TIME) return
      // a damaged file can say more nanoseconds than a signed number holds; the sign goes in front, as tshark writes it
      const { seconds, nanoseconds } = packet
      const sign = nanoseconds < 0 ? '-' : ''
      out.push(`${sign}${seconds}.${String(Math.abs(nanoseconds)).padStart(9, '0')}`)
    },
  ],
  ['frame.len', (packet, out) => out.push(String(packet.originalLength))],
  ['frame.cap_len', (packet, out) => out.push(String(packet.end - packet.start))],
  ['frame.protocols', (packet, out) => out.push(protocolStack(packet))],
  [
    'tcp.len',
    (packet, out) => {
      if (packet.transportProtocol === TCP && packet.tcp.lengthKnown) out.push(String(packet.tcp.length))
      const quoted = packet.hasQuoted ? packet.quoted : undefined
      if (quoted?.transportProtocol === TCP) out.push(String(quoted.tcp.length))
    },
  ],
  ['tcp.payload', (packet, out) => payload(packet, TCP, out)],
  ['udp.payload', (packet, out) => payload(packet, UDP, out)],
])

const TCP = 6
const UDP = 17

function payload(packet: Packet, transport: number, out: string[]): void {
  if (packet.transportProtocol !== transport || packet.payloadEnd <= packet.payload) return
  out.push(formatBytes(packet.view, packet.payload, packet.payloadEnd - packet.payload))
}

/** tshark names the step from a link header to the EtherType's protocol as a protocol of its own. */
const byEtherType: ReadonlySet<number> = new Set([
  Protocol.eth,
  Protocol.vlan,
  Protocol.serviceVlan,
  Protocol.sll,
  Protocol.sll2,
])

/** `eth:ethertype:ip:tcp:data`. */
function protocolStack(packet: Packet): string {
  const names: string[] = []
  collectNames(packet, names)
  if (packet.hasQuoted && packet.quoted !== undefined) collectNames(packet.quoted, names)
  else if (packet.payloadEnd > packet.payload) names.push(protocolName(Protocol.data))
  return names.join(':')
}

function collectNames(packet: Packet, names: string[]): void {
  for (let layer = 0; layer < packet.layers; layer++) {
    const protocol = packet.layerProtocol[layer] ?? 0
    names.push(protocolName(protocol))
    if (byEtherType.has(protocol) && layer + 1 < packet.layers) names.push('ethertype')
  }
}

/** Every field name that there is a reader for. */
export const fieldKeys: readonly string[] = [
  ...new Set([
    ...packetFields.keys(),
    ...[...headers.values()].flatMap(({ fields, variable }) => [
      ...fields.map((field) => field.key),
      ...(variable?.keys ?? []),
    ]),
    ...aliases.keys(),
  ]),
].sort()
