/**
 * Any field of a packet, by name, written as `tshark -n -2 -T fields` writes it: several values joined by commas, nothing
 * where the packet has none. A name is looked up once; what comes back writes into the output's buffer, packet by packet.
 */
import { fieldKeys, fieldReader } from '../decode/field-values.js'
import { headers } from '../decode/registry.js'
import type { Packet } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import type { ByteWriter } from './byte-writer.js'
import { sessionFields } from './session-fields.js'

export type WriteField = (packet: Packet, facts: PacketFacts, out: ByteWriter) => void

export interface PacketField {
  readonly name: string
  readonly write: WriteField
  /** its values are numbers, also in JSON */
  readonly numeric: boolean
  /** it depends on more than the packet: on its session, and on what comes later */
  readonly ofSession: boolean
}

const COMMA = 0x2c

/** The field of that name; undefined when there is none. */
export function packetField(name: string): PacketField | undefined {
  const ofSession = sessionFields.get(name)
  if (ofSession !== undefined) return { name, ofSession: true, ...ofSession }
  const own = ownFields.get(name)
  if (own !== undefined) return { name, write: own, numeric: true, ofSession: false }
  const reader = fieldReader(name)
  if (reader === undefined) return undefined
  const values: string[] = []
  return {
    name,
    numeric: numericFields.has(name),
    ofSession: false,
    write: (packet, _facts, out) => {
      values.length = 0
      reader(packet, values)
      for (let i = 0; i < values.length; i++) {
        if (i > 0) out.byte(COMMA)
        out.ascii(values[i] ?? '')
      }
    },
  }
}

/** Every name that `packetField` knows. */
export const packetFieldNames: readonly string[] = [...new Set([...fieldKeys, ...sessionFields.keys()])].sort()

/** Fields of the frame that are asked for most. */
const ownFields: ReadonlyMap<string, WriteField> = new Map([
  ['frame.number', (packet, _facts, out) => out.unsigned(packet.number)],
  ['frame.len', (packet, _facts, out) => out.unsigned(packet.originalLength)],
  ['frame.cap_len', (packet, _facts, out) => out.unsigned(packet.end - packet.start)],
])

/** Names of the fields whose values are decimal numbers. */
const numericFields: ReadonlySet<string> = new Set(numbers())

function* numbers(): Generator<string> {
  yield 'tcp.len'
  for (const { fields } of headers.values()) {
    for (const { key, format } of fields) if (format === 'decimal' || format === 'flag') yield key
  }
  // the fields of options say how they are written only where they stand
  yield* [
    'tcp.options.mss_val',
    'tcp.options.wscale.shift',
    'tcp.options.timestamp.tsval',
    'tcp.options.timestamp.tsecr',
  ]
}
