/** Reads the records of a classic pcap file: both byte orders, microseconds and nanoseconds, the modified kind. */
import { FileError } from '../errors.js'
import { Direction, Packet } from '../packet.js'
import type { InterfaceInfo, SourceInfo } from '../source.js'
import type { Framing } from './framing.js'
import { FileHeader, LINK_TYPE_MASK, MAJOR_VERSION, MAX_FRAME, MAX_RECORD, Magic, RecordHeader } from './pcap-layout.js'

export interface PcapHeader {
  readonly little: boolean
  readonly nanoseconds: boolean
  readonly recordHeaderLength: number
  readonly snapLength: number
  readonly linkType: number
}

/** Whether a file that begins with `head` is a classic pcap. */
export function isPcap(head: Uint8Array): boolean {
  if (head.length < 4) return false
  const view = new DataView(head.buffer, head.byteOffset)
  return isMagic(view.getUint32(0, true)) || isMagic(view.getUint32(0, false))
}

function isMagic(word: number): boolean {
  return word === Magic.microseconds || word === Magic.nanoseconds || word === Magic.modified
}

/** @throws FileError UNSUPPORTED_VERSION */
export function readPcapHeader(view: DataView, at: number, name: string): PcapHeader {
  const little = isMagic(view.getUint32(at + FileHeader.magic, true))
  const magic = view.getUint32(at + FileHeader.magic, little)
  const major = view.getUint16(at + FileHeader.majorVersion, little)
  const minor = view.getUint16(at + FileHeader.minorVersion, little)
  if (major !== MAJOR_VERSION) {
    throw new FileError(
      'UNSUPPORTED_VERSION',
      `${name}: pcap version ${major}.${minor} is not supported, only 2.x is; convert it with: editcap IN OUT`,
    )
  }
  return {
    little,
    nanoseconds: magic === Magic.nanoseconds,
    recordHeaderLength: magic === Magic.modified ? RecordHeader.modifiedLength : RecordHeader.length,
    snapLength: view.getUint32(at + FileHeader.snapLength, little),
    linkType: view.getUint32(at + FileHeader.linkType, little) & LINK_TYPE_MASK,
  }
}

export class PcapFraming implements Framing {
  wanted: number
  broken: string | undefined
  readonly unit = 'record'
  readonly #packet = new Packet()
  readonly #header: PcapHeader
  /** no frame may be longer: the snap length, but at least what every tool accepts, and at most what we allocate */
  readonly #maximum: number

  constructor(header: PcapHeader, info: SourceInfo) {
    this.#header = header
    this.wanted = header.recordHeaderLength
    this.#maximum = Math.min(Math.max(header.snapLength, MAX_FRAME), MAX_RECORD)
    const { linkType, snapLength, nanoseconds } = header
    const only: InterfaceInfo = {
      id: 0,
      section: 0,
      linkType,
      snapLength,
      timeDigits: nanoseconds ? 9 : 6,
      comments: [],
    }
    info.sections.push({ byteOrder: header.little ? 'little' : 'big', comments: [] })
    info.interfaces.push(only)
    this.#packet.linkType = linkType
    this.#packet.timeDigits = only.timeDigits
  }

  scan(view: DataView, start: number, end: number, visit: (packet: Packet) => void): number {
    const packet = this.#packet
    const { little, recordHeaderLength } = this.#header
    const toNanoseconds = this.#header.nanoseconds ? 1 : 1000
    const maximum = this.#maximum
    packet.frame = view
    let at = start
    while (at + recordHeaderLength <= end) {
      const captured = view.getUint32(at + RecordHeader.capturedLength, little)
      if (captured > maximum) {
        this.broken = `a captured length of ${captured} bytes, where ${maximum} are the most`
        return at
      }
      const data = at + recordHeaderLength
      const next = data + captured
      if (next > end) {
        this.wanted = next - at
        return at
      }
      packet.number++
      packet.seconds = view.getUint32(at + RecordHeader.seconds, little)
      // 32 bits as Wireshark keeps them, also where a broken writer put more than a second here
      packet.nanoseconds = Math.imul(view.getUint32(at + RecordHeader.fraction, little), toNanoseconds)
      packet.originalLength = view.getUint32(at + RecordHeader.originalLength, little)
      packet.start = data
      packet.end = next
      // a cooked header may say, of each packet anew
      packet.direction = Direction.unknown
      visit(packet)
      at = next
    }
    this.wanted = recordHeaderLength
    return at
  }
}
