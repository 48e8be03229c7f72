/** What a frame is, in the words in which frames are picked: `drop the 3rd data segment`. */
import { Decoder } from '../../decode/decoder.js'
import { Packet } from '../../packet.js'

export const FRAME_KINDS = [
  'frame',
  'arp',
  'icmp',
  'udp',
  'fragment',
  'syn',
  'syn-ack',
  'ack',
  'data',
  'fin',
  'rst',
] as const
export type FrameKind = (typeof FRAME_KINDS)[number]

const ETHERNET = 1
const ETHER_TYPE = 12
const ETHER_TYPE_ARP = 0x0806
const IPPROTO_ICMP = 1
const IPPROTO_TCP = 6
const IPPROTO_UDP = 17
const IPPROTO_ICMPV6 = 58
const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16

const decoder = new Decoder()
const packet = new Packet()

/** Every kind that a frame is of: a last segment may be `data` and `fin`. `ack`: a segment that is nothing else. */
export function kindsOf(frame: Buffer): FrameKind[] {
  packet.frame = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  packet.start = 0
  packet.end = frame.length
  packet.originalLength = frame.length
  packet.linkType = ETHERNET
  decoder.decode(packet)
  return ['frame', ...particular(frame)]
}

function particular(frame: Buffer): FrameKind[] {
  if (frame.readUInt16BE(ETHER_TYPE) === ETHER_TYPE_ARP) return ['arp']
  if (packet.fragment) return ['fragment']
  switch (packet.transportProtocol) {
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return ['icmp']
    case IPPROTO_UDP:
      return ['udp']
    case IPPROTO_TCP:
      return segment(packet.tcp.flags, packet.tcp.length)
    default:
      return []
  }
}

function segment(flags: number, length: number): FrameKind[] {
  if (flags & SYN) return [flags & ACK ? 'syn-ack' : 'syn']
  if (flags & RST) return ['rst']
  const kinds: FrameKind[] = []
  if (length > 0) kinds.push('data')
  if (flags & FIN) kinds.push('fin')
  return kinds.length > 0 ? kinds : ['ack']
}
