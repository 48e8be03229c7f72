/** What of the arguments of calls that carry bytes matters for whose bytes they are. */

interface Made {
  readonly call: string
  readonly arguments: readonly string[]
  readonly result?: number
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
