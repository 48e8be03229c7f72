/** Writes down what was known when a segment came that was not simply the next one: what its sender may have gone by. */
import { sequenceAfter } from '../../../bytes/sequence.js'
import type { Anomaly } from './anomaly.js'
import type { Trouble } from './trouble.js'

/** The gap that the segment fills, all or in part: takes it out of the gaps. */
export function fillGap(anomaly: Anomaly, { holes }: Trouble): void {
  const hole = holes.at(anomaly.sequence, anomaly.end)
  if (hole === undefined) return
  anomaly.holeFrame = hole.frame
  anomaly.holeTime = hole.time
  anomaly.holeBehind = hole.behind
  anomaly.isUnasked = !hole.isKnown
  anomaly.signalFrame = hole.signalFrame
  anomaly.signalTime = hole.signalTime
  holes.fill(anomaly.sequence, anomaly.end)
}

/** What the other end had said, once the segment has been held against those before it. `anomaly.acknowledged` is known. */
export function noteSignals(anomaly: Anomaly, trouble: Trouble): void {
  const { sequence, end, acknowledged } = anomaly
  anomaly.isNotTaken = sequenceAfter(end, acknowledged) && trouble.isWithout(sequence, end)
  if (trouble.hasSelective && sequenceAfter(trouble.selectiveEnd, end)) {
    anomaly.selectiveFrame = trouble.selectiveFrame
    anomaly.selectiveFrames = trouble.tellersOf(end)
    anomaly.selectiveBytes = trouble.selectedBehind(end)
  }
  if (sequence === acknowledged) {
    anomaly.duplicateAcks = trouble.duplicateAcks
    anomaly.duplicateAckFrame = trouble.duplicateAckFrame
    anomaly.duplicateAckTime = trouble.duplicateAckTime
  }
  if (anomaly.firstFrame !== 0 && trouble.signalTime >= anomaly.firstTime) {
    anomaly.laterSignalFrame = trouble.signalFrame
    anomaly.laterSignalIsOfOthers = !trouble.hasSelective && trouble.signalTime < anomaly.lastAdvanceTime
  }
  trouble.tooBig?.note(anomaly)
  const since = anomaly.previousFrame === 0 ? anomaly.holeTime : anomaly.previousTime
  if (trouble.zeroWindowFrame !== 0 && trouble.zeroWindowTime >= since) {
    anomaly.zeroWindowFrame = trouble.zeroWindowFrame
  }
}
