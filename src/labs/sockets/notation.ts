/** Data as C writes it, so that no byte of the network reaches a terminal raw. */

/** Bytes of data shown of one call; what is longer ends in `...`, as strace's do. */
const SHOWN = 64

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' }

/** A C string literal: `"hello\n"`. */
export function quoted(bytes: Buffer): string {
  let text = ''
  for (const byte of bytes.subarray(0, SHOWN)) {
    const printable =
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
    text += ESCAPES[byte] ?? printable
  }
  return `"${text}"${bytes.length > SHOWN ? '...' : ''}`
}
