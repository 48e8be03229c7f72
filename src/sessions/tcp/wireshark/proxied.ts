/**
 * Connections through a SOCKS proxy (RFC 1928; SOCKS 4 before it). Once the proxy has connected, Wireshark takes what is sent
 * for a connection with the port behind the proxy, and counts it as one more `tcp.stream`, which no packet shows.
 */
import { sequenceAdd, sequenceBefore } from '../../../bytes/sequence.js'
import type { Packet } from '../../../packet.js'

export const SOCKS = 1080
/** More are not followed at once: whoever greets and never asks must not fill the memory. */
const MAX_FOLLOWED = 1000

const CONNECT = 1
const NO_AUTHENTICATION = 0
const PASSWORD = 2
/** RFC 1928 §6, RFC 1929 §2 */
const SUCCEEDED = 0
const GRANTED_BY_4 = 0x5a

type Step = 'greeted' | 'authenticating' | 'chosen' | 'asked' | 'asked 4' | 'open'

/** How far the talk with a proxy is. */
interface Talk {
  step: Step
  /** where the last segment of each end ended: what begins before has come once more */
  readonly ends: { client: number | undefined; proxy: number | undefined }
}

export class ProxiedConnections {
  /** by stream */
  readonly #talks = new Map<number, Talk>()

  /** Reads a segment; true when it is the first through a proxy that has connected. */
  opens(packet: Packet, stream: number): boolean {
    const isAnswer = packet.sourcePort === SOCKS
    if (!isAnswer && packet.destinationPort !== SOCKS) return false
    if (packet.payloadEnd <= packet.payload) return false
    const talk = this.#talks.get(stream)
    if (talk !== undefined && comesAgain(packet, talk, isAnswer ? 'proxy' : 'client')) return false
    const next = isAnswer ? afterAnswer(talk?.step, packet) : afterRequest(talk?.step, packet)
    const isOpen = talk?.step === 'open'
    if (next === undefined) this.#talks.delete(stream)
    else if (talk !== undefined) talk.step = next
    else this.#begin(stream, next, packet)
    return isOpen
  }

  #begin(stream: number, step: Step, packet: Packet): void {
    this.#talks.set(stream, { step, ends: { client: endOf(packet), proxy: undefined } })
    if (this.#talks.size <= MAX_FOLLOWED) return
    for (const oldest of this.#talks.keys()) {
      this.#talks.delete(oldest)
      return
    }
  }
}

function comesAgain(packet: Packet, { ends }: Talk, sender: 'client' | 'proxy'): boolean {
  const end = ends[sender]
  if (end !== undefined && sequenceBefore(packet.tcp.sequence, end)) return true
  ends[sender] = endOf(packet)
  return false
}

function endOf({ tcp, payloadLength }: Packet): number {
  return sequenceAdd(tcp.sequence, payloadLength)
}

/** The step after something that the client sent; undefined: nothing more is to be known. */
function afterRequest(step: Step | undefined, { view, payload, payloadEnd }: Packet): Step | undefined {
  switch (step) {
    case undefined: {
      const version = view.getUint8(payload)
      if (version === 5) return 'greeted'
      return version === 4 && payloadEnd - payload >= 8 && view.getUint16(payload + 2) !== SOCKS ? 'asked 4' : undefined
    }
    case 'chosen':
      return asksForAnother(view, payload, payloadEnd) ? 'asked' : undefined
    case 'open':
      return undefined
    default:
      return step
  }
}

/** The same for what the proxy answered. */
function afterAnswer(step: Step | undefined, { view, payload, payloadEnd }: Packet): Step | undefined {
  const result = payloadEnd - payload >= 2 ? view.getUint8(payload + 1) : -1
  switch (step) {
    case 'greeted':
      if (result === NO_AUTHENTICATION) return 'chosen'
      return result === PASSWORD ? 'authenticating' : undefined
    case 'authenticating':
      return result === SUCCEEDED ? 'chosen' : undefined
    case 'asked':
      return 'open'
    case 'asked 4':
      return result === GRANTED_BY_4 ? 'open' : undefined
    default:
      return undefined
  }
}

/** The length of an address by its type (RFC 1928 §5); of a name, the length is its first byte. */
const ADDRESS_LENGTHS: Readonly<Record<number, number>> = { 1: 4, 4: 16 }
const NAME = 3

/** A request to connect, to a port that is not the proxy's own number. */
function asksForAnother(view: DataView, payload: number, end: number): boolean {
  if (end - payload < 5 || view.getUint8(payload + 1) !== CONNECT) return false
  const type = view.getUint8(payload + 3)
  const length = type === NAME ? view.getUint8(payload + 4) + 1 : (ADDRESS_LENGTHS[type] ?? 0)
  const port = payload + 4 + length
  return port + 2 <= end && view.getUint16(port) !== SOCKS
}
