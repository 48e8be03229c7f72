/** Rows of packets: tab-separated as tshark's fields, one JSON object a line, or a table for people. */
import { formatSeconds } from '../bytes/time.js'
import type { Packet } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import { ByteWriter } from './byte-writer.js'
import type { PacketField } from './packet-fields.js'
import { describePacket } from './packet-info.js'
import type { Theme } from './style.js'
import { displayWidth, padEnd, padStart, truncate } from './width.js'

export type WriteRow = (packet: Packet, facts: PacketFacts) => void

const TAB = 0x09
const NEWLINE = 0x0a
const COMMA = 0x2c

/** One line a packet, its fields parted by tabs. */
export function fieldRows(fields: readonly PacketField[], out: ByteWriter): WriteRow {
  const writes = fields.map((field) => field.write)
  return (packet, facts) => {
    for (let i = 0; i < writes.length; i++) {
      if (i > 0) out.byte(TAB)
      writes[i]?.(packet, facts, out)
    }
    out.byte(NEWLINE)
  }
}

/**
 * One object a packet: a key for each field that the packet has, with a number or a string, or a list where it has
 * several values.
 */
export function jsonRows(fields: readonly PacketField[], out: ByteWriter): WriteRow {
  let text = ''
  const one = new ByteWriter((bytes) => {
    text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  })
  return (packet, facts) => {
    let separator = '{'
    for (const { name, write, numeric } of fields) {
      text = ''
      write(packet, facts, one)
      one.flush()
      if (text === '') continue
      out.ascii(`${separator}"${name}":`)
      separator = ','
      const values = text.split(',')
      if (values.length > 1) out.ascii('[')
      for (const [index, value] of values.entries()) {
        if (index > 0) out.byte(COMMA)
        out.ascii(numeric ? value : `"${value}"`)
      }
      if (values.length > 1) out.ascii(']')
    }
    out.ascii(separator === '{' ? '{}\n' : '}\n')
  }
}

/** What a table must hold, and where. */
export interface TableSpace {
  /** columns of the screen; what does not fit is cut off */
  readonly width: number
  readonly packets: number
  /** seconds from the first packet to the last */
  readonly duration: number
}

/** How wide each column is; nothing is cut where there is no width. */
interface TableColumns {
  readonly number: number
  readonly time: number
  readonly address: number
  readonly protocol: number
  /** 0 where it is left out */
  readonly length: number
  readonly info: number
}

const PLAIN: TableColumns = { number: 5, time: 10, address: 15, protocol: 8, length: 5, info: Number.POSITIVE_INFINITY }
/** A screen on which IPv6 addresses can stand beside each other, and how wide most of them are. */
const WIDE = 130
const WIDE_ADDRESS = 24
/** A segment without payload: where it does not fit, the length of the frame gives way to it. */
const SEGMENT = displayWidth('34452 → 51717 PSH·ACK 1:23(22) ack 1 win 64512')
const NARROW_PROTOCOL = displayWidth('ICMPV6')
const SHORTEST_INFO = 20
/** `.123456`, and a sign where the clock steps back */
const FRACTION = 8

function columnsFor(space: TableSpace | undefined): TableColumns {
  if (space === undefined) return PLAIN
  const { width, packets, duration } = space
  const sizes = {
    number: String(packets).length,
    time: String(Math.floor(duration)).length + FRACTION,
    address: width >= WIDE ? WIDE_ADDRESS : PLAIN.address,
  }
  const used = sizes.number + sizes.time + 2 * sizes.address + 5
  const roomy = width - used - PLAIN.protocol - PLAIN.length - 1
  if (roomy >= SEGMENT) return { ...PLAIN, ...sizes, info: roomy }
  const info = Math.max(width - used - NARROW_PROTOCOL, SHORTEST_INFO)
  return { ...sizes, protocol: NARROW_PROTOCOL, length: 0, info }
}

/**
 * A line a packet: number, time since the first packet, addresses, protocol, length, what it does. In a space, what does
 * not fit is cut off; without, nothing is.
 */
export function tableRows(space: TableSpace | undefined, theme: Theme, line: (text: string) => void): WriteRow {
  const columns = columnsFor(space)
  const cut = space === undefined ? same : truncate
  let started = false
  let seconds = 0
  let nanoseconds = 0
  return (packet, facts) => {
    if (!started) {
      started = true
      seconds = packet.seconds
      nanoseconds = packet.nanoseconds
      line(theme.strong(heading(columns)))
    }
    const time = (packet.seconds - seconds) * 1e9 + (packet.nanoseconds - nanoseconds)
    const what = describePacket(packet, facts)
    const paint = what.trouble ? theme.trouble : (text: string) => text
    line(
      [
        padStart(String(packet.number), columns.number),
        padStart(packet.timeDigits < 0 ? '' : formatSeconds(time, Math.min(packet.timeDigits, 6)), columns.time),
        padEnd(cut(what.source, columns.address), columns.address),
        padEnd(cut(what.destination, columns.address), columns.address),
        padEnd(cut(what.protocol, columns.protocol), columns.protocol),
        ...(columns.length > 0 ? [padStart(String(packet.originalLength), columns.length)] : []),
        paint(cut(what.info, columns.info)),
      ].join(' '),
    )
  }
}

function heading({ number, time, address, protocol, length }: TableColumns): string {
  return [
    padStart('#', number),
    padStart('time', time),
    padEnd('source', address),
    padEnd('destination', address),
    padEnd(protocol < PLAIN.protocol ? 'proto' : 'protocol', protocol),
    ...(length > 0 ? [padStart('bytes', length)] : []),
    'what it does',
  ].join(' ')
}

function same(text: string): string {
  return text
}
