/**
 * The C library, called through koffi: no compiler and no headers on the user's machine. Functions are bound when first
 * asked for, so that `lab list` works, and Windows hears what it needs, without one of them.
 */
import koffi from 'koffi'
import { LabError } from '../errors.js'

let library: ReturnType<typeof koffi.load> | undefined

/** The C library that this process is already linked with. */
export function c(): ReturnType<typeof koffi.load> {
  if (library) return library
  if (process.platform === 'win32') {
    throw new LabError(
      'PLATFORM',
      "the lab's servers and clients are written on the BSD sockets API, which Windows does not have",
      'run them in WSL: `wsl --install`, then install synopsis there',
    )
  }
  library = koffi.load(null)
  return library
}

/** Binds a function at its first use. `declaration` is C's own, with `intptr_t` for `ssize_t`, which koffi does not know. */
export function bound<F extends (...values: never[]) => unknown>(declaration: string): F {
  let target: F | undefined
  const call = (...values: Parameters<F>): unknown => {
    target ??= c().func(declaration) as unknown as F
    return target(...values)
  }
  return call as F
}
