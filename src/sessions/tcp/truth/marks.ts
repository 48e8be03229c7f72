/** What the place of the capture leaves on the packets of one direction: the evidence for the vantage that is in the packets themselves. */
import { ChecksumStatus } from '../../../decode/checksums.js'
import { Direction, type Packet } from '../../../packet.js'
import { record } from '../../record.js'

export class Marks extends record(
  [
    /** of the first packet, -1 before it; `ttlVaries` when others had another */
    'ttl',
    'ttlVaries',
    'firstFrame',
    /** packets that the capture's own metadata calls outbound and inbound (cooked packet type, pcapng's flags) */
    'outbound',
    'inbound',
    /** checksums that hold only the pseudo-header's sum: the network card was to fill them in */
    'unfilled',
    'unfilledFrame',
    /** a checksum fitted, or was to be filled in: one that does not is of a packet that was damaged */
    'hasFitted',
  ],
  [],
) {
  reset(): void {
    this.ttl = -1
    this.ttlVaries = 0
    this.outbound = this.inbound = this.unfilled = this.hasFitted = 0
  }

  observe(packet: Packet): void {
    const ttl = packet.timeToLive
    if (ttl !== this.ttl) {
      if (this.ttl < 0) {
        this.ttl = ttl
        this.firstFrame = packet.number
      } else this.ttlVaries = 1
    }
    const direction = packet.direction
    if (direction === Direction.outbound) this.outbound++
    else if (direction === Direction.inbound) this.inbound++
    const checksum = packet.transportChecksum
    if (checksum === ChecksumStatus.good || checksum === ChecksumStatus.unfilled) this.hasFitted = 1
    if (checksum === ChecksumStatus.unfilled && this.unfilled++ === 0) this.unfilledFrame = packet.number
  }
}
