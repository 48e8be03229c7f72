/** Packets written by hand, and what every one of them must stand: being cut anywhere, and strangers' bytes around it. */
import { expect, test } from 'vitest'
import { Decoder } from '../../src/decode/decoder.js'
import { fieldKeys, fieldReader, values } from '../../src/decode/field-values.js'
import { protocolName } from '../../src/decode/protocols.js'
import { packetTree } from '../../src/decode/tree.js'
import { Packet, ProblemKind } from '../../src/packet.js'

export const ETHERNET = 1

export interface Case {
  readonly name: string
  /** Ethernet where it is not said */
  readonly linkType?: number
  /** hexadecimal; blanks and the rest of a line after # do not count */
  readonly bytes: string
  /** tshark's names of the layers that are recorded, outermost first */
  readonly layers: string
  /** by Wireshark's name, as tshark prints them, several joined by commas */
  readonly fields?: Readonly<Record<string, string>>
  /** what of the record must be so */
  readonly record?: Readonly<Record<string, unknown>>
  readonly tcp?: Readonly<Record<string, unknown>>
  readonly problem?: Readonly<Record<string, unknown>>
}

export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/#.*$/gm, '').replace(/\s/g, '')
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** A record that holds `bytes`, with `around` before and after them in the buffer, of a packet of `originalLength` bytes. */
export function packetOf(
  bytes: Uint8Array,
  linkType: number = ETHERNET,
  originalLength: number = bytes.length,
  around = 0,
  packet = new Packet(),
): Packet {
  const margin = 64
  const buffer = new Uint8Array(bytes.length + 2 * margin).fill(around)
  buffer.set(bytes, margin)
  packet.frame = new DataView(buffer.buffer)
  packet.start = margin
  packet.end = margin + bytes.length
  packet.originalLength = originalLength
  packet.linkType = linkType
  packet.number = 1
  return packet
}

export function decoded(...args: Parameters<typeof packetOf>): Packet {
  const packet = packetOf(...args)
  new Decoder().decode(packet)
  return packet
}

export function layersOf(packet: Packet): string {
  return Array.from(packet.layerProtocol.subarray(0, packet.layers), protocolName).join(' ')
}

/** Everything that can be learned from a decoded packet, as plain data: what two packets must have in common to be the same. */
export function everything(packet: Packet): unknown {
  const { quoted } = packet
  const tree = packetTree(packet).map(({ view, problem, ...layer }) => ({ ...layer, problem: problem?.field }))
  return {
    layers: layersOf(packet),
    at: [...packet.layerStart.subarray(0, packet.layers), ...packet.layerEnd.subarray(0, packet.layers)],
    problem: packet.problem.kind === ProblemKind.none ? undefined : { ...packet.problem },
    network: [packet.network, packet.networkVersion, packet.fragment, packet.vlan],
    transport: [packet.transport, packet.transportProtocol, packet.networkChecksum, packet.transportChecksum],
    payload: [packet.payload, packet.payloadEnd, packet.payloadLength],
    tcp: packet.transportProtocol === 6 ? segmentOf(packet) : undefined,
    quoted: packet.hasQuoted && quoted !== undefined ? layersOf(quoted) : undefined,
    fields: fieldsOf(packet),
    tree,
  }
}

const readers = fieldKeys.map((key) => [key, fieldReader(key)] as const)

/** By name, the values of the fields that the packet has. */
function fieldsOf(packet: Packet): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  for (const [key, read] of readers) {
    const found: string[] = []
    read?.(packet, found)
    if (found.length > 0) fields[key] = found
  }
  return fields
}

/** The segment without what only counts when something else says so. */
function segmentOf({ tcp }: Packet): unknown {
  const { hasTimestamps, timestampValue, timestampEcho, fastOpen, fastOpenLength, sack, sackBlocks, ...rest } = tcp
  return {
    ...rest,
    sack: [...sack.subarray(0, 2 * sackBlocks)],
    timestamps: hasTimestamps ? [timestampValue, timestampEcho] : undefined,
    fastOpen: fastOpen < 0 ? undefined : [fastOpen, fastOpenLength],
  }
}

/** Nothing that was recorded may lie outside the frame. */
export function expectInside(packet: Packet): void {
  const { start, end } = packet
  for (let layer = 0; layer < packet.layers; layer++) {
    if (layer >= packet.reassembledFrom) continue
    const [from, to] = [packet.layerStart[layer] ?? -1, packet.layerEnd[layer] ?? -1]
    expect(from >= start && from <= to && to <= end, `layer ${layer}: ${from}–${to} of ${start}–${end}`).toBe(true)
  }
  expect(packet.payload).toBeLessThanOrEqual(packet.payloadEnd)
  if (packet.view === packet.frame) expect(packet.payloadEnd).toBeLessThanOrEqual(end)
}

/** Tests that each packet of the table decodes as it says, however it is cut, and whatever lies around it. */
export function testTable(table: readonly Case[]): void {
  test.each(table)('$name', (row) => {
    const packet = decoded(fromHex(row.bytes), row.linkType)
    expect(layersOf(packet)).toBe(row.layers)
    const fields = Object.keys(row.fields ?? {}).map((key) => [key, values(packet, key).join(',')])
    expect(Object.fromEntries(fields)).toEqual(row.fields ?? {})
    expect(packet).toMatchObject(row.record ?? {})
    expect(packet.tcp).toMatchObject(row.tcp ?? {})
    if (row.problem === undefined) expect(packet.problem.kind).toBe(ProblemKind.none)
    else expect(packet.problem).toMatchObject(row.problem)
  })

  test.each(table)('$name: cut at every length', ({ bytes, linkType }) => {
    const whole = fromHex(bytes)
    for (let length = 0; length <= whole.length; length++) {
      const part = whole.subarray(0, length)
      for (const originalLength of [whole.length, length]) {
        const packet = decoded(part, linkType, originalLength, 0x00)
        expectInside(packet)
        expect(everything(decoded(part, linkType, originalLength, 0xff)), `${length} bytes`).toEqual(everything(packet))
      }
    }
  })
}

/** An Ethernet header before a payload of that type. */
export function ethernet(type: string): string {
  return `
    005056c00001 000c295e100a  # Ethernet: destination, source
    ${type}                    # type
  `
}

/** An IPv4 header, 192.168.56.1 to 192.168.56.10, before `length` bytes of that protocol. */
export function ipv4(protocol: number, length: number): string {
  return `
    45 00 ${word(20 + length)}      # IPv4: version 4, 20 bytes of header, total length
    1234 4000 40 ${byte(protocol)}  # identification, don't fragment, time to live 64, protocol
    0000                            # checksum
    c0a83801 c0a8380a               # source, destination
  `
}

/** An IPv6 header, 2001:db8::1 to 2001:db8::2, before `length` bytes of that protocol. */
export function ipv6(protocol: number, length: number): string {
  return `
    6 00 12345 ${word(length)}        # IPv6: version 6, traffic class, flow label, payload length
    ${byte(protocol)} 40              # next header, hop limit 64
    20010db8000000000000000000000001  # source
    20010db8000000000000000000000002  # destination
  `
}

export function word(value: number): string {
  return value.toString(16).padStart(4, '0')
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0')
}
