/**
 * Data connections that an FTP control connection announces (RFC 959 §4.1.2, RFC 2428). Wireshark opens a conversation
 * for one before its first segment, which is therefore not the first of a new conversation: the SYN does not count for
 * `tcp.completeness`.
 */
import type { Packet } from '../../../packet.js'

export const FTP_CONTROL = 21
const FTP_DATA = 20
/** More are not awaited at once: whoever announces and never connects must not fill the memory. */
const MAX_AWAITED = 1000
/** No announcement is longer. */
const LONGEST_LINE = 512

/** Six numbers, the address and the port, as PORT and the reply to PASV have them. */
const SIX_NUMBERS = /(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)/
/** `(|||port|)`, with any delimiter that cannot be part of an address. */
const EXTENDED = /\(([^0-9a-f.:\s])\1\1(\d{1,5})[^)]*\)/i

export class AnnouncedConnections {
  /** one end with its port, and the other's address */
  readonly #awaited = new Set<string>()

  /** Reads a segment, decoded; only those of FTP's control port say anything. */
  listen(packet: Packet): void {
    const isReply = packet.sourcePort === FTP_CONTROL
    if (!isReply && packet.destinationPort !== FTP_CONTROL) return
    if (packet.payloadEnd - packet.payload < 4) return
    const line = firstLine(packet)
    if (!isReply) {
      if (line.startsWith('PORT ')) this.#await(addressOf(packet, DESTINATION), FTP_DATA, sixNumbers(line)?.address)
    } else if (line.startsWith('227')) {
      const announced = sixNumbers(line.slice(4))
      if (announced !== undefined) this.#await(announced.address, announced.port, addressOf(packet, DESTINATION))
    } else if (line.startsWith('229')) {
      const port = EXTENDED.exec(line)?.[2]
      if (port !== undefined) this.#await(addressOf(packet, SOURCE), Number(port), addressOf(packet, DESTINATION))
    }
  }

  /** Is this the first segment of a connection that was announced? Asking ends the wait for it. */
  take(packet: Packet): boolean {
    if (this.#awaited.size === 0) return false
    const source = addressOf(packet, SOURCE)
    const destination = addressOf(packet, DESTINATION)
    return (
      this.#awaited.delete(key(source, packet.sourcePort, destination)) ||
      this.#awaited.delete(key(destination, packet.destinationPort, source))
    )
  }

  #await(address: string, port: number, peer: string | undefined): void {
    if (peer === undefined || port > 0xffff) return
    this.#awaited.add(key(address, port, peer))
    if (this.#awaited.size <= MAX_AWAITED) return
    for (const oldest of this.#awaited) {
      this.#awaited.delete(oldest)
      return
    }
  }
}

function key(address: string, port: number, peer: string): string {
  return `${address}:${port}-${peer}`
}

function firstLine(packet: Packet): string {
  const { view, payload } = packet
  const end = Math.min(packet.payloadEnd, payload + LONGEST_LINE)
  let line = ''
  for (let at = payload; at < end; at++) {
    const byte = view.getUint8(at)
    if (byte === 0x0a || byte === 0x0d) break
    line += String.fromCharCode(byte)
  }
  return line
}

function sixNumbers(text: string): { address: string; port: number } | undefined {
  const numbers = SIX_NUMBERS.exec(text)?.slice(1).map(Number)
  if (numbers === undefined) return undefined
  const [high = 0, low = 0] = numbers.slice(4)
  return { address: hex(numbers.slice(0, 4)), port: ((high & 255) << 8) | (low & 255) }
}

/** Where an address is: offsets in the headers of IPv4 and IPv6. */
const SOURCE = [12, 8] as const
const DESTINATION = [16, 24] as const

function addressOf(packet: Packet, [offset4, offset6]: readonly [number, number]): string {
  const is4 = packet.networkVersion === 4
  const at = packet.network + (is4 ? offset4 : offset6)
  return hex(Array.from({ length: is4 ? 4 : 16 }, (_, index) => packet.networkView.getUint8(at + index)))
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => (byte & 255).toString(16).padStart(2, '0')).join('')
}
