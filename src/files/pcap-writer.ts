/** Writes a classic pcap file, with microseconds or nanoseconds. */
import { FileError } from '../errors.js'
import { NO_LINK_TYPE, type Packet } from '../packet.js'
import { FrameCopier } from './frame-copier.js'
import { FileHeader, MAJOR_VERSION, Magic, MINOR_VERSION, RecordHeader } from './pcap-layout.js'
import type { Sink } from './sink.js'

export interface PcapOptions {
  readonly linkType: number
  /** 0: no limit */
  readonly snapLength?: number
  readonly nanoseconds?: boolean
}

export class PcapWriter {
  readonly #sink: Sink
  readonly #linkType: number
  readonly #unit: number
  readonly #copier = new FrameCopier()

  constructor(sink: Sink, options: PcapOptions) {
    this.#sink = sink
    this.#linkType = options.linkType
    this.#unit = options.nanoseconds ? 1 : 1000
    const at = sink.reserve(FileHeader.length)
    const { view } = sink
    view.setUint32(at + FileHeader.magic, options.nanoseconds ? Magic.nanoseconds : Magic.microseconds, true)
    view.setUint16(at + FileHeader.majorVersion, MAJOR_VERSION, true)
    view.setUint16(at + FileHeader.minorVersion, MINOR_VERSION, true)
    view.setUint32(at + FileHeader.unused, 0, true)
    view.setUint32(at + FileHeader.unused + 4, 0, true)
    view.setUint32(at + FileHeader.snapLength, options.snapLength || 262_144, true)
    view.setUint32(at + FileHeader.linkType, options.linkType, true)
  }

  /** bytes written so far */
  get position(): number {
    return this.#sink.position
  }

  /**
   * Writes a frame; a record that is no packet is left out.
   * @throws FileError LINK_TYPE when the packet is of another link type than the file
   */
  write(packet: Packet): void {
    if (packet.linkType === NO_LINK_TYPE) return
    if (packet.linkType !== this.#linkType) {
      throw new FileError(
        'LINK_TYPE',
        `a pcap file has one link type, ${this.#linkType}, and frame ${packet.number} has ${packet.linkType}: write a pcapng`,
      )
    }
    const length = packet.end - packet.start
    const at = this.#sink.reserve(RecordHeader.length + length)
    const { view, bytes } = this.#sink
    view.setUint32(at + RecordHeader.seconds, packet.seconds, true)
    view.setUint32(at + RecordHeader.fraction, Math.floor(packet.nanoseconds / this.#unit), true)
    view.setUint32(at + RecordHeader.capturedLength, length, true)
    view.setUint32(at + RecordHeader.originalLength, packet.originalLength, true)
    this.#copier.copy(packet, bytes, at + RecordHeader.length)
  }

  flush(): Promise<void> {
    return this.#sink.flush()
  }

  close(): Promise<void> {
    return this.#sink.close()
  }
}
