/**
 * A session as one line of JSON, straight from its record: the very bytes of `JSON.stringify(summarize(session))`, which says
 * what belongs there and which values are absent; test/render/session-json.test.ts holds the two equal. Over a hundred thousand
 * sessions, the summaries and their text took longer than all of the packets.
 */
import type { AddressTable } from '../sessions/address-table.js'
import { connectionState, udpConnectionState } from '../sessions/connection-state.js'
import type { Lookup } from '../sessions/prelude.js'
import type { Extras, Session } from '../sessions/session.js'
import { ending, firstToEnd, firstToReset, roleOf, TIME_WAIT, timeWaitOf } from '../sessions/summarize.js'
import { summarizeTruth } from '../sessions/summarize-truth.js'
import type { TcpEndpoint } from '../sessions/tcp/endpoint.js'
import type { TcpSession } from '../sessions/tcp/session.js'
import { stateName } from '../sessions/tcp/states.js'
import type { UdpEndpoint, UdpSession } from '../sessions/udp/session.js'
import { ByteBuffer } from './byte-writer.js'

const CLOSE = 0x7d
const COMMA = 0x2c
const DOT = 0x2e
const LINE_FEED = 0x0a

const TCP = bytes('{"protocol":"tcp","session":')
const UDP = bytes('{"protocol":"udp","session":')
const CLIENT_ADDRESS = bytes(',"client":{"address":"')
const SERVER_ADDRESS = bytes(',"server":{"address":"')
const PORT = bytes('","port":')
const ASSUMED = bytes('},"assumed":true,"start":"')
const NOT_ASSUMED = bytes('},"assumed":false,"start":"')
const DURATION = bytes('","duration":')
const FIRST_FRAME = bytes(',"firstFrame":')
const LAST_FRAME = bytes(',"lastFrame":')
const PACKETS = bytes(',"packets":')
const BYTES = bytes(',"bytes":')
const LOOKUP = bytes(',"lookup":{"name":')
const QUERY_FRAME = bytes(',"queryFrame":')
const ANSWER_FRAME = bytes(',"answerFrame":')
const RESUMED = bytes(',"resumed":true')
const CONN_STATE = bytes(',"connState":"')
const HISTORY = bytes('","history":"')
const CLIENT_STATE = bytes('","clientState":"')
const SERVER_STATE = bytes('","serverState":"')
const HANDSHAKE = bytes('","handshake":{')
const SYN = bytes('"syn":{"frame":')
const SYN_ACK = bytes('"synAck":{"frame":')
const ACK = bytes('"ack":{"frame":')
const TIME = bytes(',"time":')
const TRANSMISSIONS = bytes(',"transmissions":')
const SERVER_HALF = bytes('"serverHalf":')
const CLIENT_HALF = bytes('"clientHalf":')
const CLIENT_OPENING = bytes('"client":{"isn":')
const SERVER_OPENING = bytes('"server":{"isn":')
const WINDOW = bytes(',"window":')
const MSS = bytes(',"mss":')
const WINDOW_SCALE = bytes(',"windowScale":')
const SACK_PERMITTED = bytes(',"sackPermitted":')
const NEGOTIATED = bytes('"negotiated":{"windowScale":')
const SACK = bytes(',"sack":')
const TIMESTAMPS = bytes(',"timestamps":')
const TCP_DATA = bytes('},"data":{"client":{"packets":')
const UDP_DATA = bytes('","data":{"client":{"packets":')
const SERVER_DATA = bytes('},"server":{"packets":')
const SEGMENTS = bytes(',"segments":')
const UNIQUE_BYTES = bytes(',"uniqueBytes":')
const RETRANSMITTED_BYTES = bytes(',"retransmittedBytes":')
const BAD_CHECKSUMS = bytes(',"badChecksums":')
const PARTIAL_CHECKSUMS = bytes(',"partialChecksums":')
const RETRANSMISSIONS = bytes(',"remarks":{"retransmissions":')
const OUT_OF_ORDER = bytes(',"outOfOrder":')
const DUPLICATE_ACKS = bytes(',"duplicateAcks":')
const ZERO_WINDOWS = bytes(',"zeroWindows":')
const KEEP_ALIVES = bytes(',"keepAlives":')
const ENDING = bytes('}},"teardown":{"ending":"')
const FIRST = bytes('","first":"')
const QUOTE = bytes('"')
const CLIENT_FIN = bytes(',"clientFin":{"frame":')
const SERVER_FIN = bytes(',"serverFin":{"frame":')
const ACKNOWLEDGED = bytes(',"acknowledged":{"frame":')
const RESET = bytes(',"reset":{"frame":')
const BY = bytes(',"by":"')
const HALF_CLOSED_FOR = bytes(',"halfClosedFor":')
const WAITS = bytes(',"timeWait":{"role":"')
const UNTIL = bytes('","until":')
const COMPLETENESS = bytes('},"completeness":')
const LARGEST = bytes(',"largest":')
const ANSWERED = bytes('}},"answered":')
const UNANSWERED = bytes(',"unanswered":')
const MINIMUM = bytes(',"replyTime":{"minimum":')
const MEAN = bytes(',"mean":')
const MAXIMUM = bytes(',"maximum":')
const TRUE = bytes('true')
const FALSE = bytes('false')
const CLOSE_AND_NEXT = bytes('},')
const END = bytes('"}')

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

