/**
 * pcapng files composed at random from a seed, together with what they say: sections of both byte orders, interfaces with clocks
 * and snap lengths of their own, every block that holds a packet, blocks and options that nobody knows, lists of options with
 * and without an end, padding that is not zero.
 */
import type { Random } from '../../support/random.js'
import { blocks, concat } from '../support.js'
import { type Meant, noise } from './meant.js'

interface MeantSection {
  readonly byteOrder: string
  readonly application: string | undefined
  readonly comments: readonly string[]
}

interface MeantInterface {
  readonly linkType: number
  readonly snapLength: number
  readonly name: string | undefined
  readonly comments: readonly string[]
  /** the last count of packets received */
  received: bigint | undefined
}

export interface ComposedPcapng {
  readonly bytes: Uint8Array
  readonly frames: readonly Meant[]
  readonly sections: readonly MeantSection[]
  readonly interfaces: readonly MeantInterface[]
}

interface OpenInterface extends MeantInterface {
  readonly id: number
  /** units of its clock in a second, and the seconds that are added */
  readonly units: bigint
  readonly offset: number
}

const NANOSECONDS = 1_000_000_000n
const LINK_TYPES = [1, 1, 1, 0, 101, 113, 228, 229, 276, 147] as const
/** Units of 10^-n seconds, or of 2^-n with the highest bit set. tshark 4.0 overflows with those finer than 10^-10. */
const RESOLUTIONS = [6, 6, 6, 9, 9, 3, 0, 1, 8, 10, 0x81, 0x8a, 0x94, 0xa0] as const
const TEXTS = ['one', 'the second try', 'é ✓', 'a', 'abcd', 'abcde', 'with "quotes"', ''] as const
/** Codes that are registered for later, for local use, and for nobody. */
const STRANGE_OPTIONS = [77, 0x123, 0x8001, 0xfffe] as const
const STRANGE_BLOCKS = [0x77, 0xbae, 0x8000_0001, 0xabcd] as const
/** An option that begins with the enterprise number of who made it up. */
const CUSTOM_OPTION = 2988
const ENTERPRISE = 32_473

class Composer {
  readonly #random: Random
  readonly #parts: Uint8Array[] = []
  readonly #frames: Meant[] = []
  readonly #sections: MeantSection[] = []
  readonly #interfaces: MeantInterface[] = []
  #size = 0
  /** the current section's */
  #b = blocks(true)
  #open: OpenInterface[] = []

  constructor(random: Random) {
    this.#random = random
  }

