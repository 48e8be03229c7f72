/** Callable header fields against reads written by hand: the same seven values of every TCP header. */
import { tcp } from '../../src/decode/tcp.js'
import type { Frames } from './frames.js'
import type { Measured } from './measured.js'

const IPV4_TCP_HEADER = 34

export function fields(frames: Frames): Measured[] {
  const { view } = frames
  const headers = Int32Array.from(
    frames.starts.filter((start) => view.getUint16(start + 12) === 0x0800 && view.getUint8(start + 23) === 6),
    (start) => start + IPV4_TCP_HEADER,
  )
  const byHand = 'TCP header read by hand'
  return [
    { name: byHand, unit: 'header', units: headers.length, run: () => readByHand(view, headers) },
    {
      name: 'TCP header read by callable fields',
      unit: 'header',
      units: headers.length,
      run: () => readByFields(view, headers),
      limit: { times: 1.2, than: byHand },
    },
  ]
}

function readByHand(view: DataView, headers: Int32Array): number {
  let sum = 0
  for (const at of headers) {
    sum ^= view.getUint16(at) + view.getUint16(at + 2)
    sum ^= view.getUint32(at + 4) ^ view.getUint32(at + 8)
    sum += (view.getUint8(at + 12) >> 4) * 4 + (view.getUint16(at + 12) & 0xfff) + view.getUint16(at + 14)
  }
  return sum
}

function readByFields(view: DataView, headers: Int32Array): number {
  let sum = 0
  for (const at of headers) {
    sum ^= tcp.sourcePort(view, at) + tcp.destinationPort(view, at)
    sum ^= tcp.sequence(view, at) ^ tcp.acknowledgment(view, at)
    sum += tcp.headerLength(view, at) + tcp.flags(view, at) + tcp.window(view, at)
  }
  return sum
}
