/** The options of a block as they lie there, and the block with others in their place. */
import { END_OF_OPTIONS, encodeOption, encodeRawBlock } from './pcapng-encode.js'
import {
  Block,
  BlockType,
  EnhancedPacket,
  forEachOption,
  InterfaceDescription,
  InterfaceStatistics,
  OPTION_HEADER,
  Option,
  padded,
  SectionHeader,
} from './pcapng-layout.js'
import type { RawBlock } from './raw-block.js'

/** One option of a block, kept as it is written. */
export interface RawOption {
  readonly code: number
  /** with its header and padding */
  readonly bytes: Uint8Array
  readonly value: Uint8Array
}

/** Where the options of a block begin, or undefined when a block of its type has no room for any. */
function optionsStart(block: RawBlock): number | undefined {
  const view = viewOf(block)
  const bodyEnd = view.byteLength - Block.trailer
  let start: number
  if (block.type === BlockType.section) start = SectionHeader.options
  else if (block.type === BlockType.interface) start = InterfaceDescription.options
  else if (block.type === BlockType.interfaceStatistics) start = InterfaceStatistics.options
  else if (block.type === BlockType.enhancedPacket || block.type === BlockType.obsoletePacket) {
    if (bodyEnd < EnhancedPacket.data) return undefined
    const captured = view.getUint32(EnhancedPacket.capturedLength, block.little)
    if (captured > bodyEnd) return undefined
    start = EnhancedPacket.data + padded(captured)
  } else return undefined
  return start <= bodyEnd ? start : undefined
}

/** The options of a block, or undefined when it has no room for any (a simple packet block, one that nobody knows). */
export function readOptions(block: RawBlock): RawOption[] | undefined {
  const start = optionsStart(block)
  return start === undefined ? undefined : listOptions(block, start).options
}

function listOptions(block: RawBlock, start: number): { options: RawOption[]; tail: Uint8Array } {
  const bodyEnd = block.bytes.length - Block.trailer
  const options: RawOption[] = []
  const stop = forEachOption(viewOf(block), start, bodyEnd, block.little, (code, value, length) => {
    const bytes = block.bytes.subarray(value - OPTION_HEADER, Math.min(value + padded(length), bodyEnd))
    options.push({ code, bytes, value: block.bytes.subarray(value, value + length) })
  })
  return { options, tail: block.bytes.subarray(stop, bodyEnd) }
}

/**
 * The same block with other options. Adding options and later taking them away again gives the very bytes of the block
 * before: a list that had none gets an end of its own before whatever was there, and loses it with its last option.
 * @returns undefined when the block has no room for options
 */
export function replaceOptions(block: RawBlock, edit: (options: RawOption[]) => RawOption[]): Uint8Array | undefined {
  const start = optionsStart(block)
  if (start === undefined) return undefined
  const { options, tail } = listOptions(block, start)
  const edited = edit([...options])
  const parts = [block.bytes.subarray(Block.body, start), ...edited.map((option) => option.bytes)]
  if (options.length === 0 && edited.length > 0) parts.push(END_OF_OPTIONS)
  const endGoes = options.length > 0 && edited.length === 0 && startsWithEnd(tail, block.little)
  parts.push(endGoes ? tail.subarray(OPTION_HEADER) : tail)
  return encodeRawBlock(block.type, parts, block.little)
}

function startsWithEnd(tail: Uint8Array, little: boolean): boolean {
  if (tail.length < OPTION_HEADER) return false
  return new DataView(tail.buffer, tail.byteOffset).getUint16(0, little) === Option.end
}

/** A comment for `replaceOptions`. @throws UsageError when it is longer than 65,535 bytes */
export function commentOption(text: string, little: boolean): RawOption {
  const value = new TextEncoder().encode(text)
  return { code: Option.comment, bytes: encodeOption(Option.comment, value, little), value }
}

function viewOf(block: RawBlock): DataView {
  return new DataView(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength)
}
