/** Copies frames out of the buffer that holds them, keeping one byte view of it for all of a batch. */
import type { Packet } from '../packet.js'

export class FrameCopier {
  #frame: DataView | undefined
  #bytes: Uint8Array = new Uint8Array(0)

  copy(packet: Packet, target: Uint8Array, at: number): void {
    const { frame, start, end } = packet
    if (frame !== this.#frame) {
      this.#frame = frame
      this.#bytes = new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength)
    }
    target.set(this.#bytes.subarray(start, end), at)
  }
}
