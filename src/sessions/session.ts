/**
 * What TCP connections and UDP conversations have in common. A session's numbers are a record in a slab (record.ts): an
 * object of these classes stands for one session at a time, and `select` says for which.
 */
import type { Packet } from '../packet.js'
import type { Side } from './facts.js'
import type { Phase } from './phases.js'
import type { Prelude } from './prelude.js'
import { record, type Slab } from './record.js'
import type { TcpSession } from './tcp/session.js'
import type { TruthOfSession } from './tcp/truth/result.js'
import type { UdpSession } from './udp/session.js'

export type Session = TcpSession | UdpSession

/** An ICMP error that quotes a packet of the session. */
export interface IcmpError {
  readonly frame: number
  readonly version: 4 | 6
  readonly type: number
  readonly code: number
  /** the side whose packet is quoted */
  readonly about: Side
}

/** Kept of one session; an attacker may send any number. */
const MAX_ICMP_ERRORS = 16
const MAX_VLANS = 8

/** What of a session is no number, or is rarely there. */
export class Extras {
  /** Zeek's letters, see history.ts */
  history = ''
  vlans: readonly number[] | undefined
  icmpErrors: readonly IcmpError[] | undefined
  prelude: Prelude | undefined
  /** TCP: what really happened, once the session is let go */
  truth: TruthOfSession | undefined
  /** UDP requests that wait for a reply: frame, time, frame, time, … */
  waiting: number[] | undefined
}

/**
 * Booleans are 0 or 1. Sides are numbered in the order in which their endpoints sort. What nearly every packet reads or
 * writes stands last among the ints and first among the floats, and each endpoint's `Traffic` follows: two cache lines.
 */
const Fields = record(
  [
    'slot',
    /** tcp.stream or udp.stream */
    'number',
    'ipVersion',
    'clientSideNumber',
    'isAssumed',
    'isOver',
    'isResumed',
    'phaseNumber',
    'firstFrame',
    'timeDigits',
    /** bits of history.ts */
    'historySeen',
    /** tcp.completeness so far */
    'completeness',
    'establishedFrame',
    'isAnnounced',
    'spare2',
    'spare3',
    /** which segments are plain, see tcp/plain.ts */
    'plain',
    /** the VLAN that it was seen on last, plus one */
    'vlanTag',
    'lastFrame',
    'startNanoseconds',
  ],
  [
    'startSeconds',
    /** ns since the first packet */
    'lastTime',
    /** bytes of its frames on the wire */
    'bytes',
    'establishedTime',
  ],
)

/** What one end has sent. */
export class Traffic extends record(
  [
    'packets',
    /** those with payload */
    'segments',
    /** TCP: the first byte of its stream that has not arrived at the other end, meaningful once `hasDelivered` */
    'deliveredNext',
    'hasDelivered',
  ],
  ['payloadBytes'],
) {}

export abstract class SessionBase extends Fields {
  readonly traffic: readonly [Traffic, Traffic]
  readonly #extras: Extras[]

  /** 32-bit words of its record, `traffic` included. */
  static override readonly words = Fields.words + 2 * Traffic.words

  /** `extras` by slot, shared by all that stand for sessions of the same slab. */
  constructor(slab: Slab, extras: Extras[]) {
    super(slab)
    this.#extras = extras
    this.traffic = [new Traffic(slab), new Traffic(slab)]
  }

  /** Stands for the session in `slot` from now on. */
  select(slot: number): this {
    this.at = this.slab.offset(slot)
    this.traffic[0].at = this.at + Fields.words
    this.traffic[1].at = this.at + Fields.words + Traffic.words
    return this
  }

  get packets(): number {
    return this.traffic[0].packets + this.traffic[1].packets
  }

  get extras(): Extras {
    const extras = this.#extras[this.slot]
    if (extras === undefined) throw new RangeError(`there is no session in slot ${this.slot}`)
    return extras
  }

  get clientSide(): Side {
    return this.clientSideNumber as Side
  }

  get serverSide(): Side {
    return this.clientSideNumber === 0 ? 1 : 0
  }

  get phase(): Phase {
    return this.phaseNumber as Phase
  }

  get version(): 4 | 6 {
    return this.ipVersion === 6 ? 6 : 4
  }

  /** Who is client and who is server is a guess: the opening was not captured. */
  get assumed(): boolean {
    return this.isAssumed !== 0
  }

  /** Nothing more is to come but stragglers. */
  get over(): boolean {
    return this.isOver !== 0
  }

  /** It was let go while open, to keep memory bounded, and came back: what came before is in an earlier summary. */
  get resumed(): boolean {
    return this.isResumed !== 0
  }

  /** Begins a session in `slot`, whose record has just been cleared. */
  protected begin(slot: number, number: number, packet: Packet): void {
    this.#extras[slot] = new Extras()
    this.slot = slot
    this.number = number
    this.ipVersion = packet.networkVersion
    this.startSeconds = packet.seconds
    this.startNanoseconds = packet.nanoseconds
    this.firstFrame = packet.number
    this.timeDigits = packet.timeDigits
  }

  /** ns from the session's first packet to `packet`; exact, since both parts are integers. */
  timeOf(packet: Packet): number {
    return (packet.seconds - this.startSeconds) * 1e9 + (packet.nanoseconds - this.startNanoseconds)
  }

  protected count(packet: Packet, side: Side, time: number): void {
    this.traffic[side].packets++
    this.bytes += packet.originalLength
    this.lastFrame = packet.number
    this.lastTime = time
    if (packet.vlan + 1 !== this.vlanTag) this.#noteVlan(packet.vlan)
  }

  /** Each VLAN it was seen on; −1 stands for none. */
  #noteVlan(vlan: number): void {
    const isFirst = this.packets === 1
    this.vlanTag = vlan + 1
    const { extras } = this
    const seen = extras.vlans ?? (isFirst ? [] : [-1])
    if (seen.length < MAX_VLANS && !seen.includes(vlan)) extras.vlans = [...seen, vlan]
  }

  addIcmpError(error: IcmpError): void {
    const { extras } = this
    const errors = extras.icmpErrors ?? []
    if (errors.length < MAX_ICMP_ERRORS) extras.icmpErrors = [...errors, error]
  }
}
