/**
 * The one model that every picture and table is drawn from: a session's events in the order of time. Plain data, and what
 * `synopsis replay --json` prints (docs/schema.md). Times are ns since the session's first packet; frames count from 1.
 */
import type { Ready } from '../calls/waits.js'
import type { PhaseName } from '../sessions/phases.js'
import type { Lookup, Resolution } from '../sessions/prelude.js'
import type { Role, SegmentSummary, SessionSummary } from '../sessions/summary.js'
import type { StateName } from '../sessions/tcp/states.js'
import type { SessionProcess } from './calls/observe.js'
import type { TiedCall } from './calls/tie/tie.js'
import type { UnixSummary } from './unix/model.js'

/** `S`: a session of a capture, unless it is one over Unix-domain sockets (unix/model.ts). */
export interface Timeline<S = SessionSummary> {
  readonly summary: S
  readonly events: readonly TimelineEvent[]
  /** where the calls that were logged and those that the packets show disagree, a sentence each */
  readonly disagreements?: readonly string[]
  /** the processes that made the logged calls, in the order in which they began */
  readonly processes?: readonly SessionProcess[]
  /** the logged calls, tied to the packets; where they are here and not yet among the events */
  readonly observed?: readonly TiedCall[]
  /** packets of the session that are not among the events, since there were too many */
  readonly leftOut: number
  /** digits after the second that the capture's clock resolves */
  readonly timeDigits: number
}

export type TimelineEvent =
  | PacketEvent
  | RunEvent
  | SilenceEvent
  | IcmpEvent
  | LookupEvent
  | ResolutionEvent
  | CallEvent
  | NetstatEvent
  | MessageEvent

/** Whatever can be drawn. */
export type AnyTimeline = Timeline<SessionSummary | UnixSummary>

export interface At {
  /** ns since the session's first packet; below zero for what came before it */
  readonly time: number
  /** ns since the event before */
  readonly gap: number
}

export interface PacketEvent extends At {
  readonly kind: 'packet'
  readonly frame: number
  readonly from: Role
  readonly phase: PhaseName
  /** both endpoints' states after it; absent for UDP */
  readonly states?: { readonly client: StateName; readonly server: StateName }
  /** payload bytes it carried */
  readonly length: number
  readonly tcp?: TcpPart
  /** what its payload is, when that is known: `GET / HTTP/1.0`, `DNS query A example.org` */
  readonly label?: string
  /** the beginning of the payload as printable text; absent when it is not text */
  readonly text?: string
  findings: readonly Finding[]
  /** what really happened, when it is not simply the next segment */
  readonly truth?: SegmentSummary
  /** frames whose data, SYN or FIN this acknowledges for the first time */
  acknowledges: readonly number[]
  /** ns since the last of these */
  readonly acknowledgesAfter?: number
  /** the frame that acknowledged this one, once there is one */
  acknowledgedBy?: number
  /** UDP: the frame of the request that this answers, and ns since it; of one that was sent again, the first transmission */
  readonly answers?: { readonly frame: number; readonly after: number }
  /** UDP: the frame of the request that this is once more */
  readonly repeats?: number
  /** of a reset: the time to live it had left */
  readonly timeToLive?: number
  /** false when its receiver cannot have taken it; one with a bad checksum is found to have arrived when it is acknowledged */
  received: boolean
  /** bytes that were on the wire but not captured */
  readonly cut?: number
  readonly vlan?: number
  comments?: readonly string[]
  /** frames that are a second sight of it: the capture has the packet more than once */
  seenAgain?: number[]
}

export interface TcpPart {
  /** names of the flags that are set, SYN first: ['SYN', 'ACK'] */
  readonly flags: readonly string[]
  /** relative to the ISN as Wireshark counts, and as on the wire */
  readonly sequence: number
  readonly rawSequence: number
  readonly acknowledgment: number
  readonly rawAcknowledgment: number
  /** scaled when the scale is known */
  readonly window: number
  readonly rawWindow: number
  /** on SYNs */
  readonly mss?: number
  readonly windowScale?: number
  readonly sackPermitted?: boolean
  readonly timestamps?: { readonly value: number; readonly echo: number }
  /** SACK blocks, relative */
  readonly sack?: readonly (readonly [number, number])[]
}

/** A named fact about one packet, with the evidence for it in words. */
export interface Finding {
  /** Wireshark's name where it has one: `retransmission`, `zero_window`, `duplicate_ack`; ours otherwise */
  readonly name: string
  readonly evidence?: string
}

