/**
 * One packet in full: every field of every layer with the bytes it stands in and what it means, from the same tables that
 * the fast path reads. For one packet at a time; nothing here is made for millions.
 */
import { formatBytes } from '../bytes/addresses.js'
import type { Field } from '../bytes/fields.js'
import { type Packet, type Problem, ProblemKind } from '../packet.js'
import { labelOf, previewOf } from './application.js'
import { ChecksumStatus, expectedNetwork, expectedTransport, verifyNetwork, verifyTransport } from './checksums.js'
import { formatter } from './format.js'
import { meaningOf, meaningOfMac } from './meanings.js'
import { Protocol, protocolName, protocolTitle } from './protocols.js'
import { headers } from './registry.js'

export interface TreeField {
  /** Wireshark's name: `tcp.srcport` */
  readonly key: string
  readonly label: string
  /** the option that the field belongs to */
  readonly group?: string
  /** first byte in the layer's view, and how many bytes the field touches */
  readonly offset: number
  readonly width: number
  /** where the field is not whole bytes: its first bit in the first byte, the most significant being 0, and how many */
  readonly bits?: { readonly first: number; readonly count: number }
  /** as `tshark -T fields` prints it */
  readonly value: string
  /** as a person reads it */
  readonly text: string
  readonly meaning?: string
}

export interface TreeLayer {
  /** id of decode/protocols.ts */
  readonly protocol: number
  /** tshark's short name */
  readonly name: string
  readonly title: string
  /** what the layer lies in: the frame, or the datagram that was put together from fragments */
  readonly view: DataView
  /** where its header begins and ends in `view` */
  readonly start: number
  readonly end: number
  /** the layer is in the datagram that was put together from fragments, not in the frame */
  readonly reassembled: boolean
  /** the layer is of the packet that an ICMP error quotes */
  readonly quoted: boolean
  readonly fields: readonly TreeField[]
  /** what is wrong with the packet, if it is wrong here */
  readonly problem?: Problem
}

/** The layers of a decoded packet, outermost first. Valid as long as the packet is. */
export function packetTree(packet: Packet): TreeLayer[] {
  verifyNetwork(packet)
  verifyTransport(packet)
  return layersOf(packet, false)
}

function layersOf(packet: Packet, quoted: boolean): TreeLayer[] {
  const layers: TreeLayer[] = []
  for (let layer = 0; layer < packet.layers; layer++) layers.push(treeLayer(packet, layer, quoted))
  const { quoted: inner } = packet
  if (packet.hasQuoted && inner !== undefined) layers.push(...layersOf(inner, true))
  else if (packet.payloadEnd > packet.payload) layers.push(payloadLayer(packet, quoted))
  return layers
}

function treeLayer(packet: Packet, layer: number, quoted: boolean): TreeLayer {
  const protocol = packet.layerProtocol[layer] ?? 0
  const view = packet.viewOf(layer)
  const start = packet.layerStart[layer] ?? 0
  const end = packet.layerEnd[layer] ?? 0
  const { problem } = packet
  return {
    protocol,
    name: protocolName(protocol),
    title: protocolTitle(protocol),
    view,
    start,
    end,
    reassembled: layer >= packet.reassembledFrom,
    quoted,
    fields: [...fieldsOf(packet, protocol, view, start, end)],
    ...(problem.kind !== ProblemKind.none && problem.layer === layer && { problem }),
  }
}

function* fieldsOf(packet: Packet, protocol: number, view: DataView, at: number, end: number): Generator<TreeField> {
  const header = headers.get(protocol)
  if (header === undefined) {
    if (end > at) yield bytesField(view, at, end)
    return
  }
  for (const field of header.fields) {
    if (endOf(field, at) <= end) yield treeField(packet, field, view, at)
  }
  for (const placed of header.variable?.read(view, at, end) ?? []) {
    if (endOf(placed.field, placed.at) <= end) yield treeField(packet, placed.field, view, placed.at, placed.group)
  }
}

function endOf(field: Field, at: number): number {
  return at + ((field.bit + field.width + 7) >> 3)
}

function treeField(packet: Packet, field: Field, view: DataView, at: number, group?: string): TreeField {
  const offset = at + (field.bit >> 3)
  const first = field.bit & 7
  const value = formatter(field)(view, at)
  const meaning = checksumMeaning(packet, field, at) ?? fieldMeaning(field, view, at)
  return {
    key: field.key,
    label: field.label,
    ...(group !== undefined && { group }),
    offset,
    width: endOf(field, at) - offset,
    ...((first !== 0 || field.width % 8 !== 0) && { bits: { first, count: field.width } }),
    value,
    text: field.format === 'flag' ? (value === '0' ? 'not set' : 'set') : value,
    ...(meaning !== undefined && { meaning }),
  }
}

function fieldMeaning(field: Field, view: DataView, at: number): string | undefined {
  switch (field.format) {
    case 'mac':
      return meaningOfMac(view, at + (field.bit >> 3))
    case 'ipv4':
    case 'ipv6':
    case 'bytes':
      return undefined
    default:
      return meaningOf(field.key, field(view, at))
  }
}

/** The verdict on a checksum field; those of a quoted packet were right when it was sent, and are not looked at. */
function checksumMeaning(packet: Packet, field: Field, at: number): string | undefined {
  switch (field.key) {
    case 'ip.checksum':
      return at === packet.network ? verdict(packet.networkChecksum, () => expectedNetwork(packet)) : undefined
    case 'tcp.checksum':
    case 'udp.checksum':
    case 'icmp.checksum':
    case 'icmpv6.checksum':
      return at === packet.transport ? verdict(packet.transportChecksum, () => expectedTransport(packet)) : undefined
    default:
      return undefined
  }
}

function verdict(status: number, expected: () => number): string | undefined {
  switch (status) {
    case ChecksumStatus.good:
      return 'good'
    case ChecksumStatus.bad:
      return `bad: should be 0x${expected().toString(16).padStart(4, '0')}`
    case ChecksumStatus.unfilled:
      return 'not yet filled in: the sending host left it to its network card (checksum offload)'
    case ChecksumStatus.absent:
      return 'none was computed'
    case ChecksumStatus.unverifiable:
      return 'cannot be verified: not all that it covers is here'
    default:
      return undefined
  }
}

/** Longest preview of a payload, in bytes. */
const PREVIEW = 256

/** What TCP, UDP or an ICMP echo carries. It has no header, so that the record does not count it as a layer. */
function payloadLayer(packet: Packet, quoted: boolean): TreeLayer {
  const { view, payload, payloadEnd } = packet
  const label = labelOf(packet)
  const preview = previewOf(view, payload, payloadEnd, PREVIEW)
  const whole = { offset: payload, width: payloadEnd - payload, value: '' }
  return {
    protocol: Protocol.data,
    name: protocolName(Protocol.data),
    title: protocolTitle(Protocol.data),
    view,
    start: payload,
    end: payloadEnd,
    reassembled: view !== packet.frame,
    quoted,
    fields: [
      ...(label === undefined ? [] : [{ ...whole, key: 'synopsis.payload.label', label: 'Carries', text: label }]),
      ...(preview === undefined ? [] : [{ ...whole, key: 'synopsis.payload.text', label: 'Text', text: preview }]),
      bytesField(view, payload, payloadEnd),
    ],
  }
}

function bytesField(view: DataView, at: number, end: number): TreeField {
  const value = formatBytes(view, at, end - at)
  const text = `${end - at} ${end - at === 1 ? 'byte' : 'bytes'}`
  return { key: 'data.data', label: 'Data', offset: at, width: end - at, value, text }
}
