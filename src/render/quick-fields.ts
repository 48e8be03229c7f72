/**
 * The header fields that are asked for most, of packets with nothing unusual about them, written without a string for each
 * value: a quarter of the time. Whatever is unusual (a problem, a quoted packet) goes the ordinary way, and a test holds
 * that both write the same.
 */
import type { Field } from '../bytes/fields.js'
import { Protocol } from '../decode/protocols.js'
import { headers } from '../decode/registry.js'
import { NO_TIME, type Packet, ProblemKind } from '../packet.js'
import type { ByteWriter } from './byte-writer.js'
import type { WriteField } from './packet-fields.js'

const COMMA = 0x2c
const COLON = 0x3a
const DOT = 0x2e
const MAC_LENGTH = 6
const TCP = 6
const IPV4_HEADER = 20

/** Fields that are read from their place in a header, and need no other rule. */
export const QUICK_FIELDS: ReadonlySet<string> = new Set([
  'eth.src',
  'eth.dst',
  'eth.type',
  'ip.src',
  'ip.dst',
  'ip.id',
  'ip.ttl',
  'ip.proto',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.hdr_len',
  'tcp.flags',
  'tcp.window_size_value',
  'udp.srcport',
  'udp.dstport',
  'udp.length',
])

const ofPacket: ReadonlyMap<string, (packet: Packet, out: ByteWriter) => void> = new Map([
  ['frame.number', (packet, out) => out.unsigned(packet.number)],
  ['frame.len', (packet, out) => out.unsigned(packet.originalLength)],
  ['frame.cap_len', (packet, out) => out.unsigned(packet.end - packet.start)],
  [
    'frame.time_epoch',
    (packet, out) => {
      if (packet.timeDigits === NO_TIME) return
      // before 1970 where an interface's clock says so (if_tsoffset)
      out.integer(packet.seconds)
      out.byte(DOT)
      out.unsigned(packet.nanoseconds, 9)
    },
  ],
  [
    'tcp.len',
    (packet, out) => {
      if (packet.transportProtocol === TCP && packet.tcp.lengthKnown) out.unsigned(packet.tcp.length)
    },
  ],
])

/** A writer that takes the short way where it can, and `ordinary` where it cannot; undefined when there is no short way. */
export function quickWriter(name: string, ordinary: WriteField): WriteField | undefined {
  const whole = ofPacket.get(name)
  if (whole !== undefined) {
    return (packet, facts, out) => (isUsual(packet) ? whole(packet, out) : ordinary(packet, facts, out))
  }
  if (!QUICK_FIELDS.has(name)) return undefined
  const isElsewhere = elsewhere.get(name)
  const fields: (Field | undefined)[] = []
  for (const [protocol, header] of headers) fields[protocol] = header.fields.find((field) => field.key === name)
  return (packet, facts, out) => {
    if (!isUsual(packet) || isElsewhere?.(packet) === true) return ordinary(packet, facts, out)
    let written = 0
    for (let layer = 0; layer < packet.layers; layer++) {
      const field = fields[packet.layerProtocol[layer] ?? 0]
      if (field === undefined) continue
      if (written++ > 0) out.byte(COMMA)
      writeValue(field, packet.viewOf(layer), packet.layerStart[layer] ?? 0, out)
    }
  }
}

/** One of them may be a source route, and then the destination stands there. */
function hasIpv4Options(packet: Packet): boolean {
  for (let layer = 0; layer < packet.layers; layer++) {
    const length = (packet.layerEnd[layer] ?? 0) - (packet.layerStart[layer] ?? 0)
    if (packet.layerProtocol[layer] === Protocol.ip && length > IPV4_HEADER) return true
  }
  return false
}

function isUdpLite(packet: Packet): boolean {
  return packet.layers > 0 && packet.layerProtocol[packet.layers - 1] === Protocol.udpLite
}

/** Fields that are not always where they stand in the header: in which packets. */
const elsewhere: ReadonlyMap<string, (packet: Packet) => boolean> = new Map([
  ['ip.dst', hasIpv4Options],
  ['udp.length', isUdpLite],
])

function isUsual(packet: Packet): boolean {
  return packet.problem.kind === ProblemKind.none && !packet.hasQuoted && packet.nanoseconds >= 0
}

function writeValue(field: Field, view: DataView, at: number, out: ByteWriter): void {
  const start = at + (field.bit >> 3)
  switch (field.format) {
    case 'ipv4':
      for (let i = 0; i < 4; i++) {
        if (i > 0) out.byte(DOT)
        out.unsigned(view.getUint8(start + i))
      }
      return
    case 'mac':
      for (let i = 0; i < MAC_LENGTH; i++) {
        if (i > 0) out.byte(COLON)
        out.hex(view.getUint8(start + i), 2)
      }
      return
    case 'hex':
      out.ascii('0x')
      out.hex(field(view, at), ((field.width + 7) >> 3) * 2)
      return
    default:
      out.unsigned(field(view, at))
  }
}
