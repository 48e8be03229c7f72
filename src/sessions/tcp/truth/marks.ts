/** What the place of the capture leaves on the packets of one direction: the evidence for the vantage that is in the packets themselves. */
import { ChecksumStatus } from '../../../decode/checksums.js'
import { Direction, type Packet } from '../../../packet.js'

export class Marks {
  /** the first packet's time to live; `ttlVaries` when others had another */
  ttl = -1
  ttlVaries = false
  ttlFrame = 0
  /** packets that the capture's own metadata calls outbound and inbound (cooked packet type, pcapng's flags) */
  outbound = 0
  inbound = 0
  directionFrame = 0
  /** checksums that hold only the pseudo-header's sum: the network card was to fill them in */
  unfilled = 0
  unfilledFrame = 0

  reset(): void {
    this.ttl = -1
    this.ttlVaries = false
    this.outbound = this.inbound = this.unfilled = 0
  }

  observe(packet: Packet): void {
    const ttl = packet.timeToLive
    if (ttl !== this.ttl) {
      if (this.ttl < 0) {
        this.ttl = ttl
        this.ttlFrame = packet.number
      } else this.ttlVaries = true
    }
    if (packet.direction !== Direction.unknown) {
      if (this.outbound + this.inbound === 0) this.directionFrame = packet.number
      if (packet.direction === Direction.outbound) this.outbound++
      else this.inbound++
    }
    if (packet.transportChecksum === ChecksumStatus.unfilled && this.unfilled++ === 0) {
      this.unfilledFrame = packet.number
    }
  }
}
