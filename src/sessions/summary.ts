/**
 * What is said of a session when it is over: plain data, and what `synopsis sessions --json` prints (docs/schema.md).
 * Times are integers of nanoseconds since the session's first packet; epoch times are decimal strings, so that nothing is
 * rounded. A value that the wire did not tell is absent.
 */
import type { Lookup, Resolution } from './prelude.js'
import type { StateName } from './tcp/states.js'
import type { Cause, DirectionTruth, Evidence, Verdict } from './tcp/truth/result.js'
import type { InsideName } from './udp/inside.js'
import type { UdpShape } from './udp/shape.js'

export type Role = 'client' | 'server'

export interface EndpointName {
  readonly address: string
  readonly port: number
}

/** A frame and when it was, in ns since the session's first packet. */
export interface MomentSummary {
  readonly frame: number
  readonly time: number
}

interface CommonSummary {
  /** tcp.stream or udp.stream */
  readonly session: number
  readonly client: EndpointName
  readonly server: EndpointName
  /** who is client and who is server is a guess: the opening was not captured */
  readonly assumed: boolean
  /** seconds since 1970 of the first packet, with nine decimals */
  readonly start: string
  /** ns from the first packet to the last */
  readonly duration: number
  readonly firstFrame: number
  readonly lastFrame: number
  readonly packets: number
  /** bytes of its frames on the wire */
  readonly bytes: number
  /** VLANs it was seen on */
  readonly vlans?: readonly number[]
  readonly icmpErrors?: readonly { frame: number; version: 4 | 6; type: number; code: number; about: Role }[]
  /** the DNS look-up and ARP exchanges that came before it */
  readonly lookup?: Lookup
  readonly resolutions?: readonly Resolution[]
  /** what came before is in an earlier summary: the session was let go while open, to keep memory bounded */
  readonly resumed?: true
  /** Zeek's conn_state and history, https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html */
  readonly connState: string
  readonly history: string
}

/** How often Wireshark's analysis remarked on what one end sent. */
export interface Remarks {
  readonly retransmissions: number
  readonly outOfOrder: number
  readonly duplicateAcks: number
  readonly zeroWindows: number
  readonly keepAlives: number
}

/** What one end of a TCP connection sent. */
export interface TcpDirection {
  readonly packets: number
  readonly segments: number
  /** payload bytes sent, again and again ones included */
  readonly bytes: number
  /** each byte counted once */
  readonly uniqueBytes: number
  readonly retransmittedBytes: number
  readonly badChecksums: number
  readonly partialChecksums: number
  /** absent when each segment was not analysed */
  readonly remarks?: Remarks
}

/** What one end offered in its SYN. */
export interface Opening {
  readonly isn: number
  readonly window: number
  readonly mss?: number
  readonly windowScale?: number
  readonly sackPermitted: boolean
  readonly timestamps: boolean
}

export interface Handshake {
  readonly syn?: MomentSummary & { readonly transmissions: number }
  readonly synAck?: MomentSummary & { readonly transmissions: number }
  readonly ack?: MomentSummary
  /** ns from SYN to SYN/ACK, and from SYN/ACK to the ACK; at the client the first is the round trip, at the server the second */
  readonly serverHalf?: number
  readonly clientHalf?: number
  readonly client?: Opening
  readonly server?: Opening
  /** what both agreed on */
  readonly negotiated?: { readonly windowScale: boolean; readonly sack: boolean; readonly timestamps: boolean }
}

/** How a connection ended. */
export type Ending = 'orderly' | 'simultaneous' | 'half-closed' | 'reset' | 'refused' | 'none'

export interface Teardown {
  readonly ending: Ending
  /** who sent the first FIN, or the first RST where there was no FIN */
  readonly first?: Role
  readonly clientFin?: MomentSummary & { readonly acknowledged?: MomentSummary }
  readonly serverFin?: MomentSummary & { readonly acknowledged?: MomentSummary }
  /** `isForeign`: its time to live is not that of the SYN of the same end, so a device on the way may have sent it (RFC 3360) */
  readonly reset?: MomentSummary & { readonly by: Role; readonly isForeign?: boolean }
  /** ns between the two FINs: how long it was half closed */
  readonly halfClosedFor?: number
  /** who waits in TIME_WAIT, and until when, in ns since the session's first packet (2 MSL taken as Linux's 60 s) */
  readonly timeWait?: { readonly role: Role; readonly until: number }
}

export interface TcpSummary extends CommonSummary {
  readonly protocol: 'tcp'
  readonly clientState: StateName
  readonly serverState: StateName
  readonly handshake: Handshake
  readonly data: { readonly client: TcpDirection; readonly server: TcpDirection }
  readonly teardown: Teardown
  /** tcp.completeness: 1 SYN, 2 SYN/ACK, 4 ACK, 8 data, 16 FIN, 32 RST */
  readonly completeness: number
  /** what really happened, absent when each segment was not analysed */
  readonly truth?: TruthSummary
}

/** Where the capture was taken, and what was not simply the next segment. */
export interface TruthSummary {
  /** `client` or `server`: on that host, or so near that nothing lies between */
  readonly vantage: {
    readonly place: Role | 'between' | 'one host' | 'unknown'
    readonly evidence: readonly Evidence[]
  }
  readonly client: DirectionTruth
  readonly server: DirectionTruth
  readonly segments: readonly SegmentSummary[]
  /** frames that are a second sight of the frame before them, not a second packet */
  readonly capturedTwice: readonly number[]
  /** frames that were captured and then lost on their way */
  readonly lost: readonly number[]
}

export interface SegmentSummary {
  readonly frame: number
  readonly from: Role
  readonly verdict: Verdict
  readonly cause?: Cause
  /** of a retransmission: false when its bytes had arrived without it */
  readonly needed?: boolean
  readonly restsOnTiming: boolean
  readonly evidence: readonly Evidence[]
}

export interface UdpDirection {
  readonly packets: number
  readonly bytes: number
  readonly largest: number
  readonly badChecksums: number
  readonly partialChecksums: number
  /** frames that are a second sight of a datagram; absent: none. They count as none of the others */
  readonly seenAgain?: number
}

export interface UdpSummary extends CommonSummary {
  readonly protocol: 'udp'
  readonly data: { readonly client: UdpDirection; readonly server: UdpDirection }
  readonly shape: UdpShape
  /** who was to get its first datagram, where that is not one host */
  readonly audience?: 'multicast' | 'broadcast'
  /** what it carries, where that is known and is no requests and replies */
  readonly inside?: InsideName
  /** why it is no requests and replies: this datagram of the server came while none, or several, of the client's waited for one */
  readonly doubt?: { readonly frame: number; readonly waiting: number }
  /** absent unless it is requests and replies */
  readonly requests?: RequestSummary
}

export interface RequestSummary {
  readonly answered: number
  readonly unanswered: number
  /** requests that were sent again; they are not counted once more */
  readonly repeated: number
  /** replies to no request that was captured, or once more to the same */
  readonly unasked: number
  /** of the answered ones: which reply is to which was not to be told */
  readonly undecided: number
  /** ns from a request, when it was first sent, to its reply */
  readonly replyTime?: { readonly minimum: number; readonly mean: number; readonly maximum: number }
}

export type SessionSummary = TcpSummary | UdpSummary
