/** Rewrites a pcapng file with some of its blocks changed, and everything else byte for byte what it was. */
import { FileError } from '../errors.js'
import { type BlockFile, openBlocks, type RawBlock } from './pcapng-blocks.js'
import { BlockType, SectionHeader } from './pcapng-layout.js'
import { replaceFile } from './replace.js'
import type { FileSink } from './sink.js'

/**
 * @param edit what to write in a block's place; undefined leaves it as it is
 * @throws FileError when the file cannot be read or replaced, is no pcapng (NOT_PCAPNG) or is compressed (COMPRESSED); it
 *   is unchanged then
 */
export async function rewritePcapng(name: string, edit: (block: RawBlock) => Uint8Array | undefined): Promise<void> {
  const file = await openBlocks(name)
  try {
    await rewrite(name, file, edit)
  } finally {
    file.close()
  }
}

async function rewrite(
  name: string,
  file: BlockFile,
  edit: (block: RawBlock) => Uint8Array | undefined,
): Promise<void> {
  if (file.compressed) {
    throw new FileError(
      'COMPRESSED',
      `${name} is compressed, so nothing in it can be changed: unpack it first: gzip -d ${name}`,
    )
  }
  await replaceFile(name, async (sink) => {
    let section: SectionLength | undefined
    await file.forEach((block) => {
      const bytes = edit(block) ?? block.bytes
      if (block.type === BlockType.section) {
        section?.correct(sink)
        section = new SectionLength(block, sink.position)
      } else {
        section?.grow(bytes.length - block.bytes.length)
      }
      sink.write(bytes)
    })
    section?.correct(sink)
  })
}

/** A section header may say how long its section is: then it must go on saying so. */
class SectionLength {
  readonly #length: bigint
  readonly #little: boolean
  /** where the length stands in the new file */
  readonly #position: number
  #growth = 0

  constructor(header: RawBlock, position: number) {
    this.#little = header.little
    this.#position = position + SectionHeader.sectionLength
    const { buffer, byteOffset, byteLength } = header.bytes
    const short = byteLength < SectionHeader.options
    this.#length = short
      ? -1n
      : new DataView(buffer, byteOffset).getBigInt64(SectionHeader.sectionLength, header.little)
  }

  grow(by: number): void {
    this.#growth += by
  }

  correct(sink: FileSink): void {
    // -1: it does not say
    if (this.#growth === 0 || this.#length < 0n) return
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigInt64(0, this.#length + BigInt(this.#growth), this.#little)
    sink.patch(bytes, this.#position)
  }
}
