/** The port on a command line. */
import { LabError } from './errors.js'

const LAST_PORT = 65_535

/** Reads a port; `fallback` is the service's own, used when none is given. 0 asks the kernel for a free one. */
export function parsePort(text: string | undefined, fallback?: number): number {
  if (text === undefined) {
    if (fallback !== undefined) return fallback
    throw new LabError('NO_PORT', 'ERROR, no port provided', 'name one from 1024 to 65535 as the last word, 51717 say')
  }
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= LAST_PORT) return port
  throw new LabError(
    'BAD_PORT',
    `ERROR, bad port: ${JSON.stringify(text)}`,
    `a port is a number from 1 to ${LAST_PORT}; for a server, 0 takes any that is free`,
  )
}
