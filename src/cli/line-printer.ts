/**
 * Prints the line of each session in a thread of its own: over a hundred thousand sessions, their lines take as long as everything
 * else but the reading. This side packs the sessions; the other one (line-thread.ts) writes, orders and prints their lines.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { SynopsisError } from '../errors.js'
import type { AddressTable } from '../sessions/address-table.js'
import { LONGEST_PARCEL, pack } from '../sessions/parcel.js'
import type { Session } from '../sessions/session.js'
import { BoxSender } from './box-ring.js'
import { ReaderGone } from './standard-output.js'

/** What the thread is given. */
export interface Assignment {
  readonly memory: SharedArrayBuffer
  /** takes a `Failure`, when there is one */
  readonly failures: MessagePort
}

/** Why it cannot print; without a `code`, it is a mistake of ours. */
export type Failure = 'reader gone' | { readonly message: string; readonly code?: string }

export class LinePrinter {
  readonly #ring = new BoxSender()
  readonly #failures: MessagePort
  readonly #worker: Worker

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.#failures = port1
    const workerData: Assignment = { memory: this.#ring.memory, failures: port2 }
    this.#worker = new Worker(new URL('./line-thread.js', import.meta.url), {
      workerData,
      transferList: [port2],
      execArgv: [],
    })
    this.#worker.unref()
  }

  /** The session may be reused once this returns. @throws ReaderGone; SynopsisError OUTPUT */
  add(session: Session, addresses: AddressTable): void {
    if (this.#ring.box.room < LONGEST_PARCEL && !this.#ring.send()) throw this.#failure()
    pack(session, addresses, this.#ring.box)
  }

  /** Waits until everything is printed. @throws ReaderGone; SynopsisError OUTPUT */
  finish(): void {
    const isDone = this.#ring.end()
    const failure = isDone ? undefined : this.#failure()
    this.#failures.close()
    if (failure !== undefined) throw failure
  }

  #failure(): Error {
    const failure: Failure | undefined = receiveMessageOnPort(this.#failures)?.message
    if (failure === undefined || failure === 'reader gone') return new ReaderGone()
    const { code, message } = failure
    return code === undefined ? new Error(message) : new SynopsisError(code, message)
  }
}
