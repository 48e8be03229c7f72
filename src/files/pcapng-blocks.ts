/**
 * The blocks of a pcapng file as they lie there, for who wants to change a few and keep all the others byte for byte,
 * those that nobody knows included.
 */
import { FileError } from '../errors.js'
import { BlockWalk } from './block-walk.js'
import { asFileError } from './failures.js'
import type { Input } from './input.js'
import { type OpenFile, openFile } from './open-file.js'
import { isPcapng } from './pcapng-layout.js'
import { BlockPosition, type RawBlock, REST } from './raw-block.js'
import type { Window } from './window.js'

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
    const position = new BlockPosition()
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
