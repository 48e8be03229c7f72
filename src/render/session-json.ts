/**
 * A session as one line of JSON, straight from its record: the very bytes of `printableJson(summarize(session))`, which says
 * what belongs there and which values are absent; test/render/session-json.test.ts holds the two equal. Over a hundred thousand
 * sessions, the summaries and their text took longer than all of the packets.
 */
import type { AddressTable } from '../sessions/address-table.js'
import { connectionState, udpConnectionState } from '../sessions/connection-state.js'
import type { Side } from '../sessions/facts.js'
import { type KnownName, lookupTime, type Resolution } from '../sessions/prelude.js'
import type { Extras, Session } from '../sessions/session.js'
import { ending, firstToEnd, firstToReset, roleOf, TIME_WAIT, timeWaitOf } from '../sessions/summarize.js'
import type { TcpEndpoint } from '../sessions/tcp/endpoint.js'
import type { TcpSession } from '../sessions/tcp/session.js'
import { stateName } from '../sessions/tcp/states.js'
import type { TruthOfSession } from '../sessions/tcp/truth/result.js'
import { AUDIENCES } from '../sessions/udp/audience.js'
import { INSIDES } from '../sessions/udp/inside.js'
import type { UdpEndpoint, UdpSession } from '../sessions/udp/session.js'
import { ByteBuffer, Fragment } from './byte-writer.js'
import { writeTruth } from './truth-json.js'

const CLOSE = 0x7d
const CLOSE_LIST = 0x5d
const COMMA = 0x2c
const DOT = 0x2e
const LINE_FEED = 0x0a

const TCP = new Fragment('{"protocol":"tcp","session":')
const UDP = new Fragment('{"protocol":"udp","session":')
const CLIENT_ADDRESS = new Fragment(',"client":{"address":"')
const SERVER_ADDRESS = new Fragment(',"server":{"address":"')
const PORT = new Fragment('","port":')
const ASSUMED = new Fragment('},"assumed":true,"start":"')
const NOT_ASSUMED = new Fragment('},"assumed":false,"start":"')
const DURATION = new Fragment('","duration":')
const FIRST_FRAME = new Fragment(',"firstFrame":')
const LAST_FRAME = new Fragment(',"lastFrame":')
const PACKETS = new Fragment(',"packets":')
const BYTES = new Fragment(',"bytes":')
const LOOKUP = new Fragment(',"lookup":{"name":')
const QUERY_FRAME = new Fragment(',"queryFrame":')
const ANSWER_FRAME = new Fragment(',"answerFrame":')
const RESOLUTIONS = new Fragment(',"resolutions":[{"requestFrame":')
const NEXT_RESOLUTION = new Fragment(',{"requestFrame":')
const REPLY_FRAME = new Fragment(',"replyFrame":')
const REQUESTS = new Fragment(',"requests":')
const ADDRESS = new Fragment(',"address":"')
const HARDWARE = new Fragment('","hardware":"')
const QUOTE_TIME = new Fragment('","time":')
const RESUMED = new Fragment(',"resumed":true')
const CONN_STATE = new Fragment(',"connState":"')
const HISTORY = new Fragment('","history":"')
const CLIENT_STATE = new Fragment('","clientState":"')
const SERVER_STATE = new Fragment('","serverState":"')
const HANDSHAKE = new Fragment('","handshake":{')
const SYN = new Fragment('"syn":{"frame":')
const SYN_ACK = new Fragment('"synAck":{"frame":')
const ACK = new Fragment('"ack":{"frame":')
const TIME = new Fragment(',"time":')
const TRANSMISSIONS = new Fragment(',"transmissions":')
const SERVER_HALF = new Fragment('"serverHalf":')
const CLIENT_HALF = new Fragment('"clientHalf":')
const CLIENT_OPENING = new Fragment('"client":{"isn":')
const SERVER_OPENING = new Fragment('"server":{"isn":')
const WINDOW = new Fragment(',"window":')
const MSS = new Fragment(',"mss":')
const WINDOW_SCALE = new Fragment(',"windowScale":')
const SACK_PERMITTED = new Fragment(',"sackPermitted":')
const NEGOTIATED = new Fragment('"negotiated":{"windowScale":')
const SACK = new Fragment(',"sack":')
const TIMESTAMPS = new Fragment(',"timestamps":')
const TCP_DATA = new Fragment('},"data":{"client":{"packets":')
const UDP_DATA = new Fragment('","data":{"client":{"packets":')
const SERVER_DATA = new Fragment('},"server":{"packets":')
const SEGMENTS = new Fragment(',"segments":')
const UNIQUE_BYTES = new Fragment(',"uniqueBytes":')
const RETRANSMITTED_BYTES = new Fragment(',"retransmittedBytes":')
const BAD_CHECKSUMS = new Fragment(',"badChecksums":')
const PARTIAL_CHECKSUMS = new Fragment(',"partialChecksums":')
const RETRANSMISSIONS = new Fragment(',"remarks":{"retransmissions":')
const OUT_OF_ORDER = new Fragment(',"outOfOrder":')
const DUPLICATE_ACKS = new Fragment(',"duplicateAcks":')
const ZERO_WINDOWS = new Fragment(',"zeroWindows":')
const KEEP_ALIVES = new Fragment(',"keepAlives":')
const ENDING = new Fragment('}},"teardown":{"ending":"')
const FIRST = new Fragment('","first":"')
const QUOTE = new Fragment('"')
const CLIENT_FIN = new Fragment(',"clientFin":{"frame":')
const SERVER_FIN = new Fragment(',"serverFin":{"frame":')
const ACKNOWLEDGED = new Fragment(',"acknowledged":{"frame":')
const RESET = new Fragment(',"reset":{"frame":')
const BY = new Fragment(',"by":"')
const HALF_CLOSED_FOR = new Fragment(',"halfClosedFor":')
const WAITS = new Fragment(',"timeWait":{"role":"')
const UNTIL = new Fragment('","until":')
const COMPLETENESS = new Fragment('},"completeness":')
const TRUTH = new Fragment(',"truth":')
const LARGEST = new Fragment(',"largest":')
const SEEN_AGAIN = new Fragment(',"seenAgain":')
const SHAPE = new Fragment('}},"shape":"')
const AUDIENCE = new Fragment('","audience":"')
const INSIDE = new Fragment('","inside":"')
const DOUBT = new Fragment(',"doubt":{"frame":')
const WAITING = new Fragment(',"waiting":')
const ANSWERED = new Fragment(',"requests":{"answered":')
const UNANSWERED = new Fragment(',"unanswered":')
const REPEATED = new Fragment(',"repeated":')
const UNASKED = new Fragment(',"unasked":')
const UNDECIDED = new Fragment(',"undecided":')
const MINIMUM = new Fragment(',"replyTime":{"minimum":')
const MEAN = new Fragment(',"mean":')
const MAXIMUM = new Fragment(',"maximum":')
const TRUE = new Fragment('true')
const FALSE = new Fragment('false')
const CLOSE_AND_NEXT = new Fragment('},')
const END = new Fragment('"}')
const FOREIGN_END = new Fragment('","isForeign":true}')

