/** The blocks of a pcapng that is in memory, and the same with some of them changed: `rewrite.ts` without a file. */
import { BlockWalk } from './block-walk.js'
import { BlockPosition, type RawBlock, REST } from './raw-block.js'
import { SectionLengths } from './section-lengths.js'

export function forEachBlock(bytes: Uint8Array, visit: (block: RawBlock) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const walk = new BlockWalk()
  const position = new BlockPosition()
  let at = 0
  for (let next = walk.next(view, at, bytes.length); next !== 0; next = walk.next(view, at, bytes.length)) {
    const { little } = walk
    const block = bytes.subarray(at, next)
    visit({ ...position.advance(block, little), offset: at, little, bytes: block })
    at = next
  }
  if (at === bytes.length) return
  const { section } = position
  visit({ type: REST, offset: at, little: walk.little, bytes: bytes.subarray(at), frame: 0, section, interfaceId: -1 })
}

/** @param edit what to put in a block's place; undefined leaves it as it is */
export function rewriteBytes(
  bytes: Uint8Array,
  edit: (block: RawBlock) => Uint8Array | undefined,
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const patches: (readonly [Uint8Array, number])[] = []
  let length = 0
  const lengths = new SectionLengths((patch, position) => patches.push([patch, position]))
  forEachBlock(bytes, (block) => {
    const part = edit(block) ?? block.bytes
    lengths.add(block, part.length, length)
    parts.push(part)
    length += part.length
  })
  lengths.end()
  const rewritten = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    rewritten.set(part, at)
    at += part.length
  }
  for (const [patch, position] of patches) rewritten.set(patch, position)
  return rewritten
}
