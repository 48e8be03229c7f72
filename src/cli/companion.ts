/** The program that runs while a capture goes on: `synopsis capture … -- COMMAND`. Its exit status becomes ours. */
import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { complain } from './screen.js'

/** As a shell has it: not found, and not to be run. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126
const SIGNALLED = 128

/** Milliseconds without a packet after which the network has gone quiet, and that are waited for it at the most. */
const QUIET = 300
const PATIENCE = 5000
const INTERVAL = 50

export class Companion {
  /** the exit status that a shell would give */
  readonly ended: Promise<number>
  readonly #child: ChildProcess

  /** @param keepOutput false: standard output is taken by the packets or the JSON, so that its output goes to standard error */
  constructor([command = '', ...args]: readonly string[], keepOutput: boolean) {
    this.#child = spawn(command, args, { stdio: ['inherit', keepOutput ? 'inherit' : 2, 'inherit'] })
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        const isMissing = error.code === 'ENOENT'
        complain(`synopsis: cannot start ${command}: ${isMissing ? 'there is no such program' : error.message}`)
        resolve(isMissing ? NOT_FOUND : NOT_EXECUTABLE)
      })
      this.#child.once('exit', (status, signal) => {
        resolve(status ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal]))
      })
    })
  }

  /** Passes a signal on that the terminal did not send to it, too. */
  terminate(): void {
    this.#child.kill('SIGTERM')
  }
}

/** Waits until `count` stays the same for a while. */
export async function quiet(count: () => number): Promise<void> {
  let last = count()
  let since = performance.now()
  const until = since + PATIENCE
  for (let now = since; now < until && now - since < QUIET; now = performance.now()) {
    await pause(INTERVAL)
    const next = count()
    if (next !== last) since = performance.now()
    last = next
  }
}
