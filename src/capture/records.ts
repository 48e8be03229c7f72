/**
 * The records that libpcap's `pcap_dump` puts into memory: a header of four 32-bit words in the byte order of this machine
 * (seconds, fraction, captured length, original length), then the captured bytes. They are what a classic .pcap file
 * holds, so they go there as they are.
 *
 * Where several interfaces are captured on at once, the highest byte of the captured length is the interface's number; no
 * frame is that long. It is 0 for the only interface, or the first.
 */
import { endianness } from 'node:os'
import { Direction, type Packet } from '../packet.js'
import type { Batch, InterfaceInfo } from '../source.js'

export const LITTLE = endianness() === 'LE'

export const RecordHeader = { seconds: 0, fraction: 4, capturedLength: 8, originalLength: 12, data: 16 } as const

/** The longest frame that is kept: what tcpdump and Wireshark take when nothing is said. */
export const MAX_SNAP_LENGTH = 262_144
/** How many interfaces one capture can have: what fits the highest byte. */
export const MAX_INTERFACES = 256
const INTERFACE_SHIFT = 24
const LENGTH_MASK = 0xffffff

export function capturedLength(view: DataView, record: number): number {
  return view.getUint32(record + RecordHeader.capturedLength, LITTLE) & LENGTH_MASK
}

export function interfaceOf(view: DataView, record: number): number {
  return view.getUint8(record + RecordHeader.capturedLength + (LITTLE ? 3 : 0))
}

export function setInterface(view: DataView, record: number, id: number): void {
  view.setUint8(record + RecordHeader.capturedLength + (LITTLE ? INTERFACE_SHIFT >> 3 : 0), id)
}

/** Where the record after this one begins. */
export function nextRecord(view: DataView, record: number): number {
  return record + RecordHeader.data + capturedLength(view, record)
}

export function countRecords(view: DataView, start: number, end: number): number {
  let count = 0
  for (let at = start; at < end; at = nextRecord(view, at)) count++
  return count
}

/** Some records in shared memory. They lie there until the next batch is asked for. */
export class RecordBatch implements Batch {
  readonly #before: number
  readonly #packet: Packet
  readonly #interfaces: readonly InterfaceInfo[]
  readonly #view: DataView
  readonly #start: number
  readonly #end: number

  constructor(packet: Packet, interfaces: readonly InterfaceInfo[], view: DataView, start: number, end: number) {
    this.#packet = packet
    this.#interfaces = interfaces
    this.#view = view
    this.#start = start
    this.#end = end
    this.#before = packet.number
  }

  forEach(visit: (packet: Packet) => void): void {
    const packet = this.#packet
    const view = this.#view
    let only: InterfaceInfo | undefined
    packet.frame = view
    packet.number = this.#before
    for (let at = this.#start; at < this.#end; at = packet.end) {
      const id = interfaceOf(view, at)
      if (only === undefined || id !== packet.interfaceId) {
        only = this.#interfaces[id]
        packet.interfaceId = id
        packet.linkType = only?.linkType ?? 0
        packet.timeDigits = only?.timeDigits ?? 9
      }
      const fraction = view.getUint32(at + RecordHeader.fraction, LITTLE)
      packet.number++
      packet.seconds = view.getUint32(at + RecordHeader.seconds, LITTLE)
      packet.nanoseconds = packet.timeDigits === 9 ? fraction : fraction * 1000
      packet.originalLength = view.getUint32(at + RecordHeader.originalLength, LITTLE)
      packet.start = at + RecordHeader.data
      packet.end = packet.start + capturedLength(view, at)
      // a cooked header may say, of each packet anew
      packet.direction = Direction.unknown
      visit(packet)
    }
  }
}
