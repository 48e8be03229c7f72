/** Which field is chosen, and which bytes it stands in. */
import type { FrameEvent } from './events.js'
import type { Dissection, PageField } from './held-frames.js'

/** A field of a layer, both by index; without a field it is the whole layer. */
export interface FieldPlace {
  readonly layer: number
  readonly field?: number
}

export interface ByteRange {
  readonly octets: number
  readonly from: number
  /** after the last */
  readonly until: number
}

export function fieldAt({ layers }: Dissection, { layer, field }: FieldPlace): PageField | undefined {
  return field === undefined ? undefined : layers[layer]?.fields[field]
}

export function bytesOf(dissection: Dissection, place: FieldPlace): ByteRange | undefined {
  const layer = dissection.layers[place.layer]
  if (layer === undefined) return undefined
  const { octets, at, width } = fieldAt(dissection, place) ?? layer
  return { octets, from: at, until: at + width }
}

/** A byte of single bits is the field that holds them all before it is one of them. */
const SINGLE_BIT = 16

/** The smallest field that a byte belongs to. */
export function fieldOf({ layers }: Dissection, octets: number, byte: number): FieldPlace | undefined {
  let found: FieldPlace | undefined
  let smallest = Number.POSITIVE_INFINITY
  for (const [layer, one] of layers.entries()) {
    if (one.octets !== octets) continue
    const consider = (at: number, width: number, size: number, place: FieldPlace) => {
      if (byte < at || byte >= at + width || size >= smallest) return
      smallest = size
      found = place
    }
    consider(one.at, one.width, one.width + SINGLE_BIT, { layer })
    for (const [field, { at, width, bits }] of one.fields.entries()) {
      consider(at, width, bits?.count === 1 ? width + SINGLE_BIT / 2 : width, { layer, field })
    }
  }
  return found
}

/** The field that an arrow is about: its flags, what it acknowledges, its data. */
export function tellingField({ layers }: Dissection, event: FrameEvent): FieldPlace | undefined {
  for (const key of tellingKeys(event)) {
    const layer = layers.findIndex(({ fields }) => fields.some((field) => field.key === key))
    const field = layers[layer]?.fields.findIndex((one) => one.key === key)
    if (field !== undefined && field >= 0) return { layer, field }
  }
  return layers.length > 0 ? { layer: layers.length - 1 } : undefined
}

function tellingKeys(event: FrameEvent): string[] {
  if (event.kind === 'icmp') return ['icmp.type', 'icmpv6.type']
  if (event.tcp === undefined) return ['data.data', 'udp.length']
  const flags = event.tcp.flags.filter((flag) => flag === 'SYN' || flag === 'FIN' || flag === 'RST')
  if (flags.length > 0) return [`tcp.flags.${flags.at(-1)?.toLowerCase().replace('rst', 'reset')}`, 'tcp.flags']
  return event.length > 0 ? ['data.data', 'tcp.seq_raw'] : ['tcp.ack_raw']
}