export class SessionLines {
  readonly #out = new ByteBuffer()
  readonly #addresses: AddressTable

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  /** The session's line, its line feed included; good until the next one. */
  line(session: Session): Uint8Array {
    if (session.protocol === 'tcp') this.#tcp(session)
    else this.#udp(session)
    this.#out.byte(LINE_FEED)
    return this.#out.take()
  }

  #tcp(session: TcpSession): void {
    const out = this.#out
    const { client, server } = session
    const isAnalysed = session.isAnalysed
    out.bytes(TCP)
    this.#common(session, client, server)
    this.#word(CONN_STATE, connectionState(session))
    this.#word(HISTORY, session.history)
    this.#word(CLIENT_STATE, stateName(client.state))
    this.#word(SERVER_STATE, stateName(server.state))
    out.bytes(HANDSHAKE)
    this.#handshake(session, client, server)
    out.bytes(TCP_DATA)
    this.#tcpDirection(client, isAnalysed)
    out.bytes(SERVER_DATA)
    this.#tcpDirection(server, isAnalysed)
    this.#teardown(session, client, server)
    this.#number(COMPLETENESS, session.completeness)
    const { truth } = session
    if (truth !== undefined) this.#object('truth', summarizeTruth(truth, session.clientSide))
    out.byte(CLOSE)
  }

  #udp(session: UdpSession): void {
    const out = this.#out
    const { client, server, replies } = session
    out.bytes(UDP)
    this.#common(session, client, server)
    this.#word(CONN_STATE, udpConnectionState(session))
    this.#word(HISTORY, session.history)
    out.bytes(UDP_DATA)
    this.#udpDirection(client)
    out.bytes(SERVER_DATA)
    this.#udpDirection(server)
    this.#number(ANSWERED, replies.answered)
    this.#number(UNANSWERED, session.unanswered)
    if (replies.answered > 0) {
      this.#number(MINIMUM, replies.minimum)
      this.#number(MEAN, replies.mean)
      this.#number(MAXIMUM, replies.maximum)
      out.byte(CLOSE)
    }
    out.byte(CLOSE)
  }

  #common(session: Session, client: TcpEndpoint | UdpEndpoint, server: TcpEndpoint | UdpEndpoint): void {
    const out = this.#out
    out.integer(session.number)
    this.#endpoint(CLIENT_ADDRESS, session.version, client)
    out.byte(CLOSE)
    this.#endpoint(SERVER_ADDRESS, session.version, server)
    out.bytes(session.assumed ? ASSUMED : NOT_ASSUMED)
    this.#seconds(session.startSeconds, session.startNanoseconds)
    this.#number(DURATION, session.lastTime)
    this.#number(FIRST_FRAME, session.firstFrame)
    this.#number(LAST_FRAME, session.lastFrame)
    this.#number(PACKETS, session.packets)
    this.#number(BYTES, session.bytes)
    if (session.extras !== undefined) this.#rare(session, session.extras)
    if (session.resumed) out.bytes(RESUMED)
  }

  #endpoint(key: Uint8Array, version: 4 | 6, endpoint: TcpEndpoint | UdpEndpoint): void {
    const out = this.#out
    out.bytes(key)
    if (version === 4) this.#ipv4(endpoint.address)
    else out.ascii(this.#addresses.format(version, endpoint.address))
    this.#number(PORT, endpoint.port)
  }

  #ipv4(address: number): void {
    const out = this.#out
    out.unsigned(address >>> 24)
    for (let shift = 16; shift >= 0; shift -= 8) {
      out.byte(DOT)
      out.unsigned((address >>> shift) & 0xff)
    }
  }

  #seconds(seconds: number, nanoseconds: number): void {
    const out = this.#out
    out.integer(seconds)
    out.byte(DOT)
    if (nanoseconds >= 0) out.unsigned(nanoseconds, 9)
    else out.ascii(String(nanoseconds).padStart(9, '0'))
  }

  /** What few sessions have. */
  #rare(session: Session, { vlans, icmpErrors, prelude }: Extras): void {
    if (vlans !== undefined) this.#object('vlans', vlans)
    if (icmpErrors !== undefined) {
      this.#object(
        'icmpErrors',
        icmpErrors.map((error) => ({ ...error, about: roleOf(session, error.about) })),
      )
    }
    if (prelude?.lookup !== undefined) this.#lookup(prelude.lookup)
    if (prelude?.resolutions !== undefined) this.#object('resolutions', prelude.resolutions)
  }

  #lookup({ name, queryFrame, answerFrame, time }: Lookup): void {
    const out = this.#out
    out.bytes(LOOKUP)
    // the name is anything that the wire said
    out.text(JSON.stringify(name))
    this.#number(QUERY_FRAME, queryFrame)
    this.#number(ANSWER_FRAME, answerFrame)
    this.#number(TIME, time)
    out.byte(CLOSE)
  }

  #handshake(session: TcpSession, client: TcpEndpoint, server: TcpEndpoint): void {
    const hasSyn = client.synFrame !== 0
    const hasSynAck = server.synFrame !== 0
    const hasAck = session.establishedFrame !== 0
    if (hasSyn) this.#syn(SYN, client)
    if (hasSynAck) this.#syn(SYN_ACK, server)
    if (hasAck) {
      this.#moment(ACK, session.establishedFrame, session.establishedTime)
      this.#out.bytes(CLOSE_AND_NEXT)
    }
    if (hasSyn && hasSynAck) this.#member(SERVER_HALF, server.synTime - client.synTime)
    if (hasAck && hasSynAck) this.#member(CLIENT_HALF, session.establishedTime - server.synTime)
    if (hasSyn) this.#opening(CLIENT_OPENING, client)
    if (hasSynAck) this.#opening(SERVER_OPENING, server)
    if (hasSyn && hasSynAck) {
      this.#flag(NEGOTIATED, client.windowScale >= 0 && server.windowScale >= 0)
      this.#flag(SACK, client.sackPermitted !== 0 && server.sackPermitted !== 0)
      this.#flag(TIMESTAMPS, client.timestamps !== 0 && server.timestamps !== 0)
      this.#out.bytes(CLOSE_AND_NEXT)
    }
    // each member wrote the comma of the next one
    if (hasSyn || hasSynAck || hasAck) this.#out.length--
  }

  #syn(key: Uint8Array, endpoint: TcpEndpoint): void {
    this.#moment(key, endpoint.synFrame, endpoint.synTime)
    this.#number(TRANSMISSIONS, endpoint.synTransmissions)
    this.#out.bytes(CLOSE_AND_NEXT)
  }

  #opening(key: Uint8Array, endpoint: TcpEndpoint): void {
    this.#number(key, endpoint.isn >>> 0)
    this.#number(WINDOW, endpoint.synWindow)
    if (endpoint.mss >= 0) this.#number(MSS, endpoint.mss)
    if (endpoint.windowScale >= 0) this.#number(WINDOW_SCALE, endpoint.windowScale)
    this.#flag(SACK_PERMITTED, endpoint.sackPermitted !== 0)
    this.#flag(TIMESTAMPS, endpoint.timestamps !== 0)
    this.#out.bytes(CLOSE_AND_NEXT)
  }

  #tcpDirection(sender: TcpEndpoint, isAnalysed: boolean): void {
    const out = this.#out
    const { traffic } = sender
    out.integer(traffic.packets)
    this.#number(SEGMENTS, traffic.segments)
    this.#number(BYTES, traffic.payloadBytes)
    this.#number(UNIQUE_BYTES, sender.uniqueBytes)
    this.#number(RETRANSMITTED_BYTES, sender.retransmittedBytes)
    this.#number(BAD_CHECKSUMS, sender.badChecksums)
    this.#number(PARTIAL_CHECKSUMS, sender.partialChecksums)
    if (!isAnalysed) return
    this.#number(RETRANSMISSIONS, sender.retransmissions)
    this.#number(OUT_OF_ORDER, sender.outOfOrder)
    this.#number(DUPLICATE_ACKS, sender.duplicateAcks)
    this.#number(ZERO_WINDOWS, sender.zeroWindows)
    this.#number(KEEP_ALIVES, sender.keepAlives)
    out.byte(CLOSE)
  }

  #udpDirection(sender: UdpEndpoint): void {
    this.#out.integer(sender.traffic.packets)
    this.#number(BYTES, sender.traffic.payloadBytes)
    this.#number(LARGEST, sender.largestPayload)
    this.#number(BAD_CHECKSUMS, sender.badChecksums)
    this.#number(PARTIAL_CHECKSUMS, sender.partialChecksums)
  }

  #teardown(session: TcpSession, client: TcpEndpoint, server: TcpEndpoint): void {
    const out = this.#out
    const reset = firstToReset(session)
    const first = firstToEnd(session)
    const timeWait = timeWaitOf(session)
    this.#word(ENDING, ending(session))
    if (first !== undefined) this.#word(FIRST, first === client ? 'client' : 'server')
    out.bytes(QUOTE)
    if (client.finFrame !== 0) this.#fin(CLIENT_FIN, client)
    if (server.finFrame !== 0) this.#fin(SERVER_FIN, server)
    if (reset !== undefined) {
      this.#moment(RESET, reset.rstFrame, reset.rstTime)
      this.#word(BY, reset === client ? 'client' : 'server')
      out.bytes(END)
    }
    if (client.finFrame !== 0 && server.finFrame !== 0) {
      this.#number(HALF_CLOSED_FOR, Math.abs(client.finTime - server.finTime))
    }
    if (timeWait !== undefined) {
      this.#word(WAITS, timeWait === client ? 'client' : 'server')
      this.#number(UNTIL, timeWait.timeWaitTime + TIME_WAIT)
      out.byte(CLOSE)
    }
  }

  #fin(key: Uint8Array, endpoint: TcpEndpoint): void {
    this.#moment(key, endpoint.finFrame, endpoint.finTime)
    if (endpoint.finAckFrame !== 0) {
      this.#moment(ACKNOWLEDGED, endpoint.finAckFrame, endpoint.finAckTime)
      this.#out.byte(CLOSE)
    }
    this.#out.byte(CLOSE)
  }

  /** An object that begins with a frame and its time; it stays open. */
  #moment(key: Uint8Array, frame: number, time: number): void {
    this.#number(key, frame)
    this.#number(TIME, time)
  }

  #number(key: Uint8Array, value: number): void {
    this.#out.bytes(key)
    this.#out.integer(value)
  }

  /** A number, and the comma of what follows. */
  #member(key: Uint8Array, value: number): void {
    this.#number(key, value)
    this.#out.byte(COMMA)
  }

  #flag(key: Uint8Array, value: boolean): void {
    this.#out.bytes(key)
    this.#out.bytes(value ? TRUE : FALSE)
  }

  /** A word that needs no escape; its closing quote is the next key's. */
  #word(key: Uint8Array, word: string): void {
    this.#out.bytes(key)
    this.#out.ascii(word)
  }

  #object(key: string, value: unknown): void {
    this.#out.text(`,"${key}":${JSON.stringify(value)}`)
  }
}
