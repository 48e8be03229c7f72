/** errno, by the names that manuals use, and the C library's own words for it. */
import koffi from 'koffi'
import { CallError } from '../errors.js'
import { bound } from './library.js'

const strerror = bound<(errno: number) => string>('const char *strerror(int)')

/** Several names may share a number, EAGAIN and EWOULDBLOCK for one: the first in the alphabet wins. */
const NAMES = new Map<number, string>()
for (const [name, value] of Object.entries(koffi.os.errno)) if (!NAMES.has(value)) NAMES.set(value, name)

export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`
}

export function callError(call: string, errno: number): CallError {
  return new CallError(call, errnoName(errno), strerror(errno))
}

/** Whether `error` is a call that failed with one of these. */
export function failedWith(error: unknown, ...names: string[]): error is CallError {
  return error instanceof CallError && names.includes(error.code)
}
