/** What the lab's programs print: at once, with write(2), as they may be blocked in another call right after. */
import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { printable } from '../bytes/printable.js'
import { POLLOUT } from './sockets/constants.js'
import { poll } from './sockets/wait.js'

let notes = 1

/** A program whose standard output is the client (inetd) says what it has to say on another descriptor. */
export function printTo(descriptor: number): void {
  notes = descriptor
}

/** Prints a line. Whatever of it came from the network is made harmless. */
export function printLine(line: string): void {
  writeAll(notes, Buffer.from(`${harmless(line)}\n`))
}

/** Prints text as it is, without a newline. */
export function prompt(text: string): void {
  writeAll(notes, Buffer.from(text))
}

/** Passes bytes of the network on to standard output: as they are, except on a terminal. */
export function passOn(bytes: Buffer): void {
  writeAll(1, isatty(1) ? Buffer.from(harmless(bytes.toString())) : bytes)
}

/** Prints to standard error. */
export function complain(line: string): void {
  writeAll(2, Buffer.from(`${harmless(line)}\n`))
}

/** Text that may come from the network, with nothing in it but lines that can be seen. */
function harmless(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n')
}

/** A standard output that somebody made non-blocking is waited for; one that nobody reads any more is a quiet end. */
function writeAll(descriptor: number, bytes: Buffer): void {
  let rest = bytes
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if (hasCode(error, 'EPIPE')) return
      if (!hasCode(error, 'EAGAIN')) throw error
      poll([descriptor], -1, POLLOUT)
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
