/**
 * The record that flows through the pipeline: one packet's bytes and where things lie in them. There is one per
 * pipeline; a reader fills the frame part, the decoders the rest, and the next packet overwrites all of it. Keep
 * nothing of it beyond the callback that got it: copy what must last.
 */

/** How many layers are kept of one packet. A deeper one is stopped with a problem, as only hostile packets are. */
export const MAX_LAYERS = 32

/** The direction a capture's own metadata gives a frame (pcapng epb_flags, cooked packet type). */
export const Direction = { unknown: 0, inbound: 1, outbound: 2 } as const

/** `packet.linkType` of a record that Wireshark numbers like a packet but that holds none (a pcapng custom block). */
export const NO_LINK_TYPE = -1

/** `packet.timeDigits` of a record without a time (pcapng's simple packet block); seconds and nanoseconds are 0 then. */
export const NO_TIME = -1

/** What is wrong with a packet; mostly, why decoding stopped before its end. */
export const ProblemKind = {
  none: 0,
  /** the capture kept fewer bytes than the packet had (snap length) */
  cut: 1,
  /** a length field claims more, or less, than can be there */
  lyingLength: 2,
  /** a value that makes no sense where it stands */
  badValue: 3,
} as const
export type ProblemKind = (typeof ProblemKind)[keyof typeof ProblemKind]

/** What, where, how much was needed and how much there was; `explain/` turns it into words. */
export class Problem {
  kind: ProblemKind = ProblemKind.none
  /** index of the layer in which decoding stopped */
  layer = 0
  /** offset in the layer's view of the byte or field that is wrong */
  offset = 0
  /** bytes that would have been needed from `offset` on */
  needed = 0
  /** bytes that were there */
  available = 0
  /** index of the layer whose length field set the bound; -1: the frame itself */
  bound = -1
  /** a short stable name for what is wrong: `ip.hdr_len`, `tcp.options` */
  field = ''
}

/** The TCP header, in numbers (RFC 9293 §3.1, RFC 7323, RFC 2018). Valid when `packet.transportProtocol` is 6. */
export class TcpHeader {
  sourcePort = 0
  destinationPort = 0
  /** signed 32-bit, see bytes/sequence.ts */
  sequence = 0
  acknowledgment = 0
  headerLength = 0
  flags = 0
  /** as on the wire, not scaled */
  window = 0
  urgent = 0
  /** payload bytes the segment carried, as IP's length says; what was captured may be less */
  length = 0
  /** false where `length` is not known: the header claims more than there is, or more fragments follow that did not come */
  lengthKnown = true
  /** -1 when the option is absent */
  mss = -1
  windowScale = -1
  sackPermitted = false
  hasTimestamps = false
  timestampValue = 0
  timestampEcho = 0
  /** SACK blocks: left and right edges in turn, signed 32-bit */
  readonly sack = new Int32Array(8)
  sackBlocks = 0
  /** the subtypes of its Multipath TCP options (RFC 8684), as bits; 0 when there is none */
  multipath = 0
  /** RFC 7413: offset of the cookie, or -1 when there is no fast open option; its length in bytes */
  fastOpen = -1
  fastOpenLength = 0
  /** the options could not be read to their end: the capture cut them, or one is too short for its kind */
  optionsBroken = false
}

/** TCP's flag bits (RFC 9293 §3.1, RFC 3168, RFC 8311). */
export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10
export const URG = 0x20
export const ECE = 0x40
export const CWR = 0x80
export const AE = 0x100

export class Packet {
  // ── the frame, as a reader gives it ──
  /** from 1, as Wireshark numbers frames */
  number = 0
  /** time of capture: seconds since 1970 and the nanoseconds past them, never a float of seconds */
  seconds = 0
  nanoseconds = 0
  /** the buffer that holds the frame */
  frame: DataView = EMPTY
  /** where the frame begins and where its captured bytes end in `frame` */
  start = 0
  end = 0
  /** bytes on the wire, of which end − start were captured */
  originalLength = 0
  /** LINKTYPE_ of the interface it came from; NO_LINK_TYPE for a record that is no packet */
  linkType = 0
  /** pcapng: index of the interface in the whole file, sections counted on; 0 in a classic file */
  interfaceId = 0
  direction: number = Direction.unknown
  /** digits after the second that the source's clock resolves: 6 or 9 mostly; NO_TIME when the record carries no time */
  timeDigits = 6
  /** comments that the capture file carries on this packet (pcapng opt_comment) */
  comments: readonly string[] = NO_COMMENTS

