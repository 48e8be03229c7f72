/**
 * Writing to standard output and error: synchronously, so that a slow reader slows us down and nothing piles up in memory,
 * and so that everything is out before the process ends. A reader that has gone ends the program quietly.
 */
import { writeSync } from 'node:fs'

/** Nobody reads on: `head` has enough, `less` was left. */
export class ReaderGone extends Error {}

/** Milliseconds to wait for a reader that is slow, where writing does not block. */
const PATIENCE = 2

/** Writes all of `bytes`. @throws ReaderGone */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EPIPE') throw new ReaderGone()
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE)
    }
  }
}
