/**
 * The blocks of a pcapng file as they lie there, for who wants to change a few and keep all the others byte for byte,
 * those that nobody knows included.
 */
import { FileError } from '../errors.js'
import { BlockWalk } from './block-walk.js'
import { asFileError } from './failures.js'
import type { Input } from './input.js'
import { type OpenFile, openFile } from './open-file.js'
import { Block, BlockType, EnhancedPacket, InterfaceStatistics, isPcapng } from './pcapng-layout.js'
import type { Window } from './window.js'

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

/**
 * Opens a pcapng file, gzip-compressed or not.
 * @throws FileError when it cannot be read, or is no pcapng (NOT_PCAPNG)
 */
export async function openBlocks(name: string): Promise<BlockFile> {
  const file = await openFile(name)
  if (isPcapng(file.window.head())) return new BlockFile(name, file)
  file.input.close()
  throw new FileError(
    'NOT_PCAPNG',
    `${name} is not a pcapng file; make one of a capture with: editcap ${name} OUT.pcapng`,
  )
}

export class BlockFile {
  readonly compressed: boolean
  readonly #name: string
  readonly #input: Input
  readonly #window: Window

  constructor(name: string, file: OpenFile) {
    this.#name = name
    this.#input = file.input
    this.#window = file.window
    this.compressed = file.compressed
  }

  /**
   * Calls `visit` with every block, once, then closes the file.
   * @returns bytes at the end that were no block: more than 0 when the file is damaged
   */
  async forEach(visit: (block: RawBlock) => void): Promise<number> {
    const window = this.#window
    const walk = new BlockWalk()
    const position = new Position()
    try {
      do {
        const { view } = window
        for (let next = walk.next(view, window.start, window.end); next !== 0; ) {
          const { little } = walk
          const bytes = window.head().subarray(0, next - window.start)
          visit({ ...position.advance(bytes, little), offset: window.offset(window.start), little, bytes })
          window.start = next
          next = walk.next(view, window.start, window.end)
        }
      } while (walk.broken === undefined && (await window.fill(walk.wanted)))
      return await this.#visitRest(visit, walk.little, position.section)
    } catch (error) {
      throw asFileError(this.#name, error, 'read')
    } finally {
      this.close()
    }
  }

  close(): void {
    this.#input.close()
  }

  async #visitRest(visit: (block: RawBlock) => void, little: boolean, section: number): Promise<number> {
    const window = this.#window
    let rest = 0
    while (window.end > window.start) {
      const bytes = window.head()
      const offset = window.offset(window.start)
      visit({ type: REST, offset, little, bytes, frame: 0, section, interfaceId: -1 })
      rest += bytes.length
      window.start = window.end
      await window.fill(1)
    }
    return rest
  }
}

/** Counts sections, interfaces and frames as the packet reader counts them. */
class Position {
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
