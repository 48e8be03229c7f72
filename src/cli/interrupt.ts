/** Ctrl-C: the first one ends the reading, so that what is there can be shown; the second one ends the program. */

let requested = false
let announce: () => void = () => {}

/** Resolves on the first Ctrl-C. */
export const interrupted = new Promise<void>((resolve) => {
  announce = resolve
})

/** Call once, before anything long. */
export function catchInterrupt(): void {
  process.once('SIGINT', () => {
    requested = true
    announce()
  })
}

export function isInterrupted(): boolean {
  return requested
}
