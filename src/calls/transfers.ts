/** What the calls that carry data were asked for, what they did, and the bytes that the log shows of it. */
import type { Call } from './call.js'
import { stringIn, stringsIn } from './words.js'

const WRITES: ReadonlySet<string> = new Set(['write', 'writev', 'send', 'sendto', 'sendmsg', 'sendmmsg', 'sendfile'])
const READS: ReadonlySet<string> = new Set(['read', 'readv', 'recv', 'recvfrom', 'recvmsg', 'recvmmsg'])

export type Way = 'read' | 'write'

type Carrier = Pick<Call, 'call' | 'descriptor'> & Partial<Pick<Call, 'arguments'>>

/** Which way a call carries data, seen from the descriptor that it is made on; undefined for one that carries none. */
export function wayOf({ call, arguments: given = [], descriptor }: Carrier): Way | undefined {
  // it moves bytes from its first descriptor to its third: one is a pipe, the call is made on the other
  if (call === 'splice') return given[2] === String(descriptor) ? 'write' : 'read'
  return WRITES.has(call) ? 'write' : READS.has(call) ? 'read' : undefined
}

export function isAccept({ call }: Pick<Call, 'call'>): boolean {
  return call === 'accept' || call === 'accept4'
}

export function isWrite(call: Carrier): boolean {
  return wayOf(call) === 'write'
}

export function isRead(call: Carrier): boolean {
  return wayOf(call) === 'read'
}

/** Undefined for a call that carries no data. */
export function transferOf<T extends Call>(call: T): Transfer<T> | undefined {
  const way = wayOf(call)
  return way && new Transfer(call, way)
}

/** Most are asked only which way they went: the arguments are read when somebody wants to know what they say. */
export class Transfer<T extends Call = Call> {
  readonly call: T
  readonly way: Way
  #text: string | undefined
  #isRead = false

  constructor(call: T, way: Way) {
    this.call = call
    this.way = way
  }

  /** bytes that it was given, or had room for; undefined where the log does not tell */
  get asked(): number | undefined {
    return askedOf(this.call)
  }

  /** bytes that it moved: its result; 0 for one that failed or has not returned */
  get done(): number {
    return Math.max(0, this.call.result ?? 0)
  }

  /** the bytes, one character each, as far as the log shows them; a long one is clipped */
  get text(): string | undefined {
    if (!this.#isRead) {
      this.#text = textOf(this.call)
      this.#isRead = true
    }
    return this.#text
  }

  get isClipped(): boolean {
    return this.call.arguments.some((argument) => argument.includes('"...'))
  }

  /** the bytes stay where they are (MSG_PEEK) */
  get isPeek(): boolean {
    return this.call.arguments.some((argument) => argument.includes('MSG_PEEK'))
  }
}

function askedOf({ call, arguments: given }: Call): number | undefined {
  // what it is given is the most that it may move: the pipe has less
  if (call === 'splice') return undefined
  const isVector = call.endsWith('v') || call.endsWith('msg')
  const lengths = isVector
    ? [...(given[1] ?? '').matchAll(/iov_len=(\d+)/g)].map((match) => Number(match[1]))
    : [Number(given[call === 'sendfile' ? 3 : 2] ?? Number.NaN)]
  const sum = lengths.reduce((total, length) => total + length, 0)
  return lengths.length === 0 || Number.isNaN(sum) ? undefined : sum
}

function textOf({ arguments: given, result }: Call): string | undefined {
  const argument = given[1] ?? ''
  if (!argument.startsWith('[') && !argument.startsWith('{')) return stringIn(argument)
  const bases = [...argument.matchAll(/iov_base=("(?:[^"\\]|\\.)*")/g)].map((match) => match[1] ?? '')
  const text = bases.flatMap(stringsIn).join('')
  return bases.length === 0 ? undefined : text.slice(0, Math.max(0, result ?? text.length))
}
