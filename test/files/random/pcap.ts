/** Classic pcap files composed at random from a seed, together with what they say. */
import type { Random } from '../../support/random.js'
import { concat, integer } from '../support.js'
import { type Meant, noise } from './meant.js'

const MAGICS = { microseconds: 0xa1b2c3d4, nanoseconds: 0xa1b23c4d, modified: 0xa1b2cd34 } as const

/** The file's link type: with the length of a frame check sequence above it, as some writers add. */
const LINK_TYPES = [1, 1, 1, 0, 101, 113, 228, 276] as const

export function composePcap(random: Random): { bytes: Uint8Array; frames: readonly Meant[] } {
  const kind = random.weighted({ microseconds: 3, nanoseconds: 2, modified: 1 })
  const little = random.chance(0.5)
  const u32 = (value: number): Uint8Array => integer(value, 4, little)
  const u16 = (value: number): Uint8Array => integer(value, 2, little)
  const linkType = random.pick(LINK_TYPES)
  const snapLength = random.pick([0, 40, 96, 65_535, 262_144])
  const parts = [concat(u32(MAGICS[kind]), u16(2), u16(4), u32(0), u32(0), u32(snapLength), u32(linkType))]
  const frames: Meant[] = []
  let size = 24
  const nanoseconds = kind === 'nanoseconds'
  for (let left = random.below(30); left > 0; left--) {
    const data = noise(random, random.pick([0, 1, 14, 33, 40, 60, 200]))
    const length = data.length + random.pick([0, 0, 0, 1, 1000])
    const seconds = random.pick([0, 1, 1_700_000_000, 0x7fff_ffff, 0xffff_ffff])
    const fraction = random.below(nanoseconds ? 1_000_000_000 : 1_000_000)
    const record = concat(u32(seconds), u32(fraction), u32(data.length), u32(length))
    const more = kind === 'modified' ? noise(random, 8) : new Uint8Array(0)
    parts.push(record, more, data)
    size += record.length + more.length + data.length
    frames.push({
      time: BigInt(seconds) * 1_000_000_000n + BigInt(fraction * (nanoseconds ? 1 : 1000)),
      ...{ length, data: Buffer.from(data).toString('hex'), interfaceId: 0, linkType, direction: 0, comments: [] },
      end: size,
    })
  }
  return { bytes: concat(...parts), frames }
}
