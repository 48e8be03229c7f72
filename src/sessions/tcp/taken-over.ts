/**
 * Sessions that were handed over (handover.ts): followed and analysed here. What has come of them is gone through session by session
 * and not in the order of the capture: with thousands of them open, the time of a segment goes into waiting for its session's records,
 * and so some segments of a session wait once. No session depends on another.
 */
import type { Box } from '../../bytes/box.js'
import { Packet } from '../../packet.js'
import type { AddressTable } from '../address-table.js'
import { PacketFacts, type Side } from '../facts.js'
import { KIND, Parcel, unpackEndpoints, unpackErrors, unpackPrelude, unpackRecords } from '../parcel.js'
import { IS_LOOPBACK, IS_REUSE, PIECE_HEADER, PIECE_SIDE, PIECE_SLOT } from './handover.js'
import { unpackSegment } from './segment-piece.js'
import type { TcpSession } from './session.js'
import { TcpSessions } from './sessions.js'
import { TcpTruth } from './truth/truth.js'
import { WiresharkAnalysis } from './wireshark/analysis.js'

/** The session is good until this returns; `turn`: how many were let go before it. */
export type Ended = (session: TcpSession, turn: number) => void

export class TakenOver {
  readonly #sessions = new TcpSessions({ wireshark: new WiresharkAnalysis(), truth: new TcpTruth() }, false)
  readonly #packet = new Packet()
  readonly #facts = new PacketFacts()
  readonly #addresses: AddressTable
  readonly #ended: Ended
  /** by slot: where its first piece in the box begins, and its last; 0: none */
  #first = new Int32Array(1024)
  #last = new Int32Array(1024)
  /** slots of which there are pieces in the box */
  #slots = new Int32Array(1024)
  #count = 0

  /**
   * @param addresses takes in those of the sessions
   * @param ended called with each session that was let go
   */
  constructor(addresses: AddressTable, ended: Ended) {
    this.#addresses = addresses
    this.#ended = ended
  }

  /** Takes down the piece at which the box is, and passes over it. Pieces begin behind the box's first word. */
  add(box: Box): void {
    const { ints, at } = box
    const slot = (ints[at] ?? 0) >> PIECE_SLOT
    box.at = at + (ints[at + 1] ?? 0)
    // from here on: where the session's next piece begins
    ints[at + 1] = 0
    if (slot >= this.#first.length) this.#grow(slot)
    if (this.#first[slot] === 0) {
      this.#first[slot] = at
      this.#slots[this.#count++] = slot
    } else ints[(this.#last[slot] ?? 0) + 1] = at
    this.#last[slot] = at
  }

  /** Opens all pieces that were taken down. */
  open(box: Box): void {
    const { ints } = box
    const [first, slots, count] = [this.#first, this.#slots, this.#count]
    this.#count = 0
    for (let index = 0; index < count; index++) {
      const slot = slots[index] ?? 0
      let at = first[slot] ?? 0
      first[slot] = 0
      while (at !== 0) {
        box.at = at + PIECE_HEADER
        this.#open(ints[at] ?? 0, slot, box)
        at = ints[at + 1] ?? 0
      }
    }
  }

  #open(header: number, slot: number, box: Box): void {
    const kind = header & KIND
    const side = ((header >> PIECE_SIDE) & 1) as Side
    if (kind === Parcel.segment) this.#segment(slot, side, box)
    else if (kind === Parcel.begun) this.#begin(slot, box)
    else if (kind === Parcel.ended) this.#end(slot, box)
    else this.#quoted(slot, side, box)
  }

  #begin(slot: number, box: Box): void {
    unpackRecords(this.#sessions, slot, box)
    const session = this.#sessions.current.select(slot)
    unpackEndpoints(session, this.#addresses, box)
    const bits = session.hot.handedOver
    session.hot.handedOver = 0
    session.beginAnalysis((bits & IS_REUSE) !== 0, (bits & IS_LOOPBACK) !== 0)
  }

  #segment(slot: number, side: Side, box: Box): void {
    const facts = this.#facts
    unpackSegment(box, this.#packet)
    facts.side = side
    facts.wireshark.flags = 0
    this.#sessions.current.select(slot).update(this.#packet, side, facts, undefined)
  }

  #quoted(slot: number, side: Side, box: Box): void {
    unpackSegment(box, this.#packet)
    this.#sessions.current.select(slot).learn(this.#packet, side)
  }

  #end(slot: number, box: Box): void {
    const session = this.#sessions.departing(slot)
    const turn = box.readInt()
    for (const error of unpackErrors(box)) session.addIcmpError(error)
    session.prelude = unpackPrelude(box)
    session.truth = session.observer?.finish()
    this.#ended(session, turn)
    session.observer?.release()
  }

  #grow(slot: number): void {
    const length = 2 * slot
    this.#first = larger(this.#first, length)
    this.#last = larger(this.#last, length)
    this.#slots = larger(this.#slots, length)
  }
}

function larger(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(length)
  more.set(numbers)
  return more
}
