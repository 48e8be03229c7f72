/** Follows a file that grows. strace writes to a file and not to a pipe, so that it never waits for whoever reads. */
import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK = 1 << 20
/** Milliseconds between two looks. */
const INTERVAL = 20

export class LogTail {
  readonly #path: string
  readonly #take: (chunk: Uint8Array) => void
  readonly #timer: NodeJS.Timeout
  readonly #buffer = new Uint8Array(CHUNK)
  #descriptor: number | undefined
  #position = 0

  /** @param take gets each new chunk, valid until it returns */
  constructor(path: string, take: (chunk: Uint8Array) => void) {
    this.#path = path
    this.#take = take
    this.#timer = setInterval(() => this.#look(1), INTERVAL)
  }

  /** Reads to the end, and stops. */
  end(): void {
    clearInterval(this.#timer)
    this.#look(Number.POSITIVE_INFINITY)
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #look(chunks: number): void {
    try {
      this.#descriptor ??= openSync(this.#path, 'r')
    } catch {
      // strace has not begun
      return
    }
    for (let left = chunks; left > 0; left--) {
      const read = readSync(this.#descriptor, this.#buffer, 0, CHUNK, this.#position)
      if (read === 0) return
      this.#position += read
      this.#take(this.#buffer.subarray(0, read))
    }
  }
}
