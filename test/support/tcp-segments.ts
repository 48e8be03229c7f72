/**
 * TCP segments as a test makes them up: written into a capture for another program to read, and into a packet record as
 * the decoder would fill it. Their payload is not captured, so that nothing is decoded above TCP.
 */
import type { Packet } from '../../src/packet.js'

export interface Segment {
  /** nanoseconds since 1970 */
  time: bigint
  /** endpoint 0 to 255, and their ports: the same numbers are the same endpoint */
  source: number
  sourcePort: number
  destination: number
  destinationPort: number
  /** unsigned 32-bit, as `acknowledgment` */
  sequence: number
  acknowledgment: number
  flags: number
  window: number
  length: number
  /** window scale option, where there is one */
  scale?: number
  /** edges of SACK blocks, left and right in turn, at most four blocks */
  sack?: readonly number[]
  /** length of a Fast Open cookie; 0 asks for one */
  cookie?: number
  /** subtype of a Multipath TCP option, 2 to 7 */
  multipath?: number
}

/** Multipath TCP options of subtypes 2 to 7, without their kind (RFC 8684 §3). */
const multipathOptions = [
  [8, 0x20, 0x01, 0, 0, 0, 5],
  [8, 0x34, 1, 10, 0, 0, 9],
  [4, 0x40, 1],
  [3, 0x50],
  [12, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 9],
  [12, 0x70, 0, 0, 0, 0, 0, 0, 0, 0, 9],
]

const IP_HEADER = 20
const TCP_HEADER = 20

/** The options, and no-operations up to a multiple of four bytes. */
function optionsOf(segment: Segment): Uint8Array {
  const bytes: number[] = []
  if (segment.scale !== undefined) bytes.push(3, 3, segment.scale)
  if (segment.cookie !== undefined) bytes.push(34, 2 + segment.cookie, ...new Array<number>(segment.cookie).fill(0xc0))
  if (segment.sack !== undefined && segment.sack.length > 0) {
    bytes.push(5, 2 + 4 * segment.sack.length)
    for (const edge of segment.sack) bytes.push(edge >>> 24, (edge >>> 16) & 255, (edge >>> 8) & 255, edge & 255)
  }
  if (segment.multipath !== undefined) bytes.push(30, ...(multipathOptions[segment.multipath - 2] ?? []))
  while (bytes.length % 4 !== 0) bytes.push(1)
  if (bytes.length > 40) throw new RangeError('more options than a TCP header holds')
  return Uint8Array.from(bytes)
}

/** A pcap file with nanoseconds, of raw IPv4 packets of which the headers were captured. */
export function captureOf(segments: readonly Segment[]): Uint8Array {
  const parts: Uint8Array[] = [fileHeader()]
  for (const segment of segments) {
    const options = optionsOf(segment)
    const captured = IP_HEADER + TCP_HEADER + options.length
    const bytes = new Uint8Array(16 + captured)
    const view = new DataView(bytes.buffer)
    const sent = captured + segment.length
    view.setUint32(0, Number(segment.time / 1_000_000_000n))
    view.setUint32(4, Number(segment.time % 1_000_000_000n))
    view.setUint32(8, captured)
    view.setUint32(12, sent)
    writeIp(new DataView(bytes.buffer, 16), segment, sent)
    writeTcp(new DataView(bytes.buffer, 16 + IP_HEADER), segment, options)
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

function fileHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(24))
  view.setUint32(0, 0xa1b23c4d)
  view.setUint16(4, 2)
  view.setUint16(6, 4)
  view.setUint32(16, 262_144)
  view.setUint32(20, 101) // LINKTYPE_RAW
  return new Uint8Array(view.buffer)
}

function writeIp(view: DataView, segment: Segment, length: number): void {
  view.setUint16(0, 0x4500)
  view.setUint16(2, length)
  view.setUint16(6, 0x4000) // do not fragment
  view.setUint16(8, 0x4006) // time to live 64, TCP
  view.setUint32(12, 0x0a00_0000 + segment.source)
  view.setUint32(16, 0x0a00_0000 + segment.destination)
}

function writeTcp(view: DataView, segment: Segment, options: Uint8Array): void {
  view.setUint16(0, segment.sourcePort)
  view.setUint16(2, segment.destinationPort)
  view.setUint32(4, segment.sequence)
  view.setUint32(8, segment.acknowledgment)
  view.setUint16(12, (((TCP_HEADER + options.length) >> 2) << 12) | segment.flags)
  view.setUint16(14, segment.window)
  new Uint8Array(view.buffer, view.byteOffset + TCP_HEADER).set(options)
}

/** Fills a record with what the decoder finds in the nth packet of that capture, as far as an analysis of TCP reads it. */
export function fillPacket(packet: Packet, segment: Segment, number: number): void {
  const { tcp } = packet
  const options = optionsOf(segment)
  packet.number = number
  packet.seconds = Number(segment.time / 1_000_000_000n)
  packet.nanoseconds = Number(segment.time % 1_000_000_000n)
  packet.transport = IP_HEADER
  packet.transportProtocol = 6
  packet.sourcePort = tcp.sourcePort = segment.sourcePort
  packet.destinationPort = tcp.destinationPort = segment.destinationPort
  tcp.sequence = segment.sequence | 0
  tcp.acknowledgment = segment.acknowledgment | 0
  tcp.headerLength = TCP_HEADER + options.length
  tcp.flags = segment.flags
  tcp.window = segment.window
  packet.payloadLength = tcp.length = segment.length
  tcp.lengthKnown = true
  packet.payload = packet.payloadEnd = IP_HEADER + tcp.headerLength
  packet.limit = packet.payload
  packet.extent = packet.payload + segment.length
  tcp.windowScale = segment.scale ?? -1
  tcp.sackBlocks = (segment.sack?.length ?? 0) >> 1
  segment.sack?.forEach((edge, index) => {
    tcp.sack[index] = edge | 0
  })
  tcp.multipath = segment.multipath === undefined ? 0 : 1 << segment.multipath
  tcp.fastOpen = segment.cookie === undefined ? -1 : packet.transport + TCP_HEADER
  tcp.fastOpenLength = segment.cookie ?? 0
}
