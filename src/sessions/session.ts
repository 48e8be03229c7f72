/** What TCP connections and UDP conversations have in common. */
import type { Packet } from '../packet.js'
import type { Side } from './facts.js'
import type { Prelude } from './prelude.js'
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
const MAX_ICMP_ERRORS = 16
const MAX_VLANS = 8

export abstract class SessionBase {
  /** tcp.stream or udp.stream */
  number = 0
  /** IP version */
  version: 4 | 6 = 4
  /** which of the two sides is the client, and whether that is a guess since the opening was not captured */
  clientSide: Side = 0
  assumed = false
  startSeconds = 0
  startNanoseconds = 0
  firstFrame = 0
  lastFrame = 0
  /** ns since the first packet */
  lastTime = 0
  packets = 0
  /** bytes of its frames on the wire */
  bytes = 0
  timeDigits = 6
  vlans: number[] = []
  icmpErrors: IcmpError[] = []
  icmpErrorCount = 0
  prelude: Prelude | undefined
  /** it was let go while open, to keep memory bounded, and came back: what came before is in an earlier summary */
  resumed = false

  protected begin(number: number, packet: Packet): void {
    this.number = number
    this.version = packet.networkVersion === 6 ? 6 : 4
    this.clientSide = 0
    this.assumed = false
    this.startSeconds = packet.seconds
    this.startNanoseconds = packet.nanoseconds
    this.firstFrame = packet.number
    this.lastFrame = packet.number
    this.lastTime = 0
    this.packets = 0
    this.bytes = 0
    this.timeDigits = packet.timeDigits
    if (this.vlans.length > 0) this.vlans = []
    if (this.icmpErrors.length > 0) this.icmpErrors = []
    this.icmpErrorCount = 0
    this.prelude = undefined
    this.resumed = false
  }

  /** ns from the session's first packet to `packet`; exact, since both parts are integers. */
  timeOf(packet: Packet): number {
    return (packet.seconds - this.startSeconds) * 1e9 + (packet.nanoseconds - this.startNanoseconds)
  }

  protected count(packet: Packet, time: number): void {
    this.packets++
    this.bytes += packet.originalLength
    this.lastFrame = packet.number
    this.lastTime = time
    if (packet.vlan >= 0 && this.vlans[0] !== packet.vlan) this.#addVlan(packet.vlan)
  }

  #addVlan(vlan: number): void {
    if (this.vlans.length < MAX_VLANS && !this.vlans.includes(vlan)) this.vlans.push(vlan)
  }

  addIcmpError(error: IcmpError): void {
    this.icmpErrorCount++
    if (this.icmpErrors.length < MAX_ICMP_ERRORS) this.icmpErrors.push(error)
  }
}
