/** TCP segments in Ethernet frames, as short as they can be; checksums are left out, as the wire does not look at them. */

const SYN = 2
const ACK = 16

export function segment({ sequence = 0, flags = ACK, length = 0 }): Buffer {
  const frame = Buffer.alloc(54 + length)
  frame.writeUInt16BE(0x0800, 12)
  frame.writeUInt8(0x45, 14)
  frame.writeUInt16BE(40 + length, 16)
  frame.writeUInt8(64, 22)
  frame.writeUInt8(6, 23)
  frame.set([192, 168, 56, 1, 192, 168, 56, 10], 26)
  frame.writeUInt16BE(40_000, 34)
  frame.writeUInt16BE(9877, 36)
  frame.writeUInt32BE(sequence, 38)
  frame.writeUInt8(0x50, 46)
  frame.writeUInt8(flags, 47)
  frame.writeUInt16BE(64_240, 48)
  return frame
}

export const SEGMENTS = {
  handshake: [segment({ flags: SYN }), segment({ flags: SYN | ACK, sequence: 7 }), segment({ sequence: 1 })],
}
