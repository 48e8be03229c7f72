/** Writes a pcapng file of one section: its interfaces, packets with their comments, and what was dropped. */
import { Direction, NO_LINK_TYPE, type Packet } from '../packet.js'
import type { InterfaceInfo, SectionInfo } from '../source.js'
import { writeTimestamp } from './clock.js'
import { FrameCopier } from './frame-copier.js'
import { END_OF_OPTIONS, encodeBlock, encodeComments, encodeOption, encodeText } from './pcapng-encode.js'
import {
  Block,
  BlockType,
  BYTE_ORDER_MAGIC,
  EnhancedPacket,
  InterfaceDescription,
  InterfaceStatistics,
  Option,
  padded,
  SectionHeader,
} from './pcapng-layout.js'
import type { Sink } from './sink.js'

/** What may be said of the section; an InterfaceInfo, as a reader gives it, will do for the interface. */
export type NewSection = Partial<Omit<SectionInfo, 'byteOrder'>>
export type NewInterface = Pick<InterfaceInfo, 'linkType'> & Partial<InterfaceInfo>

/** The resolution of a clock that does not say its own. */
const DEFAULT_DIGITS = 6

export class PcapngWriter {
  readonly #sink: Sink
  readonly #copier = new FrameCopier()
  /** digits after the second, by interface */
  readonly #digits: number[] = []

  constructor(sink: Sink, section: NewSection = {}) {
    this.#sink = sink
    const body = new Uint8Array(SectionHeader.options - Block.body)
    const view = new DataView(body.buffer)
    view.setUint32(SectionHeader.byteOrder - Block.body, BYTE_ORDER_MAGIC, true)
    view.setUint16(SectionHeader.majorVersion - Block.body, 1, true)
    // how long the section will be is not known
    view.setBigInt64(SectionHeader.sectionLength - Block.body, -1n, true)
    const codes = Option.section
    sink.write(
      encodeBlock(BlockType.section, body, [
        ...encodeText(codes.hardware, section.hardware),
        ...encodeText(codes.os, section.os),
        ...encodeText(codes.application, section.application),
        ...encodeComments(section.comments ?? []),
      ]),
    )
  }

  /** bytes written so far */
  get position(): number {
    return this.#sink.position
  }

  /** Describes an interface, before its first packet. Its times are kept to `timeDigits` digits, 9 unless told. */
  addInterface(info: NewInterface): number {
    const digits = info.timeDigits ?? 9
    const body = new Uint8Array(InterfaceDescription.options - Block.body)
    const view = new DataView(body.buffer)
    view.setUint16(InterfaceDescription.linkType - Block.body, info.linkType, true)
    view.setUint32(InterfaceDescription.snapLength - Block.body, info.snapLength ?? 0, true)
    const codes = Option.interface
    const filter = info.filter === undefined ? undefined : `\0${info.filter}`
    this.#sink.write(
      encodeBlock(BlockType.interface, body, [
        ...encodeText(codes.name, info.name),
        ...encodeText(codes.description, info.description),
        ...(digits === DEFAULT_DIGITS ? [] : [encodeOption(codes.timeResolution, Uint8Array.of(digits))]),
        ...encodeText(codes.filter, filter),
        ...encodeText(codes.os, info.os),
        ...encodeText(codes.hardware, info.hardware),
        ...encodeComments(info.comments ?? []),
      ]),
    )
    return this.#digits.push(digits) - 1
  }

  /**
   * Writes a frame with its direction and comments. One without a time gets 0; a record that is no packet is left out.
   * @param interfaceId what `addInterface` gave
   */
  write(packet: Packet, interfaceId = packet.interfaceId, comments = packet.comments): void {
    if (packet.linkType === NO_LINK_TYPE) return
    const digits = this.#digits[interfaceId]
    if (digits === undefined) throw new RangeError(`no interface ${interfaceId} was added`)
    const captured = packet.end - packet.start
    const options =
      packet.direction === Direction.unknown && comments.length === 0 ? undefined : encodeOptions(packet, comments)
    const optionsAt = EnhancedPacket.data + padded(captured)
    const length = optionsAt + (options?.length ?? 0) + Block.trailer
    const at = this.#sink.reserve(length)
    const { view, bytes } = this.#sink
    view.setUint32(at + Block.type, BlockType.enhancedPacket, true)
    view.setUint32(at + Block.totalLength, length, true)
    view.setUint32(at + EnhancedPacket.interface, interfaceId, true)
    writeTimestamp(view, at + EnhancedPacket.time, packet.seconds, packet.nanoseconds, digits)
    view.setUint32(at + EnhancedPacket.capturedLength, captured, true)
    view.setUint32(at + EnhancedPacket.originalLength, packet.originalLength, true)
    // the last word of the data first, so that its padding is zero
    if (captured > 0) view.setUint32(at + optionsAt - 4, 0, true)
    this.#copier.copy(packet, bytes, at + EnhancedPacket.data)
    if (options !== undefined) bytes.set(options, at + optionsAt)
    view.setUint32(at + length - Block.trailer, length, true)
  }

  /** Writes an interface's counts, as of the time given. */
  writeStatistics(
    interfaceId: number,
    statistics: NonNullable<InterfaceInfo['statistics']>,
    time: Pick<Packet, 'seconds' | 'nanoseconds'>,
  ): void {
    const body = new Uint8Array(InterfaceStatistics.options - Block.body)
    const view = new DataView(body.buffer)
    view.setUint32(InterfaceStatistics.interface - Block.body, interfaceId, true)
    const digits = this.#digits[interfaceId] ?? DEFAULT_DIGITS
    writeTimestamp(view, InterfaceStatistics.time - Block.body, time.seconds, time.nanoseconds, digits)
    const codes = Option.statistics
    this.#sink.write(
      encodeBlock(BlockType.interfaceStatistics, body, [
        ...encodeCount(codes.received, statistics.received),
        ...encodeCount(codes.droppedByInterface, statistics.droppedByInterface),
        ...encodeCount(codes.accepted, statistics.accepted),
        ...encodeCount(codes.droppedByOs, statistics.droppedByOs),
        ...encodeCount(codes.delivered, statistics.delivered),
      ]),
    )
  }

  flush(): Promise<void> {
    return this.#sink.flush()
  }

  close(): Promise<void> {
    return this.#sink.close()
  }
}

/** The options of a packet, their end included. */
function encodeOptions(packet: Packet, comments: readonly string[]): Uint8Array {
  const options = encodeComments(comments)
  if (packet.direction !== Direction.unknown) {
    const flags = new Uint8Array(4)
    new DataView(flags.buffer).setUint32(0, packet.direction, true)
    options.push(encodeOption(Option.packet.flags, flags))
  }
  return Buffer.concat([...options, END_OF_OPTIONS])
}

function encodeCount(code: number, count: bigint | undefined): Uint8Array[] {
  if (count === undefined) return []
  const value = new Uint8Array(8)
  new DataView(value.buffer).setBigUint64(0, count, true)
  return [encodeOption(code, value)]
}
