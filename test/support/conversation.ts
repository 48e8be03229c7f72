/**
 * Writes the packets of a TCP conversation for tests: real Ethernet, IPv4 and TCP bytes with right checksums, sequence
 * numbers kept for both ends unless a test sets them.
 */
import { ACK, CWR, ECE, FIN, Packet, PSH, RST, SYN, URG } from '../../src/packet.js'
import type { Batch } from '../../src/source.js'

export interface Frame {
  readonly bytes: Uint8Array
  /** ns since 1970-01-01 00:16:40 */
  readonly time: number
  readonly originalLength?: number
}

export interface Extra {
  /** ms since the conversation began; default: one ms after the packet before */
  at?: number
  seq?: number
  ack?: number
  window?: number
  text?: string
  options?: number[]
  ttl?: number
  badChecksum?: boolean
  vlan?: number
}

const FLAGS = { S: SYN, F: FIN, R: RST, P: PSH, A: ACK, U: URG, E: ECE, C: CWR } as const

export class Conversation {
  readonly frames: Frame[] = []
  readonly #next = { client: 1000, server: 5000 }
  readonly #ports: readonly [number, number]
  #now = 0
  #identification = 1

  constructor(clientPort = 40000, serverPort = 51717) {
    this.#ports = [clientPort, serverPort]
  }

  /** A segment from the client; `flags` are letters of SFRPAUEC (E: ECE, C: CWR). */
  client(flags: string, extra: Extra = {}): this {
    return this.#send('client', flags, extra)
  }

  server(flags: string, extra: Extra = {}): this {
    return this.#send('server', flags, extra)
  }

  handshake(): this {
    const mss = [2, 4, 5, 180]
    return this.client('S', { options: mss }).server('SA', { options: mss }).client('A')
  }

  /** A router has dropped the last segment, and says that no more than 1000 bytes would have fitted (RFC 1191). */
  tooBig(at: number): this {
    return this.error(at, 3, 4)
  }

  /** A router, 192.168.56.254, has dropped the last segment, and says why; it quotes 28 bytes of it. */
  error(at: number, type: number, code: number): this {
    const last = this.frames.at(-1)?.bytes ?? new Uint8Array(0)
    const bytes = new Uint8Array(14 + 20 + 8 + 28)
    const view = new DataView(bytes.buffer)
    bytes.set(last.subarray(0, 14))
    bytes.set([0x45, 0, 0, 56, 0, 0, 0, 0, 64, 1, 0, 0, 192, 168, 56, 254], 14)
    bytes.set(last.subarray(26, 30), 30)
    view.setUint16(24, complement(sum(bytes.subarray(14, 34))))
    bytes.set([type, code, 0, 0, 0, 0, 3, 0xe8], 34)
    bytes.set(last.subarray(14, 42), 42)
    view.setUint16(36, complement(sum(bytes.subarray(34))))
    this.#now = at * 1e6
    this.frames.push({ bytes, time: this.#now })
    return this
  }

  #send(from: 'client' | 'server', letters: string, extra: Extra): this {
    const to = from === 'client' ? 'server' : 'client'
    let flags = 0
    for (const letter of letters) flags |= FLAGS[letter as keyof typeof FLAGS]
    const payload = new TextEncoder().encode(extra.text ?? '')
    const sequence = (extra.seq ?? this.#next[from]) >>> 0
    const acknowledgment = (extra.ack ?? ((flags & ACK) !== 0 ? this.#next[to] : 0)) >>> 0
    const end = sequence + payload.length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)
    if (((end - this.#next[from]) | 0) > 0) this.#next[from] = end >>> 0
    this.#now = extra.at === undefined ? this.#now + 1e6 : extra.at * 1e6
    const isClient = from === 'client'
    const bytes = tcpFrame({
      source: isClient ? 0xc0a83801 : 0xc0a8380a,
      destination: isClient ? 0xc0a8380a : 0xc0a83801,
      sourcePort: this.#ports[isClient ? 0 : 1],
      destinationPort: this.#ports[isClient ? 1 : 0],
      sequence,
      acknowledgment,
      flags,
      window: extra.window ?? 64240,
      options: extra.options ?? [],
      payload,
      ttl: extra.ttl ?? 64,
      identification: this.#identification++,
    })
    if (extra.badChecksum) bytes[51] = (bytes[51] ?? 0) ^ 0x5a
    this.frames.push({ bytes: extra.vlan === undefined ? bytes : tagged(bytes, extra.vlan), time: this.#now })
    return this
  }
}

function tagged(bytes: Uint8Array, vlan: number): Uint8Array {
  const tag = [0x81, 0x00, vlan >> 8, vlan & 0xff]
  return Uint8Array.from([...bytes.subarray(0, 12), ...tag, ...bytes.subarray(12)])
}

interface Segment {
  source: number
  destination: number
  sourcePort: number
  destinationPort: number
  sequence: number
  acknowledgment: number
  flags: number
  window: number
  options: number[]
  payload: Uint8Array
  ttl: number
  identification: number
}

function tcpFrame(segment: Segment): Uint8Array {
  const options = [...segment.options]
  while (options.length % 4 !== 0) options.push(1)
  const header = 20 + options.length
  const bytes = new Uint8Array(14 + 20 + header + segment.payload.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x00, 0x0c, 0x29, 0x11, 0x22, 0x33, 0x00, 0x50, 0x56, 0xc0, 0x00, 0x01, 0x08, 0x00])
  view.setUint8(14, 0x45)
  view.setUint16(16, bytes.length - 14)
  view.setUint16(18, segment.identification)
  view.setUint16(20, 0x4000)
  view.setUint8(22, segment.ttl)
  view.setUint8(23, 6)
  view.setUint32(26, segment.source)
  view.setUint32(30, segment.destination)
  view.setUint16(24, complement(sum(bytes.subarray(14, 34))))
  view.setUint16(34, segment.sourcePort)
  view.setUint16(36, segment.destinationPort)
  view.setUint32(38, segment.sequence)
  view.setUint32(42, segment.acknowledgment)
  view.setUint16(46, ((header / 4) << 12) | segment.flags)
  view.setUint16(48, segment.window)
  bytes.set(options, 54)
  bytes.set(segment.payload, 34 + header)
  const pseudo = sum(bytes.subarray(26, 34)) + 6 + bytes.length - 34
  view.setUint16(50, complement(pseudo + sum(bytes.subarray(34))))
  return bytes
}

function sum(bytes: Uint8Array): number {
  let total = 0
  for (let i = 0; i < bytes.length; i++) total += (bytes[i] ?? 0) << (i % 2 === 0 ? 8 : 0)
  return total
}

function complement(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16)
  return ~folded & 0xffff
}

/** The frames as a reader would give them, numbered from 1. */
export function batchOf(frames: readonly Frame[], linkType = 1): Batch {
  return {
    forEach(visit) {
      const packet = new Packet()
      frames.forEach((frame, index) => {
        packet.number = index + 1
        packet.seconds = 1000 + Math.floor(frame.time / 1e9)
        packet.nanoseconds = frame.time % 1e9
        packet.frame = new DataView(frame.bytes.buffer, frame.bytes.byteOffset)
        packet.start = 0
        packet.end = frame.bytes.length
        packet.originalLength = frame.originalLength ?? frame.bytes.length
        packet.linkType = linkType
        visit(packet)
      })
    },
  }
}
