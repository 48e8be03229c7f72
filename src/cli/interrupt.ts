/** Ctrl-C: the first one ends the reading, so that what is there can be shown; the second one ends the program. */

interface Interrupt {
  isRequested: boolean
  readonly announced: Promise<void>
  readonly announce: () => void
}

let current = anew()

function anew(): Interrupt {
  let announce = () => {}
  const announced = new Promise<void>((resolve) => {
    announce = resolve
  })
  return { isRequested: false, announced, announce }
}

function request(): void {
  current.isRequested = true
  current.announce()
}

/** Call before anything long. What was interrupted before is over: a program that was traced, say. */
export function catchInterrupt(): void {
  process.off('SIGINT', request)
  current = anew()
  process.once('SIGINT', request)
}

/** Resolves on the first Ctrl-C. */
export function interrupted(): Promise<void> {
  return current.announced
}

export function isInterrupted(): boolean {
  return current.isRequested
}
