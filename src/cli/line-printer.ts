/**
 * Prints the line of each session in a thread of its own: over a hundred thousand sessions, their lines take as long as everything
 * else but the reading. This side packs the sessions; the other one (line-thread.ts) writes, orders and prints their lines. Where
 * segments are analysed, which takes longer than all the rest, both threads share that, session by session.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Box } from '../bytes/box.js'
import { SynopsisError } from '../errors.js'
import type { AddressTable } from '../sessions/address-table.js'
import { LONGEST_PARCEL, Parcel, pack } from '../sessions/parcel.js'
import type { Session } from '../sessions/session.js'
import { handOverEnd } from '../sessions/tcp/handover.js'
import { BoxSender } from './box-ring.js'
import { analyst, type LineWriter } from './session-lines.js'
import { Sharing } from './sharing.js'
import { ReaderGone } from './standard-output.js'

/** What the thread is given. */
export interface Assignment {
  readonly memory: SharedArrayBuffer
  /** there are sessions to be analysed among what it gets */
  readonly analyse: boolean
  /** takes a `Failure`, when there is one */
  readonly failures: MessagePort
}

/** Why it cannot print; without a `code`, it is a mistake of ours. */
export type Failure = 'reader gone' | { readonly message: string; readonly code?: string }

/** Bytes of a box; where segments are analysed, some tens of thousands of them (taken-over.ts says why). */
const BOX = 256 * 1024
const LARGE_BOX = 2 * 1024 * 1024
/** Bytes of a line that go into a box together, and words that they take with what says so. */
const PIECE = 16 * 1024
const PIECE_WORDS = PIECE / 4 + 5

export class LinePrinter implements LineWriter {
  readonly successor: Sharing | undefined
  readonly #ring: BoxSender
  readonly #failures: MessagePort
  #failed: Error | undefined
  #turn = 0

  /** @param analyse segments are to be analysed */
  constructor(analyse: boolean) {
    this.#ring = new BoxSender(analyse ? LARGE_BOX : BOX)
    const { port1, port2 } = new MessageChannel()
    this.#failures = port1
    const workerData: Assignment = { memory: this.#ring.memory, analyse, failures: port2 }
    const worker = new Worker(new URL('./line-thread.js', import.meta.url), {
      workerData,
      transferList: [port2],
      execArgv: [],
    })
    worker.unref()
    const backlog = analyse ? analyst((turn, number, line) => this.#line(turn, number, line)) : undefined
    this.successor = backlog && new Sharing(this.#ring, backlog, (words) => this.#box(words))
  }

  /** @throws ReaderGone; SynopsisError OUTPUT */
  add(session: Session, addresses: AddressTable): void {
    const turn = this.#turn++
    if (session.protocol === 'tcp' && this.successor !== undefined) handOverEnd(session, turn, this.successor)
    else pack(session, turn, addresses, this.#box(LONGEST_PARCEL))
  }

  /** Waits until everything is printed. @throws ReaderGone; SynopsisError OUTPUT */
  finish(): void {
    this.successor?.finish()
    const isDone = this.#ring.end()
    const failure = isDone ? undefined : this.#failure()
    this.#failures.close()
    if (failure !== undefined) throw failure
  }

  #box(words: number): Box {
    if (this.#ring.box.room < words && !this.#ring.send()) throw this.#failure()
    return this.#ring.box
  }

  /** A line that is written already. */
  #line(turn: number, number: number, line: Uint8Array): void {
    let at = 0
    for (; line.length - at > PIECE; at += PIECE) {
      const box = this.#box(PIECE_WORDS)
      box.align()
      box.writeInt(Parcel.part)
      box.writeBytes(line, at, at + PIECE)
    }
    const box = this.#box(PIECE_WORDS)
    box.align()
    box.writeInt(Parcel.line)
    box.writeInt(turn)
    box.writeInt(number)
    box.writeBytes(line, at, line.length)
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
