/** Where a log of calls and the packets disagree: either the log is of other calls, or something was lost, or we inferred wrongly. */
import { countOf } from '../../bytes/units.js'
import { isRead, isWrite } from '../../calls/transfers.js'
import { otherRole } from '../../sessions/roles.js'
import type { Role, SessionSummary } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'
import type { InferredCall } from './infer.js'
import type { ObservedCall } from './observe.js'
import { bytesOf, isPeek } from './tie/families.js'

/** ns by which a log on another host's clock may differ, before its times are said to disagree */
const CLOCKS = 1e6

/** Sentences, without the full stop; none where all agree. Only ends that the log has calls of are compared. */
export function compareCalls(
  summary: SessionSummary,
  packets: readonly PacketEvent[],
  inferred: readonly InferredCall[],
  observed: readonly ObservedCall[],
): string[] {
  const sentences: string[] = []
  for (const role of ['client', 'server'] as const) {
    const own = observed.filter((call) => call.by === role)
    if (own.length === 0) continue
    const expected = inferred.filter((call) => call.by === role)
    sentences.push(
      ...amounts(summary, role, own),
      ...openings(role, packets, expected, own),
      ...endings(role, expected, own),
    )
  }
  return sentences
}

function amounts(summary: SessionSummary, role: Role, own: readonly ObservedCall[]): string[] {
  const sent = summary.protocol === 'tcp' ? summary.data[role].uniqueBytes : summary.data[role].bytes
  const received =
    summary.protocol === 'tcp' ? summary.data[otherRole(role)].uniqueBytes : summary.data[otherRole(role)].bytes
  const written = total(own, isWrite)
  const read = total(own, isRead)
  const sentences: string[] = []
  if (written !== sent)
    sentences.push(`the ${role}'s calls wrote ${countOf(written, 'byte')}, its packets carry ${countOf(sent, 'byte')}`)
  if (read !== received)
    sentences.push(`the ${role}'s calls read ${countOf(read, 'byte')} of the ${countOf(received, 'byte')} that came`)
  return sentences
}

function total(calls: readonly ObservedCall[], belongs: (call: ObservedCall) => boolean): number {
  return calls.reduce((sum, call) => (belongs(call) && !isPeek(call) ? sum + bytesOf(call) : sum), 0)
}

/** `connect` and `accept`: how they ended, and whether before the packet that lets them. */
function openings(
  role: Role,
  packets: readonly PacketEvent[],
  expected: readonly InferredCall[],
  own: readonly ObservedCall[],
): string[] {
  const sentences: string[] = []
  for (const call of expected) {
    if (call.call !== 'connect' && call.call !== 'accept') continue
    const seen = own.find((one) => one.call === call.call || (call.call === 'accept' && one.call === 'accept4'))
    if (seen === undefined || seen.errno === 'EINPROGRESS') continue
    if (call.result !== undefined && (seen.errno ?? '') !== (call.errno ?? ''))
      sentences.push(
        `the ${role}'s ${call.call} ended with ${seen.errno ?? 'success'}, the packets say ${call.errno ?? 'success'}`,
      )
    const packet = packets.find(({ frame }) => frame === call.returnsOn)
    if (packet !== undefined && seen.returned !== undefined && seen.returned < packet.time - CLOCKS)
      sentences.push(`the ${role}'s ${call.call} returned before #${packet.frame}, which is to let it return`)
  }
  return sentences
}

/** That an end still reads after its FIN shows `shutdown`; that it does not, shows nothing. */
function endings(role: Role, expected: readonly InferredCall[], own: readonly ObservedCall[]): string[] {
  const half = expected.find((call) => call.call === 'shutdown')
  const first = own.find((call) => call.call === 'shutdown' || call.call === 'close')
  if (half === undefined || first === undefined || first.call === half.call) return []
  return [`the ${role} called close where its packets look like shutdown (#${half.sends[0] ?? 0})`]
}
