/** Runs one command: its output is flushed, what went wrong becomes one line and an exit status. */
import { printable } from '../bytes/printable.js'
import { SynopsisError } from '../errors.js'
import { catchInterrupt } from './interrupt.js'
import { complain, Screen } from './screen.js'
import { ReaderGone } from './standard-output.js'
import type { ColourChoice } from './terminal.js'

/** What a command works with. */
export interface Run {
  readonly screen: Screen
  /** Says what is wrong and goes on; the program ends with `status` unless something worse follows. */
  readonly warn: (text: string, status: number) => void
}

export async function run(colour: ColourChoice, work: (run: Run) => Promise<void>): Promise<void> {
  const screen = new Screen(colour)
  const warn = (text: string, status: number) => {
    screen.flush()
    endWith(status)
    complain(`synopsis: ${printable(text)}`)
  }
  catchInterrupt()
  try {
    try {
      await work({ screen, warn })
    } finally {
      screen.flush()
    }
  } catch (error) {
    report(error)
  }
}

/** Says what went wrong, and sets the exit status. */
export function report(error: unknown): void {
  if (error instanceof ReaderGone) return
  if (error instanceof SynopsisError) {
    endWith(error.exitStatus)
    complain(`synopsis: ${printable(error.message)}`)
    return
  }
  endWith(70)
  const trace = error instanceof Error ? error.stack : String(error)
  complain(
    `synopsis: internal error: this is a mistake in synopsis, not in what you did. Please report it with this:\n${trace}`,
  )
}

/** Sets the exit status, unless a worse one is set. */
export function endWith(status: number): void {
  process.exitCode = Math.max(Number(process.exitCode ?? 0), status)
}
