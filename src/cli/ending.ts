/** What is left behind when a signal ends the program: nothing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is gone when the program has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'synopsis-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** On a signal ends the program, once `before` is done; with the status that a shell has for it. A second one does not wait. */
export function endOnSignals(before: () => Promise<void> | void): void {
  const end = async (signal: NodeJS.Signals) => {
    try {
      await before()
    } finally {
      process.exit(SIGNALLED + constants.signals[signal])
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
}

const SIGNALLED = 128
