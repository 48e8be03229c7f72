/** Which calls hand bytes over and which fetch some, and what of their arguments matters for that. */
import { wayOf } from '../../../calls/transfers.js'

interface Made {
  readonly call: string
  readonly arguments: readonly string[]
  readonly descriptor?: number
  readonly result?: number
}

export function isWrite(call: Made): boolean {
  return wayOf(call) === 'write'
}

export function isRead(call: Made): boolean {
  return wayOf(call) === 'read'
}

/** MSG_PEEK leaves the bytes where they are. */
export function isPeek({ arguments: given }: Made): boolean {
  return given.some((argument) => argument.includes('MSG_PEEK'))
}

/** `shutdown` of the direction that sends. */
export function endsSending({ call, arguments: given, result }: Made): boolean {
  return call === 'shutdown' && result === 0 && !['SHUT_RD', '0'].includes(given[1] ?? '')
}

/** The lengths of the messages that a call sent or received: one, or several of the calls with two m. */
export function messageLengths({ call, arguments: given, result = -1 }: Made): number[] {
  if (result < 0) return []
  if (call !== 'sendmmsg' && call !== 'recvmmsg') return [result]
  const lengths = [...given.join(' ').matchAll(/msg_len=(\d+)/g)].map((match) => Number(match[1]))
  return lengths.slice(0, result)
}

export function bytesOf(call: Made): number {
  return messageLengths(call).reduce((sum, length) => sum + length, 0)
}
