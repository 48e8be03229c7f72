/** What the wire has told of one end of a TCP connection, but for its `Traffic`: numbers in a slab (see record.ts). */
import type { Packet } from '../../packet.js'
import { record, type Slab } from '../record.js'
import type { Traffic } from '../session.js'
import type { State } from './states.js'

/** Times are ns since the session's first packet; a frame of 0 means that it was not seen, −1 that it was not said. */
const Fields = record(
  [
    'stateNumber',
    /** bytes beyond the first that is missing have arrived (delivery.ts) */
    'hasHoles',
    /** sequence number of its FIN, meaningful once `finFrame` is set */
    'finSequence',
    'finFrame',
    'finAckFrame',
    /** it was sent before the other end's FIN had come */
    'finCrosses',
    /** the other end has taken the FIN in: everything before it had arrived */
    'finDelivered',
    'rstFrame',
    /** its reset has another time to live than its SYN: a device on the way may have sent it */
    'rstIsForeign',
    // findings
    'retransmissions',
    'outOfOrder',
    'duplicateAcks',
    'zeroWindows',
    'keepAlives',
    'badChecksums',
    /** a checksum of its packets fitted, or was left to the network card */
    'hasFitted',
    'partialChecksums',
    // who it is, and what it said when it opened (RFC 9293 §3.2, RFC 7323, RFC 2018)
    /** what its relative sequence numbers count from: its ISN, or one before the first that was seen; once `hasBase` */
    'base',
    'hasBase',
    /** as AddressTable numbers it */
    'address',
    'port',
    'isn',
    'synFrame',
    'synTransmissions',
    'synTimeToLive',
    /** as advertised in its SYN, never scaled */
    'synWindow',
    'mss',
    'windowScale',
    'sackPermitted',
    'timestamps',
    'timeWaitFrame',
  ],
  [
    'retransmittedBytes',
    /** of segments that its receiver cannot have taken: bad checksums, and those known to be lost */
    'undeliveredBytes',
    'synTime',
    'finTime',
    'finAckTime',
    'rstTime',
    'timeWaitTime',
  ],
)

export class TcpEndpoint extends Fields {
  readonly traffic: Traffic

  constructor(slab: Slab, traffic: Traffic) {
    super(slab)
    this.traffic = traffic
  }

  /** Payload bytes it sent, each byte of the stream counted once. */
  get uniqueBytes(): number {
    return this.traffic.payloadBytes - this.retransmittedBytes - this.undeliveredBytes
  }

  get state(): State {
    return this.stateNumber as State
  }

  set state(state: State) {
    this.stateNumber = state
  }

  /** Takes down what its SYN says. */
  open({ tcp, number, timeToLive }: Packet, time: number): void {
    this.isn = tcp.sequence
    this.synFrame = number
    this.synTimeToLive = timeToLive
    this.synTime = time
    this.synWindow = tcp.window
    this.mss = tcp.mss
    this.windowScale = tcp.windowScale
    this.sackPermitted = tcp.sackPermitted ? 1 : 0
    this.timestamps = tcp.hasTimestamps ? 1 : 0
  }

  /** Takes down whether its first reset came the way that its SYN came. */
  noteReset({ timeToLive }: Packet): void {
    this.rstIsForeign = this.synFrame !== 0 && timeToLive !== this.synTimeToLive ? 1 : 0
  }
}
