/**
 * Prints the line of each session in a thread of its own: over a hundred thousand sessions, their lines take as long as everything
 * else but the reading. This side packs the sessions; the other one (line-thread.ts) writes, orders and prints their lines. Where
 * segments are analysed, finding out what really happened takes longer than all the rest: then this side writes the lines, and the
 * other one what belongs at their ends.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Box } from '../bytes/box.js'
import { SynopsisError } from '../errors.js'
import { SessionLines } from '../render/session-json.js'
import type { AddressTable } from '../sessions/address-table.js'
import { beginPiece, Kind, LONGEST_PARCEL, pack } from '../sessions/parcel.js'
import type { Session } from '../sessions/session.js'
import type { Successor } from '../sessions/tcp/handover.js'
import { BoxSender } from './box-ring.js'
import type { LineWriter } from './session-lines.js'
import { ReaderGone } from './standard-output.js'

/** What the thread is given. */
export interface Assignment {
  readonly memory: SharedArrayBuffer
  /** it gets the segments of TCP sessions, too */
  readonly analyse: boolean
  /** takes a `Failure`, when there is one */
  readonly failures: MessagePort
}

/** Why it cannot print; without a `code`, it is a mistake of ours. */
export type Failure = 'reader gone' | { readonly message: string; readonly code?: string }

/** Bytes of a box: a thousand sessions, or ten times as many segments. Four times that was measured alike. */
const BOX = 512 * 1024
/** Words that a line takes in a box beside its bytes, at the most. */
const LINE_WORDS = 5

export class LinePrinter implements LineWriter {
  readonly successor: Successor | undefined
  readonly #ring: BoxSender
  readonly #failures: MessagePort
  #failed: Error | undefined
  #lines: SessionLines | undefined

  /** @param analyse segments are to be analysed */
  constructor(analyse: boolean) {
    this.#ring = new BoxSender(BOX)
    const { port1, port2 } = new MessageChannel()
    this.#failures = port1
    const workerData: Assignment = { memory: this.#ring.memory, analyse, failures: port2 }
    const worker = new Worker(new URL('./line-thread.js', import.meta.url), {
      workerData,
      transferList: [port2],
      execArgv: [],
    })
    worker.unref()
    this.successor = analyse ? { box: (words) => this.#box(words) } : undefined
  }

  /** @throws ReaderGone; SynopsisError OUTPUT */
  add(session: Session, addresses: AddressTable): void {
    if (this.successor === undefined) pack(session, addresses, this.#box(LONGEST_PARCEL))
    else this.#write(session, addresses)
  }

  #write(session: Session, addresses: AddressTable): void {
    this.#lines ??= new SessionLines(addresses)
    const isTcp = session.protocol === 'tcp'
    const line = isTcp ? this.#lines.beginning(session) : this.#lines.line(session)
    const box = this.#box(line.length / 4 + LINE_WORDS)
    if (isTcp) beginPiece(Kind.lineToEnd, session.slot, session.clientSide, box)
    else beginPiece(Kind.line, 0, 0, box)
    box.writeInt(session.number)
    box.writeBytes(line)
  }

  /** Waits until everything is printed. @throws ReaderGone; SynopsisError OUTPUT */
  finish(): void {
    const isDone = this.#ring.end()
    const failure = isDone ? undefined : this.#failure()
    this.#failures.close()
    if (failure !== undefined) throw failure
  }

  #box(words: number): Box {
    if (this.#ring.box.room < words && !this.#ring.send()) throw this.#failure()
    return this.#ring.box
  }

  /** Why the boxes are not taken any more. */
  #failure(): Error {
    this.#failed ??= this.#askFailure()
    return this.#failed
  }

  #askFailure(): Error {
    const failure: Failure | undefined = receiveMessageOnPort(this.#failures)?.message
    if (failure === undefined) return new Error('the thread that prints the lines has ended')
    if (failure === 'reader gone') return new ReaderGone()
    const { code, message } = failure
    return code === undefined ? new Error(message) : new SynopsisError(code, message)
  }
}
