/**
 * The bytes that sessions carry: printable lines, made once. What a session sends at offset `n` of its stream is always the
 * same, so that a segment sent again carries what it carried before.
 */
import type { PcapWriter } from './pcap-writer.js'
import { Random } from './random.js'

const SIZE = 1 << 16
const LARGEST_SEGMENT = 1460

const pool = makePool()

/** Writes `length` bytes of the stream that begins at `base` of the pool, from `offset` on. */
export function writePayload(out: PcapWriter, at: number, base: number, offset: number, length: number): void {
  const from = (base + offset) & (SIZE - 1)
  out.bytes.set(pool.subarray(from, from + length), at)
}

function makePool(): Uint8Array {
  const random = new Random(1)
  let text = ''
  for (let line = 1; text.length < SIZE; line++) {
    text += String(line)
    for (let words = random.between(3, 9); words > 0; words--) {
      text += ' '
      for (let letters = random.between(2, 9); letters > 0; letters--) {
        text += String.fromCharCode(random.between(0x61, 0x7a))
      }
    }
    text += '\n'
  }
  // its beginning again at the end, for the segments that reach beyond it
  return Buffer.from(text.slice(0, SIZE) + text.slice(0, LARGEST_SEGMENT))
}
