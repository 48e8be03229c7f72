/** Judges the anomalies of one direction, and keeps what came of it. */
import { SYN } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import { CauseFinder } from './cause.js'
import { JudgedSegment } from './judged.js'
import { judgeNeed } from './need.js'
import type { Scene } from './scene.js'
import { Sent } from './send-order.js'
import { isSecondSight, judge, type Ruling } from './verdict.js'

/** So many segments are listed of one direction; what is out of the ordinary beyond that is only counted. */
const LISTED = 1 << 18

/** By the numbers of its sender it was sent before what had its bytes and came first. */
function isEarlierTry({ verdict, toPrevious }: Anomaly, scene: Scene): boolean {
  return (
    verdict === 'retransmission' &&
    toPrevious.identification === Sent.before &&
    scene.flow.identification.isCounter &&
    !scene.isAtSender
  )
}

export class Judge {
  readonly segments: JudgedSegment[] = []
  readonly capturedTwice: number[] = []
  /** frames that were captured and lost afterwards, or that their receiver dropped */
  readonly lost: number[] = []
  retransmissions = 0
  needless = 0
  outOfOrder = 0
  duplicates = 0
  unlisted = 0
  readonly #causes = new CauseFinder()

  /** Anomalies in the order of capture, after all those that were settled before. */
  settle(anomalies: readonly Anomaly[], scene: Scene): void {
    const rulings = anomalies.map((anomaly) => {
      const ruling = judge(anomaly, scene)
      anomaly.verdict = ruling.verdict
      // what came before it and had its bytes was sent again, and needlessly
      const isEarlier = ruling.verdict === 'out-of-order' || isEarlierTry(anomaly, scene)
      if (isEarlier && anomaly.previous !== undefined) anomaly.previous.original = anomaly
      return ruling
    })
    rulings.forEach((ruling, index) => {
      const anomaly = anomalies[index]
      if (anomaly !== undefined) this.#record(anomaly, ruling, scene)
    })
  }

  #record(anomaly: Anomaly, ruling: Ruling, scene: Scene): void {
    if (isSecondSight(anomaly, scene)) {
      this.capturedTwice.push(anomaly.frame)
      return
    }
    switch (ruling.verdict) {
      case 'retransmission':
        this.#recordRetransmission(anomaly, ruling, scene)
        return
      case 'out-of-order':
        this.outOfOrder++
        break
      case 'duplicate':
        this.duplicates++
        break
      default:
        return
    }
    this.#list(new JudgedSegment(anomaly, ruling, undefined, undefined))
  }

  #recordRetransmission(anomaly: Anomaly, ruling: Ruling, scene: Scene): void {
    const need = judgeNeed(anomaly, scene)
    this.retransmissions++
    if (need.needed === false) this.needless++
    // of a long segment, of which a part is sent again, the rest may have arrived
    const hasFailed = need.needed === true && (!scene.isAtReceiver || need.ground === 'not taken')
    if (hasFailed && anomaly.coversPrevious && !wasHeard(anomaly)) this.lost.push(firstSight(anomaly, scene))
    this.#list(new JudgedSegment(anomaly, ruling, this.#causes.find(anomaly, scene), need))
  }

  #list(segment: JudgedSegment): void {
    if (this.segments.length < LISTED) this.segments.push(segment)
    else this.unlisted++
  }
}

/** The frame of what was sent before it: of a packet that was captured twice, the first. */
function firstSight({ previousFrame, previous }: Anomaly, scene: Scene): number {
  return previous !== undefined && isSecondSight(previous, scene) ? previous.previousFrame : previousFrame
}

/** A SYN that was answered, though with an ACK of an older connection, had arrived (RFC 9293 §3.5.1). */
function wasHeard({ flags, lastAckTime, previousTime }: Anomaly): boolean {
  return (flags & SYN) !== 0 && lastAckTime > previousTime
}
