/**
 * What went on around the sessions and belongs to their story: ARP exchanges and DNS look-ups. The latest of each address
 * is remembered, of so many addresses, and given to the sessions that begin after it.
 */
import { formatMac } from '../bytes/addresses.js'
import { arp } from '../decode/arp.js'
import { readDns } from '../decode/dns.js'
import { Protocol } from '../decode/protocols.js'
import type { Packet } from '../packet.js'
import type { AddressTable } from './address-table.js'
import type { KnownName, Prelude, Resolution } from './prelude.js'

/** Addresses and open queries remembered. */
const KEPT = 1024
/** A look-up or an exchange that is older than this, in ns, when a session begins has nothing to do with it. */
const RELEVANT = 15e9
const DNS_PORT = 53
const ARP_REQUEST = 1
const ARP_REPLY = 2

/** When something was seen; the two parts are kept apart so that differences are exact. */
interface Seen {
  seconds: number
  nanoseconds: number
}

/** Who was asked for, how often, and who answered. */
export interface ArpExchange extends Seen {
  /** IPv4 addresses as AddressTable numbers them */
  readonly target: number
  readonly asker: number
  requestFrame: number
  requests: number
  replyFrame: number
  hardware: string
}

/** The prelude of a session that has nothing but this look-up. */
interface Named extends Prelude {
  readonly lookup: KnownName
}

interface Query extends Seen {
  readonly frame: number
}

export class Neighbourhood {
  readonly #addresses: AddressTable
  /** by the address that was asked for */
  readonly #exchanges = new Map<number, ArpExchange>()
  /** by address, as AddressTable numbers it */
  readonly #names = { 4: new Map<number, Named>(), 6: new Map<number, Named>() } as const
  /** by DNS identifier and name */
  readonly #queries = new Map<string, Query>()

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  /** A packet of neither TCP nor UDP: remembers it when it is ARP. */
  observe(packet: Packet): void {
    const last = packet.layers - 1
    if (last < 0 || packet.layerProtocol[last] !== Protocol.arp) return
    const view = packet.viewOf(last)
    const at = packet.layerStart[last] ?? 0
    if ((packet.layerEnd[last] ?? 0) - at < 28 || arp.protocolSize(view, at) !== 4 || arp.hardwareSize(view, at) !== 6)
      return
    const sender = view.getInt32(at + 14)
    const target = view.getInt32(at + 24)
    const operation = arp.operation(view, at)
    if (operation === ARP_REQUEST && sender !== target) this.#ask(packet, sender, target)
    else if (operation === ARP_REPLY) this.#reply(packet, sender, target, formatMac(view, at + 8))
  }

  #ask(packet: Packet, asker: number, target: number): void {
    const { seconds, nanoseconds, number } = packet
    const open = this.#exchanges.get(target)
    if (open?.asker === asker && open.replyFrame === 0) {
      open.requests++
      open.seconds = seconds
      open.nanoseconds = nanoseconds
      return
    }
    const exchange = {
      target,
      asker,
      seconds,
      nanoseconds,
      requestFrame: number,
      requests: 1,
      replyFrame: 0,
      hardware: '',
    }
    remember(this.#exchanges, target, exchange)
  }

  #reply(packet: Packet, target: number, asker: number, hardware: string): void {
    const open = this.#exchanges.get(target)
    if (open?.asker !== asker || open.replyFrame !== 0) return
    open.replyFrame = packet.number
    open.hardware = hardware
    open.seconds = packet.seconds
    open.nanoseconds = packet.nanoseconds
  }

  /** A UDP packet: remembers it when it is a DNS query or answer. */
  observeLookup(packet: Packet): void {
    if (packet.sourcePort !== DNS_PORT && packet.destinationPort !== DNS_PORT) return
    const dns = readDns(packet.view, packet.payload, packet.payloadEnd)
    if (dns === undefined) return
    const { seconds, nanoseconds, number } = packet
    const question = `${dns.id} ${dns.name}`
    if (!dns.response) {
      remember(this.#queries, question, { frame: number, seconds, nanoseconds })
      return
    }
    const queryFrame = this.#queries.get(question)?.frame ?? 0
    const known = { lookup: { name: dns.name, queryFrame, answerFrame: number, seconds, nanoseconds } }
    for (const { version, at } of dns.addresses) {
      const address = version === 4 ? packet.view.getInt32(at) : this.#addresses.internIpv6(packet.view, at)
      remember(this.#names[version], address, known)
    }
  }

  /** What belongs to the session that begins with this packet; undefined mostly. */
  prelude(packet: Packet, client: number, server: number): Prelude | undefined {
    const isIpv4 = packet.networkVersion === 4
    const known = this.#names[isIpv4 ? 4 : 6].get(server)
    const wasAsked = isIpv4 && (this.#exchanges.has(server) || this.#exchanges.has(client))
    if (known === undefined && !wasAsked) return undefined
    const named = known !== undefined && isRecent(known.lookup, packet) ? known : undefined
    const resolutions = wasAsked ? this.#resolutionsOf(packet, client, server) : []
    return resolutions.length === 0 ? named : { ...named, resolutions }
  }

  /** Either end may have asked for the other. */
  #resolutionsOf(packet: Packet, client: number, server: number): Resolution[] {
    const resolutions: Resolution[] = []
    for (const [target, asker] of [
      [server, client],
      [client, server],
    ] as const) {
      const exchange = this.#exchanges.get(target)
      if (exchange?.asker !== asker || !isRecent(exchange, packet)) continue
      const { requestFrame, replyFrame, requests, hardware } = exchange
      const address = this.#addresses.format(4, target)
      resolutions.push({ requestFrame, replyFrame, requests, address, hardware, time: -age(exchange, packet) })
    }
    return resolutions
  }

  /** ARP exchanges among the remembered ones that nobody answered, for a capture's story without a session. */
  unansweredExchanges(): { asker: string; target: string; requests: number; firstFrame: number }[] {
    return [...this.#exchanges.values()]
      .filter((exchange) => exchange.replyFrame === 0)
      .map((exchange) => ({
        asker: this.#addresses.format(4, exchange.asker),
        target: this.#addresses.format(4, exchange.target),
        requests: exchange.requests,
        firstFrame: exchange.requestFrame,
      }))
  }
}

/** Sets the entry, as the newest; the oldest goes when there are too many. */
function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= KEPT) return
  const oldest = map.keys().next()
  if (!oldest.done) map.delete(oldest.value)
}

function age(seen: Readonly<Seen>, packet: Packet): number {
  return (packet.seconds - seen.seconds) * 1e9 + (packet.nanoseconds - seen.nanoseconds)
}

function isRecent(seen: Readonly<Seen>, packet: Packet): boolean {
  const elapsed = age(seen, packet)
  return elapsed >= 0 && elapsed <= RELEVANT
}
