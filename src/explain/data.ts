/** The data of a TCP session in words, one sentence a direction. */
import { countOf, formatSize } from '../bytes/units.js'
import type { Role, TcpSummary } from '../sessions/summary.js'
import { otherRole } from './endpoints.js'
import { describeLosses, describeMissed, explainOffload, lossesOf } from './truth.js'

export function explainData(summary: TcpSummary): string[] {
  const { client, server } = summary.data
  if (client.bytes + server.bytes === 0) return ['none']
  const { truth } = summary
  const offload = truth === undefined ? [] : ROLES.flatMap((role) => explainOffload(truth, role))
  return [...ROLES.map((role) => `the ${role} sent ${sent(summary, role)}`), ...offload]
}

const ROLES: readonly Role[] = ['client', 'server']

function sent(summary: TcpSummary, role: Role): string {
  const { bytes, uniqueBytes, segments } = summary.data[role]
  const amount = bytes === 0 ? 'nothing' : `${formatSize(uniqueBytes)} in ${countOf(segments, 'segment')}`
  const parts = remarks(summary, role)
  return parts.length === 0 ? amount : `${amount}; ${parts.join(', ')}`
}

function remarks(summary: TcpSummary, role: Role): string[] {
  const direction = summary.data[role]
  const losses = lossesOf(summary, [role])
  const parts = losses === undefined ? [] : [...describeLosses(losses), ...describeMissed(losses)]
  const seen = direction.remarks
  if (losses === undefined && direction.retransmittedBytes > 0) {
    parts.push(`${formatSize(direction.retransmittedBytes)} again`)
  }
  if (seen !== undefined) {
    if (seen.duplicateAcks > 0) parts.push(countOf(seen.duplicateAcks, 'duplicate ACK'))
    if (seen.zeroWindows > 0) parts.push(countOf(seen.zeroWindows, 'zero window'))
    // those of a shut window are counted with them (timeline/window-probes.ts)
    const isShut = (summary.data[otherRole(role)].remarks?.zeroWindows ?? 0) > 0
    if (seen.keepAlives > 0) parts.push(countOf(seen.keepAlives, isShut ? 'probe' : 'keep-alive'))
  }
  if (direction.badChecksums > 0) parts.push(countOf(direction.badChecksums, 'bad checksum'))
  return parts
}
