/**
 * Keeps what a pipe gives, so that it can be read a second time: in a temporary file that has no name any more, and so
 * goes with the process, however that ends.
 */
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileError } from '../errors.js'
import { FileInput, type Input } from './input.js'

export class Spool {
  size = 0
  readonly #descriptor: number

  /** @throws FileError FULL */
  constructor(folder = tmpdir()) {
    // opened only if it is not there: that somebody else has put something there first is an error
    const name = join(folder, `synopsis-${process.pid}-${Math.random().toString(36).slice(2)}`)
    try {
      this.#descriptor = openSync(name, 'wx+', 0o600)
    } catch (error) {
      throw unkept(error)
    }
    // Windows keeps the name until the file is closed
    if (process.platform !== 'win32') unlinkSync(name)
  }

  /** Appends bytes. @throws FileError FULL */
  write(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at)
    } catch (error) {
      throw unkept(error)
    }
    this.size += bytes.length
  }

  /** What was kept, from its start. */
  input(): Input {
    return new Rereading(new FileInput(this.#descriptor))
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

function unkept(error: unknown): FileError {
  const reason = error instanceof Error ? error.message : String(error)
  return new FileError(
    'FULL',
    `standard input cannot be kept for a second pass (${reason}): write it to a file first, or set TMPDIR`,
  )
}

/** The file stays open for who may read it once more. */
class Rereading implements Input {
  readonly #input: FileInput

  constructor(input: FileInput) {
    this.#input = input
  }

  get position(): number {
    return this.#input.position
  }

  read(target: Uint8Array, offset: number): number {
    return this.#input.read(target, offset)
  }

  close(): void {}
}

/** A pipe whose bytes are kept as they come. */
export class SpooledInput implements Input {
  readonly #input: Input
  readonly #spool: Spool

  constructor(input: Input, spool: Spool) {
    this.#input = input
    this.#spool = spool
  }

  get position(): number {
    return this.#input.position
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    const length = await this.#input.read(target, offset)
    if (length > 0) this.#spool.write(target.subarray(offset, offset + length))
    return length
  }

  close(): void {
    this.#input.close()
  }
}
