/**
 * Stands in for TcpTruth where somebody else finds out what really happened (taken-over.ts), in another thread: whoever reads the
 * capture follows its sessions and looks at them as Wireshark does, and of each segment hands over what the other one reads.
 */
import type { Box } from '../../bytes/box.js'
import type { Packet } from '../../packet.js'
import type { Side } from '../facts.js'
import { beginPiece, Kind } from '../parcel.js'
import { LONGEST_SEGMENT, packSegment } from './segment-piece.js'

/** Who sessions are handed over to. */
export interface Successor {
  /** Its box, with room for so many words. */
  box(words: number): Box
}

export class Handover {
  readonly #successor: Successor

  constructor(successor: Successor) {
    this.#successor = successor
  }

  /** A session begins in `slot`; `isLoopback`: its first packet was captured on a loopback interface. */
  begin(slot: number, isLoopback: boolean): void {
    beginPiece(isLoopback ? Kind.begunOnLoopback : Kind.begun, slot, 0, this.#successor.box(LONGEST_SEGMENT))
  }

  /** The next packet of the session in `slot`; `time` in ns since its first one. */
  take(slot: number, packet: Packet, side: Side, time: number): void {
    const box = this.#successor.box(LONGEST_SEGMENT)
    beginPiece(Kind.segment, slot, side, box)
    packSegment(packet, time, box)
  }

  /** A router says that a packet of the session in `slot`, whose data begins at `sequence`, was too big. */
  isTooBig(slot: number, side: Side, sequence: number, frame: number, time: number): void {
    const box = this.#successor.box(LONGEST_SEGMENT)
    beginPiece(Kind.tooBig, slot, side, box)
    box.writeInt(sequence)
    box.writeInt(frame)
    box.writeFloat(time)
  }

  /** What happened in the session in `slot`, the other one knows. */
  end(_slot: number): undefined {}
}
