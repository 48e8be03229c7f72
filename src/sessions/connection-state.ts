/** Zeek's conn_state: a connection's fate in one word (https://docs.zeek.org, conn.log). */
import type { TcpSession } from './tcp/session.js'
import type { UdpSession } from './udp/session.js'

export function connectionState(session: TcpSession): string {
  const { client, server } = session
  const attempted = client.syn.seen
  const answered = server.syn.seen
  const established = session.established.seen || (attempted && answered && client.packets > client.synTransmissions)
  if (!attempted) {
    if (answered && server.rst.seen) return 'RSTRH'
    if (answered && server.fin.seen) return 'SHR'
    return 'OTH'
  }
  if (server.rst.seen) return established ? 'RSTR' : 'REJ'
  if (client.rst.seen) return established ? 'RSTO' : 'RSTOS0'
  if (!answered) return client.fin.seen ? 'SH' : 'S0'
  if (client.fin.seen && server.fin.seen) return 'SF'
  if (client.fin.seen) return 'S2'
  return server.fin.seen ? 'S3' : 'S1'
}

export function udpConnectionState(session: UdpSession): string {
  if (session.client.packets === 0) return 'SHR'
  return session.server.packets === 0 ? 'S0' : 'SF'
}
