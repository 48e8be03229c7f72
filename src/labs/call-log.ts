/**
 * `--calls FILE`: every call as it was made, one line each. Processes and threads append to one file; a line is one write
 * to a descriptor opened for appending, so lines of different processes do not mix.
 */
import { openSync, writeSync } from 'node:fs'
import { type Call, formatCall, type Moment } from '../calls/call.js'
import { LabError } from './errors.js'
import { bound } from './sockets/library.js'

const clock_gettime = bound<(clock: number, time: Buffer) => number>('int clock_gettime(int, void *)')
const gettid = bound<() => number>('int gettid()')
const pthread_threadid_np = bound<(thread: null, id: Buffer) => number>('int pthread_threadid_np(void *, void *)')

const CLOCK_REALTIME = 0
const timespec = Buffer.alloc(16)

let descriptor: number | undefined
let thread = 0

/** Turns logging on in this thread. */
export function openCallLog(path: string | undefined): void {
  if (path === undefined) return
  try {
    descriptor = openSync(path, 'a')
  } catch (cause) {
    throw new LabError('CALLS', `the calls cannot be written to ${path}`, 'check the directory and its permissions', {
      cause,
    })
  }
  thread = threadId()
}

export function isLogging(): boolean {
  return descriptor !== undefined
}

/** CLOCK_REALTIME, which is also what the kernel stamps packets with. */
export function now(): Moment {
  clock_gettime(CLOCK_REALTIME, timespec)
  return { seconds: Number(timespec.readBigInt64LE(0)), nanoseconds: Number(timespec.readBigInt64LE(8)) }
}

/** Writes a record; `pid` and `thread` are this thread's unless it says otherwise. */
export function logCall(
  call: Omit<Call, 'pid' | 'thread'> & { readonly pid?: number; readonly thread?: number },
): void {
  if (descriptor !== undefined) writeSync(descriptor, formatCall({ pid: process.pid, thread, ...call }))
}

/** The kernel's id of the calling thread, as strace and `ps -L` show it. */
function threadId(): number {
  if (process.platform === 'linux') return gettid()
  const id = Buffer.alloc(8)
  pthread_threadid_np(null, id)
  return Number(id.readBigUInt64LE(0))
}
