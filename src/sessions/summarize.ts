/** From a session to what is said of it: plain data that outlives the pooled object. */
import type { AddressTable } from './address-table.js'
import { connectionState, udpConnectionState } from './connection-state.js'
import { lookupOf } from './prelude.js'
import { Extras, type Session } from './session.js'
import { summarizeTruth } from './summarize-truth.js'
import type {
  Ending,
  EndpointName,
  Handshake,
  MomentSummary,
  Opening,
  Remarks,
  RequestSummary,
  Role,
  SessionSummary,
  TcpDirection,
  TcpSummary,
  Teardown,
  UdpDirection,
  UdpSummary,
} from './summary.js'
import type { TcpEndpoint } from './tcp/endpoint.js'
import type { TcpSession } from './tcp/session.js'
import { State, stateName } from './tcp/states.js'
import { AUDIENCES } from './udp/audience.js'
import { INSIDES } from './udp/inside.js'
import type { UdpEndpoint, UdpSession } from './udp/session.js'

/** How long Linux keeps TIME_WAIT, whatever RFC 9293 §3.4.2 says of 2 MSL: 60 s, in ns. */
export const TIME_WAIT = 60e9

/** Most sessions have none. */
const NO_EXTRAS = new Extras()

export function summarize(session: Session, addresses: AddressTable): SessionSummary {
  return session.protocol === 'tcp' ? summarizeTcp(session, addresses) : summarizeUdp(session, addresses)
}

function summarizeTcp(session: TcpSession, addresses: AddressTable): TcpSummary {
  const { client, server } = session
  const { truth } = session
  const isAnalysed = truth !== undefined
  return {
    protocol: 'tcp',
    ...common(session, addresses),
    connState: connectionState(session),
    history: session.history,
    clientState: stateName(client.state),
    serverState: stateName(server.state),
    handshake: handshake(session),
    data: { client: tcpDirection(client, isAnalysed), server: tcpDirection(server, isAnalysed) },
    teardown: teardown(session),
    completeness: session.completeness,
    ...(truth && { truth: summarizeTruth(truth, session.clientSide) }),
  }
}

function summarizeUdp(session: UdpSession, addresses: AddressTable): UdpSummary {
  const { character, shape } = session
  const audience = AUDIENCES[character.audience]
  const inside = INSIDES[character.inside]
  return {
    protocol: 'udp',
    ...common(session, addresses),
    connState: udpConnectionState(session),
    history: session.history,
    data: { client: udpDirection(session.client), server: udpDirection(session.server) },
    shape,
    ...(audience !== undefined && { audience }),
    ...(inside !== undefined && { inside }),
    ...(shape !== 'requests' &&
      character.doubtFrame !== 0 && { doubt: { frame: character.doubtFrame, waiting: character.doubtWaiting } }),
    ...(shape === 'requests' && { requests: requests(session) }),
  }
}

function requests({ replies, unanswered }: UdpSession): RequestSummary {
  const { answered, repeated, unasked, undecided, minimum, mean, maximum } = replies
  const counts = { answered, unanswered, repeated, unasked, undecided }
  return replies.timed > 0 ? { ...counts, replyTime: { minimum, mean, maximum } } : counts
}

function common(session: Session, addresses: AddressTable) {
  const { vlans, icmpErrors } = session.extras ?? NO_EXTRAS
  const lookup = lookupOf(session)
  const resolutions = session.prelude?.resolutions
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
    ...(vlans && { vlans }),
    ...(icmpErrors && {
      icmpErrors: icmpErrors.map((error) => ({ ...error, about: roleOf(session, error.about) })),
    }),
    ...(lookup && { lookup }),
    ...(resolutions && { resolutions }),
    ...(session.resumed && { resumed: true as const }),
  }
}

function endpointName(session: Session, endpoint: TcpEndpoint | UdpEndpoint, addresses: AddressTable): EndpointName {
  return { address: addresses.format(session.version, endpoint.address), port: endpoint.port }
}

export function roleOf(session: Session, side: 0 | 1): Role {
  return side === session.clientSide ? 'client' : 'server'
}

function tcpDirection(sender: TcpEndpoint, isAnalysed: boolean): TcpDirection {
  const { packets, segments, payloadBytes } = sender.traffic
  const { uniqueBytes, retransmittedBytes, badChecksums, partialChecksums } = sender
  return {
    packets,
    segments,
    bytes: payloadBytes,
    uniqueBytes,
    retransmittedBytes,
    badChecksums,
    partialChecksums,
    ...(isAnalysed && { remarks: remarks(sender) }),
  }
}

function remarks(sender: TcpEndpoint): Remarks {
  const { retransmissions, outOfOrder, duplicateAcks, zeroWindows, keepAlives } = sender
  return { retransmissions, outOfOrder, duplicateAcks, zeroWindows, keepAlives }
}

function udpDirection(sender: UdpEndpoint): UdpDirection {
  return {
    packets: sender.packets,
    bytes: sender.traffic.payloadBytes,
    largest: sender.largestPayload,
    badChecksums: sender.badChecksums,
    partialChecksums: sender.partialChecksums,
    ...(sender.seenAgain > 0 && { seenAgain: sender.seenAgain }),
  }
}

