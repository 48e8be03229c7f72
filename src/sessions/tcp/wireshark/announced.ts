/**
 * Data connections that an FTP control connection announces (RFC 959 §4.1.2, RFC 2428). Wireshark opens a conversation
 * for one before its first segment, which is therefore not the first of a new conversation: the SYN does not count for
 * `tcp.completeness`.
 */
import { isIPv4, isIPv6 } from 'node:net'
import type { Packet } from '../../../packet.js'

export const FTP_CONTROL = 21
const FTP_DATA = 20
/** More are not awaited at once: whoever announces and never connects must not fill the memory. */
const MAX_AWAITED = 1000
/** No announcement is longer. */
const LONGEST_LINE = 512
const LARGEST_PORT = 0xffff

/** Six numbers, the address and the port, as PORT and the reply to PASV have them; each may have space and a sign before it. */
const SIX_NUMBERS = /\d+,(?:\s*[+-]?\d+,){4}\s*[+-]?\d+/
const NUMBER = /^\s*(\d+)/
export class AnnouncedConnections {
  /** one end with its port, and the other's address: how often */
  readonly #awaited = new Map<string, number>()

  /** Reads a segment, decoded; only those of FTP's control port say anything. */
  listen(packet: Packet): void {
    const isRequest = packet.destinationPort === FTP_CONTROL
    if (!isRequest && packet.sourcePort !== FTP_CONTROL) return
    if (packet.payloadEnd - packet.payload < 4) return
    const line = firstLine(packet)
    if (isRequest) this.#listenToRequest(packet, line)
    else this.#listenToReply(packet, line)
  }

  #listenToRequest(packet: Packet, line: string): void {
    const [command = ''] = line.split(' ', 1)
    if (command === '') return
    const text = untilNul(line.slice(command.length).trimStart())
    // as there, the command may be cut short
    if ('PORT'.startsWith(command)) this.#await(addressOf(packet, DESTINATION), FTP_DATA, sixNumbers(text)?.address)
    else if ('EPRT'.startsWith(command)) {
      // the peer's address is taken for that of the one who asks, so that this counts where the two are the same
      const { address, port } = extendedPort(text) ?? { address: undefined, port: 0 }
      this.#await(addressOf(packet, SOURCE), port, address)
    }
  }

  #listenToReply(packet: Packet, line: string): void {
    const text = untilNul(line.slice(4))
    if (line.startsWith('227')) {
      const announced = sixNumbers(text)
      if (announced !== undefined) this.#await(announced.address, announced.port, addressOf(packet, DESTINATION))
    } else if (line.startsWith('229')) {
      const port = extendedPassive(text)
      if (port !== undefined) this.#await(addressOf(packet, SOURCE), port, addressOf(packet, DESTINATION))
    }
  }

  /** Is this the first segment of a connection that was announced? Asking ends the wait for it. */
  take(packet: Packet): boolean {
    if (this.#awaited.size === 0) return false
    const source = addressOf(packet, SOURCE)
    const destination = addressOf(packet, DESTINATION)
    return (
      this.#take(key(source, packet.sourcePort, destination)) ||
      this.#take(key(destination, packet.destinationPort, source))
    )
  }

  #take(which: string): boolean {
    const times = this.#awaited.get(which)
    if (times === undefined) return false
    if (times > 1) this.#awaited.set(which, times - 1)
    else this.#awaited.delete(which)
    return true
  }

  #await(address: string, port: number, peer: string | undefined): void {
    if (peer === undefined) return
    const which = key(address, port, peer)
    this.#awaited.set(which, (this.#awaited.get(which) ?? 0) + 1)
    if (this.#awaited.size <= MAX_AWAITED) return
    for (const oldest of this.#awaited.keys()) {
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

/** What follows a NUL is not read. */
function untilNul(text: string): string {
  const [before = ''] = text.split('\0', 1)
  return before
}

/** A number too large for its byte spills into the one before it. */
function sixNumbers(text: string): { address: string; port: number } | undefined {
  const numbers = SIX_NUMBERS.exec(text)?.[0].split(',').map(Number)
  if (numbers === undefined) return undefined
  const [a = 0, b = 0, c = 0, d = 0, high = 0, low = 0] = numbers
  const address = (a << 24) | (b << 16) | (c << 8) | d
  return {
    address: hex([address >> 24, address >> 16, address >> 8, address]),
    port: ((high & 255) << 8) | (low & 255),
  }
}

/** `|protocol|address|port|`, with any delimiter. */
function extendedPort(text: string): { address: string; port: number } | undefined {
  const delimiter = text.charAt(0)
  if (!isDelimiter(delimiter)) return undefined
  const [, protocol = '', address = '', port = '', ...rest] = text.split(delimiter)
  if (rest.length !== 1 || !/^\d+$/.test(port) || Number(port) > LARGEST_PORT) return undefined
  // the protocols of RFC 2428 §2
  if (protocol === '1' && isIPv4(address)) return { address: hex(address.split('.').map(Number)), port: Number(port) }
  // Node takes one with a zone, in which anything may stand
  if (protocol === '2' && isIPv6(address) && !address.includes('%'))
    return { address: hexOfIpv6(address), port: Number(port) }
  return undefined
}

/** As much as `hex` of its bytes; an IPv4 address within it is not looked for. */
function hexOfIpv6(address: string): string {
  const groups = (text: string | undefined) => (text ? text.split(':').map((group) => group.padStart(4, '0')) : [])
  const [before, after] = address.toLowerCase().split('::', 2)
  const [first, last] = [groups(before), groups(after)]
  return [...first, ...Array<string>(8 - first.length - last.length).fill('0000'), ...last].join('')
}

/** `(|||port|)`, with any delimiter; where one of the first three is missing or another, the port may follow at once. */
function extendedPassive(text: string): number | undefined {
  const open = text.indexOf('(')
  if (open < 0) return undefined
  const delimiter = text.charAt(open + 1)
  let at = open + 1
  if (isDelimiter(delimiter)) while (at < open + 4 && text.charAt(at) === delimiter) at++
  const rest = text.slice(at)
  if (!rest.includes(')')) return undefined
  const [matched, digits = ''] = NUMBER.exec(rest) ?? ['']
  const port = Number(digits)
  const isEnded = rest.charAt(matched.length) === '|'
  // no number, or one too large, will do before a bar
  if ((digits === '' || port > LARGEST_PORT) && !isEnded) return undefined
  return Math.min(port, LARGEST_PORT)
}

/** Printable, and no part of an address (RFC 2428 §2). */
function isDelimiter(character: string): boolean {
  return /^[!-~]$/.test(character) && !/[0-9a-f.:]/i.test(character)
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
