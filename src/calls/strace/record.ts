/** The text of one call, `accept(3<TCP:[…]>, {…}, [16]) = 4<TCP:[…]> <0.005200>`, as a record. */
import type { Call, CallStatus, Moment } from '../call.js'
import { later } from '../moment.js'
import { nanosecondsOf } from './line.js'
import { addressIn, type Ends, endsOf } from './names.js'
import { type Argument, endOfAnnotation, type Scanned, scanArguments } from './scan.js'
import { descriptorArgument, spell } from './system-calls.js'

export interface CallText {
  readonly name: string
  /** what stands behind the opening parenthesis; of a call that was resumed, both parts */
  readonly rest: string
  readonly entered: Moment
  /** the time of the line that says that it returned, where that is another */
  readonly resumed?: Moment
}

interface Outcome {
  readonly result?: number
  readonly errno?: string
  readonly detail?: string
  readonly annotation?: string
  /** how long it took (-T) */
  readonly duration?: readonly [seconds: number, nanoseconds: number]
  /** false of a call that does not return: `exit` */
  readonly hasReturned: boolean
}

const DURATION = / <(\d{1,9})\.(\d{1,9})>$/
const RETURN_VALUE = /^(0x[0-9a-f]{1,16}|-?\d{1,15})/

export function callFrom(pid: number, thread: number, text: CallText): { call: Call; hasDuration: boolean } {
  const scanned = scanArguments(text.rest, 0)
  const outcome = readOutcome(scanned.closed ? text.rest.slice(scanned.end) : '')
  const given = scanned.arguments.map((argument) => argument.text)
  const { call, arguments: spelled, by } = spell(text.name, given)
  const { result, errno, detail } = outcome
  const returned = returnedAt(text, outcome)
  const status = childStatus(text.name, given, outcome)
  const record: Call = {
    pid,
    thread,
    call,
    arguments: spelled,
    ...(result !== undefined && { result }),
    ...(errno !== undefined && { errno }),
    ...socketOf(text.name, scanned, outcome),
    ...(by !== undefined && by !== call && { by }),
    ...(detail !== undefined && { detail }),
    ...(status !== undefined && { status }),
    entered: text.entered,
    ...(returned !== undefined && { returned }),
  }
  return { call: record, hasDuration: outcome.duration !== undefined }
}

function returnedAt({ entered, resumed }: CallText, { hasReturned, duration }: Outcome): Moment | undefined {
  if (!hasReturned) return undefined
  if (duration !== undefined) return later(entered, ...duration)
  return resumed ?? entered
}

function readOutcome(text: string): Outcome {
  const equals = /^\s*= /.exec(text)
  if (equals === null) return { hasReturned: false }
  let value = text.slice(equals[0].length).trimEnd()
  const took = DURATION.exec(value)
  const duration = took === null ? {} : { duration: [Number(took[1]), nanosecondsOf(took[2])] as const }
  if (took !== null) value = value.slice(0, took.index)
  if (value.startsWith('?')) {
    const error = /^\? ([A-Z][A-Z0-9_]*)/.exec(value)
    return error === null ? { hasReturned: false } : { hasReturned: true, errno: error[1] ?? '', ...duration }
  }
  const number = RETURN_VALUE.exec(value)
  if (number === null) return { hasReturned: false }
  const result = Number(number[0])
  let at = number[0].length
  let annotation: string | undefined
  if (value.charAt(at) === '<') {
    const end = endOfAnnotation(value, at)
    annotation = value.slice(at + 1, end - 1)
    at = end
  }
  const said = value.slice(at).trim()
  const error = result === -1 ? /^([A-Z][A-Z0-9_]*)/.exec(said) : null
  const detail = /^\((.*)\)$/.exec(said)?.[1]
  return {
    hasReturned: true,
    ...(Number.isSafeInteger(result) && { result }),
    ...(error !== null && { errno: error[1] ?? '' }),
    ...(detail !== undefined && { detail }),
    ...(annotation !== undefined && { annotation }),
    ...duration,
  }
}

/** The calls that name the other end in an argument, and which one. */
const PEER_ARGUMENT: ReadonlyMap<string, number> = new Map([
  ['connect', 1],
  ['sendto', 4],
  ['recvfrom', 4],
  ['sendmsg', 1],
  ['recvmsg', 1],
  ['sendmmsg', 1],
  ['recvmmsg', 1],
  ['getpeername', 1],
])
const LOCAL_ARGUMENT: ReadonlyMap<string, number> = new Map([
  ['bind', 1],
  ['getsockname', 1],
])
const RETURNS_SOCKET: ReadonlySet<string> = new Set(['socket', 'accept', 'accept4'])

/** The descriptor a call is made on, what it is, and its two ends, as far as this line tells. */
function socketOf(name: string, { arguments: given }: Scanned, { result, errno, annotation }: Outcome) {
  const at = name === 'splice' && namesSocket(given[SPLICED_TO]) ? SPLICED_TO : descriptorArgument(name)
  const argument = at === undefined ? undefined : given[at]
  const descriptor = argument === undefined ? undefined : descriptorNumber(argument.text)
  const shown = RETURNS_SOCKET.has(name) && annotation !== undefined ? annotation : argument?.annotation
  const ends: Ends = shown === undefined ? {} : endsOf(shown)
  const hasSucceeded = result !== undefined && errno === undefined
  const named: { local?: string; peer?: string } = {}
  const peerAt = PEER_ARGUMENT.get(name)
  if (peerAt !== undefined && ends.peer === undefined) {
    const peer = addressIn(given[peerAt]?.text ?? '')
    if (peer !== undefined) named.peer = peer
  }
  const localAt = LOCAL_ARGUMENT.get(name)
  if (localAt !== undefined && hasSucceeded && !ends.local) {
    const local = addressIn(given[localAt]?.text ?? '')
    if (local !== undefined) named.local = local
  }
  if ((name === 'accept' || name === 'accept4') && hasSucceeded && annotation === undefined) {
    const peer = addressIn(given[1]?.text ?? '')
    if (peer !== undefined) named.peer = peer
  }
  return { ...(descriptor !== undefined && { descriptor }), ...ends, ...named }
}

/** splice: a socket is the first of its two descriptors, or the second. */
const SPLICED_TO = 2

function namesSocket(argument: Argument | undefined): boolean {
  return argument?.annotation !== undefined && endsOf(argument.annotation).transport !== undefined
}

function descriptorNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** `[{WIFEXITED(s) && WEXITSTATUS(s) == 3}]`, and waitid's `{…, si_code=CLD_EXITED, …, si_status=3, …}`. */
function childStatus(name: string, given: readonly string[], { result }: Outcome): CallStatus | undefined {
  if (name === 'wait4' && result !== undefined && result > 0) {
    const status = given[1] ?? ''
    const exited = /WEXITSTATUS\(s\) == (\d{1,3})/.exec(status)
    if (exited !== null) return { exited: Number(exited[1]) }
    const signal = /WTERMSIG\(s\) == (SIG[A-Z0-9+_]+)/.exec(status)
    return signal === null ? undefined : { signal: signal[1] ?? '' }
  }
  if (name !== 'waitid' || result !== 0) return undefined
  const told = /si_code=CLD_(\w+).*si_status=(\w+)/.exec(given[2] ?? '')
  if (told === null) return undefined
  return told[1] === 'EXITED' ? { exited: Number(told[2]) } : { signal: told[2] ?? '' }
}
