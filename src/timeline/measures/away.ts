import type { Role, TcpSummary } from '../../sessions/summary.js'

/** ns from where the capture was taken to the sender and back; 0 where it was taken there, Infinity where that does not show. */
export function roundTripTo(sender: Role, { handshake, truth }: TcpSummary): number {
  const place = truth?.vantage.place
  if (place === undefined || place === sender || place === 'one host') return 0
  return (sender === 'client' ? handshake.clientHalf : handshake.serverHalf) ?? Number.POSITIVE_INFINITY
}
