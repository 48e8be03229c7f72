/** Builds blocks and options of pcapng. */
import { UsageError } from '../errors.js'
import { Block, OPTION_HEADER, Option, padded } from './pcapng-layout.js'

const encoder = new TextEncoder()

/** opt_endofopt: four zero bytes in either byte order */
export const END_OF_OPTIONS = new Uint8Array(OPTION_HEADER)

/** @throws UsageError when the value is longer than the 65,535 bytes that an option can hold */
export function encodeOption(code: number, value: Uint8Array, little = true): Uint8Array {
  if (value.length > 0xffff) {
    throw new UsageError(`a text of ${value.length} bytes is too long for a pcapng file: 65535 bytes are the most`)
  }
  const bytes = new Uint8Array(OPTION_HEADER + padded(value.length))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, code, little)
  view.setUint16(2, value.length, little)
  bytes.set(value, OPTION_HEADER)
  return bytes
}

/** An option of text, or nothing where there is no text. */
export function encodeText(code: number, text: string | undefined, little = true): Uint8Array[] {
  return text === undefined ? [] : [encodeOption(code, encoder.encode(text), little)]
}

export function encodeComments(comments: readonly string[], little = true): Uint8Array[] {
  return comments.flatMap((comment) => encodeText(Option.comment, comment, little))
}

/** A block of the given body (whose parts are each a multiple of four bytes long); options are ended where there are any. */
export function encodeBlock(type: number, body: Uint8Array, options: readonly Uint8Array[], little = true): Uint8Array {
  const parts = options.length === 0 ? [body] : [body, ...options, END_OF_OPTIONS]
  return encodeRawBlock(type, parts, little)
}

/** A block whose body is `parts`, one after the other. */
export function encodeRawBlock(type: number, parts: readonly Uint8Array[], little: boolean): Uint8Array {
  let length = Block.minimum
  for (const part of parts) length += part.length
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(Block.type, type, little)
  view.setUint32(Block.totalLength, length, little)
  view.setUint32(length - Block.trailer, length, little)
  let at: number = Block.body
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
