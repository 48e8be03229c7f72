/** The frames that the page holds, taken apart on demand by the decoders that the command line uses. */
import { Decoder } from '../decode/decoder.js'
import { packetTree, type TreeField, type TreeLayer } from '../decode/tree.js'
import { explainProblem } from '../explain/problem.js'
import { PcapngFraming } from '../files/pcapng.js'
import { Packet } from '../packet.js'
import { bytesId, type HeldFrames } from '../render/html/model.js'
import type { SourceInfo } from '../source.js'

/** Bytes that fields lie in: the frame, or the datagram put together from fragments. */
export interface Octets {
  readonly name: string
  readonly view: DataView
  readonly start: number
  readonly end: number
}

export interface PageField extends TreeField {
  /** index in `octets` */
  readonly octets: number
  /** first byte, from the beginning of its octets */
  readonly at: number
}

export interface PageLayer {
  readonly title: string
  readonly remark: string
  readonly octets: number
  readonly at: number
  readonly width: number
  readonly fields: readonly PageField[]
  readonly isBad: boolean
}

export interface Dissection {
  readonly frame: number
  readonly layers: readonly PageLayer[]
  readonly octets: readonly Octets[]
  /** bytes on the wire */
  readonly originalLength: number
  readonly problem: string | undefined
}

interface Place {
  readonly start: number
  readonly end: number
  readonly originalLength: number
  readonly linkType: number
  readonly seconds: number
  readonly nanoseconds: number
}

export class Frames {
  readonly #index: number
  readonly #held: HeldFrames
  #bytes: Uint8Array<ArrayBuffer> | undefined
  #places: readonly Place[] | undefined

  constructor(index: number, held: HeldFrames) {
    this.#index = index
    this.#held = held
  }

  /** The pcapng. */
  get bytes(): Uint8Array<ArrayBuffer> {
    this.#bytes ??= decodeBase64(document.getElementById(bytesId(this.#index))?.textContent ?? '')
    return this.#bytes
  }

  /** Finding the frames among the bytes takes a while, once: the next one is there at once. */
  get isRead(): boolean {
    return this.#places !== undefined
  }

  dissect(frame: number): Dissection | undefined {
    const ordinal = this.#held.numbers === undefined ? frame - 1 : this.#held.numbers.indexOf(frame)
    const packet = this.#decode(ordinal, new Decoder())
    if (packet === undefined) return undefined
    // the last fragment needs those before it
    if (packet.fragment) {
      const decoder = new Decoder()
      for (let i = 0; i < ordinal; i++) this.#decode(i, decoder)
      return dissection(frame, this.#decode(ordinal, decoder) ?? packet)
    }
    return dissection(frame, packet)
  }

  /** The first frame at or after so many nanoseconds since the capture's first; 0 when there is none. */
  at(time: number): number {
    const places = this.#all()
    const first = places[0]
    if (first === undefined) return 0
    const index = places.findIndex(
      (place) => (place.seconds - first.seconds) * 1e9 + (place.nanoseconds - first.nanoseconds) >= time,
    )
    return index < 0 ? 0 : (this.#held.numbers?.[index] ?? index + 1)
  }

  #decode(ordinal: number, decoder: Decoder): Packet | undefined {
    const place = this.#all()[ordinal]
    if (place === undefined) return undefined
    const packet = new Packet()
    packet.frame = new DataView(this.bytes.buffer)
    packet.number = ordinal + 1
    Object.assign(packet, place)
    decoder.decode(packet)
    return packet
  }

  #all(): readonly Place[] {
    this.#places ??= placesIn(this.bytes)
    return this.#places
  }
}

function placesIn(bytes: Uint8Array<ArrayBuffer>): Place[] {
  const places: Place[] = []
  const info: SourceInfo = {
    name: '',
    format: 'pcapng',
    compressed: false,
    sections: [],
    interfaces: [],
    names: new Map(),
  }
  const view = new DataView(bytes.buffer)
  new PcapngFraming(info).scan(view, 0, bytes.length, (packet) => {
    const { start, end, originalLength, linkType, seconds, nanoseconds } = packet
    places.push({ start, end, originalLength, linkType, seconds, nanoseconds })
  })
  return places
}

function dissection(frame: number, packet: Packet): Dissection {
  const octets: Octets[] = [{ name: 'Frame', view: packet.frame, start: packet.start, end: packet.end }]
  if (packet.view !== packet.frame) {
    octets.push({ name: 'Datagram, from its fragments', view: packet.view, start: 0, end: packet.limit })
  }
  return {
    frame,
    layers: packetTree(packet).map((layer) => pageLayer(layer, octets)),
    octets,
    originalLength: packet.originalLength,
    problem: explainProblem(packet),
  }
}

function pageLayer(layer: TreeLayer, octets: readonly Octets[]): PageLayer {
  const index = layer.view === octets[0]?.view ? 0 : 1
  const origin = octets[index]?.start ?? 0
  const fields = layer.fields.map((field) => ({ ...field, octets: index, at: field.offset - origin }))
  const remarks = [...(layer.reassembled ? ['from fragments'] : []), ...(layer.quoted ? ['quoted'] : [])]
  return {
    title: layer.title,
    remark: remarks.join(', '),
    octets: index,
    at: layer.start - origin,
    width: layer.end - layer.start,
    fields,
    isBad: layer.problem !== undefined,
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
