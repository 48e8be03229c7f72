/** Which frame carried which bytes of one direction of a TCP session, each byte by the first frame that brought it. */
import type { PacketEvent } from '../../model.js'

export interface Piece {
  /** relative sequence numbers, unwrapped: its first byte, and the one after its last */
  readonly from: number
  readonly to: number
  readonly frame: number
  /** ns since the session's first packet */
  readonly time: number
}

const WRAP = 2 ** 32

export class ByteStream {
  /** in the order of the stream; they do not overlap */
  readonly pieces: Piece[] = []
  #highest = 0

  add(packet: PacketEvent): void {
    if (packet.tcp === undefined || packet.length === 0) return
    const { flags, sequence } = packet.tcp
    const from = this.#unwrap(flags.includes('SYN') ? sequence + 1 : sequence)
    const to = from + packet.length
    this.#highest = Math.max(this.#highest, to)
    const { frame, time } = packet
    const last = this.pieces.at(-1)
    if (last === undefined || from >= last.to) this.pieces.push({ from, to, frame, time })
    else this.#fill(from, to, frame, time)
  }

  /** The pieces that have bytes `from` to `to`, the latter excluded. */
  between(from: number, to: number): Piece[] {
    const found: Piece[] = []
    for (let index = this.#after(from); index < this.pieces.length; index++) {
      const piece = this.pieces[index]
      if (piece === undefined || piece.from >= to) break
      found.push(piece)
    }
    return found
  }

  /** The number nearest to what came last: a stream may be longer than its numbers. */
  #unwrap(sequence: number): number {
    return sequence + Math.round((this.#highest - sequence) / WRAP) * WRAP
  }

  /** The index of the first piece that ends behind `position`. */
  #after(position: number): number {
    let low = 0
    let high = this.pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.pieces[middle]?.to ?? 0) > position) high = middle
      else low = middle + 1
    }
    return low
  }

  /** What of these bytes nobody has brought yet. */
  #fill(from: number, to: number, frame: number, time: number): void {
    let index = this.#after(from)
    let at = from
    while (at < to) {
      const next = this.pieces[index]
      const end = Math.min(to, next?.from ?? to)
      if (at < end) this.pieces.splice(index++, 0, { from: at, to: end, frame, time })
      at = Math.max(end, next?.to ?? to)
      index++
    }
  }
}
