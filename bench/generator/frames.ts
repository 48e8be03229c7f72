/** Builds Ethernet frames with IPv4 or IPv6, lengths and checksums right, straight into a capture's buffer. */
import type { Endpoint, Host } from './hosts.js'
import type { PcapWriter } from './pcap-writer.js'

export const ICMP = 1
export const TCP = 6
export const UDP = 17
export const ICMPV6 = 58

const ETHERNET = 14
/** what Ethernet sends at least, its check sequence left out: a shorter frame is padded with zeros */
const SMALLEST_FRAME = 60

/** One direction between two endpoints: the part of its frames that never changes, ready to be copied. */
export class Flow {
  readonly version: 4 | 6
  readonly protocol: number
  /** Ethernet and IP header, and the ports where the protocol has them */
  readonly template: Uint8Array
  /** where the transport header begins in the frame */
  readonly transport: number
  /** the constant part of the transport checksum: addresses and protocol number (RFC 9293 §3.1, RFC 8200 §8.1) */
  readonly pseudoSum: number
  readonly #ipSum: number

  constructor(from: Endpoint, to: Endpoint, protocol: number, hops: number) {
    this.protocol = protocol
    const ports = protocol === TCP || protocol === UDP ? 4 : 0
    this.version = from.host.address.length === 4 ? 4 : 6
    this.transport = ETHERNET + (this.version === 4 ? 20 : 40)
    this.template = new Uint8Array(this.transport + ports)
    const view = new DataView(this.template.buffer)
    this.template.set(to.host.mac, 0)
    this.template.set(from.host.mac, 6)
    if (this.version === 4) {
      view.setUint16(12, 0x0800)
      view.setUint8(ETHERNET, 0x45)
      // do not fragment, as path MTU discovery sends TCP
      view.setUint16(ETHERNET + 6, 0x4000)
      view.setUint8(ETHERNET + 8, hops)
      view.setUint8(ETHERNET + 9, protocol)
    } else {
      view.setUint16(12, 0x86dd)
      view.setUint8(ETHERNET, 0x60)
      view.setUint8(ETHERNET + 6, protocol)
      view.setUint8(ETHERNET + 7, hops)
    }
    const { address } = from.host
    this.template.set(address, this.transport - 2 * address.length)
    this.template.set(to.host.address, this.transport - address.length)
    if (ports > 0) {
      view.setUint16(this.transport, from.port)
      view.setUint16(this.transport + 2, to.port)
    }
    this.pseudoSum = protocol === ICMP ? 0 : protocol + sum(view, this.transport - 2 * address.length, this.transport)
    this.#ipSum = sum(view, ETHERNET, this.transport)
  }

  /** Writes the headers of a frame whose transport header and payload take `length` bytes; gives where those begin. */
  open(out: PcapWriter, length: number, identification: number): number {
    const at = out.next()
    out.bytes.set(this.template, at)
    if (this.version === 4) {
      out.view.setUint16(at + ETHERNET + 2, 20 + length)
      out.view.setUint16(at + ETHERNET + 4, identification)
      out.view.setUint16(at + ETHERNET + 10, fold(this.#ipSum + 20 + length + identification))
    } else {
      out.view.setUint16(at + ETHERNET + 4, length)
    }
    return at + this.transport
  }

  /** The transport header and payload at `at` are written: fills in the checksum at `checksumAt`. Gives the frame's length. */
  close(out: PcapWriter, time: number, at: number, length: number, checksumAt: number): number {
    const lengthSum = this.protocol === ICMP ? 0 : length
    out.view.setUint16(checksumAt, 0)
    const checksum = fold(this.pseudoSum + lengthSum + sum(out.view, at, at + length))
    // UDP has no checksum where the field is zero, so a sum of zero is sent as its other form (RFC 768)
    out.view.setUint16(checksumAt, checksum === 0 && this.protocol === UDP ? 0xffff : checksum)
    const frameLength = pad(out, at - this.transport, this.transport + length)
    out.commit(time, frameLength)
    return frameLength
  }
}

/** Writes one ARP message (RFC 826), or its answer. */
export function writeArp(out: PcapWriter, time: number, from: Host, to: Host, isReply: boolean): void {
  const at = out.next()
  out.bytes.set(isReply ? to.mac : [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], at)
  out.bytes.set(from.mac, at + 6)
  out.bytes.set([0x08, 0x06, 0, 1, 0x08, 0x00, 6, 4, 0, isReply ? 2 : 1], at + 12)
  out.bytes.set(from.mac, at + 22)
  out.bytes.set(from.address, at + 28)
  out.bytes.set(isReply ? to.mac : [0, 0, 0, 0, 0, 0], at + 32)
  out.bytes.set(to.address, at + 38)
  out.commit(time, pad(out, at, 42))
}

function pad(out: PcapWriter, at: number, length: number): number {
  if (length < SMALLEST_FRAME) out.bytes.fill(0, at + length, at + SMALLEST_FRAME)
  return Math.max(length, SMALLEST_FRAME)
}

/**
 * The 16-bit words of [from, to) added up, not yet folded (RFC 1071). Two words at a time: in ones' complement
 * arithmetic a carry comes back in when the sum is folded, and a double holds two million such words exactly.
 */
function sum(view: DataView, from: number, to: number): number {
  let total = 0
  let at = from
  for (; at + 4 <= to; at += 4) total += view.getUint32(at)
  if (at + 2 <= to) {
    total += view.getUint16(at)
    at += 2
  }
  if (at < to) total += view.getUint8(at) << 8
  return total
}

/** The checksum field of an unfolded sum: the remainder by 0xffff is what folding comes to, complemented. */
function fold(total: number): number {
  const remainder = total % 0xffff
  return 0xffff ^ (remainder === 0 && total > 0 ? 0xffff : remainder)
}
