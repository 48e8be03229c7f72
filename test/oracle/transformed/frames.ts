/** Captures as lists of frames, to be changed and written again. */
import { openCapture } from '../../../src/files/open.js'
import { integer } from '../../files/support.js'

export interface Frame {
  /** nanoseconds since 1970 */
  readonly time: bigint
  readonly linkType: number
  readonly bytes: Uint8Array
  /** bytes that were sent */
  readonly length: number
}

export async function readFrames(file: string): Promise<Frame[]> {
  const frames: Frame[] = []
  const source = await openCapture(file)
  for await (const batch of source) {
    batch.forEach(({ frame, start, end, seconds, nanoseconds, linkType, originalLength }) => {
      const bytes = new Uint8Array(frame.buffer, frame.byteOffset + start, end - start).slice()
      frames.push({
        time: BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds),
        linkType,
        bytes,
        length: originalLength,
      })
    })
  }
  return frames
}

/** A pcapng of one section, with an interface for each link type. */
export function pcapngOf(frames: readonly Frame[]): Uint8Array {
  const u16 = (value: number): Uint8Array => integer(value, 2, true)
  const u32 = (value: number | bigint): Uint8Array => integer(value, 4, true)
  const parts: Uint8Array[] = []
  const block = (type: number, ...body: Uint8Array[]): void => {
    const length = u32(body.reduce((sum, part) => sum + part.length, 12))
    parts.push(u32(type), length, ...body, length)
  }
  block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), integer(-1, 8, true))
  const interfaces = new Map<number, number>()
  for (const { time, linkType, bytes, length } of frames) {
    let id = interfaces.get(linkType)
    if (id === undefined) {
      id = interfaces.size
      interfaces.set(linkType, id)
      // times in nanoseconds
      block(1, u16(linkType), u16(0), u32(0), u16(9), u16(1), Uint8Array.of(9, 0, 0, 0), u32(0))
    }
    const padding = new Uint8Array(-bytes.length & 3)
    block(6, u32(id), u32(time >> 32n), u32(time), u32(bytes.length), u32(length), bytes, padding)
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** Where the IP header of an Ethernet frame begins, behind its VLAN tags; -1 where there is none. */
export function networkOf({ linkType, bytes }: Frame): number {
  if (linkType !== 1) return -1
  let at = 14
  while (bytes[at - 2] === 0x81 && bytes[at - 1] === 0) at += 4
  const type = ((bytes[at - 2] ?? 0) << 8) | (bytes[at - 1] ?? 0)
  return (type === 0x0800 || type === 0x86dd) && bytes.length >= at + 40 ? at : -1
}

/** Where the TCP header of an Ethernet frame begins; -1 where it has none, or not all of it. */
export function tcpOf(frame: Frame): number {
  const network = networkOf(frame)
  if (network < 0) return -1
  const { bytes } = frame
  const isVersion4 = (bytes[network] ?? 0) >> 4 === 4
  const protocol = bytes[network + (isVersion4 ? 9 : 6)]
  const isFragment = isVersion4 && (((bytes[network + 6] ?? 0) & 0x3f) | (bytes[network + 7] ?? 0)) !== 0
  const at = network + (isVersion4 ? ((bytes[network] ?? 0) & 15) * 4 : 40)
  return protocol === 6 && !isFragment && bytes.length >= at + 20 ? at : -1
}
