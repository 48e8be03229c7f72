/**
 * Where a writer's bytes go: a buffer, written out when it is full. `reserve` and `drain` never wait, so that a whole
 * batch of packets can be written from a synchronous loop; `flush` waits until what was written has been taken.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { UsageError } from '../errors.js'
import { asFileError } from './failures.js'

const SIZE = 1024 * 1024

export abstract class Sink {
  /** the buffer; take it anew after each `reserve` */
  bytes = new Uint8Array(SIZE)
  view = new DataView(this.bytes.buffer)
  #used = 0
  #drained = 0

  /** bytes written so far */
  get position(): number {
    return this.#drained + this.#used
  }

  /** Makes room for `length` bytes, which the caller must then write at the offset returned. */
  reserve(length: number): number {
    if (this.#used + length > this.bytes.length) {
      this.drain()
      if (length > this.bytes.length) {
        this.bytes = new Uint8Array(length)
        this.view = new DataView(this.bytes.buffer)
      }
    }
    const at = this.#used
    this.#used += length
    return at
  }

  write(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length)
    this.bytes.set(bytes, at)
  }

  /** Hands on what is in the buffer. */
  drain(): void {
    if (this.#used === 0) return
    this.take(this.bytes.subarray(0, this.#used))
    this.#drained += this.#used
    this.#used = 0
  }

  /** Takes bytes that are overwritten afterwards. */
  protected abstract take(bytes: Uint8Array): void
  /** Writes out all there is, and waits while the other side cannot keep up. */
  abstract flush(): Promise<void>
  abstract close(): Promise<void>
}

/** A file, written synchronously. */
export class FileSink extends Sink {
  readonly #name: string
  readonly #descriptor: number

  constructor(name: string, descriptor: number) {
    super()
    this.#name = name
    this.#descriptor = descriptor
  }

  protected override take(bytes: Uint8Array): void {
    this.#write(bytes, null)
  }

  /** Overwrites bytes that were written before, and drained. */
  patch(bytes: Uint8Array, position: number): void {
    this.drain()
    this.#write(bytes, position)
  }

  override async flush(): Promise<void> {
    this.drain()
  }

  override async close(): Promise<void> {
    this.drain()
    closeSync(this.#descriptor)
  }

  #write(bytes: Uint8Array, position: number | null): void {
    try {
      let written = 0
      while (written < bytes.length) {
        const at = position === null ? null : position + written
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, at)
      }
    } catch (error) {
      throw asFileError(this.#name, error, 'write')
    }
  }
}

/** A stream, which may be slower than we are. */
export class StreamSink extends Sink {
  readonly #stream: Writable
  #waiting: Uint8Array[] = []

  constructor(stream: Writable) {
    super()
    this.#stream = stream
  }

  protected override take(bytes: Uint8Array): void {
    this.#waiting.push(bytes.slice())
  }

  override async flush(): Promise<void> {
    this.drain()
    const waiting = this.#waiting
    this.#waiting = []
    for (const bytes of waiting) {
      await new Promise<void>((resolve, reject) => {
        this.#stream.write(bytes, (error) => (error ? reject(error) : resolve()))
      })
    }
  }

  /** Standard output stays open: others may still write to it. */
  override async close(): Promise<void> {
    await this.flush()
  }
}

/**
 * @param name a file, which is created or overwritten, or `-` for standard output
 * @throws FileError when it cannot be created; UsageError when standard output is a terminal
 */
export function openSink(name: string): Sink {
  if (name === '-') {
    if (process.stdout.isTTY) {
      throw new UsageError(
        'standard output is a terminal: name a file, or pipe the capture on, as in: -w - | tshark -r -',
      )
    }
    return new StreamSink(process.stdout)
  }
  try {
    return new FileSink(name, openSync(name, 'w'))
  } catch (error) {
    throw asFileError(name, error, 'create')
  }
}
