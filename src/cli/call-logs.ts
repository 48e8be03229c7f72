/**
 * `--calls [FILE]`: a log of calls made elsewhere, merged with a capture: strace's own output, in any of its formats that say
 * when, or the NDJSON of the lab's programs and of `trace --keep-calls`. Told apart by content.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Command } from 'commander'
import { append } from '../bytes/lists.js'
import { printable } from '../bytes/printable.js'
import { countOf, formatDuration } from '../bytes/units.js'
import type { Call } from '../calls/call.js'
import { later } from '../calls/moment.js'
import { followProcesses } from '../calls/processes/follow.js'
import type { Processes } from '../calls/processes/model.js'
import { untilTheNext } from '../calls/strace/durations.js'
import { isStraceLine, readThreadLogs, threadOfFile, withMainProcess } from '../calls/strace/log.js'
import { StraceReader } from '../calls/strace/reader.js'
import { failedCalls } from '../calls/without-packets.js'
import { FileError } from '../errors.js'
import type { SessionSummary } from '../sessions/summary.js'
import type { Survey } from '../survey.js'
import { type ClockDifference, estimateClock, SAME_CLOCK } from '../timeline/calls/clock.js'
import { NamedSessions } from '../timeline/calls/named.js'
import { nameSockets } from '../timeline/calls/nameless.js'
import { CallLog, CallLogs } from '../timeline/calls/observe.js'
import { timelines } from '../timelines.js'
import { linesOf, Room, readCallFile, withPath } from './call-files.js'
import type { Input } from './input.js'
import { collect } from './options.js'

export interface CallOptions {
  /** true: inferred calls; names: logs, or captures after a `--calls` that was meant to stand alone */
  readonly calls?: true | readonly string[]
  readonly callsFrom?: readonly string[]
}

export function takesCalls(command: Command): Command {
  return command
    .option(
      '--calls [log]',
      "the socket calls too: inferred from the packets (≈), or with a log, strace's or the lab's, those that were made; may be given again",
      (value: string, before: readonly string[] | true | undefined) =>
        collect(value, Array.isArray(before) ? before : []),
    )
    .option('--calls-from <log>', 'the same, with a log', collect)
}

export interface NamedFiles {
  readonly captures: readonly string[]
  readonly logs: readonly string[]
  /** calls are to be shown at all */
  readonly showCalls: boolean
}

/** What is a log and what a capture, of all that was named. */
export function sortFiles(named: readonly string[], { calls, callsFrom = [] }: CallOptions): NamedFiles {
  const given = Array.isArray(calls) ? calls : []
  const captures = given.filter((path) => isCapture(path) || (named.length === 0 && !isLog(path)))
  const logs = [...given.filter((path) => !captures.includes(path)), ...callsFrom]
  return { captures: [...captures, ...named], logs, showCalls: calls !== undefined || callsFrom.length > 0 }
}

/** Bytes from the beginning that tell what a file is. */
const HEAD = 64 << 10

function isLog(path: string): boolean {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return threadFiles(path).length > 0
  return kindOf(headOf(path)) !== undefined
}

/** A capture's magic number, or gzip's: what a log never begins with. */
function isCapture(path: string): boolean {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return path === '-'
  const head = Buffer.from(headOf(path).slice(0, 4), 'latin1').toString('hex')
  return (
    head.startsWith('1f8b') ||
    ['0a0d0d0a', 'a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', 'a1b2cd34', '34cdb2a1'].includes(head)
  )
}

function headOf(path: string): string {
  const descriptor = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(HEAD)
    return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, HEAD, 0))
  } finally {
    closeSync(descriptor)
  }
}

function kindOf(head: string): 'ndjson' | 'strace' | undefined {
  const lines = head.split('\n').filter((line) => line.trim() !== '')
  if (lines[0]?.startsWith('{')) return 'ndjson'
  return lines.slice(0, 50).some(isStraceLine) ? 'strace' : undefined
}

/** `strace -ff -o NAME` has written NAME.1234, one file a thread. */
function threadFiles(path: string): string[] {
  const folder = dirname(path)
  const prefix = `${basename(path)}.`
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && threadOfFile(name) !== undefined)
  return names.map((name) => join(folder, name))
}

/** A log as it was read: its times are its own clock's. */
interface ReadLog {
  readonly name: string
  readonly calls: readonly Call[]
  /** what it does not say, in a sentence */
  readonly remark?: string
}

/**
 * @param midnight seconds since 1970 of the day that times of day count from: the capture's
 * @throws FileError for a file that is no log, or whose times say nothing
 */
function readLogs(paths: readonly string[], midnight: number): ReadLog[] {
  const room = new Room()
  const logs: ReadLog[] = []
  const threads: string[] = []
  for (const path of paths) {
    if (!existsSync(path) && threadFiles(path).length > 0) threads.push(...threadFiles(path))
    else if (!existsSync(path)) throw new FileError('CANNOT_READ', `cannot read ${path}: there is no such file`)
    else {
      const kind = kindOf(headOf(path))
      if (kind === 'ndjson') logs.push({ name: path, calls: readCallFile(path, room) })
      else if (kind === undefined) throw notALog(path)
      else if (threadOfFile(path) !== undefined) threads.push(path)
      else {
        const reader = new StraceReader({ midnight })
        const calls = withPath(path, STRACE, () => readStrace(path, reader, room))
        logs.push(readLog(path, withMainProcess(calls), reader))
      }
    }
  }
  if (threads.length > 0) {
    const name = threads[0] ?? ''
    const read = threads.map((path) => ({ thread: threadOfFile(path) ?? 0, lines: linesOf(path) }))
    const keep = (line: string) => room.take(line.length)
    const { calls, reader } = withPath(name, STRACE, () => readThreadLogs(read, { midnight }, keep))
    logs.push(readLog(name, calls, reader))
  }
  return logs
}