  compose(): ComposedPcapng {
    const random = this.#random
    for (let left = 1 + (random.chance(0.4) ? random.below(4) : 0); left > 0; left--) {
      this.#section()
      for (let more = random.below(24); more > 0; more--) this.#block()
    }
    return {
      bytes: concat(...this.#parts),
      frames: this.#frames,
      sections: this.#sections,
      interfaces: this.#interfaces,
    }
  }

  #block(): void {
    const [first] = this.#open
    const random = this.#random
    const any = first === undefined ? undefined : random.pick(this.#open)
    if (first === undefined || any === undefined) {
      if (random.chance(0.5)) this.#interface()
      else this.#other()
      return
    }
    const kind = random.weighted({ enhanced: 10, obsolete: 2, simple: 2, interface: 2, statistics: 1, other: 3 })
    if (kind === 'enhanced') this.#enhanced(any)
    else if (kind === 'obsolete') this.#obsolete(any)
    else if (kind === 'simple') this.#simple(first)
    else if (kind === 'interface') this.#interface()
    else if (kind === 'statistics') this.#statistics(any)
    else this.#other()
  }

  #section(): void {
    const little = this.#random.chance(0.5)
    const b = blocks(little)
    this.#b = b
    this.#open = []
    const application = this.#maybeText()
    const comments = this.#comments()
    const known = [...this.#text(2, this.#maybeText()), ...this.#text(4, application), ...this.#said(comments)]
    this.#put(0x0a0d0d0a, b.u32(0x1a2b3c4d), b.u16(1), b.u16(0), b.u64(-1), this.#options(known))
    this.#sections.push({ byteOrder: little ? 'little' : 'big', application, comments })
  }

  #interface(): void {
    const random = this.#random
    const b = this.#b
    const linkType = random.pick(LINK_TYPES)
    const snapLength = random.pick([0, 0, 40, 96, 65_535, 262_144])
    const name = this.#maybeText()
    const comments = this.#comments()
    const resolution = random.pick(RESOLUTIONS)
    const offset = random.pick([0, 0, 0, 3600, -3600, 1_000_000_000])
    const options = this.#options([
      ...this.#text(2, name),
      ...this.#text(3, this.#maybeText()),
      ...(resolution === 6 && random.chance(0.7) ? [] : [b.option(9, Uint8Array.of(resolution))]),
      ...(offset === 0 ? [] : [b.option(14, b.u64(offset))]),
      ...(random.chance(0.3) ? [b.option(11, '\0tcp port 80')] : []),
      ...this.#said(comments),
    ])
    this.#put(1, b.u16(linkType), b.u16(0), b.u32(snapLength), options)
    const units = (resolution >= 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f)
    const id = this.#interfaces.length
    const opened = { id, linkType, snapLength, name, comments, received: undefined, units, offset }
    this.#interfaces.push(opened)
    this.#open.push(opened)
  }

  #enhanced(source: OpenInterface): void {
    const random = this.#random
    const b = this.#b
    const { data, length } = this.#packet(source)
    const { time, ticks } = this.#moment(source)
    const direction = random.pick([0, 0, 1, 2])
    const comments = this.#comments()
    const options = this.#options([
      // how it was received lies above the direction
      ...(direction === 0 ? [] : [b.option(2, b.u32(direction | (random.below(4) << 2)))]),
      ...this.#said(comments),
      ...(random.chance(0.1) ? [b.option(4, b.u64(random.below(9)))] : []),
      ...(random.chance(0.1) ? [b.option(5, b.u64(random.below(9)))] : []),
      ...(random.chance(0.1) ? [b.option(6, b.u32(random.below(9)))] : []),
    ])
    const index = b.u32(this.#open.indexOf(source))
    this.#put(6, index, b.timestamp(ticks), b.u32(data.length), b.u32(length), this.#padded(data), options)
    this.#give(source, data, length, { time, direction, comments })
  }

  #obsolete(source: OpenInterface): void {
    const b = this.#b
    const { data, length } = this.#packet(source)
    const { time, ticks } = this.#moment(source)
    const comments = this.#comments()
    const head = [b.u16(this.#open.indexOf(source)), b.u16(this.#random.pick([0, 5, 0xffff])), b.timestamp(ticks)]
    const options = this.#options(this.#said(comments))
    this.#put(2, ...head, b.u32(data.length), b.u32(length), this.#padded(data), options)
    this.#give(source, data, length, { time, comments })
  }

  /** It is of the section's first interface, and keeps what the snap length lets through. */
  #simple(source: OpenInterface): void {
    const sent = noise(this.#random, this.#random.pick([0, 1, 3, 14, 60, 97]))
    const data = sent.subarray(0, source.snapLength === 0 ? sent.length : source.snapLength)
    this.#put(3, this.#b.u32(sent.length), this.#padded(data))
    this.#give(source, data, sent.length, {})
  }

  #statistics(source: OpenInterface): void {
    const b = this.#b
    const received = BigInt(this.#random.bits())
    const options = this.#options([b.option(4, b.u64(received)), b.option(5, b.u64(1))])
    this.#put(5, b.u32(this.#open.indexOf(source)), b.timestamp(1_700_000_000_000_000n), options)
    source.received = received
  }

  /** Blocks that hold no packet of the network's; custom ones are numbered as frames all the same. */
  #other(): void {
    const random = this.#random
    const b = this.#b
    const kind = random.weighted({ names: 2, secrets: 1, unknown: 2, custom: 1 })
    if (kind === 'names') {
      const value = concat(Uint8Array.of(192, 0, 2, random.below(256)), Buffer.from('host.lab\0'))
      const options = this.#options(this.#said(this.#comments()))
      this.#put(4, b.u16(1), b.u16(value.length), b.pad(value), b.end, options)
    } else if (kind === 'secrets') {
      const keys = Buffer.from('CLIENT_RANDOM 00 11\n')
      this.#put(10, b.u32(0x544c534b), b.u32(keys.length), b.pad(keys), this.#options([]))
    } else if (kind === 'unknown') {
      this.#put(random.pick(STRANGE_BLOCKS), noise(random, 4 * random.below(8)))
    } else {
      const data = noise(random, 4 * random.below(8))
      this.#put(random.pick([0xbad, 0x4000_0bad]), b.u32(ENTERPRISE), data)
      this.#give({ id: -1, linkType: -1 }, data, data.length, {})
    }
  }

  #put(type: number, ...body: Uint8Array[]): void {
    const block = this.#b.block(type, ...body)
    this.#parts.push(block)
    this.#size += block.length
  }

  #give(
    source: Pick<OpenInterface, 'id' | 'linkType'>,
    data: Uint8Array,
    length: number,
    more: { time?: bigint; direction?: number; comments?: readonly string[] },
  ): void {
    const { time, direction = 0, comments = [] } = more
    const { id: interfaceId, linkType } = source
    const hex = Buffer.from(data).toString('hex')
    this.#frames.push({ time, length, data: hex, interfaceId, linkType, direction, comments, end: this.#size })
  }

  #packet({ snapLength }: OpenInterface): { data: Uint8Array; length: number } {
    const sent = noise(this.#random, this.#random.pick([0, 1, 2, 3, 4, 14, 33, 40, 60, 61]))
    const data = sent.subarray(0, snapLength === 0 ? sent.length : snapLength)
    return { data, length: sent.length + this.#random.pick([0, 0, 0, 1, 1000]) }
  }

  /** A moment of 2023, and the timestamp that the interface's clock gives it. */
  #moment({ units, offset }: OpenInterface): { time: bigint; ticks: bigint } {
    const fraction = (units * BigInt(this.#random.bits())) >> 32n
    const ticks = BigInt(1_700_000_000 - offset + this.#random.below(1000)) * units + fraction
    return { time: (ticks * NANOSECONDS) / units + BigInt(offset) * NANOSECONDS, ticks }
  }

  /** The bytes of a packet up to the next word, with zeros or with what was in the writer's buffer. */
  #padded(data: Uint8Array): Uint8Array {
    return this.#random.chance(0.5) ? this.#b.pad(data) : concat(data, noise(this.#random, -data.length & 3))
  }

  /** A block's list of options, which may lack its end, and hold some that nobody knows. */
  #options(known: readonly Uint8Array[]): Uint8Array {
    const random = this.#random
    const b = this.#b
    const all = [...known]
    while (random.chance(0.2)) {
      const strange = b.option(random.pick(STRANGE_OPTIONS), noise(random, random.below(9)))
      all.splice(random.below(all.length + 1), 0, strange)
    }
    if (random.chance(0.1)) all.push(b.option(CUSTOM_OPTION, concat(b.u32(ENTERPRISE), noise(random, random.below(6)))))
    if (random.chance(all.length > 0 ? 0.7 : 0.1)) all.push(b.end)
    return concat(...all)
  }

  #text(code: number, value: string | undefined): Uint8Array[] {
    return value === undefined ? [] : [this.#b.option(code, value)]
  }

  #said(comments: readonly string[]): Uint8Array[] {
    return comments.map((comment) => this.#b.option(1, comment))
  }

  #maybeText(): string | undefined {
    return this.#random.chance(0.4) ? this.#random.pick(TEXTS) : undefined
  }

  #comments(): string[] {
    const comments: string[] = []
    while (this.#random.chance(0.2)) comments.push(this.#random.pick(TEXTS))
    return comments
  }
}

export function composePcapng(random: Random): ComposedPcapng {
  return new Composer(random).compose()
}
