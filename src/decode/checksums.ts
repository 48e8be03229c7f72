/**
 * Verifies the checksums of a decoded packet, when somebody asks: IPv4's (RFC 791), TCP's (RFC 9293 §3.1), UDP's (RFC 768),
 * ICMP's (RFC 792) and ICMPv6's (RFC 4443 §2.3), the latter over a pseudo-header of IPv6 (RFC 8200 §8.1).
 */
import { fold, swap, swappedSum, wordSum } from '../bytes/checksum.js'
import type { Packet } from '../packet.js'
import { isCompressed } from './ipv6-extensions.js'
import { Protocol } from './protocols.js'
import { coverage } from './udp-lite.js'

export const ChecksumStatus = {
  /** nobody has looked */
  unknown: 0,
  good: 1,
  bad: 2,
  /** the field holds just the pseudo-header's sum: the sending host left the rest to its network card (offload) */
  unfilled: 3,
  /** UDP without one */
  absent: 4,
  /** cut by the snap length, or a fragment */
  unverifiable: 5,
} as const
export type ChecksumStatus = (typeof ChecksumStatus)[keyof typeof ChecksumStatus]

const GOOD = 0xffff
const ICMP = 1
const TCP = 6
const UDP = 17
const UDP_LITE = 136
const ICMPV6 = 58

/** Sets `packet.networkChecksum`. IPv6 has none. */
export function verifyNetwork(packet: Packet): void {
  const { networkView: view, network } = packet
  if (packet.networkVersion !== 4) return
  const length = (view.getUint8(network) & 15) * 4
  const isGood = fold(wordSum(view, network, network + length)) === GOOD
  const isUnfilled = view.getUint16(network + 10) === 0
  packet.networkChecksum = isGood ? ChecksumStatus.good : isUnfilled ? ChecksumStatus.unfilled : ChecksumStatus.bad
}

/** Sets `packet.transportChecksum`, for a packet with a whole TCP, UDP, ICMP or ICMPv6 header. */
export function verifyTransport(packet: Packet): void {
  packet.transportChecksum = transportStatus(packet)
}

/** Whether the TCP segment in [transport, end) of `view` has a good checksum, where its IP addresses, one after the other, lie at `addresses`. */
export function isGoodSegment(
  view: DataView,
  version: 4 | 6,
  addresses: number,
  transport: number,
  end: number,
): boolean {
  const pseudo =
    swap(fold(TCP + end - transport)) +
    (version === 4
      ? view.getUint32(addresses, true) + view.getUint32(addresses + 4, true)
      : swappedSum(view, addresses, addresses + 32))
  return fold(pseudo + swappedSum(view, transport, end)) === GOOD
}

function transportStatus(packet: Packet): ChecksumStatus {
  const { view, transport, transportProtocol: protocol, limit, extent } = packet
  const offset = fieldOffset(protocol)
  if (offset < 0) return ChecksumStatus.unknown
  // the transport's own bounds: nothing below it has moved them
  const length = extent - transport
  if (limit < extent || packet.fragment || length < offset + 2) return ChecksumStatus.unverifiable
  const field = view.getUint16(transport + offset)
  if (protocol === UDP && field === 0) return ChecksumStatus.absent
  const isLite = packet.layerProtocol[packet.layers - 1] === Protocol.udpLite
  const covered = isLite ? transport + coverage(view, transport, length) : extent
  const sum = swappedSum(view, transport, covered)
  if (protocol === ICMP) return fold(sum) === GOOD ? ChecksumStatus.good : ChecksumStatus.bad
  const number = isLite ? UDP_LITE : protocol
  // added up as they are read, and folded once: nearly every checksum is good
  if (fold(sum + swappedAddressSum(packet) + swap(fold(number + length))) === GOOD) return ChecksumStatus.good
  const pseudo = addressSum(packet) + number
  // large segments may be handed down without their length, which the card fills in for each piece
  if (field === fold(pseudo + length) || field === fold(pseudo)) return ChecksumStatus.unfilled
  return hasHiddenDestination(packet) ? ChecksumStatus.unverifiable : ChecksumStatus.bad
}

/** What the header checksum would have to be. */
export function expectedNetwork(packet: Packet): number {
  const { networkView: view, network } = packet
  const sum = wordSum(view, network, network + (view.getUint8(network) & 15) * 4)
  return expected(sum, view.getUint16(network + 10))
}

/** What the transport's checksum would have to be, where it can be verified. */
export function expectedTransport(packet: Packet): number {
  const { view, transport, transportProtocol: protocol, extent } = packet
  const pseudo = protocol === ICMP ? 0 : addressSum(packet) + protocol + extent - transport
  const field = view.getUint16(transport + fieldOffset(protocol))
  return expected(wordSum(view, transport, extent) + pseudo, field)
}

/** The complement of the sum without the field itself; in ones' complement, adding the complement subtracts. */
function expected(sum: number, field: number): number {
  return GOOD - fold(sum + (GOOD - field))
}

function fieldOffset(protocol: number): number {
  switch (protocol) {
    case TCP:
      return 16
    case UDP:
      return 6
    case ICMP:
    case ICMPV6:
      return 2
    default:
      return -1
  }
}

function addressSum(packet: Packet): number {
  return swap(fold(swappedAddressSum(packet)))
}

function swappedAddressSum({ networkView: view, networkVersion, source, destination }: Packet): number {
  if (networkVersion === 4) return view.getUint32(source, true) + view.getUint32(destination, true)
  return swappedSum(view, source, source + 16) + swappedSum(view, destination, destination + 16)
}

/** The checksum is over the final destination (RFC 8200 §8.1), of which a routing header of low-power networks leaves parts out. */
function hasHiddenDestination({ frame, layers, layerProtocol, layerStart }: Packet): boolean {
  for (let layer = 0; layer < layers; layer++) {
    const at = layerStart[layer] ?? 0
    if (layerProtocol[layer] === Protocol.routing && isCompressed(frame, at)) return true
  }
  return false
}
