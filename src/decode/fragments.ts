/**
 * Puts fragmented IP datagrams together again (RFC 791 §3.2, RFC 8200 §4.5). Fragments come in any order, twice, overlapping,
 * or never; and as anyone can send them, how many are kept, for how long and in how many bytes is bounded.
 */
import { formatBytes, formatIpv4, formatIpv6 } from '../bytes/addresses.js'
import type { Packet } from '../packet.js'
import { ipv4 } from './ipv4.js'
import { LENGTH as IPV6_LENGTH, ipv6 } from './ipv6.js'
import { fragmentHeader } from './ipv6-extensions.js'
import { protocolOfIpNumber } from './numbers.js'
import { Protocol } from './protocols.js'

export interface FragmentLimits {
  /** datagrams waited for at once */
  readonly datagrams: number
  /** bytes kept of all of them */
  readonly bytes: number
  /** pieces kept of one datagram */
  readonly pieces: number
  /** seconds after its first fragment that a fragment still belongs to a datagram */
  readonly seconds: number
}

/** RFC 8200 §4.5 says 60 seconds; the rest is many times what an honest capture needs. */
const DEFAULTS: FragmentLimits = { datagrams: 4096, bytes: 16 << 20, pieces: 2048, seconds: 60 }

/** Datagrams remembered that were put together. */
const FINISHED = 1024

/** Datagrams of which pieces never came that are described: more of them say no more. */
const DESCRIBED = 64

/** A datagram of which pieces never came. */
export interface Unfinished {
  readonly source: string
  readonly destination: string
  /** of TCP, UDP and the like, from its first piece */
  readonly ports?: readonly [number, number]
  /** seconds since 1970 of the last piece that came */
  readonly last: number
  /** the first frame that has a piece of it */
  readonly frame: number
  /** bytes of it, from its first on, that came without a gap */
  readonly bytes: number
}

/** The furthest that 13 bits of offset in units of 8 and 16 bits of length can reach. */
const LARGEST = 8 * 0x1fff + 0xffff

export class Reassembler {
  /** by addresses, protocol and identification; the oldest is first, as a map keeps the order of insertion */
  readonly #datagrams = new Map<string, Datagram>()
  readonly #limits: FragmentLimits
  #bytes = 0
  /** keys of the datagrams that were put together last: pieces of them that come again wait for nothing */
  readonly #finished = new Set<string>()
  #incomplete = 0
  #firstIncomplete = 0
  readonly #unfinished: Unfinished[] = []
  /** the last datagram put together: a packet's view until the next one is */
  #whole: DataView | undefined

  constructor(limits: Partial<FragmentLimits> = {}) {
    this.#limits = { ...DEFAULTS, ...limits }
  }

  /** Bytes kept of datagrams that are not whole. */
  get bytes(): number {
    return this.#bytes
  }

