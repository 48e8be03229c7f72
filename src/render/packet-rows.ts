/** Rows of packets: tab-separated as tshark's fields, one JSON object a line, or a table for people. */
import { formatSeconds } from '../bytes/time.js'
import type { Packet } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import { ByteWriter } from './byte-writer.js'
import type { PacketField } from './packet-fields.js'
import { describePacket } from './packet-info.js'
import type { Theme } from './style.js'
import { padEnd, padStart, truncate } from './width.js'

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

const NUMBER = 5
const TIME = 10
const PROTOCOL = 8
const LENGTH = 5
const ADDRESS = 15
const SEPARATORS = 6
/** A screen on which IPv6 addresses can stand beside each other, and how wide most of them are. */
const WIDE = 130
const WIDE_ADDRESS = 24
const SHORTEST_INFO = 20

/**
 * A line a packet: number, time since the first packet, addresses, protocol, length, what it does. With a width, what
 * does not fit is cut off; without, nothing is.
 */
export function tableRows(width: number | undefined, theme: Theme, line: (text: string) => void): WriteRow {
  const address = width !== undefined && width >= WIDE ? WIDE_ADDRESS : ADDRESS
  const used = NUMBER + TIME + 2 * address + PROTOCOL + LENGTH + SEPARATORS
  const cut = width === undefined ? same : (text: string, room: number) => truncate(text, room)
  const info = Math.max(SHORTEST_INFO, (width ?? 0) - used)
  let started = false
  let seconds = 0
  let nanoseconds = 0
  return (packet, facts) => {
    if (!started) {
      started = true
      seconds = packet.seconds
      nanoseconds = packet.nanoseconds
      line(theme.strong(heading(address)))
    }
    const time = (packet.seconds - seconds) * 1e9 + (packet.nanoseconds - nanoseconds)
    const what = describePacket(packet, facts)
    const paint = what.trouble ? theme.trouble : (text: string) => text
    line(
      [
        padStart(String(packet.number), NUMBER),
        padStart(packet.timeDigits < 0 ? '' : formatSeconds(time, Math.min(packet.timeDigits, 6)), TIME),
        padEnd(cut(what.source, address), address),
        padEnd(cut(what.destination, address), address),
        padEnd(cut(what.protocol, PROTOCOL), PROTOCOL),
        padStart(String(packet.originalLength), LENGTH),
        paint(cut(what.info, info)),
      ].join(' '),
    )
  }
}

function heading(address: number): string {
  return [
    padStart('#', NUMBER),
    padStart('time', TIME),
    padEnd('source', address),
    padEnd('destination', address),
    padEnd('protocol', PROTOCOL),
    padStart('bytes', LENGTH),
    'what it does',
  ].join(' ')
}

function same(text: string): string {
  return text
}
