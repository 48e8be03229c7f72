/** One packet in full, as text: every field of every layer with its bytes and what it means, then all bytes. */
import { hexDump } from '../bytes/hex.js'
import { printable } from '../bytes/printable.js'
import { formatDate, formatSeconds } from '../bytes/time.js'
import { countOf, formatCount } from '../bytes/units.js'
import { packetTree, type TreeField, type TreeLayer } from '../decode/tree.js'
import { explainProblem } from '../explain/problem.js'
import type { Packet } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import type { SourceInfo } from '../source.js'
import { bytesText, SHOWN_BYTES } from './field-bytes.js'
import { inSession } from './packet-in-session.js'
import type { Theme } from './style.js'
import { displayWidth, padEnd, padStart, wrap } from './width.js'

const OFFSET = 5
/** `00 50 56 c0 00 01 …`, or two bytes as bits */
const BYTES = SHOWN_BYTES * 3
const LABEL = 33
const INDENT = OFFSET + 2 + BYTES + 2

/** The lines for a packet that has been decoded and found its session. */
export function* drawPacket(
  packet: Packet,
  facts: PacketFacts,
  info: SourceInfo,
  width: number,
  theme: Theme,
): Generator<string> {
  for (const line of wrap(theme.strong(title(packet, info)), width)) yield line
  for (const comment of packet.comments) yield theme.note(`✎ ${printable(comment)}`)
  for (const layer of packetTree(packet)) {
    yield ''
    yield* drawLayer(packet, layer, width, theme)
  }
  yield* drawSession(packet, facts, width, theme)
  yield ''
  yield theme.strong('Bytes of the frame')
  yield* hexDump(packet.frame, packet.start, packet.end)
  if (packet.view !== packet.frame) {
    yield ''
    yield theme.strong('Bytes of the datagram put together from fragments')
    yield* hexDump(packet.view, 0, packet.limit)
  }
}

function title(packet: Packet, info: SourceInfo): string {
  const captured = packet.end - packet.start
  const parts = [`frame ${packet.number}`, countOf(packet.originalLength, 'byte')]
  if (captured < packet.originalLength) parts.push(`${formatCount(captured)} of them captured`)
  if (packet.timeDigits >= 0) parts.push(formatDate(packet.seconds, packet.nanoseconds, packet.timeDigits))
  const one = info.interfaces[packet.interfaceId]
  if (one?.name !== undefined) parts.push(`on ${printable(one.name)}`)
  return parts.join(', ')
}

function* drawLayer(packet: Packet, layer: TreeLayer, width: number, theme: Theme): Generator<string> {
  const { start, end, reassembled, quoted } = layer
  const origin = reassembled ? 0 : packet.start
  const where = end > start ? `bytes ${start - origin} to ${end - 1 - origin}` : 'no bytes'
  const remarks = [where]
  if (reassembled) remarks.push('of the datagram put together from fragments')
  if (quoted) remarks.push('quoted by the ICMP message')
  yield `${theme.handshake(theme.strong(layer.title))}  ${theme.faint(remarks.join(', '))}`
  let group: string | undefined
  for (const field of layer.fields) {
    if (field.group !== undefined && field.group !== group)
      yield `${' '.repeat(INDENT)}${theme.strong(printable(field.group))}`
    group = field.group
    yield* drawField(layer.view, field, origin, width, theme)
  }
  if (layer.problem !== undefined) {
    const text = explainProblem((quoted ? packet.quoted : packet) ?? packet) ?? layer.problem.field
    for (const line of wrap(`! ${text}`, width - 2)) yield theme.trouble(`  ${line}`)
  }
}

function* drawField(view: DataView, field: TreeField, origin: number, width: number, theme: Theme): Generator<string> {
  const label = field.group === undefined ? field.label : `  ${field.label}`
  const text = printable(field.meaning === undefined ? field.text : `${field.text}  (${field.meaning})`)
  const room = width - INDENT - LABEL - 1
  const offset = padStart(String(field.offset - origin), OFFSET)
  const left = `${theme.faint(offset)}  ${theme.data(padEnd(bytesText(view, field), BYTES))}  `
  const isBad = field.meaning?.startsWith('bad') ?? false
  const paint = isBad ? theme.trouble : (line: string) => line
  const longLabel = displayWidth(label) > LABEL
  if (longLabel) yield left + label
  for (const [index, line] of wrap(text, room).entries()) {
    const first = index === 0 && !longLabel
    yield `${first ? left + padEnd(label, LABEL) : ' '.repeat(INDENT + LABEL)} ${paint(line)}`
  }
}

function* drawSession(packet: Packet, facts: PacketFacts, width: number, theme: Theme): Generator<string> {
  const rows = inSession(packet, facts)
  if (rows.length === 0) return
  yield ''
  const when =
    facts.session === undefined ? '' : `  ${theme.faint(`${formatSeconds(facts.time, 9)} s after its first packet`)}`
  yield `${theme.handshake(theme.strong('In its session'))}${when}`
  for (const [label, text] of rows) {
    for (const [index, line] of wrap(text, width - LABEL - 3).entries()) {
      yield `  ${padEnd(index === 0 ? label : '', LABEL)} ${line}`
    }
  }
}
