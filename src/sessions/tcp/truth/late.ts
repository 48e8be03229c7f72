/**
 * What a late segment shows of those that came before it. New data is always sent in the order of its sequence numbers: so what came
 * first, with bytes from before the late one's end, and was sent after it, had been sent again. While only that had come it looked like the
 * next segment.
 */
import { sequenceAfter } from '../../../bytes/sequence.js'
import { FIN, type Packet, SYN } from '../../../packet.js'
import { Anomaly } from './anomaly.js'
import type { Flow } from './flow.js'
import { Sent } from './send-order.js'
import type { Sighting, SightingPool } from './sighting.js'

/** By the numbers or the clock of its sender, the packet was sent before another of them that has come. */
export function isLate(flow: Flow, { tcp }: Packet): boolean {
  return (
    flow.identification.skipped < 0 || (tcp.hasTimestamps && sequenceAfter(flow.answers.newest, tcp.timestampValue | 0))
  )
}

/** Writes down what a late segment shows. `mss`: see packetSize. */
export function showsSentAgain(flow: Flow, segment: Sighting, mss: number, pool: SightingPool): void {
  const { sightings, identification, trouble } = flow
  if (trouble === undefined) return
  sightings.eachSentAfter(segment, identification.isCounter, mss, (earlier) => {
    let anomaly = pool.anomalyOf(earlier)
    if (anomaly === undefined) {
      anomaly = afterwards(earlier, flow)
      pool.tie(earlier, anomaly)
      trouble.addLate(anomaly)
    }
    const { toLater } = anomaly
    const isKnown = toLater.identification === Sent.after || toLater.timestamps === Sent.after
    if (!isKnown) toLater.compare(earlier, segment, mss)
  })
}

/** What was known when it came is not known any more: nothing of it speaks for a silence. */
function afterwards(sighting: Sighting, { direction, acknowledged }: Flow): Anomaly {
  const flags = sighting.header >>> 16
  const length =
    ((sighting.end - sighting.sequence) | 0) - ((flags & SYN) !== 0 ? 1 : 0) - ((flags & FIN) !== 0 ? 1 : 0)
  const anomaly = new Anomaly(sighting, direction, length, flags, true)
  anomaly.acknowledged = acknowledged
  anomaly.top = sighting.sequence
  anomaly.lastDataTime = anomaly.lastAckTime = anomaly.lastAdvanceTime = anomaly.missableTime = sighting.time
  return anomaly
}
