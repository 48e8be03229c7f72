/** From a session to what is said of it: plain data that outlives the pooled object. */
import type { AddressTable } from './address-table.js'
import { connectionState, udpConnectionState } from './connection-state.js'
import type { Session } from './session.js'
import type {
  Ending,
  EndpointName,
  Handshake,
  MomentSummary,
  Opening,
  Role,
  SessionSummary,
  TcpDirection,
  TcpSummary,
  Teardown,
  UdpDirection,
  UdpSummary,
} from './summary.js'
import type { Moment, TcpEndpoint } from './tcp/endpoint.js'
import type { TcpSession } from './tcp/session.js'
import { State, stateName } from './tcp/states.js'
import type { UdpEndpoint, UdpSession } from './udp/session.js'

/** How long Linux keeps TIME_WAIT, whatever RFC 9293 §3.4.2 says of 2 MSL: 60 s, in ns. */
const TIME_WAIT = 60e9

export function summarize(session: Session, addresses: AddressTable): SessionSummary {
  return session.protocol === 'tcp' ? summarizeTcp(session, addresses) : summarizeUdp(session, addresses)
}

function summarizeTcp(session: TcpSession, addresses: AddressTable): TcpSummary {
  const { client, server } = session
  return {
    protocol: 'tcp',
    ...common(session, addresses),
    connState: connectionState(session),
    history: session.history.toString(),
    clientState: stateName(client.state),
    serverState: stateName(server.state),
    handshake: handshake(session),
    data: { client: tcpDirection(client), server: tcpDirection(server) },
    teardown: teardown(session),
    completeness: session.completeness,
  }
}

function summarizeUdp(session: UdpSession, addresses: AddressTable): UdpSummary {
  const summary: UdpSummary = {
    protocol: 'udp',
    ...common(session, addresses),
    connState: udpConnectionState(session),
    history: (session.client.packets > 0 ? 'D' : '') + (session.server.packets > 0 ? 'd' : ''),
    data: { client: udpDirection(session.client), server: udpDirection(session.server) },
    answered: session.answered,
    unanswered: session.unanswered,
  }
  if (session.answered === 0) return summary
  const mean = Math.round(session.totalReply / session.answered)
  return { ...summary, replyTime: { minimum: session.minimumReply, mean, maximum: session.maximumReply } }
}

function common(session: Session, addresses: AddressTable) {
  const prelude = session.prelude
  return {
    session: session.number,
    client: endpointName(session, session.client, addresses),
    server: endpointName(session, session.server, addresses),
    assumed: session.assumed,
    start: `${session.startSeconds}.${String(session.startNanoseconds).padStart(9, '0')}`,
    duration: session.lastTime,
    firstFrame: session.firstFrame,
    lastFrame: session.lastFrame,
    packets: session.packets,
    bytes: session.bytes,
    ...(session.vlans.length > 0 && { vlans: session.vlans }),
    ...(session.icmpErrors.length > 0 && {
      icmpErrors: session.icmpErrors.map((error) => ({ ...error, about: roleOf(session, error.about) })),
    }),
    ...(prelude?.lookup && { lookup: prelude.lookup }),
    ...(prelude?.resolutions && { resolutions: prelude.resolutions }),
    ...(session.resumed && { resumed: true as const }),
  }
}

function endpointName(session: Session, endpoint: TcpEndpoint | UdpEndpoint, addresses: AddressTable): EndpointName {
  return { address: addresses.format(session.version, endpoint.address), port: endpoint.port }
}

export function roleOf(session: Session, side: 0 | 1): Role {
  return side === session.clientSide ? 'client' : 'server'
}

function tcpDirection(sender: TcpEndpoint): TcpDirection {
  return {
    packets: sender.packets,
    segments: sender.dataSegments,
    bytes: sender.payloadBytes,
    uniqueBytes: sender.uniqueBytes,
    retransmittedBytes: sender.retransmittedBytes,
    retransmissions: sender.retransmissions,
    outOfOrder: sender.outOfOrder,
    duplicateAcks: sender.duplicateAcks,
    zeroWindows: sender.zeroWindows,
    keepAlives: sender.keepAlives,
    badChecksums: sender.badChecksums,
    partialChecksums: sender.partialChecksums,
  }
}

