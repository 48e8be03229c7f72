/** Rewrites a pcapng file with some of its blocks changed, and everything else byte for byte what it was. */
import { FileError } from '../errors.js'
import { type BlockFile, openBlocks } from './pcapng-blocks.js'
import type { RawBlock } from './raw-block.js'
import { replaceFile } from './replace.js'
import { SectionLengths } from './section-lengths.js'

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
    const lengths = new SectionLengths((bytes, position) => sink.patch(bytes, position))
    await file.forEach((block) => {
      const bytes = edit(block) ?? block.bytes
      lengths.add(block, bytes.length, sink.position)
      sink.write(bytes)
    })
    lengths.end()
  })
}
