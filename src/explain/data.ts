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
  if (direction.retransmissions > 0) {
    const bytes = direction.retransmittedBytes > 0 ? ` (${formatSize(direction.retransmittedBytes)})` : ''
    parts.push(`${countOf(direction.retransmissions, 'retransmission')}${bytes}`)
  }
  if (direction.outOfOrder > 0) parts.push(`${direction.outOfOrder} out of order`)
  if (direction.duplicateAcks > 0) parts.push(countOf(direction.duplicateAcks, 'duplicate ACK'))
  if (direction.zeroWindows > 0) parts.push(countOf(direction.zeroWindows, 'zero window'))
  if (direction.keepAlives > 0) parts.push(countOf(direction.keepAlives, 'keep-alive'))
  if (direction.badChecksums > 0) parts.push(countOf(direction.badChecksums, 'bad checksum'))
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`
}
