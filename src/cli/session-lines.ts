/** Writes the lines of `sessions --json`, in this thread; line-printer.ts does so in another. */
import type { ByteWriter } from '../render/byte-writer.js'
import { SessionLines } from '../render/session-json.js'
import { AddressTable } from '../sessions/address-table.js'
import type { Session } from '../sessions/session.js'
import { Backlog } from '../sessions/tcp/backlog.js'
import { handOverEnd, type Successor } from '../sessions/tcp/handover.js'
import { ArrivalOrder } from './arrival-order.js'
import { ReorderWindow } from './reorder-window.js'

export interface LineWriter {
  /** analyses the segments of TCP sessions; undefined when nobody asked for that */
  readonly successor: Successor | undefined
  /** A session that is let go, which may be reused once this returns; `addresses`: those that its numbers are of. */
  add(session: Session, addresses: AddressTable): void
  /** Writes all that waits. */
  finish(): void
}

export class LinesHere implements LineWriter {
  readonly successor: Backlog | undefined
  readonly #window: ReorderWindow
  readonly #order: ArrivalOrder
  #lines: SessionLines | undefined
  #turn = 0

  constructor(writer: ByteWriter, analyse: boolean) {
    const window = new ReorderWindow((line) => writer.bytes(line))
    const order = new ArrivalOrder(window)
    this.#window = window
    this.#order = order
    this.successor = analyse ? analyst((turn, number, line) => order.add(turn, 'tcp', number, line)) : undefined
  }

  add(session: Session, addresses: AddressTable): void {
    const turn = this.#turn++
    if (session.protocol === 'tcp' && this.successor !== undefined) handOverEnd(session, turn, this.successor)
    else {
      this.#lines ??= new SessionLines(addresses)
      this.#order.add(turn, session.protocol, session.number, this.#lines.line(session))
    }
  }

  finish(): void {
    this.successor?.clear()
    this.#window.finish()
  }
}

/** Analyses sessions that are handed over in this thread, and tells their lines, which are good until `tell` returns. */
export function analyst(tell: (turn: number, number: number, line: Uint8Array) => void): Backlog {
  const addresses = new AddressTable(0)
  const lines = new SessionLines(addresses)
  return new Backlog(addresses, (session, turn) => tell(turn, session.number, lines.line(session)))
}