function udpDirection(sender: UdpEndpoint): UdpDirection {
  return {
    packets: sender.packets,
    bytes: sender.payloadBytes,
    largest: sender.largestPayload,
    badChecksums: sender.badChecksums,
    partialChecksums: sender.partialChecksums,
  }
}

function moment(moment: Moment): MomentSummary {
  return { frame: moment.frame, time: moment.time }
}

function opening(endpoint: TcpEndpoint): Opening {
  return {
    isn: endpoint.isn >>> 0,
    window: endpoint.synWindow,
    ...(endpoint.mss >= 0 && { mss: endpoint.mss }),
    ...(endpoint.windowScale >= 0 && { windowScale: endpoint.windowScale }),
    sackPermitted: endpoint.sackPermitted,
    timestamps: endpoint.timestamps,
  }
}

function handshake(session: TcpSession): Handshake {
  const { client, server, established } = session
  return {
    ...(client.syn.seen && { syn: { ...moment(client.syn), transmissions: client.synTransmissions } }),
    ...(server.syn.seen && { synAck: { ...moment(server.syn), transmissions: server.synTransmissions } }),
    ...(established.seen && { ack: moment(established) }),
    ...(client.syn.seen && server.syn.seen && { serverHalf: server.syn.time - client.syn.time }),
    ...(established.seen && server.syn.seen && { clientHalf: established.time - server.syn.time }),
    ...(client.isnKnown && { client: opening(client) }),
    ...(server.isnKnown && { server: opening(server) }),
    ...(client.isnKnown &&
      server.isnKnown && {
        negotiated: {
          windowScale: client.windowScale >= 0 && server.windowScale >= 0,
          sack: client.sackPermitted && server.sackPermitted,
          timestamps: client.timestamps && server.timestamps,
        },
      }),
  }
}

function teardown(session: TcpSession): Teardown {
  const { client, server } = session
  const reset = earlier(client.rst, server.rst)
  const firstFin = earlier(client.fin, server.fin)
  const waiting = client.timeWait.seen ? client : server.timeWait.seen ? server : undefined
  const first = firstFin ?? reset
  return {
    ending: ending(session),
    ...(first && { first: first === client.fin || first === client.rst ? 'client' : 'server' }),
    ...(client.fin.seen && { clientFin: finSummary(client) }),
    ...(server.fin.seen && { serverFin: finSummary(server) }),
    ...(reset && { reset: { ...moment(reset), by: reset === client.rst ? 'client' : 'server' } }),
    ...(client.fin.seen && server.fin.seen && { halfClosedFor: Math.abs(client.fin.time - server.fin.time) }),
    ...(waiting && {
      timeWait: { role: waiting === client ? 'client' : 'server', until: waiting.timeWait.time + TIME_WAIT },
    }),
  }
}

function finSummary(endpoint: TcpEndpoint) {
  const acknowledged = endpoint.finAcknowledged
  return { ...moment(endpoint.fin), ...(acknowledged.seen && { acknowledged: moment(acknowledged) }) }
}

function earlier(a: Moment, b: Moment): Moment | undefined {
  if (!a.seen || !b.seen) return a.seen ? a : b.seen ? b : undefined
  return a.frame <= b.frame ? a : b
}

/** A FIN exchange that was done before a reset came is orderly all the same. */
function ending(session: TcpSession): Ending {
  const { client, server } = session
  const bothClosed = client.finAcknowledged.seen && server.finAcknowledged.seen
  if (bothClosed) return client.timeWait.seen && server.timeWait.seen ? 'simultaneous' : 'orderly'
  if (server.rst.seen && client.syn.seen && !server.syn.seen && server.packets === 1) return 'refused'
  if (client.rst.seen || server.rst.seen) return 'reset'
  if (client.fin.seen && server.fin.seen) return 'orderly'
  return client.fin.seen || server.fin.seen ? 'half-closed' : 'none'
}
