/** The bytes that a page holds of a capture, as a pcapng: all of it where that is small, else the packets that are shown. */
import { MemorySink } from '../files/memory-sink.js'
import { openBlocks } from '../files/pcapng-blocks.js'
import { PcapngWriter } from '../files/pcapng-writer.js'
import type { Packet } from '../packet.js'
import type { HeldFrames } from '../render/html/model.js'
import type { SourceInfo } from '../source.js'
import type { Input } from './input.js'

export interface Held {
  readonly bytes: Buffer
  readonly frames: HeldFrames
}

const MOST_PACKETS = 10_000
/** Of a capture: a browser takes its time over a page that is larger. */
const MOST_BYTES = 3 * 1024 * 1024
/** Of part of one, in all; and of each packet: its headers at least. */
const SHARED_BYTES = 2 * 1024 * 1024
const LEAST_KEPT = 128
const MOST_KEPT = 512

/** All of a capture: a pcapng byte for byte, anything else as a pcapng; undefined where it is too large for a page. */
export async function holdWhole(input: Input, info: SourceInfo, packets: number): Promise<Held | undefined> {
  if (packets > MOST_PACKETS || (info.size ?? 0) > MOST_BYTES) return undefined
  const isFile = info.size !== undefined
  const bytes =
    info.format === 'pcapng' && isFile ? await blocksOf(input.name) : await copyOf(input, info, () => true, undefined)
  return bytes.length > MOST_BYTES ? undefined : { bytes, frames: { whole: true } }
}

/** Some frames of a capture, and those that carry comments; the first bytes of each. */
export async function holdSome(input: Input, info: SourceInfo, frames: ReadonlySet<number>): Promise<Held> {
  const kept = Math.min(MOST_KEPT, Math.max(LEAST_KEPT, Math.floor(SHARED_BYTES / Math.max(1, frames.size))))
  const numbers: number[] = []
  const isHeld = ({ number, comments }: Packet) => {
    const found = frames.has(number) || (comments.length > 0 && numbers.length < 2 * MOST_PACKETS)
    if (found) numbers.push(number)
    return found
  }
  const bytes = await copyOf(input, info, isHeld, kept)
  return { bytes, frames: { whole: false, numbers, kept } }
}

async function blocksOf(name: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  const file = await openBlocks(name)
  await file.forEach(({ bytes }) => {
    length += bytes.length
    // a compressed file may hold far more than it seems to
    if (length <= MOST_BYTES) parts.push(bytes.slice())
  })
  return length <= MOST_BYTES ? Buffer.concat(parts) : Buffer.alloc(MOST_BYTES + 1)
}

async function copyOf(
  input: Input,
  info: SourceInfo,
  isHeld: (packet: Packet) => boolean,
  kept: number | undefined,
): Promise<Buffer> {
  const sink = new MemorySink()
  const writer = new PcapngWriter(sink, { comments: info.sections.flatMap(({ comments }) => comments) })
  const ids = new Map<number, number>()
  const source = await input.again()
  for await (const batch of source) {
    batch.forEach((packet) => {
      if (!isHeld(packet)) return
      let id = ids.get(packet.interfaceId)
      if (id === undefined) {
        id = writer.addInterface(source.info.interfaces[packet.interfaceId] ?? { linkType: packet.linkType })
        ids.set(packet.interfaceId, id)
      }
      const { end } = packet
      if (kept !== undefined) packet.end = Math.min(end, packet.start + kept)
      writer.write(packet, id)
      packet.end = end
    })
    await writer.flush()
  }
  await writer.close()
  return sink.content()
}