const STRACE = 'give what strace -o FILE wrote'

function readStrace(path: string, reader: StraceReader, room: Room): Call[] {
  const calls: Call[] = []
  let counted = 0
  const count = () => {
    for (; counted < calls.length; counted++)
      room.take(calls[counted]?.arguments.reduce((sum, { length }) => sum + length, 0) ?? 0)
  }
  for (const line of linesOf(path)) {
    reader.line(line, calls)
    count()
  }
  append(calls, reader.finish())
  count()
  return calls
}

function notALog(path: string): FileError {
  return new FileError(
    'BAD_CALL',
    `${path} is no log of calls: give strace's output (strace -f -ttt -T -yy -o FILE), or the lab's`,
  )
}

/** @throws FileError where it has no times to be merged by */
function readLog(name: string, calls: readonly Call[], { clock, hasDurations }: StraceReader): ReadLog {
  checkTimes(name, clock)
  if (hasDurations) return { name, calls }
  const remark = `${name} does not say how long calls took (strace -T does): each is taken to last until the next of its thread`
  return { name, calls: untilTheNext(calls), remark }
}

function checkTimes(path: string, clock: StraceReader['clock']): void {
  if (clock === 'epoch' || clock === 'time of day') return
  const why =
    clock === 'relative'
      ? 'its times (-r) count from one line to the next, of whatever thread: nothing says when that was'
      : 'it has no times'
  throw new FileError(
    'NO_TIMES',
    `${path} cannot be merged with packets: ${why}. Trace again: strace -f -ttt -T -yy -o FILE`,
  )
}

/** Sessions whose calls and packets are compared to find out how far two clocks differ. */
const COMPARED = 20

export interface Merged {
  readonly log: CallLogs | undefined
  /** a sentence for each log that another clock has stamped, or that has no calls of these sessions */
  readonly remarks: readonly string[]
  /** what the logs tell of processes and sockets: of all together where no process number stands in two */
  readonly followed: readonly Processes[]
}

/** Seconds. */
const DAY = 86_400

/** Reads the logs, and puts them on the capture's clock. @throws FileError */
export async function mergeLogs(
  input: Input,
  first: Survey,
  summaries: readonly SessionSummary[],
  paths: readonly string[],
): Promise<Merged> {
  if (paths.length === 0) return { log: undefined, remarks: [], followed: [] }
  const logs = readLogs(paths, Math.floor(Number(summaries[0]?.start ?? 0) / DAY) * DAY)
  const merged: CallLog[] = []
  const all: Followed[] = []
  const remarks: string[] = []
  for (const { name, calls: read, remark } of logs) {
    if (remark !== undefined) remarks.push(remark)
    const calls = nameSockets(read, followProcesses(read), summaries)
    const asLogged = followProcesses(calls)
    const log = new CallLog(asLogged)
    const named = new NamedSessions(asLogged.calls)
    const own = summaries.filter((summary) => named.has(summary)).slice(0, COMPARED)
    const sample = own.length === 0 ? [] : await timelines(await input.again(), first, own)
    const difference = estimateClock(sample, log)
    if (difference === undefined)
      remarks.push([`${name} has no call of a session in this capture`, ...failedCalls(asLogged)].join('; '))
    else if (difference.nanoseconds !== 0) remarks.push(describeClock(name, difference))
    const by = difference?.nanoseconds ?? 0
    const onClock = by === 0 ? calls : calls.map((call) => shifted(call, by))
    const followed = by === 0 ? asLogged : followProcesses(onClock)
    all.push({ calls: onClock, followed })
    merged.push(by === 0 ? log : new CallLog(followed))
  }
  return { log: new CallLogs(merged), remarks: remarks.map(printable), followed: together(all) }
}

/** What logs alone tell, without a capture. @throws FileError */
export function followLogs(paths: readonly string[]): Processes[] {
  const logs = readLogs(paths, 0)
  return together(logs.map(({ calls }) => ({ calls, followed: followProcesses(calls) })))
}

interface Followed {
  readonly calls: readonly Call[]
  readonly followed: Processes
}

/** Both ends of a connection tell more than one: logs are followed as one, unless two hosts use the same process number. */
function together(all: readonly Followed[]): Processes[] {
  const pids = all.flatMap(({ followed }) => followed.processes.map(({ pid }) => pid))
  if (all.length < 2 || new Set(pids).size < pids.length) return all.map(({ followed }) => followed)
  return [followProcesses(all.flatMap(({ calls }) => calls))]
}

function describeClock(name: string, { nanoseconds, pairs, uncertainty }: ClockDifference): string {
  const way = nanoseconds > 0 ? 'behind' : 'ahead of'
  const within = uncertainty > SAME_CLOCK ? `, to within ${formatDuration(Math.round(uncertainty))}` : ''
  return `the clock of ${name} is ${formatDuration(Math.abs(nanoseconds))} ${way} the capture's${within}: found from ${countOf(pairs, 'call')} and the packets that belong to them; its times are corrected`
}

function shifted(call: Call, nanoseconds: number): Call {
  const seconds = Math.floor(nanoseconds / 1e9)
  const rest = Math.round(nanoseconds - seconds * 1e9)
  const { returned } = call
  return {
    ...call,
    entered: later(call.entered, seconds, rest),
    ...(returned && { returned: later(returned, seconds, rest) }),
  }
}
