/** Zeek's conn_state: a connection's fate in one word (https://docs.zeek.org, conn.log). */
import type { TcpSession } from './tcp/session.js'
import type { UdpSession } from './udp/session.js'

export function connectionState(session: TcpSession): string {
  const { client, server } = session
  const attempted = client.synFrame !== 0
  const answered = server.synFrame !== 0
  const established =
    session.establishedFrame !== 0 || (attempted && answered && client.traffic.packets > client.synTransmissions)
  if (!attempted) {
    if (answered && server.rstFrame !== 0) return 'RSTRH'
    if (answered && server.finFrame !== 0) return 'SHR'
    return 'OTH'
  }
  if (server.rstFrame !== 0) return established ? 'RSTR' : 'REJ'
  if (client.rstFrame !== 0) return established ? 'RSTO' : 'RSTOS0'
  if (!answered) return client.finFrame !== 0 ? 'SH' : 'S0'
  if (client.finFrame !== 0 && server.finFrame !== 0) return 'SF'
  if (client.finFrame !== 0) return 'S2'
  return server.finFrame !== 0 ? 'S3' : 'S1'
}

export function udpConnectionState(session: UdpSession): string {
  if (session.client.traffic.packets === 0) return 'SHR'
  return session.server.traffic.packets === 0 ? 'S0' : 'SF'
}
