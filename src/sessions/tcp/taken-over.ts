/** Finds out what really happened in sessions whose segments were handed over (handover.ts). */
import type { Box } from '../../bytes/box.js'
import { Packet } from '../../packet.js'
import { Kind, kindOf, sideOf, slotOf } from '../parcel.js'
import { unpackSegment } from './segment-piece.js'
import type { TruthOfSession } from './truth/result.js'
import { TcpTruth } from './truth/truth.js'

export class TakenOver {
  readonly #truth = new TcpTruth()
  readonly #packet = new Packet()

  /** Takes what Handover has put into the box, whose first word was read. */
  take(header: number, box: Box): void {
    const kind = kindOf(header)
    const slot = slotOf(header)
    if (kind === Kind.segment) {
      const time = unpackSegment(box, this.#packet)
      this.#truth.take(slot, this.#packet, sideOf(header), time)
    } else if (kind === Kind.tooBig) {
      const sequence = box.readInt()
      const frame = box.readInt()
      this.#truth.isTooBig(slot, sideOf(header), sequence, frame, box.readFloat())
    } else this.#truth.begin(slot, kind === Kind.begunOnLoopback)
  }

  /** The session in `slot` is let go: what happened in it. */
  end(slot: number): TruthOfSession {
    return this.#truth.end(slot)
  }
}
