/** Where a capture file's bytes come from: a regular file, or a pipe. gzip.ts puts a decompressor in between. */
import { closeSync, readSync } from 'node:fs'
import type { Readable } from 'node:stream'

export interface Input {
  /** Puts what comes next into `target` from `offset` on; returns how many bytes those are, 0 at the end. */
  read(target: Uint8Array, offset: number): number | Promise<number>
  /** bytes read so far, as they lie on disk */
  readonly position: number
  close(): void
}

/** The bytes cannot be read on from here, but everything before was given (a gzip that is cut or corrupt). */
export class InputDamage extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** A regular file, read synchronously: from the page cache that is faster than a round trip through the thread pool. */
export class FileInput implements Input {
  position = 0
  readonly #descriptor: number
  #closed = false

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  read(target: Uint8Array, offset: number): number {
    const length = readSync(this.#descriptor, target, offset, target.length - offset, this.position)
    this.position += length
    return length
  }

  /** The same open file from its start, for who needs to read it once more. Only this one is to be closed. */
  again(): FileInput {
    return new FileInput(this.#descriptor)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    closeSync(this.#descriptor)
  }
}

/** A pipe: gives what has come as soon as it has come. */
export class StreamInput implements Input {
  position = 0
  readonly #stream: Readable
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)

  constructor(stream: Readable) {
    this.#stream = stream
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next()
      if (next.done) return 0
      this.#chunk = next.value
    }
    const part = this.#chunk.subarray(0, target.length - offset)
    target.set(part, offset)
    this.#chunk = this.#chunk.subarray(part.length)
    this.position += part.length
    return part.length
  }

  close(): void {
    this.#stream.destroy()
  }
}
