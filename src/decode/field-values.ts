/**
 * A packet's fields by Wireshark's names, written as `tshark -T fields` writes them. A name is looked up once, and gives a
 * reader that can go through millions of packets.
 */
import { formatBytes, formatIpv4 } from '../bytes/addresses.js'
import type { Field } from '../bytes/fields.js'
import { NO_TIME, type Packet, ProblemKind } from '../packet.js'
import { formatter } from './format.js'
import type { Variable } from './header.js'
import { ipv4 } from './ipv4.js'
import { destinations } from './ipv4-options.js'
import { ipv6 } from './ipv6.js'
import { PROTOCOLS, Protocol, protocolName } from './protocols.js'
import { bytesNeeded, bytesNeededForDestination, isBefore } from './read-together.js'
import { headers } from './registry.js'

/**
 * Appends the field's values in the packet to `out`: one for each layer that has it, outermost first, those of the packet
 * that an ICMP error quotes after them; none when the packet has no such field, or was cut before it.
 */
export type FieldReader = (packet: Packet, out: string[]) => void

/** The reader of a field, undefined when there is no field of that name here. */
export function fieldReader(key: string): FieldReader | undefined {
  const whole = packetFields.get(key)
  if (whole !== undefined) return whole
  const readers = layerReaders(key)
  if (readers.every((reader) => reader === undefined)) return undefined
  return (packet, out) => {
    readLayers(packet, readers, out)
    if (packet.hasQuoted && packet.quoted !== undefined) readLayers(packet.quoted, readers, out)
  }
}

function readLayers(packet: Packet, readers: readonly (LayerReader | undefined)[], out: string[]): void {
  for (let layer = 0; layer < packet.layers; layer++) {
    const reader = readers[packet.layerProtocol[layer] ?? 0]
    if (reader !== undefined) reader(packet, layer, out)
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

/** Appends the field's values in one layer. */
type LayerReader = (packet: Packet, layer: number, out: string[]) => void

/** By protocol id, how the field of that name is read from a layer of the protocol. */
function layerReaders(key: string): (LayerReader | undefined)[] {
  const keys = aliases.get(key) ?? [key]
  const readers = new Array<LayerReader | undefined>(PROTOCOLS).fill(undefined)
  for (const [protocol, { fields, variable }] of headers) {
    const ofHeader = fields.filter((field) => keys.includes(field.key)).map(fixedReader)
    if (variable?.keys.includes(key)) ofHeader.push(variableReader(variable, key))
    readers[protocol] = oneOf(ofHeader)
  }
  if (key === 'udp.length') readers[Protocol.udpLite] = readLiteLength
  return readers
}

function oneOf(readers: readonly LayerReader[]): LayerReader | undefined {
  if (readers.length <= 1) return readers[0]
  return (packet, layer, out) => {
    for (const read of readers) read(packet, layer, out)
  }
}

function fixedReader(field: Field): LayerReader {
  if (field === ipv4.destination) return readDestination
  const write = field === ipv4.totalLength ? undefined : formatter(field)
  const needed = bytesNeeded(field)
  return (packet, layer, out) => {
    const view = packet.viewOf(layer)
    const at = packet.layerStart[layer] ?? 0
    const end = packet.layerEnd[layer] ?? 0
    if (at + needed > end || !isBeforeProblem(packet, layer, field)) return
    out.push(write === undefined ? totalLength(packet, layer, view, at) : write(view, at))
  }
}

const writeDestination = formatter(ipv4.destination)

/** As tshark has it, a source route's last address is the destination, and the header's own is the current hop. */
const readDestination: LayerReader = (packet, layer, out) => {
  const view = packet.viewOf(layer)
  const at = packet.layerStart[layer] ?? 0
  const end = packet.layerEnd[layer] ?? 0
  if (at + bytesNeededForDestination(view, at, end) > end || !isBeforeProblem(packet, layer, ipv4.destination)) return
  if (ipv4.headerLength(view, at) <= 20) out.push(writeDestination(view, at))
  else for (const place of destinations(view, at, end)) out.push(formatIpv4(view, place))
}

/** UDP-Lite has no length of its own: what IP gives it counts. */
const readLiteLength: LayerReader = (packet, layer, out) => {
  const at = packet.layerStart[layer] ?? 0
  if (at + 6 <= (packet.layerEnd[layer] ?? 0)) out.push(String(packet.extent - at))
}

/** What the sender left at 0 for its network card to fill in (segmentation offload) is all that the layers around leave. */
function totalLength(packet: Packet, layer: number, view: DataView, at: number): string {
  return String(ipv4.totalLength(view, at) || endAround(packet, layer) - at)
}

/** Where the frame ends, or the nearest layer around that says where it does: an LLC frame, or a packet that carries another. */
function endAround(packet: Packet, layer: number): number {
  let end = Math.max(packet.end, packet.start + packet.originalLength)
  for (let outer = 0; outer < layer; outer++) {
    if (packet.viewOf(outer) !== packet.viewOf(layer)) continue
    const length = carriedLength(packet, outer)
    if (length > 0) end = Math.min(end, (packet.layerEnd[outer] ?? 0) + length)
  }
  return end
}

/** How many bytes follow the layer's header, as far as it says so itself; else 0. */
function carriedLength(packet: Packet, layer: number): number {
  const view = packet.viewOf(layer)
  const start = packet.layerStart[layer] ?? 0
  const end = packet.layerEnd[layer] ?? 0
  switch (packet.layerProtocol[layer]) {
    case Protocol.ieee8023:
    case Protocol.vlan: // the length before LLC ends the header
      return packet.layerProtocol[layer + 1] === Protocol.llc ? view.getUint16(end - 2) : 0
    case Protocol.ip:
      return ipv4.totalLength(view, start) - (end - start)
    case Protocol.ipv6:
      return ipv6.payloadLength(view, start)
    default:
      return 0
  }
}

/** A field that is only sometimes there: found by going through those that are. */
function variableReader(variable: Variable, key: string): LayerReader {
  return (packet, layer, out) => {
    const view = packet.viewOf(layer)
    const end = packet.layerEnd[layer] ?? 0
    for (const { field, at } of variable.read(view, packet.layerStart[layer] ?? 0, end, key)) {
      if (field.key === key && at + bytesNeeded(field) <= end) out.push(formatter(field)(view, at))
    }
  }
}

/** Whether tshark gets as far as the field, in a header that may make no sense from some field on. */
function isBeforeProblem({ problem }: Packet, layer: number, field: Field): boolean {
  return problem.kind !== ProblemKind.badValue || problem.layer !== layer || isBefore(field, problem.field)
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
    },
  ],
  ['tcp.payload', (packet, out) => payload(packet, TCP, out)],
  ['udp.payload', (packet, out) => payload(packet, UDP, out)],
])

const TCP = 6
const UDP = 17

function payload(packet: Packet, transport: number, out: string[]): void {
  if (packet.hasQuoted && packet.quoted !== undefined) payload(packet.quoted, transport, out)
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
