/**
 * What a kernel said of its TCP sockets for a while: what `netstat -a` shows. `synopsis lab run` looks at both nodes' tables all
 * the time and keeps them (sockets.ndjson), a record a line, one each time that something has changed.
 */
import { FileError } from '../errors.js'

/** A socket as netstat shows it. */
export interface KernelSocket {
  /** `192.168.56.1:43210`, `[fd00:56::1]:51717`; `0.0.0.0:0` is the peer of one that listens */
  readonly local: string
  readonly remote: string
  /** in netstat's words: `ESTABLISHED`, `LISTEN`, … */
  readonly state: string
}

export interface SocketTable {
  readonly node: 'client' | 'server'
  /** seconds since 1970: before the first look, and after the last one that found the same */
  readonly from: string
  readonly until: string
  /** the longest time between two looks, in ms: what was shorter may have been missed */
  readonly gap: number
  readonly sockets: readonly KernelSocket[]
}

/** One line of a file of tables. Throws FileError with `code` 'BAD_SOCKETS' for one that is none. */
export function parseSocketTable(line: string): SocketTable {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    value = undefined
  }
  if (!isSocketTable(value)) throw new FileError('BAD_SOCKETS', `no table of sockets: ${line.slice(0, 60)}`)
  return value
}

function isSocketTable(value: unknown): value is SocketTable {
  if (typeof value !== 'object' || value === null) return false
  const { node, from, until, gap, sockets } = value as Partial<Record<keyof SocketTable, unknown>>
  const isTime = (time: unknown) => typeof time === 'string' && /^\d+\.\d{9}$/.test(time)
  return (
    (node === 'client' || node === 'server') &&
    isTime(from) &&
    isTime(until) &&
    typeof gap === 'number' &&
    Array.isArray(sockets) &&
    sockets.every(isSocket)
  )
}

function isSocket(value: unknown): value is KernelSocket {
  if (typeof value !== 'object' || value === null) return false
  const { local, remote, state } = value as Partial<Record<keyof KernelSocket, unknown>>
  return typeof local === 'string' && typeof remote === 'string' && typeof state === 'string'
}
