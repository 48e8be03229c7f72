/**
 * Other captures made out of those that there are: what snap lengths, lossy taps, wild clocks, copies, tags, fragments and bit
 * errors do to them. Each takes a capture's frames and gives those of another.
 */
import type { Random } from '../../support/random.js'
import { type Frame, networkOf, tcpOf } from './frames.js'

type Transformation = (frames: readonly Frame[], random: Random) => readonly Frame[]

const MILLISECOND = 1_000_000n
const SECOND = 1_000_000_000n

function changed(frame: Frame, change: (bytes: Uint8Array, view: DataView) => void): Frame {
  const bytes = frame.bytes.slice()
  change(bytes, new DataView(bytes.buffer))
  return { ...frame, bytes }
}

const snap =
  (length: number): Transformation =>
  (frames) =>
    frames.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, length) }))

const snapAnywhere: Transformation = (frames, random) =>
  frames.map((frame) => ({
    ...frame,
    bytes: frame.bytes.subarray(0, random.pick([14, 20, 34, 42, 54, 60, 66, 80, 2000])),
  }))

/** The header part of a frame, and seldom the rest. */
const bitErrors: Transformation = (frames, random) =>
  frames.map((frame) =>
    changed(frame, (bytes) => {
      if (bytes.length === 0) return
      while (random.chance(0.15)) {
        const at = random.below(random.chance(0.8) ? Math.min(80, bytes.length) : bytes.length)
        bytes[at] = random.chance(0.5) ? (bytes[at] ?? 0) ^ (1 << random.below(8)) : random.below(256)
      }
    }),
  )

const lengthsThatLie: Transformation = (frames, random) =>
  frames.map((frame) => {
    const { length } = frame
    return { ...frame, length: random.pick([length, length, length + 4, Math.max(0, length - 5), 0, 65_535]) }
  })

const middle: Transformation = (frames, random) => {
  const start = random.below(Math.max(1, frames.length >> 1))
  return frames.slice(start, start + 2 + random.below(frames.length))
}

const lost: Transformation = (frames, random) => frames.filter(() => !random.chance(0.1))
const everyOther: Transformation = (frames) => frames.filter((_frame, index) => index % 2 === 0)

const oneDirection: Transformation = (frames) =>
  frames.filter((frame) => {
    const at = tcpOf(frame)
    return at < 0 || Buffer.compare(frame.bytes.subarray(at, at + 2), frame.bytes.subarray(at + 2, at + 4)) < 0
  })

/** Neighbours change places; the times stay where they are. */
const swapped: Transformation = (frames, random) => {
  const bodies = [...frames]
  for (let index = 1; index < bodies.length; index++) {
    const [here, before] = [bodies[index], bodies[index - 1]]
    if (here !== undefined && before !== undefined && random.chance(0.2)) {
      bodies[index] = before
      bodies[index - 1] = here
    }
  }
  return bodies.map((frame, index) => ({ ...frame, time: frames[index]?.time ?? frame.time }))
}

/** Some frames come many places later. */
const late: Transformation = (frames, random) => {
  const all = [...frames]
  for (let left = all.length / 20; left > 0; left--) {
    const from = random.below(all.length)
    const to = Math.min(all.length - 1, from + 1 + random.below(30))
    const [frame] = all.splice(from, 1)
    if (frame !== undefined) all.splice(to, 0, { ...frame, time: all[to - 1]?.time ?? frame.time })
  }
  return all
}

const backwards: Transformation = (frames) =>
  frames.map((frame, index) => ({ ...(frames.at(-1 - index) ?? frame), time: frame.time }))

const clockSteps: Transformation = (frames, random) => {
  let shift = 0n
  return frames.map((frame) => {
    if (random.chance(0.05)) shift += random.pick([-SECOND, -MILLISECOND, MILLISECOND, SECOND, 100n * SECOND])
    return { ...frame, time: frame.time + shift }
  })
}

const twice: Transformation = (frames, random) =>
  frames.flatMap((frame) =>
    random.chance(0.3)
      ? [frame, { ...frame, time: frame.time + random.pick([0n, 1000n, 3n * MILLISECOND, SECOND]) }]
      : [frame],
  )

const playedAgain: Transformation = (frames) => {
  const [first, last] = [frames[0]?.time ?? 0n, frames.at(-1)?.time ?? 0n]
  return [...frames, ...frames.map((frame) => ({ ...frame, time: frame.time + (last - first) + 300n * SECOND }))]
}

/** Each sender's numbers moved by as much as makes them wrap within the transfer. */
const wrapping: Transformation = (frames, random) => {
  const shifts = new Map<number, number>()
  return frames.map((frame) => {
    const at = tcpOf(frame)
    if (at < 0) return frame
    return changed(frame, (_bytes, view) => {
      const shift = (port: number, number: number): number => {
        const known = shifts.get(port) ?? -number - random.pick([1, 10, 1000, 1 << 14])
        shifts.set(port, known)
        return number + known
      }
      view.setUint32(at + 4, shift(view.getUint16(at), view.getUint32(at + 4)))
      const acknowledges = (view.getUint8(at + 13) & 16) !== 0
      if (acknowledges) view.setUint32(at + 8, shift(view.getUint16(at + 2), view.getUint32(at + 8)))
    })
  })
}

