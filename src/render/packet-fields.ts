/**
 * Any field of a packet, by name, written as `tshark -n -2 -T fields` writes it: several values joined by commas, nothing
 * where the packet has none. A name is looked up once; what comes back writes into the output's buffer, packet by packet.
 */
import { fieldKeys, fieldReader } from '../decode/field-values.js'
import { headers } from '../decode/registry.js'
import type { Packet } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import type { ByteWriter } from './byte-writer.js'
import { quickWriter } from './quick-fields.js'
import { sessionFields } from './session-fields.js'
import { timeFields } from './time-fields.js'

export type WriteField = (packet: Packet, facts: PacketFacts, out: ByteWriter) => void

/**
 * What must be known to write a field: the packet alone; its stream as well; or all that the sessions layer finds out about
 * it, and what later packets reveal.
 */
export type Need = 'packet' | 'stream' | 'session'

export interface PacketField {
  readonly name: string
  readonly write: WriteField
  /** its values are numbers, also in JSON */
  readonly numeric: boolean
  readonly need: Need
}

/** The field of that name; undefined when there is none. */
export function packetField(name: string): PacketField | undefined {
  const ofSession = sessionFields.get(name)
  if (ofSession !== undefined) {
    return { name, need: name === 'tcp.stream' || name === 'udp.stream' ? 'stream' : 'session', ...ofSession }
  }
  const ofTime = timeFields.get(name)
  if (ofTime !== undefined) return { name, write: ofTime(), numeric: false, need: 'packet' }
  const write = headerWriter(name)
  return write && { name, write: quickWriter(name, write) ?? write, numeric: numericFields.has(name), need: 'packet' }
}

/** Every name that `packetField` knows. */
export const packetFieldNames: readonly string[] = [
  ...new Set([...fieldKeys, ...timeFields.keys(), ...sessionFields.keys()]),
].sort()

const COMMA = 0x2c

/** Writes what decode/field-values.ts reads. */
export function headerWriter(name: string): WriteField | undefined {
  const reader = fieldReader(name)
  if (reader === undefined) return undefined
  const values: string[] = []
  return (packet, _facts, out) => {
    values.length = 0
    reader(packet, values)
    for (let i = 0; i < values.length; i++) {
      if (i > 0) out.byte(COMMA)
      out.ascii(values[i] ?? '')
    }
  }
}

/** Names of the fields whose values are decimal numbers. */
const numericFields: ReadonlySet<string> = new Set(numbers())

function* numbers(): Generator<string> {
  yield* ['frame.number', 'frame.len', 'frame.cap_len', 'tcp.len']
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
