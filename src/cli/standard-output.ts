/**
 * Writing to standard output and error: synchronously, so that a slow reader slows us down and nothing piles up in memory,
 * and so that everything is out before the process ends. A reader that has gone ends the program quietly.
 */
import { writeSync } from 'node:fs'
import { SynopsisError } from '../errors.js'

/** Nobody reads on: `head` has enough, `less` was left. */
export class ReaderGone extends Error {}

/** Milliseconds to wait for a reader that is slow, where writing does not block. */
const PATIENCE = 2

/** Writes all of `bytes`. @throws ReaderGone; SynopsisError OUTPUT when they cannot be written */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EPIPE') throw new ReaderGone()
      if (code !== 'EAGAIN') throw new SynopsisError('OUTPUT', explain(code, error), 1, { cause: error })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE)
    }
  }
}

function explain(code: unknown, error: unknown): string {
  if (code === 'ENOSPC') return 'cannot write the output: the disk is full: make room, or write elsewhere'
  return `cannot write the output: ${error instanceof Error ? error.message : String(error)}`
}
