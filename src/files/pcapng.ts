/**
 * Reads the packets of a pcapng file, and what its blocks say about sections, interfaces and names. Blocks that hold
 * neither are passed over.
 */
import { Direction, NO_LINK_TYPE, NO_TIME, Packet } from '../packet.js'
import type { SourceInfo } from '../source.js'
import { BlockWalk } from './block-walk.js'
import type { Framing } from './framing.js'
import {
  Block,
  BlockType,
  CustomBlock,
  EnhancedPacket,
  forEachOption,
  Option,
  padded,
  SimplePacket,
} from './pcapng-layout.js'
import { Metadata, type PcapngInterface, readText } from './pcapng-metadata.js'

type Visit = (packet: Packet) => void

const NO_COMMENTS: readonly string[] = Object.freeze([])

export class PcapngFraming implements Framing {
  readonly unit = 'block'
  readonly #blocks = new BlockWalk()
  readonly #packet = new Packet()
  readonly #metadata: Metadata
  #unreadable: string | undefined

  constructor(info: SourceInfo) {
    this.#metadata = new Metadata(info)
  }

  get wanted(): number {
    return this.#blocks.wanted
  }

  get broken(): string | undefined {
    return this.#blocks.broken ?? this.#unreadable
  }

  scan(view: DataView, start: number, end: number, visit: Visit): number {
    this.#packet.frame = view
    let at = start
    for (;;) {
      const next = this.#blocks.next(view, at, end)
      if (next === 0) return at
      this.#unreadable = this.#readBlock(view, at, next - Block.trailer, visit)
      if (this.#unreadable !== undefined) return at
      at = next
    }
  }

  /** Reads the block whose body is [at + 8, end). Returns what is wrong with it. */
  #readBlock(view: DataView, at: number, end: number, visit: Visit): string | undefined {
    const { little } = this.#blocks
    switch (view.getUint32(at, little)) {
      case BlockType.enhancedPacket:
        if (end - at < EnhancedPacket.data) return 'a packet block that is too short'
        return this.#readPacket(view, at, end, view.getUint32(at + EnhancedPacket.interface, little), visit)
      case BlockType.obsoletePacket:
        if (end - at < EnhancedPacket.data) return 'a packet block that is too short'
        return this.#readPacket(view, at, end, view.getUint16(at + EnhancedPacket.interface, little), visit)
      case BlockType.simplePacket:
        return this.#readSimplePacket(view, at, end, visit)
      case BlockType.section:
        return this.#metadata.readSection(view, at, end, little)
      case BlockType.interface:
        return this.#metadata.readInterface(view, at, end, little)
      case BlockType.interfaceStatistics:
        return this.#metadata.readStatistics(view, at, end, little)
      case BlockType.nameResolution:
        return this.#metadata.readNames(view, at, end, little)
      case BlockType.custom:
      case BlockType.customNotCopied:
        if (end - at < CustomBlock.data) return 'a custom block that is too short'
        this.#giveOther(at + CustomBlock.data, end, visit)
        return undefined
      case BlockType.systemdJournal:
        this.#giveOther(at + Block.body, end, visit)
        return undefined
      default:
        return undefined
    }
  }

  #readPacket(view: DataView, at: number, end: number, index: number, visit: Visit): string | undefined {
    const { little } = this.#blocks
    const source = this.#metadata.interfaces[index]
    if (source === undefined) return this.#noInterface(index)
    const packet = this.#packet
    const captured = view.getUint32(at + EnhancedPacket.capturedLength, little)
    const data = at + EnhancedPacket.data
    if (captured > end - data || captured > source.maximumFrame) {
      return `a captured length of ${captured} bytes, where ${Math.min(end - data, source.maximumFrame)} are the most`
    }
    const { clock } = source
    clock.read(view, at + EnhancedPacket.time, little)
    packet.seconds = clock.seconds
    packet.nanoseconds = clock.nanoseconds
    packet.timeDigits = clock.digits
    packet.originalLength = view.getUint32(at + EnhancedPacket.originalLength, little)
    packet.direction = Direction.unknown
    packet.comments = NO_COMMENTS
    const options = data + padded(captured)
    if (options < end) this.#readPacketOptions(view, options, end)
    this.#give(source, data, data + captured, visit)
    return undefined
  }

  #readPacketOptions(view: DataView, at: number, end: number): void {
    const packet = this.#packet
    let comments: string[] | undefined
    forEachOption(view, at, end, this.#blocks.little, (code, value, length) => {
      if (code === Option.comment) {
        comments ??= []
        comments.push(readText(view, value, length))
      } else if (code === Option.packet.flags && length === 4) {
        // the two lowest bits: 1 inbound, 2 outbound
        packet.direction = view.getUint32(value, this.#blocks.little) & 3
        if (packet.direction > Direction.outbound) packet.direction = Direction.unknown
      }
    })
    if (comments !== undefined) packet.comments = comments
  }

  /** It has no time and no captured length: that is the block's, or the snap length where that is less. */
  #readSimplePacket(view: DataView, at: number, end: number, visit: Visit): string | undefined {
    if (end - at < SimplePacket.data) return 'a packet block that is too short'
    const source = this.#metadata.interfaces[0]
    if (source === undefined) return this.#noInterface(0)
    const data = at + SimplePacket.data
    const original = view.getUint32(at + SimplePacket.originalLength, this.#blocks.little)
    const kept = source.info.snapLength === 0 ? original : Math.min(original, source.info.snapLength)
    if (kept > end - data || kept > source.maximumFrame) {
      return `a packet of ${kept} bytes, where ${Math.min(end - data, source.maximumFrame)} are the most`
    }
    this.#withoutTime(original)
    this.#give(source, data, data + kept, visit)
    return undefined
  }

  /** Not a packet, but Wireshark numbers it as a frame, and so must we for the numbers to agree. */
  #giveOther(start: number, end: number, visit: Visit): void {
    const packet = this.#packet
    this.#withoutTime(end - start)
    packet.number++
    packet.start = start
    packet.end = end
    packet.linkType = NO_LINK_TYPE
    packet.interfaceId = -1
    visit(packet)
  }

  #withoutTime(originalLength: number): void {
    const packet = this.#packet
    packet.seconds = 0
    packet.nanoseconds = 0
    packet.timeDigits = NO_TIME
    packet.originalLength = originalLength
    packet.direction = Direction.unknown
    packet.comments = NO_COMMENTS
  }

  #give(source: PcapngInterface, start: number, end: number, visit: Visit): void {
    const packet = this.#packet
    packet.number++
    packet.start = start
    packet.end = end
    packet.linkType = source.info.linkType
    packet.interfaceId = source.info.id
    visit(packet)
  }

  #noInterface(index: number): string {
    return `a packet from interface ${index}, where the section has described ${this.#metadata.interfaces.length}`
  }
}