export class SessionLines {
  readonly #out = new ByteBuffer()
  readonly #addresses: AddressTable

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  /** The session's line, its line feed included; good until the next one. */
  line(session: Session): Uint8Array {
    const out = this.#out
    if (session.protocol === 'udp') {
      this.#udp(session)
      out.byte(LINE_FEED)
    } else {
      const { truth, clientSide } = session
      this.#tcp(session, truth !== undefined)
      endLine(out, truth, clientSide)
    }
    return out.take()
  }

  /** The line of a session that is analysed, up to where what really happened follows, for `endLine`; good until the next one. */
  beginning(session: TcpSession): Uint8Array {
    this.#tcp(session, true)
    return this.#out.take()
  }

  #tcp(session: TcpSession, isAnalysed: boolean): void {
    const out = this.#out
    const { client, server } = session
    out.fragment(TCP)
    this.#common(session, client, server)
    this.#word(CONN_STATE, connectionState(session))
    this.#history(session)
    this.#word(CLIENT_STATE, stateName(client.state))
    this.#word(SERVER_STATE, stateName(server.state))
    out.fragment(HANDSHAKE)
    this.#handshake(session, client, server)
    out.fragment(TCP_DATA)
    this.#tcpDirection(client, isAnalysed)
    out.fragment(SERVER_DATA)
    this.#tcpDirection(server, isAnalysed)
    this.#teardown(session, client, server)
    this.#number(COMPLETENESS, session.completeness)
  }

  #udp(session: UdpSession): void {
    const out = this.#out
    const { client, server, character, shape } = session
    out.fragment(UDP)
    this.#common(session, client, server)
    this.#word(CONN_STATE, udpConnectionState(session))
    this.#word(HISTORY, session.history)
    out.fragment(UDP_DATA)
    this.#udpDirection(client)
    out.fragment(SERVER_DATA)
    this.#udpDirection(server)
    const audience = AUDIENCES[character.audience]
    const inside = INSIDES[character.inside]
    this.#word(SHAPE, shape)
    if (audience !== undefined) this.#word(AUDIENCE, audience)
    if (inside !== undefined) this.#word(INSIDE, inside)
    out.fragment(QUOTE)
    if (shape === 'requests') this.#requests(session)
    else if (character.doubtFrame !== 0) {
      this.#number(DOUBT, character.doubtFrame)
      this.#number(WAITING, character.doubtWaiting)
      out.byte(CLOSE)
    }
    out.byte(CLOSE)
  }

  #requests({ replies, unanswered }: UdpSession): void {
    const out = this.#out
    this.#number(ANSWERED, replies.answered)
    this.#number(UNANSWERED, unanswered)
    this.#number(REPEATED, replies.repeated)
    this.#number(UNASKED, replies.unasked)
    this.#number(UNDECIDED, replies.undecided)
    if (replies.timed > 0) {
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
    out.fragment(session.assumed ? ASSUMED : NOT_ASSUMED)
    this.#seconds(session.startSeconds, session.startNanoseconds)
    this.#number(DURATION, session.lastTime)
    this.#number(FIRST_FRAME, session.firstFrame)
    this.#number(LAST_FRAME, session.lastFrame)
    this.#number(PACKETS, session.packets)
    this.#number(BYTES, session.bytes)
    if (session.extras !== undefined) this.#rare(session, session.extras)
    const { prelude } = session
    if (prelude?.lookup !== undefined) this.#lookup(session, prelude.lookup)
    if (prelude?.resolutions !== undefined) this.#resolutions(prelude.resolutions)
    if (session.resumed) out.fragment(RESUMED)
  }

  #endpoint(key: Fragment, version: 4 | 6, endpoint: TcpEndpoint | UdpEndpoint): void {
    const out = this.#out
    out.fragment(key)
    if (version === 4) out.ipv4(endpoint.address)
    else out.ascii(this.#addresses.format(version, endpoint.address))
    this.#number(PORT, endpoint.port)
  }

  #seconds(seconds: number, nanoseconds: number): void {
    const out = this.#out
    out.integer(seconds)
    out.byte(DOT)
    if (nanoseconds >= 0) out.unsigned(nanoseconds, 9)
    else out.ascii(String(nanoseconds).padStart(9, '0'))
  }

  /** What few sessions have. */
  #rare(session: Session, { vlans, icmpErrors }: Extras): void {
    if (vlans !== undefined) this.#object('vlans', vlans)
    if (icmpErrors !== undefined) {
      this.#object(
        'icmpErrors',
        icmpErrors.map((error) => ({ ...error, about: roleOf(session, error.about) })),
      )
    }
  }

  #lookup(session: Session, known: KnownName): void {
    const { name, queryFrame, answerFrame } = known
    const out = this.#out
    out.fragment(LOOKUP)
    out.json(name)
    this.#number(QUERY_FRAME, queryFrame)
    this.#number(ANSWER_FRAME, answerFrame)
    this.#number(TIME, lookupTime(known, session))
    out.byte(CLOSE)
  }

  #resolutions(resolutions: readonly Resolution[]): void {
    const out = this.#out
    let key = RESOLUTIONS
    for (const { requestFrame, replyFrame, requests, address, hardware, time } of resolutions) {
      this.#number(key, requestFrame)
      this.#number(REPLY_FRAME, replyFrame)
      this.#number(REQUESTS, requests)
      this.#word(ADDRESS, address)
      this.#word(HARDWARE, hardware)
      this.#number(QUOTE_TIME, time)
      out.byte(CLOSE)
      key = NEXT_RESOLUTION
    }
    out.byte(CLOSE_LIST)
  }

  #handshake(session: TcpSession, client: TcpEndpoint, server: TcpEndpoint): void {
    const hasSyn = client.synFrame !== 0
    const hasSynAck = server.synFrame !== 0
    const hasAck = session.establishedFrame !== 0
    if (hasSyn) this.#syn(SYN, client)
    if (hasSynAck) this.#syn(SYN_ACK, server)
    if (hasAck) {
      this.#moment(ACK, session.establishedFrame, session.establishedTime)
      this.#out.fragment(CLOSE_AND_NEXT)
    }
    if (hasSyn && hasSynAck) this.#member(SERVER_HALF, server.synTime - client.synTime)
    if (hasAck && hasSynAck) this.#member(CLIENT_HALF, session.establishedTime - server.synTime)
    if (hasSyn) this.#opening(CLIENT_OPENING, client)
    if (hasSynAck) this.#opening(SERVER_OPENING, server)
    if (hasSyn && hasSynAck) {
      this.#flag(NEGOTIATED, client.windowScale >= 0 && server.windowScale >= 0)
      this.#flag(SACK, client.sackPermitted !== 0 && server.sackPermitted !== 0)
      this.#flag(TIMESTAMPS, client.timestamps !== 0 && server.timestamps !== 0)
      this.#out.fragment(CLOSE_AND_NEXT)
    }
    // each member wrote the comma of the next one
    if (hasSyn || hasSynAck || hasAck) this.#out.length--
  }

  #syn(key: Fragment, endpoint: TcpEndpoint): void {
    this.#moment(key, endpoint.synFrame, endpoint.synTime)
    this.#number(TRANSMISSIONS, endpoint.synTransmissions)
    this.#out.fragment(CLOSE_AND_NEXT)
  }

  #opening(key: Fragment, endpoint: TcpEndpoint): void {
    this.#number(key, endpoint.isn >>> 0)
    this.#number(WINDOW, endpoint.synWindow)
    if (endpoint.mss >= 0) this.#number(MSS, endpoint.mss)
    if (endpoint.windowScale >= 0) this.#number(WINDOW_SCALE, endpoint.windowScale)
    this.#flag(SACK_PERMITTED, endpoint.sackPermitted !== 0)
    this.#flag(TIMESTAMPS, endpoint.timestamps !== 0)
    this.#out.fragment(CLOSE_AND_NEXT)
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
    this.#out.integer(sender.packets)
    this.#number(BYTES, sender.traffic.payloadBytes)
    this.#number(LARGEST, sender.largestPayload)
    this.#number(BAD_CHECKSUMS, sender.badChecksums)
    this.#number(PARTIAL_CHECKSUMS, sender.partialChecksums)
    if (sender.seenAgain > 0) this.#number(SEEN_AGAIN, sender.seenAgain)
  }

  #teardown(session: TcpSession, client: TcpEndpoint, server: TcpEndpoint): void {
    const out = this.#out
    const reset = firstToReset(session)
    const first = firstToEnd(session)
    const timeWait = timeWaitOf(session)
    this.#word(ENDING, ending(session))
    if (first !== undefined) this.#word(FIRST, first === client ? 'client' : 'server')
    out.fragment(QUOTE)
    if (client.finFrame !== 0) this.#fin(CLIENT_FIN, client)
    if (server.finFrame !== 0) this.#fin(SERVER_FIN, server)
    if (reset !== undefined) {
      this.#moment(RESET, reset.rstFrame, reset.rstTime)
      this.#word(BY, reset === client ? 'client' : 'server')
      out.fragment(reset.rstIsForeign !== 0 ? FOREIGN_END : END)
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

  #fin(key: Fragment, endpoint: TcpEndpoint): void {
    this.#moment(key, endpoint.finFrame, endpoint.finTime)
    if (endpoint.finAckFrame !== 0) {
      this.#moment(ACKNOWLEDGED, endpoint.finAckFrame, endpoint.finAckTime)
      this.#out.byte(CLOSE)
    }
    this.#out.byte(CLOSE)
  }

  /** An object that begins with a frame and its time; it stays open. */
  #moment(key: Fragment, frame: number, time: number): void {
    this.#number(key, frame)
    this.#number(TIME, time)
  }

  #number(key: Fragment, value: number): void {
    this.#out.fragment(key)
    this.#out.integer(value)
  }

  /** A number, and the comma of what follows. */
  #member(key: Fragment, value: number): void {
    this.#number(key, value)
    this.#out.byte(COMMA)
  }

  #flag(key: Fragment, value: boolean): void {
    this.#out.fragment(key)
    this.#out.fragment(value ? TRUE : FALSE)
  }

  #history(session: TcpSession): void {
    const out = this.#out
    out.fragment(HISTORY)
    const recorded = session.recordedLetters
    for (let index = 0; index < recorded; index++) out.byte(session.letterAt(index))
    out.ascii(session.extras?.moreHistory ?? '')
  }

  /** A word that needs no escape; its closing quote is the next key's. */
  #word(key: Fragment, word: string): void {
    this.#out.fragment(key)
    this.#out.ascii(word)
  }

  #object(key: string, value: unknown): void {
    this.#out.text(`,"${key}":${JSON.stringify(value)}`)
  }
}

/** Writes the rest of the line of a TCP session, what really happened in it and the line feed included. */
export function endLine(out: ByteBuffer, truth: TruthOfSession | undefined, clientSide: Side): void {
  if (truth !== undefined) {
    out.fragment(TRUTH)
    writeTruth(out, truth, clientSide)
  }
  out.byte(CLOSE)
  out.byte(LINE_FEED)
}
