/** A block of a pcapng file as it lies there, and which section, interface and frame it is. */
import { Block, BlockType, EnhancedPacket, InterfaceStatistics } from './pcapng-layout.js'

/** `type` of the bytes at the end of a damaged file that are no whole block. They come in pieces of a few MiB. */
export const REST = -1

/** One block of a file. Valid only until the visitor returns. */
export interface RawBlock {
  readonly type: number
  /** where it begins in the file, as decompressed */
  readonly offset: number
  /** byte order of its section */
  readonly little: boolean
  /** all of it, with its lengths */
  readonly bytes: Uint8Array
  /** `packet.number` of the frame in it; 0 when there is none */
  readonly frame: number
  /** from 0; -1 in what comes before the first section header */
  readonly section: number
  /** `packet.interfaceId` of what it describes, holds a packet of or counts; -1 where there is none */
  readonly interfaceId: number
}

/** Counts sections, interfaces and frames as the packet reader counts them. */
export class BlockPosition {
  section = -1
  #frame = 0
  #interfaces = 0
  /** interfaces of the sections before */
  #before = 0

  advance(bytes: Uint8Array, little: boolean): Pick<RawBlock, 'type' | 'frame' | 'section' | 'interfaceId'> {
    const block = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const type = block.getUint32(Block.type, little)
    let frame = 0
    let interfaceId = -1
    switch (type) {
      case BlockType.section:
        this.section++
        this.#before = this.#interfaces
        break
      case BlockType.interface:
        interfaceId = this.#interfaces++
        break
      case BlockType.interfaceStatistics:
        if (block.byteLength > InterfaceStatistics.options) {
          interfaceId = this.#before + block.getUint32(InterfaceStatistics.interface, little)
        }
        break
      case BlockType.enhancedPacket:
      case BlockType.obsoletePacket:
        frame = ++this.#frame
        if (block.byteLength > EnhancedPacket.data) interfaceId = this.#before + interfaceIndex(block, type, little)
        break
      case BlockType.simplePacket:
        frame = ++this.#frame
        interfaceId = this.#before
        break
      case BlockType.custom:
      case BlockType.customNotCopied:
      case BlockType.systemdJournal:
        frame = ++this.#frame
    }
    return { type, frame, section: this.section, interfaceId }
  }
}

function interfaceIndex(block: DataView, type: number, little: boolean): number {
  const at = EnhancedPacket.interface
  return type === BlockType.obsoletePacket ? block.getUint16(at, little) : block.getUint32(at, little)
}
