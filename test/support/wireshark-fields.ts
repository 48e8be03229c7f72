/** Prints what the project's Wireshark analysis says of a segment as tshark prints its fields. */
import { analysisFields, type WiresharkResult } from '../../src/sessions/tcp/wireshark/result.js'

type Printer = (stream: number, result: WiresharkResult) => string

const count = (value: number): string => (value === 0 ? '' : String(value))

/** Nanoseconds as tshark prints an interval; nothing for 0. */
function interval(value: number): string {
  if (value === 0) return ''
  const size = Math.abs(value)
  const digits = String(size % 1e9).padStart(9, '0')
  return `${value < 0 ? '-' : ''}${Math.floor(size / 1e9)}.${digits}`
}

const printers = new Map<string, Printer>([
  ['tcp.stream', (stream) => String(stream)],
  ['tcp.completeness', (_, result) => String(result.completeness)],
  ['tcp.seq', (_, result) => String(result.relativeSequence)],
  ['tcp.ack', (_, result) => String(result.relativeAcknowledgment)],
  ['tcp.window_size', (_, result) => String(result.scaledWindow)],
  ['tcp.analysis.duplicate_ack_num', (_, result) => count(result.duplicateAckNumber)],
  [
    'tcp.analysis.duplicate_ack_frame',
    (_, result) => (result.duplicateAckNumber === 0 ? '' : String(result.duplicateAckFrame)),
  ],
  ['tcp.analysis.acks_frame', (_, result) => count(result.acksFrame)],
  ['tcp.analysis.ack_rtt', (_, result) => interval(result.ackRtt)],
  ['tcp.analysis.bytes_in_flight', (_, result) => count(result.bytesInFlight)],
  ['tcp.analysis.push_bytes_sent', (_, result) => count(result.pushBytesSent)],
  ['tcp.analysis.rto', (_, result) => interval(result.rto)],
  ['tcp.analysis.rto_frame', (_, result) => count(result.rtoFrame)],
  ['tcp.analysis.initial_rtt', (_, result) => interval(result.initialRtt)],
])
for (const [field, bit] of analysisFields) printers.set(field, (_, result) => ((result.flags & bit) !== 0 ? '1' : ''))

/** The fields that are printed, in order. */
export const wiresharkFields: readonly string[] = [...printers.keys()]

export function printRow(stream: number, result: WiresharkResult): string[] {
  return [...printers.values()].map((print) => print(stream, result))
}

/** tshark's row of the same fields with each flag, which it may print twice, as `1`. */
export function plainRow(row: readonly string[]): string[] {
  return wiresharkFields.map((field, index) => {
    const value = row[index] ?? ''
    return analysisFields.has(field) && value !== '' ? '1' : value
  })
}
