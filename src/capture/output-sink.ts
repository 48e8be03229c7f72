/** Where captured packets go: a file or a pipe, of which always only whole records are left behind. */
import { closeSync, fstatSync, ftruncateSync, writeSync } from 'node:fs'
import { Sink } from '../files/sink.js'
import type { StopReason } from './stop-reason.js'

/** Why an output takes no more. */
export interface OutputEnd {
  readonly reason: StopReason
  readonly message: string
}

/** Where the record, or block, that begins at `at` ends, and whether there is a packet in it. */
export type NextRecord = (view: DataView, at: number) => { readonly end: number; readonly packet: boolean }

/** No record is shorter than this, a pcapng block: enough to read its length. */
const SHORTEST = 12
/** Milliseconds between two attempts at a pipe that is full. */
const RETRY = 1
const sleeper = new Int32Array(new SharedArrayBuffer(4))

export class OutputSink extends Sink {
  /** set when the output takes no more; what is written then is forgotten */
  ended: OutputEnd | undefined
  /** packets in the output */
  written = 0
  /** packets that were put into the buffer since the last `drain` */
  pending = 0
  readonly #path: string
  readonly #descriptor: number
  readonly #next: NextRecord
  readonly #regular: boolean
  #size = 0

  /** @param next finds the records' ends, to know how many are left where only a part of the buffer could be written */
  constructor(path: string, descriptor: number, next: NextRecord) {
    super()
    this.#path = path
    this.#descriptor = descriptor
    this.#next = next
    this.#regular = fstatSync(descriptor).isFile()
  }

  /** bytes in the output */
  get size(): number {
    return this.#size
  }

  protected override take(bytes: Uint8Array): void {
    let taken = 0
    while (this.ended === undefined && taken < bytes.length) {
      try {
        taken += writeSync(this.#descriptor, bytes, taken, bytes.length - taken)
      } catch (error) {
        const failure = error as NodeJS.ErrnoException
        if (failure.code === 'EAGAIN') Atomics.wait(sleeper, 0, 0, RETRY)
        else if (failure.code !== 'EINTR') this.#fail(failure, bytes, taken)
      }
    }
    if (this.ended === undefined) {
      this.#size += taken
      this.written += this.pending
    }
    this.pending = 0
  }

  /** Takes records from where they lie, without copying them into the buffer first. */
  pass(bytes: Uint8Array, packets: number): void {
    this.drain()
    this.pending = packets
    this.take(bytes)
  }

  /** Leaves only whole records of `bytes`, the first `taken` of which were written. */
  #fail(failure: NodeJS.ErrnoException, bytes: Uint8Array, taken: number): void {
    this.ended = outputEnd(this.#path, failure)
    const view = new DataView(bytes.buffer, bytes.byteOffset, taken)
    let whole = 0
    while (whole + SHORTEST <= taken) {
      const { end, packet } = this.#next(view, whole)
      if (end > taken) break
      whole = end
      if (packet) this.written++
    }
    this.#size += whole
    // a pipe keeps what it has
    if (this.#regular) ftruncateSync(this.#descriptor, this.#size)
  }

  /** Writes a last record, which may be short enough to fit where others did not. */
  writeLast(write: () => void): void {
    this.drain()
    const { ended } = this
    if (ended !== undefined && !this.#regular) return
    this.ended = undefined
    write()
    this.drain()
    this.ended = ended ?? this.ended
  }

  override async flush(): Promise<void> {
    this.drain()
  }

  override async close(): Promise<void> {
    this.end()
  }

  /** Closes, unless it is standard output, which is not ours to close. */
  end(): void {
    this.drain()
    if (this.#path === '-') return
    try {
      closeSync(this.#descriptor)
    } catch (error) {
      // a network file system may say only now that there was no space
      this.ended ??= outputEnd(this.#path, error as NodeJS.ErrnoException)
    }
  }
}

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG']

function outputEnd(path: string, { code = '', message }: NodeJS.ErrnoException): OutputEnd {
  const name = path === '-' ? 'standard output' : path
  if (FULL.includes(code)) return { reason: 'disk-full', message: `there is no space left for ${name}` }
  if (code === 'EPIPE') return { reason: 'reader-gone', message: `nobody reads ${name} any more` }
  return { reason: 'output-failed', message: `${name} cannot be written: ${message}` }
}
