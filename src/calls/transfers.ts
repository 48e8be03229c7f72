/** What the calls that carry data were asked for, what they did, and the bytes that the log shows of it. */
import type { Call } from './call.js'
import { stringIn, stringsIn } from './words.js'

export interface Transfer<T extends Call = Call> {
  readonly call: T
  readonly way: 'read' | 'write'
  /** bytes that it was given, or had room for; absent where the log does not tell */
  readonly asked?: number
  /** bytes that it moved: its result; 0 for one that failed or has not returned */
  readonly done: number
  /** the bytes, one character each, as far as the log shows them; a long one is clipped */
  readonly text?: string
  readonly isClipped: boolean
  /** the bytes stay where they are (MSG_PEEK) */
  readonly isPeek: boolean
}

const WRITES: ReadonlySet<string> = new Set(['write', 'writev', 'send', 'sendto', 'sendmsg', 'sendmmsg', 'sendfile'])
const READS: ReadonlySet<string> = new Set(['read', 'readv', 'recv', 'recvfrom', 'recvmsg', 'recvmmsg'])

/** Undefined for a call that carries no data. */
export function transferOf<T extends Call>(call: T): Transfer<T> | undefined {
  const way = WRITES.has(call.call) ? 'write' : READS.has(call.call) ? 'read' : undefined
  if (way === undefined) return undefined
  const asked = askedOf(call)
  const text = textOf(call)
  return {
    call,
    way,
    ...(asked !== undefined && { asked }),
    done: Math.max(0, call.result ?? 0),
    ...(text !== undefined && { text }),
    isClipped: call.arguments.some((argument) => argument.includes('"...')),
    isPeek: call.arguments.some((argument) => argument.includes('MSG_PEEK')),
  }
}

function askedOf({ call, arguments: given }: Call): number | undefined {
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
