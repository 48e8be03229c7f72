/** Whether a retransmission was needed: had its bytes arrived, or were they to arrive, without it? */
import { sequenceDifference } from '../../../bytes/sequence.js'
import type { Anomaly } from './anomaly.js'
import type { Scene } from './scene.js'

export type NeedGround =
  /** RFC 2883: the receiver says that the bytes came twice */
  | 'reported twice'
  /** captured at the receiver: they had come before */
  | 'had arrived'
  /** captured at the receiver: the original came after all */
  | 'came later'
  /** their acknowledgment came sooner than one of the retransmission could */
  | 'acknowledged too soon'
  /** RFC 3522 (Eifel): their acknowledgment echoes an older timestamp than the retransmission's */
  | 'echo of the original'
  /** captured at the receiver: they came with it for the first time */
  | 'first to arrive'
  /** none of the above, and acknowledged a round trip after it */
  | 'acknowledged in turn'

export interface NeedRuling {
  readonly needed: boolean
  readonly ground: NeedGround
  readonly frame: number
}

export function judgeNeed(anomaly: Anomaly, scene: Scene): NeedRuling | undefined {
  if (scene.isAtReceiver) {
    if (anomaly.holeFrame === 0 && !anomaly.isNext)
      return { needed: false, ground: 'had arrived', frame: anomaly.firstFrame }
    if (anomaly.original !== undefined) {
      return { needed: false, ground: 'came later', frame: anomaly.original.frame }
    }
    return { needed: true, ground: 'first to arrive', frame: 0 }
  }
  if (anomaly.duplicateReportFrame !== 0) {
    return { needed: false, ground: 'reported twice', frame: anomaly.duplicateReportFrame }
  }
  if (anomaly.reportFrame === 0) return undefined
  if (anomaly.reportTime - anomaly.time < 0.8 * scene.receiverReaction) {
    return { needed: false, ground: 'acknowledged too soon', frame: anomaly.reportFrame }
  }
  const isEchoed = anomaly.hasTimestamps && anomaly.reportIsCumulative && anomaly.sequence === anomaly.acknowledged
  if (isEchoed && sequenceDifference(anomaly.reportEcho, anomaly.timestampValue) < 0) {
    return { needed: false, ground: 'echo of the original', frame: anomaly.reportFrame }
  }
  return { needed: true, ground: 'acknowledged in turn', frame: anomaly.reportFrame }
}
