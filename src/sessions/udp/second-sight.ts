/**
 * Datagrams that the capture has twice, as one on all interfaces of a bridge or a router has: the same again at once, seen in another
 * place. In the same place it may be a copy that the network made, or one that the program sent.
 */
import type { Packet } from '../../packet.js'
import { placeOf, SECOND_SIGHT } from '../place.js'
import { record } from '../record.js'

/** The latest datagram of an end. */
export class Latest extends record(
  [
    'identification',
    /** length and checksum, the second word of its header */
    'lengthAndChecksum',
    'place',
    'isKnown',
  ],
  ['time'],
) {
  /** Whether the datagram is the latest one again; else it is the latest from now on. */
  isAgain(packet: Packet, time: number): boolean {
    const place = placeOf(packet)
    const lengthAndChecksum = packet.view.getInt32(packet.transport + 4)
    const { identification } = packet
    const isSame =
      this.isKnown !== 0 &&
      place !== this.place &&
      lengthAndChecksum === this.lengthAndChecksum &&
      identification === this.identification &&
      time - this.time < SECOND_SIGHT
    if (isSame) return true
    this.identification = identification
    this.lengthAndChecksum = lengthAndChecksum
    this.place = place
    this.isKnown = 1
    this.time = time
    return false
  }
}
