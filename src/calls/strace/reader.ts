/**
 * strace's output into records of calls, while the program runs: chunks of any size go in, and each call comes out when it
 * is whole. A call that a signal interrupted is one call: where the kernel takes it up again, it began when it first began;
 * where the program got EINTR, that is its result. What is not strace's (the program's own output in the same file, lines
 * that were cut) is counted and left out: a log is input like any other.
 */
import { append } from '../../bytes/lists.js'
import type { Call, Moment } from '../call.js'
import { later } from '../moment.js'
import { TextLines } from '../text-lines.js'
import { InterruptedCalls } from './interrupted.js'
import { type LineTime, parseLine, type StraceClock, type StraceLine } from './line.js'
import { type CallText, callFrom } from './record.js'
import { isFollowed, makesProcess, ONLY_READ } from './system-calls.js'
import { MAX_THREADS, ThreadNames } from './threads.js'

export interface StraceOptions {
  /** the thread of lines that do not name one: -ff writes it into the file's name only */
  readonly thread?: number
  /** seconds since 1970 at the midnight that `-t` and `-tt` count from; 0 where it is not known */
  readonly midnight?: number
}

const DAY = 86_400
/** Calls whose argument names another end: on a stream they name none. */
const ADDRESSED: ReadonlySet<string> = new Set(['sendto', 'recvfrom', 'sendmsg', 'recvmsg', 'sendmmsg', 'recvmmsg'])

interface Unfinished {
  readonly name: string
  readonly rest: string
  readonly entered: Moment
}

/**
 * Takes what strace writes, in chunks as they come (`push`), and gives the calls that became whole, in the order in which
 * they returned; `finish` gives those that never did. Never throws. `clock` says what the times count from, and must be
 * looked at: only `epoch` compares with packets as it is.
 */
export class StraceReader {
  /** of the lines so far; `none` where they have no times, and then calls are 1 µs apart */
  clock: StraceClock = 'none'
  /** whether calls say how long they took (-T); without it, `returned` is the moment of entry where nothing else says */
  hasDurations = false
  /** lines that are none of strace's */
  ignored = 0
  readonly #lines = new TextLines()
  readonly #threads = new ThreadNames()
  readonly #interrupted = new InterruptedCalls()
  readonly #unfinished = new Map<number, Unfinished>()
  /** inodes of Unix-domain sockets that are for datagrams */
  readonly #datagramSockets = new Set<number>()
  readonly #thread: number
  #midnight: number
  #last: Moment = { seconds: 0, nanoseconds: 0 }
  #alone: number | undefined
  #hasBegun = false

  constructor({ thread = 0, midnight = 0 }: StraceOptions = {}) {
    this.#thread = thread
    this.#midnight = midnight
  }

