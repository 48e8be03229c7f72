/** What UDP often carries that is no requests and replies: connections with packets of their own, and media. */
import type { Packet } from '../../packet.js'

export const Inside = { unknown: 0, quic: 1, dtls: 2, wireGuard: 3, rtp: 4 } as const

/** By those numbers; undefined: not known. */
export const INSIDES = [undefined, 'QUIC', 'DTLS', 'WireGuard', 'RTP'] as const
export type InsideName = Exclude<(typeof INSIDES)[number], undefined>

const LONGEST_CHECKED = 14

/** The connection that this datagram, the first, opens; by its header. */
export function connectionIn({ view, payload, payloadEnd, payloadLength }: Packet): number {
  if (payloadEnd - payload < LONGEST_CHECKED) return Inside.unknown
  const first = view.getUint8(payload)
  if (first >= 0xc0 && isQuicVersion(view.getInt32(payload + 1))) return Inside.quic
  const record = view.getUint16(payload + 1)
  // a record of DTLS 1.0 or 1.2, whose sequence numbers begin with epoch 0 (RFC 6347 §4.1)
  if (first >= 20 && first <= 23 && (record === 0xfeff || record === 0xfefd)) return Inside.dtls
  return isWireGuard(view.getInt32(payload), payloadLength) ? Inside.wireGuard : Inside.unknown
}

/** 1 and 2 (RFC 9000 §15, RFC 9369), drafts, and Google's and Facebook's own; a negotiation (0) looks like too much else. */
function isQuicVersion(version: number): boolean {
  if (version === 1 || version === 0x6b3343cf) return true
  const begin = version >>> 8
  return begin === 0xff0000 || begin === 0xfaceb0 || version >>> 16 === 0x5130 || version >>> 16 === 0x5430
}

/** Type and reserved bytes, and the length that goes with the type (wireguard.com/protocol). */
function isWireGuard(type: number, length: number): boolean {
  if (type === 0x01000000) return length === 148
  if (type === 0x02000000) return length === 92
  return type === 0x04000000 && length >= 32 && length % 16 === 0
}

const RTP_HEADER = 12
/** RPC's identifiers rise by one, too; what says there that it is a call or a reply would be a time (RFC 5531 §9) */
const RPC_REPLY = 1
/** As many in a row are no accident. */
const RUN = 4

/** What is remembered of the media that one end sends. */
export interface MediaStream {
  mediaSequence: number
  mediaSource: number
  mediaRun: number
}

/** Has this end sent a few datagrams now that look like RTP: version 2, one source, sequence numbers that rise by one (RFC 3550 §5.1)? */
export function continuesMedia(stream: MediaStream, { view, payload, payloadEnd }: Packet): boolean {
  const isLong = payloadEnd - payload >= RTP_HEADER
  if (!isLong || view.getUint8(payload) >> 6 !== 2 || view.getUint32(payload + 4) <= RPC_REPLY) {
    stream.mediaRun = 0
    return false
  }
  const sequence = view.getUint16(payload + 2)
  const source = view.getInt32(payload + 8)
  const isNext = source === stream.mediaSource && sequence === ((stream.mediaSequence + 1) & 0xffff)
  stream.mediaRun = isNext ? stream.mediaRun + 1 : 1
  stream.mediaSequence = sequence
  stream.mediaSource = source
  return stream.mediaRun >= RUN
}
