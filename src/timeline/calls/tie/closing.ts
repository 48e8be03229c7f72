/**
 * Which call sent the FIN, or the reset. A FIN is sent by `shutdown`, or when the last descriptor of a socket is closed:
 * `close` in the parent sends nothing while the child still holds it, and a program that ends closes what it has open.
 */
import type { ObservedCall } from '../observe.js'
import { endsSending } from './families.js'

/** ns that a packet's time may be before the call that sends it: two readings of one clock. */
const SLACK = 50e3
/** ns after the return of a close within which a reset is still its doing: it is sent before the call returns. */
const AT_ONCE = 1e6

export function closerOf(own: readonly ObservedCall[], time: number): ObservedCall | undefined {
  const before = own.filter(({ entered }) => entered <= time + SLACK)
  // what is still to be sent goes first: the FIN may come long after the close, but not after a second one
  return (
    before.find(endsSending) ??
    before.find(({ closesLast }) => closesLast === true) ??
    before.findLast(releases) ??
    own.find(isKilled)
  )
}

/** A process that a signal ends is gone, and its sockets are closed, before a tracer hears of it. */
export function isKilled({ call, status }: ObservedCall): boolean {
  return call === 'exit' && status !== undefined && 'signal' in status
}

/** A reset that no call made is the kernel's own answer to what came for a socket that is gone. */
export function resetterOf(
  own: readonly ObservedCall[],
  time: number,
  finTime: number | undefined,
): ObservedCall | undefined {
  if (finTime !== undefined && finTime <= time) return undefined
  const closer = own.findLast((call) => call.entered <= time + SLACK && releases(call)) ?? own.find(isKilled)
  const until = closer?.returned ?? closer?.entered ?? 0
  return closer !== undefined && (closer.call !== 'close' || time <= until + AT_ONCE) ? closer : undefined
}

/** It gives up the last descriptor of the socket. */
function releases({ call, closesLast }: ObservedCall): boolean {
  return closesLast ?? (call === 'close' || call === 'exit' || call === 'ended')
}
