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

/** How the columns are laid out. */
interface Columns {
  readonly width: number
  /** bytes of a field that are shown: `00 50 56 c0 00 01 …`; two bytes as bits must fit as well */
  readonly shown: number
  readonly label: number
  /** where a label begins */
  readonly indent: number
}

const ROOMY = 100

/** On a narrow screen, values have the room; few labels are longer than what is left to them there. */
function columnsFor(width: number): Columns {
  const [shown, label] = width < ROOMY ? [6, 27] : [SHOWN_BYTES, 33]
  return { width, shown, label, indent: OFFSET + 2 + bytesColumn(shown) + 2 }
}

function bytesColumn(shown: number): number {
  return Math.max(shown * 3, BITS)
}

/** `.... 0000 0001 1000` */
const BITS = 19

/** The lines for a packet that has been decoded and found its session. */
export function* drawPacket(
  packet: Packet,
  facts: PacketFacts,
  info: SourceInfo,
  width: number,
  theme: Theme,
): Generator<string> {
  const columns = columnsFor(width)
  for (const line of wrap(title(packet, info), width)) yield theme.strong(line)
  for (const comment of packet.comments) {
    for (const [index, line] of wrap(printable(comment), width - 2).entries()) {
      yield theme.note(`${index === 0 ? '✎' : ' '} ${line}`)
    }
  }
  for (const layer of packetTree(packet)) {
    yield ''
    yield* drawLayer(packet, layer, columns, theme)
  }
  yield* drawSession(packet, facts, columns, theme)
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

function* drawLayer(packet: Packet, layer: TreeLayer, columns: Columns, theme: Theme): Generator<string> {
  const { start, end, reassembled, quoted } = layer
  const origin = reassembled ? 0 : packet.start
  const where = end > start ? `bytes ${start - origin} to ${end - 1 - origin}` : 'no bytes'
  const remarks = [where]
  if (reassembled) remarks.push('of the datagram put together from fragments')
  if (quoted) remarks.push('quoted by the ICMP message')
  const title = theme.handshake(theme.strong(layer.title))
  const [first = '', ...more] = wrap(remarks.join(', '), columns.width - displayWidth(layer.title) - 2)
  yield `${title}  ${theme.faint(first)}`
  for (const line of more) yield `${' '.repeat(displayWidth(layer.title) + 2)}${theme.faint(line)}`
  let group: string | undefined
  for (const field of layer.fields) {
    if (field.group !== undefined && field.group !== group)
      yield `${' '.repeat(columns.indent)}${theme.strong(printable(field.group))}`
    group = field.group
    yield* drawField(layer.view, field, origin, columns, theme)
  }
  if (layer.problem !== undefined) {
    const text = explainProblem((quoted ? packet.quoted : packet) ?? packet) ?? layer.problem.field
    for (const line of wrap(`! ${text}`, columns.width - 2)) yield theme.trouble(`  ${line}`)
  }
}

function* drawField(
  view: DataView,
  field: TreeField,
  origin: number,
  columns: Columns,
  theme: Theme,
): Generator<string> {
  const label = field.group === undefined ? field.label : `  ${field.label}`
  const text = printable(field.meaning === undefined ? field.text : `${field.text}  (${field.meaning})`)
  const offset = padStart(String(field.offset - origin), OFFSET)
  const bytes = padEnd(bytesText(view, field, columns.shown), bytesColumn(columns.shown))
  const left = `${theme.faint(offset)}  ${theme.data(bytes)}  `
  const isBad = field.meaning?.startsWith('bad') ?? false
  const paint = isBad ? theme.trouble : (line: string) => line
  const room = columns.width - columns.indent - columns.label - 1
  const roomBeside = columns.width - columns.indent - displayWidth(label) - 1
  const isBroken = text.split(' ').some((word) => displayWidth(word) > room)
  if (displayWidth(label) <= columns.label && !isBroken) {
    for (const [index, line] of wrap(text, room).entries()) {
      const before = index === 0 ? left + padEnd(label, columns.label) : ' '.repeat(columns.indent + columns.label)
      yield `${before} ${paint(line.trimEnd())}`
    }
  } else if (displayWidth(text) <= roomBeside) yield `${left}${label} ${paint(text)}`
  else {
    // beside the label it would be broken within its words
    yield left + label
    const indent = columns.indent + VALUE_INDENT
    for (const line of wrap(text, columns.width - indent)) yield `${' '.repeat(indent)}${paint(line.trimEnd())}`
  }
}

/** How far a value that stands below its label is set in from it. */
const VALUE_INDENT = 4

function* drawSession(packet: Packet, facts: PacketFacts, columns: Columns, theme: Theme): Generator<string> {
  const rows = inSession(packet, facts)
  if (rows.length === 0) return
  yield ''
  const when =
    facts.session === undefined ? '' : `  ${theme.faint(`${formatSeconds(facts.time, 9)} s after its first packet`)}`
  yield `${theme.handshake(theme.strong('In its session'))}${when}`
  for (const [label, text] of rows) {
    for (const [index, line] of wrap(text, columns.width - SESSION_LABEL - 3).entries()) {
      yield `  ${padEnd(index === 0 ? label : '', SESSION_LABEL)} ${line}`
    }
  }
}

const SESSION_LABEL = 33