  /** Datagrams of which pieces never came, and the first fragment of any of them (0: there are none). */
  get incomplete(): { readonly datagrams: number; readonly firstFrame: number } {
    let datagrams = this.#incomplete
    let firstFrame = this.#firstIncomplete
    for (const [key, { frame }] of this.#datagrams) {
      if (this.#finished.has(key)) continue
      datagrams++
      if (firstFrame === 0 || frame < firstFrame) firstFrame = frame
    }
    return { datagrams, firstFrame }
  }

  /** The first of these, in words; asked for when the capture is over. */
  get unfinished(): readonly Unfinished[] {
    const open = [...this.#datagrams].filter(([key]) => !this.#finished.has(key)).slice(0, DESCRIBED)
    return [...this.#unfinished, ...open.map(([, datagram]) => datagram.describe())].slice(0, DESCRIBED)
  }

  /**
   * Takes the fragment whose data begins at the cursor. When it completes its datagram the packet's view becomes that
   * datagram, to be decoded from the protocol given; otherwise the fragment is data.
   */
  add(packet: Packet): number {
    const fragment = readFragment(packet)
    const { offset, length } = fragment
    if (length <= 0 || packet.cursor + length > packet.limit) {
      // a piece that the capture cut makes no datagram; IPv4's first one is still read as far as it goes, as tshark does
      return offset === 0 && packet.networkVersion === 4 ? protocolOfIpNumber(fragment.protocol) : Protocol.data
    }
    this.#makeRoom()
    const key = keyOf(packet, fragment)
    let datagram = this.#datagrams.get(key)
    if (datagram !== undefined && packet.seconds - datagram.since > this.#limits.seconds) {
      this.#giveUp(key, datagram)
      datagram = undefined
    }
    if (datagram === undefined) {
      datagram = new Datagram(packet, fragment.protocol)
      this.#datagrams.set(key, datagram)
    }
    datagram.last = packet.seconds + packet.nanoseconds / 1e9
    const { frame, cursor } = packet
    this.#bytes += datagram.add(offset, new Uint8Array(frame.buffer, frame.byteOffset + cursor, length), !fragment.more)
    if (datagram.isWhole) {
      this.#drop(key, datagram)
      this.#finish(key)
      return this.#show(packet, datagram, fragment.protocol)
    }
    if (datagram.pieces > this.#limits.pieces) this.#giveUp(key, datagram)
    return Protocol.data
  }

  #show(packet: Packet, datagram: Datagram, protocol: number): number {
    this.#whole ??= new DataView(new ArrayBuffer(LARGEST))
    datagram.copyTo(new Uint8Array(this.#whole.buffer))
    packet.fragment = false
    packet.view = this.#whole
    packet.reassembledFrom = packet.layers
    packet.cursor = 0
    packet.limit = packet.extent = datagram.length
    packet.bound = packet.layers - 1
    return protocolOfIpNumber(protocol)
  }

  #finish(key: string): void {
    const finished = this.#finished
    finished.delete(key)
    finished.add(key)
    const [oldest] = finished
    if (finished.size > FINISHED && oldest !== undefined) finished.delete(oldest)
  }

  #giveUp(key: string, datagram: Datagram): void {
    this.#drop(key, datagram)
    if (this.#finished.has(key)) return
    this.#incomplete++
    if (this.#unfinished.length < DESCRIBED) this.#unfinished.push(datagram.describe())
    if (this.#firstIncomplete === 0 || datagram.frame < this.#firstIncomplete) this.#firstIncomplete = datagram.frame
  }

  #drop(key: string, datagram: Datagram): void {
    this.#datagrams.delete(key)
    this.#bytes -= datagram.size
  }

  /** Lets go of the oldest where there is too much. */
  #makeRoom(): void {
    const { datagrams, bytes } = this.#limits
    for (const [key, datagram] of this.#datagrams) {
      if (this.#datagrams.size < datagrams && this.#bytes <= bytes) return
      this.#giveUp(key, datagram)
    }
  }
}

interface Fragment {
  readonly offset: number
  /** bytes of the datagram that this fragment claims to carry */
  readonly length: number
  readonly more: boolean
  readonly protocol: number
  readonly identification: number
}

/** What the header says that ends at the cursor: an IPv4 header, or an IPv6 fragment header. */
function readFragment(packet: Packet): Fragment {
  const { networkView: frame, network, cursor, extent, identification } = packet
  if (packet.networkVersion === 4) {
    const total = ipv4.totalLength(frame, network)
    return {
      offset: 8 * ipv4.fragmentOffset(frame, network),
      length: (total === 0 ? extent : network + total) - cursor,
      more: ipv4.moreFragments(frame, network) === 1,
      protocol: ipv4.protocol(frame, network),
      identification,
    }
  }
  const at = packet.layerStart[packet.layers - 1] ?? 0
  return {
    offset: 8 * fragmentHeader.offset(frame, at),
    length: network + IPV6_LENGTH + ipv6.payloadLength(frame, network) - cursor,
    more: fragmentHeader.moreFragments(frame, at) === 1,
    protocol: fragmentHeader.nextHeader(frame, at),
    identification,
  }
}

/**
 * IPv4 tells datagrams apart by addresses, protocol and identification, IPv6 without the protocol (RFC 791 §3.2, RFC 8200 §4.5).
 * A private IPv4 address may be another host on each VLAN, a public one is the same host on all of them: tshark's rule.
 */
function keyOf(packet: Packet, fragment: Fragment): string {
  const { networkView: frame, network, destination } = packet
  if (packet.networkVersion !== 4) return `${formatBytes(frame, network + 8, 32)} ${fragment.identification}`
  const vlan = isPrivate(frame, network + 12) || isPrivate(frame, destination) ? packet.vlan : -1
  const addresses = `${formatBytes(frame, network + 12, 4)} ${formatBytes(frame, destination, 4)}`
  return `${addresses} ${fragment.identification} ${fragment.protocol} ${vlan}`
}

/** Whether the IPv4 address at `at` means something on its own network only (RFC 1918 §3, RFC 3927 §2.1). */
function isPrivate(view: DataView, at: number): boolean {
  const half = view.getUint16(at)
  return half >> 8 === 10 || half >> 4 === 0xac1 || half === 0xc0a8 || half === 0xa9fe
}

/** IP protocols that begin with two ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
const PORTED: ReadonlySet<number> = new Set([6, 17, 33, 132, 136])

interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** A datagram that is being put together. */
class Datagram {
  /** by offset; of the same offset, the one that came first is first */
  readonly #pieces: Piece[] = []
  /** capture time of the first fragment that came, in seconds */
  readonly since: number
  /** the fragment that came first */
  readonly frame: number
  /** bytes kept */
  size = 0
  /** of the whole datagram; -1 until its last fragment has come */
  length = -1
  /** capture time of the fragment that came last */
  last = 0
  readonly #protocol: number
  /** source and destination */
  readonly #addresses: DataView

  constructor(packet: Packet, protocol: number) {
    const { networkView, networkVersion, network, seconds, number } = packet
    this.since = seconds
    this.frame = number
    this.#protocol = protocol
    const at = networkView.byteOffset + network + (networkVersion === 4 ? 12 : 8)
    this.#addresses = new DataView(networkView.buffer.slice(at, at + (networkVersion === 4 ? 8 : 32)))
  }

  describe(): Unfinished {
    const size = this.#addresses.byteLength / 2
    const format = size === 4 ? formatIpv4 : formatIpv6
    const first = this.#pieces[0]?.offset === 0 ? this.#pieces[0].bytes : undefined
    const [a = 0, b = 0, c = 0, d = 0] = first ?? []
    const hasPorts = first !== undefined && first.length >= 4 && PORTED.has(this.#protocol)
    return {
      source: format(this.#addresses, 0),
      destination: format(this.#addresses, size),
      ...(hasPorts && { ports: [a * 256 + b, c * 256 + d] }),
      last: this.last,
      frame: this.frame,
      bytes: this.#covered,
    }
  }

  /** Bytes from the first on without a gap. */
  get #covered(): number {
    let covered = 0
    for (const { offset, bytes } of this.#pieces) {
      if (offset > covered) break
      covered = Math.max(covered, offset + bytes.length)
    }
    return covered
  }

  get pieces(): number {
    return this.#pieces.length
  }

  /** Copies a piece, unless it is there already; gives how many bytes are kept more than before. */
  add(offset: number, bytes: Uint8Array, isLast: boolean): number {
    // two fragments that both claim to be the last contradict each other: the first is believed
    if (isLast && this.length < 0) this.length = offset + bytes.length
    let index = this.#pieces.length
    while (index > 0 && (this.#pieces[index - 1]?.offset ?? 0) > offset) index--
    const before = this.#pieces[index - 1]
    if (before?.offset === offset && before.bytes.length >= bytes.length) return 0
    this.#pieces.splice(index, 0, { offset, bytes: bytes.slice() })
    this.size += bytes.length
    return bytes.length
  }

  /** Whether the pieces cover the datagram without a gap. */
  get isWhole(): boolean {
    return this.length >= 0 && this.#covered >= this.length
  }

  /**
   * Writes the datagram. Systems differ in what counts where pieces overlap, which attacks on them use; here, as in tshark, it
   * is the piece that begins first, and of those the one that came first.
   */
  copyTo(target: Uint8Array): void {
    let written = 0
    for (const { offset, bytes } of this.#pieces) {
      const end = Math.min(offset + bytes.length, this.length)
      if (end <= written) continue
      target.set(bytes.subarray(written - offset, end - offset), written)
      written = end
    }
  }
}
