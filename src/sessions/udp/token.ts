/**
 * What a reply has of its request: an identifier, or, of an echo, all of it. As a number: identifiers are not negative; whatever has
 * none goes by its content, which is negative.
 */
import type { Packet } from '../../packet.js'

/** DNS, and what took over its header: NetBIOS names, mDNS, LLMNR. */
const NAME_SERVICES: ReadonlySet<number> = new Set([53, 137, 5353, 5355])
const NETBIOS = 137
const DNS_HEADER = 12
const DNS_RESPONSE = 0x8000
/** RFC 8489 §5 */
const STUN_HEADER = 20
const STUN_COOKIE = 0x2112a442
/** RFC 5531 §9 */
const RPC_HEADER = 12
const RPC_CALL = 0
const RPC_REPLY = 1
const RPC_VERSION = 2

/** Of what is longer, the beginning and the end are looked at. */
const LONGEST = 256

export function tokenOf(packet: Packet): number {
  const { view, payload, payloadEnd } = packet
  const length = payloadEnd - payload
  if (isNamed(packet)) return length >= DNS_HEADER ? nameToken(packet) : -1 - contentOf(packet)
  if (length >= STUN_HEADER && view.getInt32(payload + 4) === STUN_COOKIE) return view.getUint32(payload + 16)
  if (length >= RPC_HEADER) {
    const type = view.getInt32(payload + 4)
    const next = view.getInt32(payload + 8)
    if ((type === RPC_CALL && next === RPC_VERSION) || (type === RPC_REPLY && next >>> 1 === 0))
      return view.getUint32(payload)
  }
  return -1 - contentOf(packet)
}

function isNamed({ sourcePort, destinationPort }: Packet): boolean {
  return NAME_SERVICES.has(sourcePort) || NAME_SERVICES.has(destinationPort)
}

/** mDNS has no identifiers, which are 0 (RFC 6762 §18.1); answers of NetBIOS do not repeat the question (RFC 1002 §4.2.13). */
function nameToken(packet: Packet): number {
  const { view, payload, sourcePort, destinationPort } = packet
  const id = view.getUint16(payload)
  const questions = view.getUint16(payload + 4)
  const isResponse = (view.getUint16(payload + 2) & DNS_RESPONSE) !== 0
  if (id !== 0 && (sourcePort === NETBIOS || destinationPort === NETBIOS))
    return questions === 1 || (questions === 0 && isResponse) ? id : -1 - contentOf(packet)
  return id !== 0 && questions === 1 ? id + questionOf(packet) * 0x10000 : -1 - contentOf(packet)
}

/** Of a message with the same identifier another question is another request. */
function questionOf({ view, payload, payloadEnd }: Packet): number {
  let end = payload + DNS_HEADER
  while (end < payloadEnd && view.getUint8(end) !== 0) end += 1 + view.getUint8(end)
  return mixed(0, view, payload + DNS_HEADER, Math.min(end + 5, payloadEnd))
}

/** The same of two payloads only if they are, as good as certainly, the same. */
function contentOf({ view, payload, payloadEnd, payloadLength }: Packet): number {
  if (payloadEnd - payload <= LONGEST) return mixed(payloadLength, view, payload, payloadEnd)
  const begin = mixed(payloadLength, view, payload, payload + LONGEST / 2)
  return mixed(begin, view, payloadEnd - LONGEST / 2, payloadEnd)
}

/** FNV-1a, by words of four bytes while there are any, with what it lacks: the high bits come down, too. */
function mixed(seed: number, view: DataView, from: number, to: number): number {
  let hash = seed
  let at = from
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at), 0x01000193)
    hash ^= hash >>> 15
  }
  for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193)
  return hash >>> 0
}
