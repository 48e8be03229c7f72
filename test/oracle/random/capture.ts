/** Captures of random frames, as classic pcap files. */
import { Random } from '../../support/random.js'
import { Traffic } from './ip.js'
import { links } from './links.js'

const CUTS = [14, 20, 34, 40, 54, 60, 68, 96] as const

/** `count` frames of one link type, from a seed. */
export function randomCapture(seed: number, linkType: number, count: number): Uint8Array {
  const random = new Random(seed)
  const traffic = new Traffic()
  const frame = links.get(linkType)
  if (frame === undefined) throw new RangeError(`no frames of link type ${linkType}`)
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b23c4d, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(262_144, 16)
  head.writeUInt32LE(linkType, 20)
  const parts: Buffer[] = [head]
  let time = 0
  for (let number = 0; number < count; number++) {
    const bytes = Buffer.from(frame(random, traffic))
    const cut = random.chance(0.15) ? random.pick([...CUTS, random.below(bytes.length + 1)]) : bytes.length
    const captured = Math.min(cut, bytes.length)
    const record = Buffer.alloc(16)
    time += random.pick([0, 1000, 50_000, 3_000_000, 20_000_000, 200_000_000])
    record.writeUInt32LE(1_700_000_000 + Math.floor(time / 1e9), 0)
    record.writeUInt32LE(time % 1e9, 4)
    record.writeUInt32LE(captured, 8)
    record.writeUInt32LE(bytes.length, 12)
    parts.push(record, bytes.subarray(0, captured))
  }
  return Buffer.concat(parts)
}
