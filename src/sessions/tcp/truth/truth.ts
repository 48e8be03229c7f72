import { ACK, FIN, type Packet, RST, SYN } from '../../../packet.js'
import { sequenceDifference, sequenceAfter } from '../../../bytes/sequence.js'
import { Flow } from './flow.js'
import { sharedSightings } from './sighting.js'

/** How soon one side reacts. */
export class Reaction {
  min = Infinity
  smoothed = 0
  count = 0
  probing = false
  end = 0
  time = 0
  tsProbing = false
  ts: number | undefined
  tsTime = 0
  samples: number[] = []
  reset() { this.min = Infinity; this.count = 0; this.probing = false; this.tsProbing = false; this.ts = undefined; this.samples = [] }
  sample(n: number) { if (n < this.min) this.min = n; this.smoothed = this.count++ === 0 ? n : this.smoothed + (n - this.smoothed) / 8; this.samples.push(n) }
}

export class TcpTruth {
  readonly flows: readonly [Flow, Flow] = [new Flow(sharedSightings), new Flow(sharedSightings)]
  /** reactions[s]: of side s to what the other sent */
  readonly reactions: readonly [Reaction, Reaction] = [new Reaction(), new Reaction()]
  reset(): void { this.flows[0].reset(); this.flows[1].reset(); this.reactions[0].reset(); this.reactions[1].reset() }
  observe(packet: Packet, direction: 0 | 1, time: number): void {
    const tcp = packet.tcp
    const other = direction === 0 ? 1 : 0
    const flow = this.flows[direction]
    const back = this.flows[other]
    flow.number(packet)
    const mine = this.reactions[direction], theirs = this.reactions[other]
    if (tcp.flags & ACK) {
      if (mine.probing && !sequenceAfter(mine.end, tcp.acknowledgment)) { mine.probing = false; mine.sample(time - mine.time) }
      if (mine.tsProbing && tcp.hasTimestamps && !sequenceAfter(mine.ts ?? 0, tcp.timestampEcho | 0)) { mine.tsProbing = false; mine.sample(time - mine.tsTime) }
      back.acknowledge(packet, time)
    }
    if (tcp.hasTimestamps && !theirs.tsProbing && (theirs.ts === undefined || sequenceAfter(tcp.timestampValue | 0, theirs.ts))) { theirs.tsProbing = true; theirs.ts = tcp.timestampValue | 0; theirs.tsTime = time }
    const span = tcp.length + (tcp.flags & SYN ? 1 : 0) + (tcp.flags & FIN ? 1 : 0)
    if (span > 0 && !(tcp.flags & RST)) {
      if (!flow.started || sequenceDifference(tcp.sequence, flow.top) >= 0) {
        if (!theirs.probing) { theirs.probing = true; theirs.end = (tcp.sequence + span) | 0; theirs.time = time }
      } else if (theirs.probing && sequenceAfter(theirs.end, tcp.sequence)) theirs.probing = false
      flow.memory = 2 * ((this.reactions[0].count ? this.reactions[0].min : 0) + (this.reactions[1].count ? this.reactions[1].min : 0))
      flow.data(packet, direction, time)
    }
  }
}