  push(chunk: Uint8Array | string): Call[] {
    const calls: Call[] = []
    for (const line of this.#lines.take(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) this.line(line, calls)
    return calls
  }

  /**
   * One whole line, without its end; undefined for one that is longer than any of strace's. What becomes whole with it is
   * added to `calls`. `thread`: as for the options.
   */
  line(text: string | undefined, calls: Call[], thread = this.#thread): void {
    const line = text === undefined ? undefined : parseLine(text)
    if (line === undefined) {
      if (text?.trim() !== '') this.ignored++
      return
    }
    if (line.what.kind === 'attached') {
      // before all calls it is the one that strace was told to follow (-p); later, a child that its lines name
      if (!this.#hasBegun) this.#alone ??= line.what.thread
      return
    }
    this.#hasBegun = true
    this.#take(line, line.thread ?? (thread !== 0 ? thread : (this.#alone ?? 0)), calls)
  }

  /** Calls that have not returned, as far as they are known: who waits for what at this moment. */
  underWay(): Call[] {
    const calls = [...this.#unfinished].flatMap(([thread, { name, rest, entered }]) =>
      this.#record(thread, { name, rest: rest, entered }),
    )
    return [...calls, ...this.#interrupted.all()]
  }

  finish(): Call[] {
    const calls: Call[] = []
    for (const line of this.#lines.end()) this.line(line, calls)
    append(calls, this.underWay())
    this.#unfinished.clear()
    this.#interrupted.clear()
    return calls
  }

  #take({ time, what }: StraceLine, thread: number, calls: Call[]): void {
    const moment = this.#momentOf(time)
    this.#threads.seen(thread)
    switch (what.kind) {
      case 'unfinished':
        this.#enter(thread, what.name, what.rest)
        if (this.#unfinished.size < MAX_THREADS) this.#unfinished.set(thread, { ...what, entered: moment })
        break
      case 'call':
        this.#enter(thread, what.name, what.rest)
        this.#whole(thread, { name: what.name, rest: what.rest, entered: moment }, calls)
        break
      case 'resumed': {
        const begun = this.#unfinished.get(thread)
        if (begun === undefined || begun.name !== what.name) {
          this.ignored++
          break
        }
        this.#unfinished.delete(thread)
        const rest = begun.rest + what.rest
        this.#whole(thread, { name: begun.name, rest, entered: begun.entered, resumed: moment }, calls)
        break
      }
      case 'detached': {
        const begun = this.#unfinished.get(thread)
        this.#unfinished.delete(thread)
        const entered = begun?.entered ?? moment
        calls.push(...this.#record(thread, { name: what.name, rest: begun?.rest ?? what.rest, entered }))
        break
      }
      case 'signal':
        calls.push({ ...this.#event(thread, 'signal', moment), arguments: [what.name, ...nonEmpty(what.information)] })
        break
      case 'exited':
        this.#end(thread, { ...this.#event(thread, 'ended', moment), status: { exited: what.status } }, calls)
        break
      case 'killed':
        this.#end(thread, { ...this.#event(thread, 'ended', moment), status: { signal: what.signal } }, calls)
        break
      case 'superseded':
        this.#end(thread, this.#event(thread, 'ended', moment), calls)
        break
      case 'attached':
        break
    }
  }

  /** A call begins: of a clone, the flags are known by now, and what it makes may speak before it returns. */
  #enter(thread: number, name: string, rest: string): void {
    if (makesProcess(name)) this.#threads.cloning(thread, rest)
  }

  #whole(thread: number, text: CallText, calls: Call[]): void {
    const records = this.#record(thread, text)
    const [record] = records
    if (makesProcess(text.name)) this.#threads.cloned(thread, text.rest, record?.result)
    if (record === undefined) return
    const whole = this.#interrupted.follow(record, ONLY_READ.has(text.name))
    calls.push(...whole)
  }

  #record(thread: number, text: CallText): Call[] {
    if (!isFollowed(text.name, text.rest)) return []
    const { call, hasDuration } = callFrom(this.#threads.processOf(thread), thread, text)
    if (hasDuration) this.hasDurations = true
    return [this.#withKind(call)]
  }

  /** strace may call a Unix-domain socket just that, whatever its type; `socket` said it, or a datagram with an address shows it. */
  #withKind(call: Call): Call {
    const { transport, inode, peer, arguments: given } = call
    if (transport !== 'unix' || inode === undefined) return call
    const isAddressed = peer !== undefined && ADDRESSED.has(call.by ?? call.call)
    if (isAddressed || (call.call === 'socket' && given[1]?.includes('SOCK_DGRAM'))) {
      if (this.#datagramSockets.size < MAX_THREADS) this.#datagramSockets.add(inode)
    }
    return this.#datagramSockets.has(inode) ? { ...call, transport: 'unix-datagram' } : call
  }

  #event(thread: number, call: string, moment: Moment): Call {
    return { pid: this.#threads.processOf(thread), thread, call, arguments: [], entered: moment, returned: moment }
  }

  #end(thread: number, event: Call, calls: Call[]): void {
    const begun = this.#unfinished.get(thread)
    this.#unfinished.delete(thread)
    if (begun !== undefined) calls.push(...this.#record(thread, begun))
    calls.push(...this.#interrupted.end(thread), event)
    this.#threads.ended(thread)
  }

  #momentOf(time: LineTime): Moment {
    if (time.clock !== 'none') this.clock = time.clock
    switch (time.clock) {
      case 'epoch':
        this.#last = { seconds: time.seconds, nanoseconds: time.nanoseconds }
        break
      case 'time of day': {
        // past midnight the count begins again; lines of several threads may be out of order by far less
        if (this.#midnight + time.seconds < this.#last.seconds - DAY / 2) this.#midnight += DAY
        this.#last = { seconds: this.#midnight + time.seconds, nanoseconds: time.nanoseconds }
        break
      }
      case 'relative':
        this.#last = later(this.#last, time.seconds, time.nanoseconds)
        break
      case 'none':
        this.#last = later(this.#last, 0, 1000)
        break
    }
    return this.#last
  }
}

function nonEmpty(text: string): string[] {
  return text === '' ? [] : [text]
}
