/** What a pcapng file says about itself: its sections, interfaces, statistics and names, read into a SourceInfo. */
import { formatIpv4, formatIpv6 } from '../bytes/addresses.js'
import type { InterfaceInfo, SectionInfo, SourceInfo } from '../source.js'
import { Clock } from './clock.js'
import { MAX_FRAME, MAX_RECORD } from './pcap-layout.js'
import {
  forEachOption,
  InterfaceDescription,
  InterfaceStatistics,
  NameRecord,
  NameResolution,
  Option,
  padded,
  SectionHeader,
} from './pcapng-layout.js'

/** More sections, interfaces or names than this are no capture but an attack. */
const MAX_ENTRIES = 65_536
/** Characters of text kept of a whole file; what comes after them is let go. */
const MAX_TEXT = 16 * 1024 * 1024

/** An interface of the current section: what reading its packets takes. */
export interface PcapngInterface {
  readonly info: InterfaceInfo
  readonly clock: Clock
  /** bytes; a longer packet is damage */
  readonly maximumFrame: number
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export function readText(view: DataView, at: number, length: number): string {
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at, length))
}

/** Each method reads one block, whose body ends at `end`, and returns what is wrong with it. */
export class Metadata {
  /** the current section's interfaces, by their index in it */
  interfaces: PcapngInterface[] = []
  readonly #info: SourceInfo
  #text = 0

  constructor(info: SourceInfo) {
    this.#info = info
  }

  readSection(view: DataView, at: number, end: number, little: boolean): string | undefined {
    if (end - at < SectionHeader.options) return 'a section header that is too short'
    const major = view.getUint16(at + SectionHeader.majorVersion, little)
    const minor = view.getUint16(at + SectionHeader.minorVersion, little)
    // 1.2 was written for a while and means 1.0
    if (major !== 1 || (minor !== 0 && minor !== 2)) return `pcapng version ${major}.${minor}, where only 1.0 is known`
    if (this.#info.sections.length >= MAX_ENTRIES) return `more than ${MAX_ENTRIES} sections`
    const section: SectionInfo = { byteOrder: little ? 'little' : 'big', comments: [] }
    forEachOption(view, at + SectionHeader.options, end, little, (code, value, length) => {
      if (code === Option.comment) this.#comment(section.comments, view, value, length)
      else if (code === Option.section.hardware) section.hardware = this.#keep(view, value, length)
      else if (code === Option.section.os) section.os = this.#keep(view, value, length)
      else if (code === Option.section.application) section.application = this.#keep(view, value, length)
    })
    this.#info.sections.push(section)
    this.interfaces = []
    return undefined
  }

  readInterface(view: DataView, at: number, end: number, little: boolean): string | undefined {
    if (end - at < InterfaceDescription.options) return 'an interface description that is too short'
    if (this.#info.interfaces.length >= MAX_ENTRIES) return `more than ${MAX_ENTRIES} interfaces`
    const texts: Partial<InterfaceInfo> = {}
    const comments: string[] = []
    let resolution = 6
    let offset = 0
    const codes = Option.interface
    forEachOption(view, at + InterfaceDescription.options, end, little, (code, value, length) => {
      if (code === Option.comment) this.#comment(comments, view, value, length)
      else if (code === codes.name) texts.name = this.#keep(view, value, length)
      else if (code === codes.description) texts.description = this.#keep(view, value, length)
      else if (code === codes.hardware) texts.hardware = this.#keep(view, value, length)
      else if (code === codes.os) texts.os = this.#keep(view, value, length)
      // a filter's first byte tells what it is; 0 is text
      else if (code === codes.filter && length > 0 && view.getUint8(value) === 0)
        texts.filter = this.#keep(view, value + 1, length - 1)
      else if (code === codes.timeResolution && length === 1) resolution = view.getUint8(value)
      else if (code === codes.timeOffset && length === 8) offset = Number(view.getBigInt64(value, little))
    })
    const clock = new Clock(resolution, offset)
    const snapLength = view.getUint32(at + InterfaceDescription.snapLength, little)
    const info: InterfaceInfo = {
      id: this.#info.interfaces.length,
      section: this.#info.sections.length - 1,
      linkType: view.getUint16(at + InterfaceDescription.linkType, little),
      snapLength,
      timeDigits: clock.digits,
      ...texts,
      comments,
    }
    this.#info.interfaces.push(info)
    this.interfaces.push({ info, clock, maximumFrame: Math.min(Math.max(snapLength, MAX_FRAME), MAX_RECORD) })
    return undefined
  }

  readStatistics(view: DataView, at: number, end: number, little: boolean): string | undefined {
    if (end - at < InterfaceStatistics.options) return 'interface statistics that are too short'
    const info = this.interfaces[view.getUint32(at + InterfaceStatistics.interface, little)]?.info
    if (info === undefined) return undefined
    const statistics: NonNullable<InterfaceInfo['statistics']> = {}
    const codes = Option.statistics
    forEachOption(view, at + InterfaceStatistics.options, end, little, (code, value, length) => {
      if (code === Option.comment) this.#comment(info.comments, view, value, length)
      if (length !== 8) return
      const count = view.getBigUint64(value, little)
      if (code === codes.received) statistics.received = count
      else if (code === codes.droppedByInterface) statistics.droppedByInterface = count
      else if (code === codes.accepted) statistics.accepted = count
      else if (code === codes.droppedByOs) statistics.droppedByOs = count
      else if (code === codes.delivered) statistics.delivered = count
    })
    info.statistics = statistics
    return undefined
  }

  readNames(view: DataView, at: number, end: number, little: boolean): string | undefined {
    let record = at + NameResolution.records
    while (record + 4 <= end) {
      const type = view.getUint16(record, little)
      const length = view.getUint16(record + 2, little)
      const value = record + 4
      if (type === NameRecord.end || value + length > end) break
      if (type === NameRecord.ipv4 && length > 4) this.#addNames(formatIpv4(view, value), view, value + 4, length - 4)
      if (type === NameRecord.ipv6 && length > 16)
        this.#addNames(formatIpv6(view, value), view, value + 16, length - 16)
      record = value + padded(length)
    }
    return undefined
  }

  /** The names of one address follow each other, each ended by a zero byte. */
  #addNames(address: string, view: DataView, at: number, length: number): void {
    const { names } = this.#info
    const known = names.get(address) ?? []
    for (const name of this.#keep(view, at, length).split('\0')) {
      if (name !== '' && !known.includes(name) && known.length < 16) known.push(name)
    }
    if (known.length > 0 && names.size < MAX_ENTRIES) names.set(address, known)
  }

  #comment(comments: string[], view: DataView, at: number, length: number): void {
    if (this.#text < MAX_TEXT && comments.length < MAX_ENTRIES) comments.push(this.#keep(view, at, length))
  }

  /** Text that stays in memory; empty once there is too much of it. */
  #keep(view: DataView, at: number, length: number): string {
    if (this.#text >= MAX_TEXT) return ''
    this.#text += length
    return readText(view, at, length)
  }
}
