/** What the wire has told of one end of a TCP connection. Pooled: `reset` makes it new. */
import { SequenceRanges } from './sequence-ranges.js'
import { State } from './states.js'

/** A frame and its time, nanoseconds since the session's first packet; frame 0: it was not seen. */
export class Moment {
  frame = 0
  time = 0

  reset(): void {
    this.frame = 0
    this.time = 0
  }

  set(frame: number, time: number): void {
    this.frame = frame
    this.time = time
  }

  /** Sets it unless it was set before. */
  first(frame: number, time: number): void {
    if (this.frame === 0) this.set(frame, time)
  }

  get seen(): boolean {
    return this.frame !== 0
  }
}

export class TcpEndpoint {
  /** as AddressTable numbers it */
  address = 0
  port = 0
  state: State = State.CLOSED

  // ── what it said when it opened (RFC 9293 §3.2, RFC 7323, RFC 2018); -1: not said ──
  isn = 0
  isnKnown = false
  readonly syn = new Moment()
  synTransmissions = 0
  /** as advertised in its SYN, never scaled */
  synWindow = 0
  mss = -1
  windowScale = -1
  sackPermitted = false
  timestamps = false

  // ── what it sent ──
  packets = 0
  dataSegments = 0
  payloadBytes = 0
  /** each byte of the stream counted once */
  uniqueBytes = 0
  retransmittedBytes = 0
  retransmissions = 0
  outOfOrder = 0
  duplicateAcks = 0
  zeroWindows = 0
  keepAlives = 0
  badChecksums = 0
  partialChecksums = 0
  largestSegment = 0
  minimumWindow = -1
  /** bytes of its stream that have arrived at the other end */
  readonly delivered = new SequenceRanges()
  /** highest acknowledgment number it has sent */
  acknowledged = 0
  hasAcknowledged = false

  // ── how it closed ──
  /** sequence number of its FIN; meaningful once `fin.seen` */
  finSequence = 0
  readonly fin = new Moment()
  readonly finAcknowledged = new Moment()
  /** the other end has taken the FIN in: everything before it had arrived */
  finDelivered = false
  readonly rst = new Moment()
  /** when it entered TIME_WAIT */
  readonly timeWait = new Moment()

  reset(address: number, port: number): void {
    this.address = address
    this.port = port
    this.state = State.CLOSED
    this.isn = 0
    this.isnKnown = false
    this.syn.reset()
    this.synTransmissions = 0
    this.synWindow = 0
    this.mss = -1
    this.windowScale = -1
    this.sackPermitted = false
    this.timestamps = false
    this.packets = 0
    this.dataSegments = 0
    this.payloadBytes = 0
    this.uniqueBytes = 0
    this.retransmittedBytes = 0
    this.retransmissions = 0
    this.outOfOrder = 0
    this.duplicateAcks = 0
    this.zeroWindows = 0
    this.keepAlives = 0
    this.badChecksums = 0
    this.partialChecksums = 0
    this.largestSegment = 0
    this.minimumWindow = -1
    this.delivered.reset()
    this.acknowledged = 0
    this.hasAcknowledged = false
    this.finSequence = 0
    this.fin.reset()
    this.finAcknowledged.reset()
    this.finDelivered = false
    this.rst.reset()
    this.timeWait.reset()
  }
}
