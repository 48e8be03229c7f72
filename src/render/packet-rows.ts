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

const NUMBER = 6
const TIME = 12
const PROTOCOL = 7
const LENGTH = 6
const ADDRESS = 15
const WIDE = 120
const WIDE_ADDRESS = 26

/** A line a packet, fitted to the width: number, time since the first packet, addresses, protocol, length, what it does. */
export function tableRows(width: number, theme: Theme, line: (text: string) => void): WriteRow {
  const address = width >= WIDE ? WIDE_ADDRESS : ADDRESS
  const info = Math.max(20, width - NUMBER - TIME - 2 * address - PROTOCOL - LENGTH - 7)
  const heading = [
    padStart('#', NUMBER),
    padStart('time', TIME),
    padEnd('source', address),
    padEnd('destination', address),
    padEnd('protocol', PROTOCOL).slice(0, PROTOCOL),
    padStart('bytes', LENGTH),
    'what it does',
  ]
  line(theme.strong(heading.join(' ')))
  let started = false
  let seconds = 0
  let nanoseconds = 0
  return (packet, facts) => {
    if (!started) {
      started = true
      seconds = packet.seconds
      nanoseconds = packet.nanoseconds
    }
    const time = (packet.seconds - seconds) * 1e9 + (packet.nanoseconds - nanoseconds)
    const what = describePacket(packet, facts)
    const paint = what.trouble ? theme.trouble : (text: string) => text
    line(
      [
        padStart(String(packet.number), NUMBER),
        padStart(packet.timeDigits < 0 ? '' : formatSeconds(time, Math.min(packet.timeDigits, 6)), TIME),
        padEnd(truncate(what.source, address), address),
        padEnd(truncate(what.destination, address), address),
        padEnd(truncate(what.protocol, PROTOCOL), PROTOCOL),
        padStart(String(packet.originalLength), LENGTH),
        paint(truncate(what.info, info)),
      ].join(' '),
    )
  }
}
