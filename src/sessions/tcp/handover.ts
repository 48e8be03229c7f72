/**
 * Where segments are analysed, the sessions are handed over to somebody who follows and analyses them (taken-over.ts), in another thread
 * or later in this one. Whoever reads the capture goes on to follow them, without analysis: who is open and who is over decides
 * what number the next one gets.
 */
import type { Box } from '../../bytes/box.js'
import type { Packet } from '../../packet.js'
import type { AddressTable } from '../address-table.js'
import type { Side } from '../facts.js'
import { LONGEST_PARCEL, Parcel, packEndpoints, packErrors, packPrelude, packRecords } from '../parcel.js'
import { LONGEST_SEGMENT, packSegment } from './segment-piece.js'
import type { TcpSession } from './session.js'
import { isLoopback } from './truth/loopback.js'

/** Who sessions are handed over to: one, or several. */
export interface Successor {
  /** Which of them takes the session that begins: 1 or more. */
  choose(): number
  /** Its box, with room for so many words. */
  box(which: number, words: number): Box
}

/** Words before what a piece is about: of what kind it is, who sent it and its session's slot; and its length. */
export const PIECE_HEADER = 2
/** Where these are in the first word, above the kind. */
export const PIECE_SIDE = 3
export const PIECE_SLOT = 4

/** A session's `handedOver` says to whom, and until its first segment has come, also: */
const WHICH = 0xff
const IS_UNTOLD = 0x100
/** Bits of the piece that a session begins with. */
export const IS_REUSE = 0x200
export const IS_LOOPBACK = 0x400

export class Handover {
  readonly #successor: Successor
  readonly #addresses: AddressTable

  constructor(successor: Successor, addresses: AddressTable) {
    this.#successor = successor
    this.#addresses = addresses
  }

  /** What stands in the record of a session that begins with `packet`. */
  begin(packet: Packet, isReuse: boolean): number {
    const bits = (isReuse ? IS_REUSE : 0) | (isLoopback(packet) ? IS_LOOPBACK : 0)
    return this.#successor.choose() | IS_UNTOLD | bits
  }

  /** The next segment of a session, which it has not yet taken in. */
  segment(session: TcpSession, packet: Packet, side: Side): void {
    const { hot } = session
    if ((hot.handedOver & IS_UNTOLD) !== 0) {
      this.#tell(session)
      hot.handedOver &= WHICH
    }
    this.next(hot.handedOver, session.slot, packet, side)
  }

  /** The same for a session, of which there was one before; `which`: what its record says. */
  next(which: number, slot: number, packet: Packet, side: Side): void {
    this.#segment(Parcel.segment, which, slot, packet, side)
  }

  /** An ICMP error quotes a segment that `side` has sent. */
  quoted(session: TcpSession, packet: Packet, side: Side): void {
    this.#segment(Parcel.quoted, session.hot.handedOver & WHICH, session.slot, packet, side)
  }

  #segment(kind: number, which: number, slot: number, packet: Packet, side: Side): void {
    const box = this.#successor.box(which, PIECE_HEADER + LONGEST_SEGMENT)
    const start = beginPiece(kind, slot, side, box)
    packSegment(packet, box)
    endPiece(start, box)
  }

  #tell(session: TcpSession): void {
    const box = this.#successor.box(session.hot.handedOver & WHICH, LONGEST_PARCEL)
    const start = beginPiece(Parcel.begun, session.slot, 0, box)
    packRecords(session, box)
    packEndpoints(session, this.#addresses, box)
    endPiece(start, box)
  }
}

/** A session that was handed over is let go: what only this side knows of it; `turn`: how many were let go before it. */
export function handOverEnd(session: TcpSession, turn: number, successor: Successor): void {
  const box = successor.box(session.hot.handedOver & WHICH, LONGEST_PARCEL)
  const start = beginPiece(Parcel.ended, session.slot, 0, box)
  box.writeInt(turn)
  packErrors(session.extras?.icmpErrors ?? [], box)
  packPrelude(session.prelude ?? {}, box)
  endPiece(start, box)
}

/** Returns where it begins: at an even word. */
function beginPiece(kind: number, slot: number, side: Side, box: Box): number {
  box.align()
  const start = box.at
  box.ints[start] = kind | (side << PIECE_SIDE) | (slot << PIECE_SLOT)
  box.at = start + PIECE_HEADER
  return start
}

function endPiece(start: number, box: Box): void {
  box.align()
  box.ints[start + 1] = box.at - start
}