/** Flags, windows and numbers of TCP changed here and there. */
const strangeSegments: Transformation = (frames, random) =>
  frames.map((frame) => {
    const at = tcpOf(frame)
    if (at < 0 || random.chance(0.85)) return frame
    return changed(frame, (bytes, view) => {
      const step = random.pick([-1, 1, -1460, 1460, -100, 5000])
      const what = random.weighted({ flag: 2, window: 2, sequence: 1, acknowledgment: 1 })
      if (what === 'flag') bytes[at + 13] = (bytes[at + 13] ?? 0) ^ (1 << random.below(6))
      else if (what === 'window') view.setUint16(at + 14, random.pick([0, 0, 1, 100, 65_535]))
      else if (what === 'sequence') view.setUint32(at + 4, view.getUint32(at + 4) + step)
      else view.setUint32(at + 8, view.getUint32(at + 8) + step)
    })
  })

/** TCP options of every sort, their lengths right and wrong, in segments that are not cut. */
const strangeOptions: Transformation = (frames, random) =>
  frames.map((frame) => {
    const at = tcpOf(frame)
    const header = at < 0 ? 0 : ((frame.bytes[at + 12] ?? 0) >> 4) * 4
    if (header < 20 || frame.bytes.length < at + header || frame.length > frame.bytes.length || random.chance(0.6))
      return frame
    const options = someOptions(random)
    const network = networkOf(frame)
    const more = 20 + options.length - header
    const whole = new Uint8Array(
      Buffer.concat([frame.bytes.subarray(0, at + 20), options, frame.bytes.subarray(at + header)]),
    )
    const view = new DataView(whole.buffer)
    const lengthAt = network + ((whole[network] ?? 0) >> 4 === 4 ? 2 : 4)
    view.setUint16(lengthAt, view.getUint16(lengthAt) + more)
    whole[at + 12] = ((20 + options.length) / 4) << 4
    return { ...frame, bytes: whole, length: whole.length }
  })

function someOptions(random: Random): Uint8Array {
  const bytes: number[] = []
  const byte = (): number => random.below(256)
  const put = (kind: number, length: number): void => {
    bytes.push(kind, length, ...Array.from({ length: Math.max(0, length - 2) }, byte))
  }
  for (let left = 1 + random.below(4); left > 0; left--) {
    const kind = random.pick([1, 2, 3, 4, 5, 5, 8, 19, 28, 34, 200])
    // one SACK option a segment, as it should be
    if (kind === 1 || (kind === 5 && bytes.includes(5))) bytes.push(1)
    else if (kind === 5) put(5, 2 + random.pick([4, 8, 8, 12, 16, 24, 32]))
    else if (random.chance(0.1)) put(kind, random.below(12))
    else put(kind, { 2: 4, 3: 3, 4: 2, 8: 10, 19: 18, 28: 4 }[kind] ?? 2 + random.below(9))
  }
  const options = Uint8Array.from(bytes.slice(0, 40))
  return new Uint8Array(Buffer.concat([options, new Uint8Array(-options.length & 3)]))
}

/** … and then cut, in the options above all. */
const strangeOptionsCut: Transformation = (frames, random) =>
  strangeOptions(frames, random).map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, 54 + random.below(45)) }))

/** Handshakes that go wrong: SYNs, SYN/ACKs and resets of before, and with other numbers, in the middle of it all. */
const strayHandshakes: Transformation = (frames, random) =>
  frames.flatMap((frame) => {
    const at = tcpOf(frame)
    if (at < 0 || random.chance(0.8)) return [frame]
    const stray = changed(frame, (bytes, view) => {
      bytes[at + 13] = random.pick([2, 2, 18, 18, 4, 20])
      view.setUint32(at + 4, view.getUint32(at + 4) + random.pick([-1, 0, 0, 1, 5000]))
    })
    return random.chance(0.5) ? [frame, stray] : [stray, frame]
  })

/** All connections between the same few ports, so that each takes another's place. */
const fewPorts: Transformation = (frames) =>
  frames.map((frame) => {
    const at = tcpOf(frame)
    if (at < 0) return frame
    return changed(frame, (_bytes, view) => {
      for (const place of [at, at + 2])
        if (view.getUint16(place) > 1024) view.setUint16(place, 40_000 + (view.getUint16(place) & 1))
    })
  })