function moment(frame: number, time: number): MomentSummary {
  return { frame, time }
}

function opening(endpoint: TcpEndpoint): Opening {
  return {
    isn: endpoint.isn >>> 0,
    window: endpoint.synWindow,
    ...(endpoint.mss >= 0 && { mss: endpoint.mss }),
    ...(endpoint.windowScale >= 0 && { windowScale: endpoint.windowScale }),
    sackPermitted: endpoint.sackPermitted !== 0,
    timestamps: endpoint.timestamps !== 0,
  }
}

function handshake(session: TcpSession): Handshake {
  const { client, server, establishedFrame, establishedTime } = session
  const hasSyn = client.synFrame !== 0
  const hasSynAck = server.synFrame !== 0
  const hasAck = establishedFrame !== 0
  return {
    ...(hasSyn && { syn: syn(client) }),
    ...(hasSynAck && { synAck: syn(server) }),
    ...(hasAck && { ack: moment(establishedFrame, establishedTime) }),
    ...(hasSyn && hasSynAck && { serverHalf: server.synTime - client.synTime }),
    ...(hasAck && hasSynAck && { clientHalf: establishedTime - server.synTime }),
    ...(hasSyn && { client: opening(client) }),
    ...(hasSynAck && { server: opening(server) }),
    ...(hasSyn && hasSynAck && { negotiated: negotiated(client, server) }),
  }
}

function syn(endpoint: TcpEndpoint): MomentSummary & { transmissions: number } {
  return { ...moment(endpoint.synFrame, endpoint.synTime), transmissions: endpoint.synTransmissions }
}

/** An option is used when both ends have offered it. */
function negotiated(client: TcpEndpoint, server: TcpEndpoint) {
  return {
    windowScale: client.windowScale >= 0 && server.windowScale >= 0,
    sack: client.sackPermitted !== 0 && server.sackPermitted !== 0,
    timestamps: client.timestamps !== 0 && server.timestamps !== 0,
  }
}

function teardown(session: TcpSession): Teardown {
  const { client, server } = session
  const reset = firstToReset(session)
  const first = firstToEnd(session)
  const timeWait = timeWaitOf(session)
  const bothFins = client.finFrame !== 0 && server.finFrame !== 0
  const role = (endpoint: TcpEndpoint): Role => (endpoint === client ? 'client' : 'server')
  return {
    ending: ending(session),
    ...(first && { first: role(first) }),
    ...(client.finFrame !== 0 && { clientFin: fin(client) }),
    ...(server.finFrame !== 0 && { serverFin: fin(server) }),
    ...(reset && {
      reset: {
        ...moment(reset.rstFrame, reset.rstTime),
        by: role(reset),
        ...(reset.rstIsForeign !== 0 && { isForeign: true }),
      },
    }),
    ...(bothFins && { halfClosedFor: Math.abs(client.finTime - server.finTime) }),
    ...(timeWait && { timeWait: { role: role(timeWait), until: timeWait.timeWaitTime + TIME_WAIT } }),
  }
}

/** Who sent the first reset; undefined when nobody did. */
export function firstToReset(session: TcpSession): TcpEndpoint | undefined {
  return earlier(session, session.client.rstFrame, session.server.rstFrame)
}

/** Who sent the first FIN, or the first reset where there was no FIN. */
export function firstToEnd(session: TcpSession): TcpEndpoint | undefined {
  return earlier(session, session.client.finFrame, session.server.finFrame) ?? firstToReset(session)
}

/** Who waits in TIME_WAIT. A reset has ended that, too. */
export function timeWaitOf({ client, server }: TcpSession): TcpEndpoint | undefined {
  if (client.state === State.TIME_WAIT) return client
  return server.state === State.TIME_WAIT ? server : undefined
}

function fin(endpoint: TcpEndpoint) {
  const { finFrame, finTime, finAckFrame, finAckTime } = endpoint
  return { ...moment(finFrame, finTime), ...(finAckFrame !== 0 && { acknowledged: moment(finAckFrame, finAckTime) }) }
}

/** Whose frame came first; undefined when neither did. */
function earlier(session: TcpSession, clientFrame: number, serverFrame: number): TcpEndpoint | undefined {
  const { client, server } = session
  if (clientFrame === 0) return serverFrame === 0 ? undefined : server
  return serverFrame === 0 || clientFrame <= serverFrame ? client : server
}

/** A FIN exchange that was done before a reset came is orderly all the same. */
export function ending(session: TcpSession): Ending {
  const { client, server } = session
  if (client.finAckFrame !== 0 && server.finAckFrame !== 0) {
    return client.finCrosses !== 0 || server.finCrosses !== 0 ? 'simultaneous' : 'orderly'
  }
  if (server.rstFrame !== 0 && client.synFrame !== 0 && server.synFrame === 0) return 'refused'
  if (client.rstFrame !== 0 || server.rstFrame !== 0) return 'reset'
  if (client.finFrame !== 0 && server.finFrame !== 0) return 'orderly'
  return client.finFrame !== 0 || server.finFrame !== 0 ? 'half-closed' : 'none'
}
