/**
 * One call that a program made: the record that the lab's programs write (`--calls FILE`), that strace's output is turned
 * into, and that a timeline merges with the packets. A file of calls is NDJSON, one record a line, in the order the calls
 * returned; several processes and threads append to the same file, so that sorting by `entered` is the reader's task.
 *
 * Both clocks are CLOCK_REALTIME, the clock that the kernel stamps packets with: on one host, calls and packets compare.
 */
import { formatMoment } from '../bytes/time.js'
import { FileError } from '../errors.js'

/** A moment since 1970: exact, never a float of seconds. */
export interface Moment {
  readonly seconds: number
  readonly nanoseconds: number
}

/** What carries the bytes of the descriptor that a call was made on. */
export type CallTransport = 'tcp' | 'udp' | 'unix' | 'unix-datagram'

/** How a process ended. */
export type CallStatus = { readonly exited: number } | { readonly signal: string }

export interface Call {
  readonly pid: number
  /** the kernel's thread id; equal to `pid` for a process's first thread */
  readonly thread: number
  /**
   * the function's name as C spells it: `accept`, `sendto`; `fork`, `execve`, `waitpid`, `exit` too. Two records are of no
   * call: `signal`, which arrived (its name is the first argument), and `ended`, the end of a process or thread.
   */
  readonly call: string
  /** as C (and strace) would write them: `AF_INET`, `3`, `"hello\n"`, `{sa_family=AF_INET, …}`; long data is clipped with `...` */
  readonly arguments: readonly string[]
  /** what it returned: a descriptor, a count of bytes, a process; -1 with `errno`; absent when it never returned */
  readonly result?: number
  /** the error's name, `ECONNREFUSED`, when the call failed */
  readonly errno?: string
  /** the descriptor it was made on; for `socket` and `accept` the new one is `result` */
  readonly descriptor?: number
  /** what the descriptor is, and its two ends: `192.168.56.1:43210`, `[::1]:51717`, a path; '' for a Unix socket without a name */
  readonly transport?: CallTransport
  readonly local?: string
  readonly peer?: string
  /** the process at the other end of a Unix-domain stream: the only name that most of its clients have */
  readonly peerProcess?: number
  /** the kernel's numbers of the socket and, for Unix-domain ones, of the one at the other end, where the log names them */
  readonly inode?: number
  readonly peerInode?: number
  /** what the descriptor is when it is no such socket: `/dev/pts/0`, `pipe:[4711]`, `anon_inode:[eventpoll]`, `NETLINK:[ROUTE:9]` */
  readonly object?: string
  /** how the call was carried out where the library's function is another: `posix_spawn` stands for `fork` and `execve` */
  readonly by?: string
  /** what a log says of the result besides its number: which descriptors `poll` and `select` found ready, `Timeout` */
  readonly detail?: string
  /** `waitpid`: how the child ended; `ended`: how the process did */
  readonly status?: CallStatus
  readonly entered: Moment
  /** absent when it never returned: `exit`, `execve`, or a call that a signal ended with its process */
  readonly returned?: Moment
}

const NANOSECOND_DIGITS = 9
/** Characters of a value that is none. */
const MOST_SHOWN = 100

function epoch({ seconds, nanoseconds }: Moment): string {
  return formatMoment('epoch', seconds, nanoseconds, NANOSECOND_DIGITS)
}

/** One line of NDJSON, newline included. Times are strings, `1763635000.123456789`: no JSON number holds them exactly. */
export function formatCall(call: Call): string {
  const { entered, returned, ...rest } = call
  const times = { entered: epoch(entered), ...(returned && { returned: epoch(returned) }) }
  return `${JSON.stringify({ ...rest, ...times })}\n`
}

/** Reads a line that `formatCall` wrote. Throws FileError (BAD_CALL) on anything else. */
export function parseCall(line: string): Call {
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch (cause) {
    throw new FileError('BAD_CALL', 'a line of the calls file is not JSON', { cause })
  }
  if (typeof record !== 'object' || record === null) throw badCall('record', record)
  const fields = new Map<string, unknown>(Object.entries(record))
  const result = optional(fields, 'result', isNumber)
  const errno = optional(fields, 'errno', isString)
  const descriptor = optional(fields, 'descriptor', isNumber)
  const transport = optional(fields, 'transport', isTransport)
  const local = optional(fields, 'local', isString)
  const peer = optional(fields, 'peer', isString)
  const peerProcess = optional(fields, 'peerProcess', isNumber)
  const inode = optional(fields, 'inode', isNumber)
  const peerInode = optional(fields, 'peerInode', isNumber)
  const object = optional(fields, 'object', isString)
  const by = optional(fields, 'by', isString)
  const detail = optional(fields, 'detail', isString)
  const status = optional(fields, 'status', isStatus)
  const returned = optional(fields, 'returned', isString)
  return {
    pid: required(fields, 'pid', isNumber),
    thread: required(fields, 'thread', isNumber),
    call: required(fields, 'call', isString),
    arguments: required(fields, 'arguments', isStrings),
    ...(result !== undefined && { result }),
    ...(errno !== undefined && { errno }),
    ...(descriptor !== undefined && { descriptor }),
    ...(transport !== undefined && { transport }),
    ...(local !== undefined && { local }),
    ...(peer !== undefined && { peer }),
    ...(peerProcess !== undefined && { peerProcess }),
    ...(inode !== undefined && { inode }),
    ...(peerInode !== undefined && { peerInode }),
    ...(object !== undefined && { object }),
    ...(by !== undefined && { by }),
    ...(detail !== undefined && { detail }),
    ...(status !== undefined && { status }),
    entered: parseMoment('entered', required(fields, 'entered', isString)),
    ...(returned !== undefined && { returned: parseMoment('returned', returned) }),
  }
}

function parseMoment(name: string, text: string): Moment {
  const match = /^(\d{1,15})\.(\d{1,9})$/.exec(text)
  if (!match) throw badCall(name, text)
  const [, seconds = '', fraction = ''] = match
  return { seconds: Number(seconds), nanoseconds: Number(fraction.padEnd(NANOSECOND_DIGITS, '0')) }
}

type Guard<T> = (value: unknown) => value is T

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isString)
}

function isTransport(value: unknown): value is CallTransport {
  return value === 'tcp' || value === 'udp' || value === 'unix' || value === 'unix-datagram'
}

function isStatus(value: unknown): value is CallStatus {
  if (typeof value !== 'object' || value === null) return false
  return ('exited' in value && isNumber(value.exited)) || ('signal' in value && isString(value.signal))
}

function required<T>(fields: Map<string, unknown>, name: string, is: Guard<T>): T {
  const value = fields.get(name)
  if (!is(value)) throw badCall(name, value)
  return value
}

function optional<T>(fields: Map<string, unknown>, name: string, is: Guard<T>): T | undefined {
  return fields.has(name) ? required(fields, name, is) : undefined
}

/** In a few words: it may be as long as a line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'it is absent'
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

function badCall(name: string, value: unknown): FileError {
  return new FileError('BAD_CALL', `a record of the calls file has no valid "${name}": ${shown(value)}`)
}
