/** The data of a TCP session in words, one sentence a direction. */
import { countOf, formatSize } from '../bytes/units.js'
import type { TcpDirection, TcpSummary } from '../sessions/summary.js'

export function explainData(summary: TcpSummary): string[] {
  const { client, server } = summary.data
  if (client.bytes + server.bytes === 0) return ['none']
  return [`the client sent ${sent(client)}`, `the server sent ${sent(server)}`]
}

function sent(direction: TcpDirection): string {
  if (direction.bytes === 0) return 'nothing' + remarks(direction)
  return `${formatSize(direction.uniqueBytes)} in ${countOf(direction.segments, 'segment')}${remarks(direction)}`
}

function remarks(direction: TcpDirection): string {
  const parts: string[] = []
  const seen = direction.remarks
  const bytes = direction.retransmittedBytes > 0 ? ` (${formatSize(direction.retransmittedBytes)})` : ''
  if (seen === undefined) {
    if (bytes !== '') parts.push(`retransmissions${bytes}`)
  } else {
    if (seen.retransmissions > 0) parts.push(`${countOf(seen.retransmissions, 'retransmission')}${bytes}`)
    if (seen.outOfOrder > 0) parts.push(`${seen.outOfOrder} out of order`)
    if (seen.duplicateAcks > 0) parts.push(countOf(seen.duplicateAcks, 'duplicate ACK'))
    if (seen.zeroWindows > 0) parts.push(countOf(seen.zeroWindows, 'zero window'))
    if (seen.keepAlives > 0) parts.push(countOf(seen.keepAlives, 'keep-alive'))
  }
  if (direction.badChecksums > 0) parts.push(countOf(direction.badChecksums, 'bad checksum'))
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`
}
