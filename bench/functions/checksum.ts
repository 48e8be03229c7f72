/** The sum under every checksum, over a small packet and over a full one. */
import { wordSum } from '../../src/bytes/checksum.js'
import type { Measured } from './measured.js'

const BUFFER = 1 << 20

export function checksum(): Measured[] {
  const view = new DataView(new ArrayBuffer(BUFFER))
  for (let at = 0; at < BUFFER; at++) view.setUint8(at, at * 7)
  return [60, 1460].map((length) => ({
    name: `checksum, ${length} bytes at a time`,
    unit: 'byte',
    units: Math.floor(BUFFER / length) * length,
    run: () => {
      let sum = 0
      for (let at = 0; at + length <= BUFFER; at += length) sum += wordSum(view, at, at + length)
      return sum
    },
  }))
}
