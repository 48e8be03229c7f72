/** UDP: there is nothing to count, so datagrams are matched by their order, their length and their time. */
import { isRead, isWrite } from '../../../calls/transfers.js'
import { otherRole } from '../../../sessions/roles.js'
import type { Role } from '../../../sessions/summary.js'
import type { IcmpEvent, PacketEvent } from '../../model.js'
import type { ObservedCall } from '../observe.js'
import { ByTime } from './by-time.js'
import { isPeek, messageLengths } from './families.js'
import { ANY, Arrived, Sent } from './queue.js'
import type { Ties } from './segments.js'

/** ns that two clocks, or two readings of one, may differ by. */
const SLACK = 1e6

/** ns that a tracer may be held up between the entry that it notes and the one that it counts from: turns of a busy scheduler. */
const HELD_UP = 10e6

export function tieDatagrams(
  role: Role,
  packets: readonly PacketEvent[],
  errors: readonly IcmpEvent[],
  own: readonly ObservedCall[],
): Ties {
  const sent = new Sent(packets.filter((packet) => packet.from === role))
  const arrived = new Arrived(packets.filter((packet) => packet.from === otherRole(role) && packet.received))
  const refusals = new ByTime(errors.filter(({ about }) => about === role))
  const ties: Ties = new Map()
  const latest = latestReturns(own)
  for (const call of own) {
    if (isWrite(call)) {
      const sends = messageLengths(call).flatMap((length) => sent.take(length, call.entered - SLACK))
      ties.set(call, { sends, takes: refusal(call) })
    }
  }
  for (const call of own.toSorted((a, b) => (a.returned ?? a.entered) - (b.returned ?? b.entered))) {
    const until = latest.get(call)
    if (until === undefined) continue
    if (call.found !== undefined) {
      // what is waited for stays where it is, for the call that takes it
      const takes = call.found === 'readable' ? arrived.take(ANY, until, true) : []
      ties.set(call, { sends: [], takes: takes.length > 0 || call.found === 'writable' ? takes : refusal(call, true) })
      continue
    }
    if (!isRead(call)) continue
    // a buffer that is too small cuts the datagram
    const takes = messageLengths(call).flatMap((length) => arrived.take(length, until, isPeek(call)))
    ties.set(call, { sends: [], takes: takes.length > 0 ? takes : refusal(call) })
  }
  return ties

  /** What an ICMP error has made of the next call on a connected socket. */
  function refusal({ errno, returned = Infinity }: ObservedCall, isWait = false): number[] {
    if (!isWait && (errno === undefined || errno === 'EAGAIN' || errno === 'EINTR')) return []
    const error = refusals.last(returned + SLACK)
    return error === undefined ? [] : [error.frame]
  }
}

/**
 * When each call has returned at the latest; without those that have not. What a log says can be too early (`returnedAfter` of
 * tie.ts); what its thread does next comes after it.
 */
function latestReturns(own: readonly ObservedCall[]): ReadonlyMap<ObservedCall, number> {
  const latest = new Map<ObservedCall, number>()
  const next = new Map<number, number>()
  for (const call of own.toReversed()) {
    const { returned, thread, entered } = call
    const after = next.get(thread) ?? -Infinity
    if (returned !== undefined) latest.set(call, Math.max(returned + SLACK, Math.min(after, returned + HELD_UP)))
    next.set(thread, entered)
  }
  return latest
}
