/** Writes the lines of `sessions --json`, in this thread; line-printer.ts does so in another. */
import type { ByteWriter } from '../render/byte-writer.js'
import { SessionLines } from '../render/session-json.js'
import type { AddressTable } from '../sessions/address-table.js'
import type { Session } from '../sessions/session.js'
import type { Successor } from '../sessions/tcp/handover.js'
import { ReorderWindow } from './reorder-window.js'

export interface LineWriter {
  /** finds out what really happened in TCP sessions; undefined when nobody asked for that, or whoever reads the capture does */
  readonly successor: Successor | undefined
  /** A session that is let go, which may be reused once this returns; `addresses`: those that its numbers are of. */
  add(session: Session, addresses: AddressTable): void
  /** Writes all that waits. */
  finish(): void
}

export class LinesHere implements LineWriter {
  readonly successor = undefined
  readonly #window: ReorderWindow
  #lines: SessionLines | undefined

  constructor(writer: ByteWriter) {
    this.#window = new ReorderWindow((line) => writer.bytes(line))
  }

  add(session: Session, addresses: AddressTable): void {
    this.#lines ??= new SessionLines(addresses)
    this.#window.add(session.protocol, session.number, this.#lines.line(session))
  }

  finish(): void {
    this.#window.finish()
  }
}