/** The same packets behind other headers: tags, cooked ones, LLC and SNAP, none. */
const otherLinks: Transformation = (frames, random) =>
  frames.map((frame) => {
    const { bytes, length } = frame
    if (frame.linkType !== 1 || bytes.length < 14) return frame
    const [addresses, type, packet] = [bytes.subarray(0, 12), bytes.subarray(12, 14), bytes.subarray(14)]
    const sender = addresses.subarray(6)
    const kind = random.weighted({ tag: 2, tags: 1, cooked: 2, cooked2: 2, snap: 1, raw: 1 })
    const isIp = networkOf(frame) === 14
    const [linkType, ...head]: [number, ...Uint8Array[]] =
      kind === 'tag'
        ? [1, addresses, Uint8Array.of(0x81, 0, 0, 5), type]
        : kind === 'tags'
          ? [1, addresses, Uint8Array.of(0x81, 0, 0, 5, 0x81, 0, 0xe0, 7), type]
          : kind === 'cooked'
            ? [113, Uint8Array.of(0, random.below(5), 0, 1, 0, 6), sender, Uint8Array.of(0, 0), type]
            : kind === 'cooked2'
              ? [276, type, Uint8Array.of(0, 0, 0, 0, 0, 2, 0, 1, random.below(5), 6), sender, Uint8Array.of(0, 0)]
              : kind === 'snap' && length < 1000
                ? [1, addresses, Uint8Array.of((length - 6) >> 8, (length - 6) & 255, 0xaa, 0xaa, 3, 0, 0, 0), type]
                : isIp
                  ? [101]
                  : [1, addresses, type]
    const whole = new Uint8Array(Buffer.concat([...head, packet]))
    return { ...frame, linkType, bytes: whole, length: length + whole.length - bytes.length }
  })

interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** IPv4 datagrams in fragments: some out of order, twice, overlapping with the same or other bytes, or never. */
const fragments: Transformation = (frames, random) => {
  let identification = random.below(60_000)
  return frames.flatMap((frame) => {
    const network = networkOf(frame)
    const { bytes } = frame
    const total = ((bytes[network + 2] ?? 0) << 8) | (bytes[network + 3] ?? 0)
    const payload = bytes.subarray(network + 20, network + total)
    if (network < 0 || bytes[network] !== 0x45 || tcpOf(frame) < 0 || payload.length < total - 20) return [frame]
    identification++
    const size = Math.max(8, random.pick([8, 24, payload.length >> 2, payload.length >> 1]) & ~7)
    const pieces: Piece[] = []
    for (let offset = 0; offset < payload.length; offset += size) {
      pieces.push({ offset, bytes: payload.subarray(offset, offset + size) })
    }
    disturb(pieces, payload, random)
    return pieces.map(({ offset, bytes: part }, index) => {
      const whole = new Uint8Array(Buffer.concat([bytes.subarray(0, network + 20), part]))
      const view = new DataView(whole.buffer)
      view.setUint16(network + 2, 20 + part.length)
      view.setUint16(network + 4, identification)
      view.setUint16(network + 6, (offset + part.length < payload.length ? 0x2000 : 0) | (offset >> 3))
      return { ...frame, time: frame.time + BigInt(index), bytes: whole, length: whole.length }
    })
  })
}

function disturb(pieces: Piece[], payload: Uint8Array, random: Random): void {
  while (random.chance(0.4)) {
    const index = random.below(pieces.length)
    const piece = pieces[index]
    if (piece === undefined) return
    const what = random.weighted({ late: 2, copy: 2, gone: 1, over: 2, other: 1 })
    if (what === 'late') pieces.push(...pieces.splice(index, 1))
    else if (what === 'copy') pieces.splice(random.below(pieces.length + 1), 0, piece)
    else if (what === 'gone') pieces.splice(index, 1)
    else if (what === 'other') pieces.splice(index, 1, { ...piece, bytes: piece.bytes.map((byte) => byte ^ 0x55) })
    else {
      const offset = 8 * random.below(payload.length >> 3)
      const bytes = payload.slice(offset, offset + 8 * (1 + random.below(3)))
      pieces.splice(random.below(pieces.length + 1), 0, { offset, bytes })
    }
  }
}

export const transformations: Readonly<Record<string, Transformation>> = {
  'nothing changed': (frames) => frames,
  'a snap length of 54': snap(54),
  'a snap length of 96': snap(96),
  'cut anywhere': snapAnywhere,
  'bit errors': bitErrors,
  'lengths that lie': lengthsThatLie,
  'from the middle': middle,
  'frames lost': lost,
  'every other frame': everyOther,
  'one direction': oneDirection,
  'neighbours swapped': swapped,
  'frames that are late': late,
  backwards,
  'a clock that steps': clockSteps,
  'frames twice': twice,
  'played again': playedAgain,
  'numbers that wrap': wrapping,
  'strange segments': strangeSegments,
  'few ports': fewPorts,
  'options of every sort': strangeOptions,
  'options that are cut': strangeOptionsCut,
  'stray handshakes': strayHandshakes,
  'other links': otherLinks,
  fragments,
}
