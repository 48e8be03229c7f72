/** Segmentation offload: segments longer than the other end takes, which the network card was to cut up, or had put together. */
import type { Packet } from '../../../packet.js'
import { record } from '../../record.js'

export class LongSegments extends record(['count', 'longerThan', 'frame', 'longest'], []) {
  reset(): void {
    this.count = this.longest = 0
  }

  /** One is longer than the maximum segment size that the other end's SYN offered. */
  add(packet: Packet, mss: number): void {
    if (this.count++ === 0) this.frame = packet.number
    this.longerThan = mss
    if (packet.tcp.length > this.longest) this.longest = packet.tcp.length
  }
}