/** Several packets of plain data and their acknowledgments, folded into one line. */
export interface RunEvent extends At {
  readonly kind: 'run'
  readonly phase: PhaseName
  readonly states?: { readonly client: StateName; readonly server: StateName }
  readonly firstFrame: number
  readonly lastFrame: number
  /** ns since the session's first packet of its last packet */
  readonly until: number
  readonly client: RunPart
  readonly server: RunPart
}

export interface RunPart {
  readonly segments: number
  readonly bytes: number
  readonly acks: number
  /** relative sequence numbers before its first and after its last byte */
  readonly from: number
  readonly to: number
}

/** Nothing happened for long, compared with the session's own pace. */
export interface SilenceEvent extends At {
  readonly kind: 'silence'
  /** who spoke next, and so who was waited for */
  readonly brokenBy: Role
}

export interface IcmpEvent extends At {
  readonly kind: 'icmp'
  readonly frame: number
  /** whose packet it is about */
  readonly about: Role
  /** the address of the router or host that says so */
  readonly by: string
  /** that is not the end to which the packet went: a router, as a rule */
  readonly onTheWay?: true
  /** the frame of that packet, where it was captured; of TCP, while it is not acknowledged */
  readonly quotes?: number
  /** of IP: ICMP or ICMPv6 */
  readonly version: 4 | 6
  readonly type: number
  readonly code: number
}

/** The DNS look-up that gave an endpoint's address. */
export interface LookupEvent extends Lookup {
  readonly gap: number
  readonly kind: 'lookup'
}

/** The ARP exchange that gave an endpoint's hardware address. */
export interface ResolutionEvent extends Resolution {
  readonly gap: number
  readonly kind: 'resolution'
}

/**
 * A program makes a socket call, or it returns: inferred from the packets, or observed in a log of calls. A call that
 * something happens during is two events, `made` and `returns`, that share their `id`; any other is one, `made`, with its
 * result.
 */
export interface CallEvent extends At {
  readonly kind: 'call'
  readonly by: Role
  readonly moment: 'made' | 'returns'
  /** the function: `connect` */
  readonly call: string
  readonly inferred: boolean
  /** bytes that it hands over */
  readonly bytes?: number
  /** what it returns: bytes, 0; -1 with `errno`; absent where the wire does not tell */
  readonly result?: number
  readonly errno?: string
  readonly note?: string
  /** frames that it sent, first transmissions only */
  readonly sends?: readonly number[]
  /** frames that it waited for, or whose bytes it returned */
  readonly takes?: readonly number[]
  /** ns that it was blocked until the first of `takes` came; absent where it did not have to wait */
  readonly waited?: number
  /** of logged calls: which one of this timeline, from 1; its process and thread, its descriptor, its arguments as C has them */
  readonly id?: number
  /** what it was made on: the session's socket, the one that listens for it, or neither: `fork`, a signal, output */
  readonly on?: 'socket' | 'listener' | 'process'
  readonly pid?: number
  readonly thread?: number
  readonly descriptor?: number
  readonly arguments?: readonly string[]
  /** of `select`, `poll` and `epoll_wait`: the descriptors they waited for, those that were ready, and how */
  readonly waitsOn?: readonly number[]
  /** how many more than are named there */
  readonly waitsOnMore?: number
  readonly ready?: readonly Ready[]
  /** waits of the same thread before it that found nothing of this session */
  readonly skipped?: number
  /** of `waitpid` and `ended`: how the process ended */
  readonly status?: { readonly exited: number } | { readonly signal: string }
  /** ns since the session's first packet: when it was entered, when it returned (absent when it never did) */
  readonly entered?: number
  readonly returned?: number
}

/** What `netstat -a` showed of the session at one end, from now on: looked up in the kernel while the lab's scenario ran. */
export interface NetstatEvent extends At {
  readonly kind: 'netstat'
  readonly by: Role
  /** of the session's own socket; absent when there is none (any more) */
  readonly state?: string
  /** a socket listens on its port */
  readonly listens: boolean
}

/**
 * What one end of a Unix-domain session handed to the other, at the time of the call that did: a connection, bytes, or its end.
 * Calls name its number where those of other sessions name a frame.
 */
export interface MessageEvent extends At {
  readonly kind: 'message'
  /** counts the session's messages, from 1 */
  readonly number: number
  readonly from: Role
  readonly phase: PhaseName
  readonly what: 'connection' | 'data' | 'end'
  /** bytes */
  readonly length: number
  /** the beginning as printable text; absent when it is not text */
  readonly text?: string
  /** descriptors that were sent along (SCM_RIGHTS) */
  readonly passes?: number
  /** false for one that nobody took, of those that both ends' calls are known */
  readonly received: boolean
}
