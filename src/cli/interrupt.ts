/** Ctrl-C: the first one ends the reading, so that what is there can be shown; the second one ends the program. */

let requested = false

/** Call once, before anything long. */
export function catchInterrupt(): void {
  process.once('SIGINT', () => {
    requested = true
  })
}

export function isInterrupted(): boolean {
  return requested
}
