/** Runs Wireshark's analysis over segments, in two passes as `tshark -2` does, and prints its fields as tshark does. */
import { Packet } from '../../src/packet.js'
import { WiresharkAnalysis } from '../../src/sessions/tcp/wireshark/analysis.js'
import { isNewConversation } from '../../src/sessions/tcp/wireshark/new-conversation.js'
import { analysisFields, WiresharkResult } from '../../src/sessions/tcp/wireshark/result.js'
import { WiresharkTotals } from '../../src/sessions/tcp/wireshark/totals.js'
import { fillPacket, type Segment } from './tcp-segments.js'

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
  ['tcp.analysis.duplicate_ack_frame', (_, result) => (result.duplicateAckNumber === 0 ? '' : String(result.duplicateAckFrame))],
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

/** tshark's row with each flag, which it may print twice, as `1`. */
export function plainRow(row: readonly string[]): string[] {
  return wiresharkFields.map((field, index) => {
    const value = row[index] ?? ''
    return analysisFields.has(field) && value !== '' ? '1' : value
  })
}

interface Stream {
  number: number
  analysis: WiresharkAnalysis
  began: bigint
  /** the endpoint that is direction 0 */
  client: string
}

/** A row of `wiresharkFields` for each segment. */
export function wiresharkRows(segments: readonly Segment[]): string[][] {
  const totals = new WiresharkTotals()
  for (const stream of pass(segments, undefined, () => undefined)) totals.save(stream.number, stream.analysis.conversation)
  const rows: string[][] = []
  pass(segments, totals, (stream, result) => rows.push(printRow(stream, result)))
  return rows
}

function printRow(stream: number, result: WiresharkResult): string[] {
  return [...printers.values()].map((print) => print(stream, result))
}

function pass(
  segments: readonly Segment[],
  totals: WiresharkTotals | undefined,
  visit: (stream: number, result: WiresharkResult) => void,
): Stream[] {
  const known = new Map<string, Stream>()
  const all: Stream[] = []
  const packet = new Packet()
  const result = new WiresharkResult()
  segments.forEach((segment, index) => {
    fillPacket(packet, segment, index + 1)
    const source = `${segment.source}:${segment.sourcePort}`
    const ends = [source, `${segment.destination}:${segment.destinationPort}`].sort().join(' ')
    const before = known.get(ends)
    let stream = before
    const isReuse = before !== undefined && beginsAnother(before, source, packet)
    if (stream === undefined || isReuse) {
      stream = { number: all.length, analysis: new WiresharkAnalysis(), began: segment.time, client: source }
      stream.analysis.reset(isReuse)
      if (totals !== undefined) stream.analysis.foresee(totals, stream.number)
      known.set(ends, stream)
      all.push(stream)
    }
    const direction = source === stream.client ? 0 : 1
    stream.analysis.analyse(packet, direction, Number(segment.time - stream.began), result)
    visit(stream.number, result)
  })
  return all
}

function beginsAnother(stream: Stream, source: string, packet: Packet): boolean {
  const { conversation } = stream.analysis
  const numbering = conversation.numbering[source === stream.client ? 0 : 1]
  return isNewConversation(packet.tcp, numbering.isBaseKnown, numbering.base, conversation.completeness)
}
