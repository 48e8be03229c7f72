/** Whole logs: what tells that a file is strace's, files of one thread each (-ff), the process that no line names. */
import { append } from '../../bytes/lists.js'
import type { Call } from '../call.js'
import { compareMoments } from '../moment.js'
import { parseLine } from './line.js'
import { type StraceOptions, StraceReader } from './reader.js'
import { isFollowed } from './system-calls.js'

/** Whether a line is of strace's: a calls file is strace's when one of its first lines is. */
export function isStraceLine(line: string): boolean {
  return parseLine(line) !== undefined
}

/** `FILE.8421`: the thread whose calls `strace -ff -o FILE` wrote there; undefined for another name. */
export function threadOfFile(path: string): number | undefined {
  const match = /\.(\d{1,10})$/.exec(path)
  return match === null ? undefined : Number(match[1])
}

/** One thread's file of `strace -ff`. */
export interface ThreadLog {
  readonly thread: number
  /** undefined for one that is longer than any of strace's */
  readonly lines: Iterable<string | undefined>
}

export interface StraceLog {
  /** in the order in which they were entered */
  readonly calls: readonly Call[]
  /** whose `clock`, `hasDurations` and `ignored` say how good the log is */
  readonly reader: StraceReader
}

/**
 * Files of `strace -ff`, one a thread, together: their lines by time.
 * @param keep is told of each line that has to be kept until all are read, and may refuse with an exception
 */
export function readThreadLogs(
  logs: readonly ThreadLog[],
  options: StraceOptions = {},
  keep: (line: string) => void = () => {},
): StraceLog {
  const reader = new StraceReader(options)
  const lines: { thread: number; line: string; at: number }[] = []
  for (const { thread, lines: own } of logs) {
    let last = -1
    for (const line of own) {
      const parsed = line === undefined ? undefined : parseLine(line)
      if (line === undefined || parsed === undefined) {
        reader.line(line, [])
        continue
      }
      const { time, what } = parsed
      // a line without a time of its own stays behind the one before it
      if (time.clock !== 'none' && time.clock !== 'relative') last = time.seconds + time.nanoseconds / 1e9
      if (what.kind === 'call' && !isFollowed(what.name, what.rest)) continue
      keep(line)
      lines.push({ thread, line, at: last })
    }
  }
  // entries of a second hold as doubles to 0.2 µs: near enough to put threads beside each other; a file keeps its order
  lines.sort((a, b) => a.at - b.at)
  const calls: Call[] = []
  for (const { thread, line } of lines) reader.line(line, calls, thread)
  append(calls, reader.finish())
  return { calls: calls.sort((a, b) => compareMoments(a.entered, b.entered)), reader }
}

/**
 * Without -o, strace names no process until there is a second one: its first lines have process 0. When it appears by name
 * later, as the one that nobody made, those lines are its too.
 */
export function withMainProcess(calls: readonly Call[]): readonly Call[] {
  if (!calls.some(({ pid }) => pid === 0)) return calls
  const made = new Set(calls.filter(isMaker).map(({ result }) => result))
  const main = calls.find(({ pid, thread }) => pid !== 0 && !made.has(pid) && !made.has(thread))?.pid
  if (main === undefined) return calls
  return calls.map((call) => (call.pid === 0 ? { ...call, pid: main, thread: call.thread || main } : call))
}

function isMaker({ call }: Call): boolean {
  return call === 'fork' || call === 'vfork' || call === 'clone' || call === 'pthread_create'
}
