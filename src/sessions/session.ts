/**
 * What TCP connections and UDP conversations have in common. A session's numbers are records in two slabs (record.ts): one
 * of what every packet reads or writes, one of the rest. An object of these classes stands for one session at a time, and
 * `select` says for which.
 */
import type { Packet } from '../packet.js'
import type { Side } from './facts.js'
import type { FlowKey } from './flow-key.js'
import type { Phase } from './phases.js'
import type { Prelude } from './prelude.js'
import { record, Slab } from './record.js'
import type { TcpSession } from './tcp/session.js'
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
export const MAX_ICMP_ERRORS = 16
const MAX_VLANS = 8

/** What few sessions have, and is no number. */
export class Extras {
  vlans: readonly number[] | undefined
  icmpErrors: readonly IcmpError[] | undefined
  /** Zeek's letters beyond those that the record has room for */
  moreHistory = ''
  /** UDP requests that wait for a reply, see udp/waiting.ts */
  waiting: number[] | undefined
}

/**
 * What nearly every packet reads or writes: with the `Traffic` of both sides, which follows, two cache lines. With thousands of
 * sessions open the time of a packet goes into waiting for them, so that they lie close together, apart from all the rest.
 */
export class Hot extends record(
  [
    // the key of the flow, as FlowKey has it; an IP version of 0: the slot is free
    'ipVersion',
    'a',
    'b',
    'ports',
    /** tcp.stream or udp.stream */
    'number',
    /** which segments are plain, see tcp/plain.ts */
    'plain',
    /** the VLAN that it was seen on last, plus one */
    'vlanTag',
    'lastFrame',
    'startNanoseconds',
    'isOver',
  ],
  [
    'startSeconds',
    /** ns since the first packet */
    'lastTime',
    /** bytes of its frames on the wire */
    'bytes',
  ],
) {}

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

/** 32-bit words of the hot record, the traffic of both sides included. */
const HOT_WORDS = Hot.words + 2 * Traffic.words

/** The rest. Booleans are 0 or 1. Sides are numbered in the order in which their endpoints sort. */
const Fields = record(
  [
    'clientSideNumber',
    'isAssumed',
    'isResumed',
    'phaseNumber',
    'firstFrame',
    'timeDigits',
    /** bits of history.ts */
    'historySeen',
    /** letters of the history, and the first of them, packed */
    'historyLength',
    'history0',
    'history1',
    'history2',
    'history3',
    /** tcp.completeness so far */
    'completeness',
    'establishedFrame',
    'isAnnounced',
  ],
  ['establishedTime'],
)

/** The memory of all open sessions of one protocol. */
export class SessionSlabs {
  readonly hot = new Slab(HOT_WORDS)
  readonly rest: Slab
  readonly extras: (Extras | undefined)[] = []
  readonly preludes: (Prelude | undefined)[] = []

  constructor(words: number) {
    this.rest = new Slab(words)
  }
}

export abstract class SessionBase extends Fields {
  readonly hot: Hot
  readonly traffic: readonly [Traffic, Traffic]
  /** which slot it stands for */
  slot = 0
  readonly #extras: (Extras | undefined)[]
  readonly #preludes: (Prelude | undefined)[]

  constructor({ hot, rest, extras, preludes }: SessionSlabs) {
    super(rest)
    this.hot = new Hot(hot)
    this.traffic = [new Traffic(hot), new Traffic(hot)]
    this.#extras = extras
    this.#preludes = preludes
  }

  /** Stands for the session in `slot` from now on. */
  select(slot: number): this {
    this.slot = slot
    this.at = this.slab.offset(slot)
    const at = this.hot.slab.offset(slot)
    this.hot.at = at
    this.traffic[0].at = at + Hot.words
    this.traffic[1].at = at + Hot.words + Traffic.words
    return this
  }

  get number(): number {
    return this.hot.number
  }

  get lastFrame(): number {
    return this.hot.lastFrame
  }

  /** ns since the first packet */
  get lastTime(): number {
    return this.hot.lastTime
  }

  /** bytes of its frames on the wire */
  get bytes(): number {
    return this.hot.bytes
  }

  get startSeconds(): number {
    return this.hot.startSeconds
  }

  get startNanoseconds(): number {
    return this.hot.startNanoseconds
  }

  get packets(): number {
    return this.traffic[0].packets + this.traffic[1].packets
  }

  /** What few sessions have. */
  get extras(): Extras | undefined {
    return this.#extras[this.slot]
  }

  /** The same, to be written to. */
  protected needExtras(): Extras {
    const extras = this.#extras[this.slot] ?? new Extras()
    this.#extras[this.slot] = extras
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
    return this.hot.ipVersion === 6 ? 6 : 4
  }

  /** Who is client and who is server is a guess: the opening was not captured. */
  get assumed(): boolean {
    return this.isAssumed !== 0
  }

  /** Nothing more is to come but stragglers. */
  get over(): boolean {
    return this.hot.isOver !== 0
  }

  /** It was let go while open, to keep memory bounded, and came back: what came before is in an earlier summary. */
  get resumed(): boolean {
    return this.isResumed !== 0
  }

  /** Begins a session in `slot`: its records are cleared. */
  protected begin(slot: number, number: number, packet: Packet, key: FlowKey): void {
    this.slab.clear(slot)
    this.hot.slab.clear(slot)
    this.select(slot)
    this.#extras[slot] = undefined
    this.#preludes[slot] = undefined
    const { hot } = this
    hot.number = number
    hot.ipVersion = packet.networkVersion
    hot.a = key.a
    hot.b = key.b
    hot.ports = key.ports
    hot.startSeconds = packet.seconds
    hot.startNanoseconds = packet.nanoseconds
    this.firstFrame = packet.number
    this.timeDigits = packet.timeDigits
  }

  /** It is numbered anew. */
  renumber(number: number): void {
    this.hot.number = number
  }

  /** Nothing is to be found in its slot any more. */
  forget(): void {
    this.hot.ipVersion = 0
    this.#extras[this.slot] = undefined
    this.#preludes[this.slot] = undefined
  }

  noteResumed(): void {
    this.isResumed = 1
  }

  /** What came before it, and belongs to its story. */
  get prelude(): Prelude | undefined {
    return this.#preludes[this.slot]
  }

  set prelude(prelude: Prelude | undefined) {
    this.#preludes[this.slot] = prelude
  }

  /** ns from the session's first packet to `packet`; exact, since both parts are integers. */
  timeOf(packet: Packet): number {
    const { hot } = this
    return (packet.seconds - hot.startSeconds) * 1e9 + (packet.nanoseconds - hot.startNanoseconds)
  }

  protected count(packet: Packet, side: Side, time: number): void {
    const { hot } = this
    this.traffic[side].packets++
    hot.bytes += packet.originalLength
    hot.lastFrame = packet.number
    hot.lastTime = time
    if (packet.vlan + 1 !== hot.vlanTag) this.#noteVlan(packet.vlan)
  }

  /** Each VLAN it was seen on; −1 stands for none. */
  #noteVlan(vlan: number): void {
    const isFirst = this.packets === 1
    this.hot.vlanTag = vlan + 1
    const extras = this.needExtras()
    const seen = extras.vlans ?? (isFirst ? [] : [-1])
    if (seen.length < MAX_VLANS && !seen.includes(vlan)) extras.vlans = [...seen, vlan]
  }

  addIcmpError(error: IcmpError): void {
    const extras = this.needExtras()
    const errors = extras.icmpErrors ?? []
    if (errors.length < MAX_ICMP_ERRORS) extras.icmpErrors = [...errors, error]
  }
}
