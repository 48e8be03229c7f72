/**
 * One line of strace's output: who, when, and what. The parts before the call depend on its options: `8421 ` or
 * `[pid  8421] ` (-f, -o), the time (-r, -t, -tt, -ttt, --absolute-timestamps), the instruction pointer (-i), the call's number (-n).
 */

/** Which clock the times are of: seconds since 1970; the time of day, without a date; since the line before; none. */
export type StraceClock = 'epoch' | 'time of day' | 'relative' | 'none'

export interface LineTime {
  readonly clock: StraceClock
  /** of `epoch`: seconds since 1970; of `time of day`: since midnight; of `relative`: since the line before */
  readonly seconds: number
  readonly nanoseconds: number
}

export type LineKind =
  | { readonly kind: 'call'; readonly name: string; readonly rest: string }
  | { readonly kind: 'unfinished'; readonly name: string; readonly rest: string }
  | { readonly kind: 'detached'; readonly name: string; readonly rest: string }
  | { readonly kind: 'resumed'; readonly name: string; readonly rest: string }
  | { readonly kind: 'signal'; readonly name: string; readonly information: string }
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'superseded'; readonly by: number }
  | { readonly kind: 'attached'; readonly thread: number }

export interface StraceLine {
  /** the thread's id; absent where the line does not say it: there is only one, or it is in the file's name (-ff) */
  readonly thread?: number
  readonly time: LineTime
  readonly what: LineKind
}

const PREFIX = /^\s*(?:\[pid +(\d{1,10})(?:<[^>]*>)?\] +|(\d{1,9})(?:<[^>]*>)? +(?=\S))?/
const DAY_TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? +(?:\(\+ *[\d.]+\) +)?/
const COUNTED = /^ *(\d{1,12})(?:\.(\d{1,9}))? +(?:\(\+ *[\d.]+\) +)?/
/** -i and -n put these between the time and the call */
const POINTER = /^(?:\[ *[0-9a-f?]+\] +){1,2}/
const CALL = /^([a-zA-Z_]\w{0,40})\(/
const RESUMED = /^<\.\.\. ([a-zA-Z_]\w{0,40}) resumed> ?/
const SIGNAL = /^--- (SIG[A-Z0-9+_]+|stopped by SIG[A-Z0-9+_]+) ?(.*?) ?---$/
const ENDED =
  /^\+\+\+ (?:exited with (\d{1,3})|killed by (SIG[A-Z0-9+_]+)(?: \(core dumped\))?|superseded by execve in pid (\d{1,10})) \+\+\+$/
const ATTACHED = /^(?:\S*strace: )?Process (\d{1,10}) attached/
const UNFINISHED = '<unfinished ...>'
const DETACHED = '<detached ...>'

/** Earlier than this, a count of seconds is no date: it is the time since the line before (-r). */
const FIRST_DATE = 100_000_000

/** Undefined for a line that is none of strace's: what the program itself printed, a line that was cut. */
export function parseLine(line: string): StraceLine | undefined {
  const prefix = PREFIX.exec(line)
  let text = line.slice(prefix?.[0].length ?? 0)
  const thread = prefix?.[1] ?? prefix?.[2]
  const [time, length] = readTime(text)
  text = text.slice(length)
  const pointer = POINTER.exec(text)
  if (pointer !== null) text = text.slice(pointer[0].length)
  const what = readWhat(text)
  if (what === undefined) return undefined
  return thread === undefined ? { time, what } : { thread: Number(thread), time, what }
}

function readTime(text: string): readonly [LineTime, number] {
  const day = DAY_TIME.exec(text)
  if (day !== null) {
    const [whole, hours, minutes, seconds, fraction] = day
    const sinceMidnight = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    return [{ clock: 'time of day', seconds: sinceMidnight, nanoseconds: nanosecondsOf(fraction) }, whole.length]
  }
  const counted = COUNTED.exec(text)
  if (counted !== null) {
    const seconds = Number(counted[1])
    const clock = seconds >= FIRST_DATE ? 'epoch' : 'relative'
    return [{ clock, seconds, nanoseconds: nanosecondsOf(counted[2]) }, counted[0].length]
  }
  return [{ clock: 'none', seconds: 0, nanoseconds: 0 }, 0]
}

/** The digits behind the point: `000015` is 15,000 ns. */
export function nanosecondsOf(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 9).padEnd(9, '0'))
}

function readWhat(text: string): LineKind | undefined {
  const call = CALL.exec(text)
  if (call !== null) {
    const [opening, name = ''] = call
    const rest = text.slice(opening.length).trimEnd()
    if (rest.endsWith(UNFINISHED)) return { kind: 'unfinished', name, rest: rest.slice(0, -UNFINISHED.length) }
    if (rest.endsWith(DETACHED)) return { kind: 'detached', name, rest: rest.slice(0, -DETACHED.length) }
    return { kind: 'call', name, rest }
  }
  const resumed = RESUMED.exec(text)
  if (resumed !== null) {
    const rest = text.slice(resumed[0].length).trimEnd()
    if (rest.endsWith(DETACHED)) return { kind: 'detached', name: resumed[1] ?? '', rest: '' }
    return { kind: 'resumed', name: resumed[1] ?? '', rest }
  }
  return readEvent(text.trimEnd())
}

function readEvent(text: string): LineKind | undefined {
  const signal = SIGNAL.exec(text)
  if (signal !== null) {
    const [, name = '', information = ''] = signal
    return name.startsWith('SIG') ? { kind: 'signal', name, information } : undefined
  }
  const ended = ENDED.exec(text)
  if (ended !== null) {
    if (ended[1] !== undefined) return { kind: 'exited', status: Number(ended[1]) }
    if (ended[2] !== undefined) return { kind: 'killed', signal: ended[2] }
    return { kind: 'superseded', by: Number(ended[3]) }
  }
  const attached = ATTACHED.exec(text)
  return attached === null ? undefined : { kind: 'attached', thread: Number(attached[1]) }
}