  // ── layers, in the order they were found ──
  layers = 0
  /** ids of decode/protocols.ts */
  readonly layerProtocol = new Uint8Array(MAX_LAYERS)
  /** where each layer's header begins and ends, in the layer's view (see `viewOf`) */
  readonly layerStart = new Int32Array(MAX_LAYERS)
  readonly layerEnd = new Int32Array(MAX_LAYERS)

  /** the view that the layers from `reassembledFrom` on lie in: `frame`, or the datagram put together from fragments */
  view: DataView = EMPTY
  /** index of the first layer in `view` where that is not `frame`; MAX_LAYERS when nothing was reassembled */
  reassembledFrom = MAX_LAYERS

  // ── the decoders' working bounds ──
  /** next byte to decode */
  cursor = 0
  /** no byte at or after it may be read: the end of the captured bytes, or of what the layers above claimed, whichever is first */
  limit = 0
  /** where the enclosing layers say their data ends; beyond `limit` where the capture cut the packet */
  extent = 0
  /** index of the layer whose length field set `extent`; -1: the frame */
  bound = -1

  // ── shortcuts past the layer list ──
  /** offset in `networkView` of the innermost IP header, or -1; `networkVersion` is 4 or 6, 0 when there is none */
  network = -1
  /** `frame`, or the datagram put together from fragments where a tunnel in that carries the packet */
  networkView: DataView = EMPTY
  networkVersion = 0
  /**
   * Offsets in `networkView` of the addresses of who sent it and who is to get it in the end: those of the innermost IP header, unless
   * a source route (RFC 791 §3.1, RFC 8200 §4.4) or a mobile host's home address (RFC 6275 §6.3) says otherwise
   */
  source = 0
  destination = 0
  /** IPv4 Identification, or the IPv6 fragment header's as a signed 32-bit integer; 0 where there is none */
  identification = 0
  /** hop limit or time to live */
  timeToLive = 0
  /** the addresses and ports are those of a packet that a tunnel carries */
  isTunneled = false
  /** true for a fragment that is not (yet) whole: there is no transport layer to read */
  fragment = false
  /** innermost VLAN identifier, -1 untagged */
  vlan = -1
  /**
   * IP protocol number of `transport`, 0 when there is no transport header. Only whole headers count, but that of TCP the first
   * 16 bytes are enough: `problem` says what is missing or makes no sense.
   */
  transportProtocol = 0
  /** offset in `view` of the transport header; also set, with the ports, where only its first 8 bytes are there (TCP) */
  transport = -1
  sourcePort = 0
  destinationPort = 0
  /** application bytes: captured ones lie in [payload, payloadEnd) of `view`; `payloadLength` is what the lengths say was sent */
  payload = 0
  payloadEnd = 0
  payloadLength = 0
  /** a decode/checksum.ts verdict on the network header and on the transport */
  networkChecksum = 0
  transportChecksum = 0

  readonly tcp = new TcpHeader()
  readonly problem = new Problem()

  /** The packet quoted in an ICMP error, decoded as far as it was quoted; undefined unless `hasQuoted`. */
  quoted: Packet | undefined
  hasQuoted = false

  /** Forgets the layers of the packet before, and sets the bounds to the frame. */
  begin(): void {
    this.layers = 0
    this.view = this.frame
    this.reassembledFrom = MAX_LAYERS
    this.cursor = this.start
    this.limit = this.end
    // a record that says it kept more than was sent is wrong about what was sent
    this.extent = Math.max(this.end, this.start + this.originalLength)
    this.bound = -1
    this.network = -1
    this.networkVersion = 0
    this.identification = 0
    this.fragment = false
    this.isTunneled = false
    this.vlan = -1
    this.transportProtocol = 0
    this.transport = -1
    this.payload = this.start
    this.payloadEnd = this.start
    this.payloadLength = 0
    this.networkChecksum = 0
    this.transportChecksum = 0
    this.problem.kind = ProblemKind.none
    this.hasQuoted = false
  }

  /** The view in which layer `index` lies. */
  viewOf(index: number): DataView {
    return index < this.reassembledFrom ? this.frame : this.view
  }

  /** Records a layer whose header is [start, end) of the current view. False when there are too many. */
  addLayer(protocol: number, start: number, end: number): boolean {
    const index = this.layers
    if (index >= MAX_LAYERS) return false
    this.layerProtocol[index] = protocol
    this.layerStart[index] = start
    this.layerEnd[index] = end
    this.layers = index + 1
    return true
  }
}

const EMPTY = new DataView(new ArrayBuffer(0))
const NO_COMMENTS: readonly string[] = Object.freeze([])
