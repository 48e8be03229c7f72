/**
 * What went on around the sessions and belongs to their story: ARP exchanges, IPv6's neighbour discovery, DNS look-ups
 * (lookups.ts), and DHCP (leases.ts). The latest of each address is remembered, of so many addresses, and given to the sessions that begin after it.
 */
import { formatMac } from '../bytes/addresses.js'
import { arp } from '../decode/arp.js'
import { Icmpv6Type } from '../decode/icmpv6.js'
import { Protocol } from '../decode/protocols.js'
import type { Packet } from '../packet.js'
import type { AddressTable } from './address-table.js'
import { remember } from './kept.js'
import { Leases } from './leases.js'
import { Lookups } from './lookups.js'
import type { Prelude, Resolution } from './prelude.js'

/** A look-up or an exchange that is older than this, in ns, when a session begins has nothing to do with it. */
const RELEVANT = 15e9
const ARP_REQUEST = 1
const ARP_REPLY = 2
const ICMPV6 = 58
/** where a neighbour solicitation or advertisement has the address that it is about, and where its first option may have a hardware address (RFC 4861 §4.3, §4.4, §4.6.1) */
const NEIGHBOUR_TARGET = 8
const NEIGHBOUR_OPTION = 24
const TARGET_HARDWARE = 0x0201
/** What answers one request later than this, in ns, may be the same address on another host that took it over. */
const AT_ONCE = 1e9

/** When something was seen; the two parts are kept apart so that differences are exact. */
interface Seen {
  seconds: number
  nanoseconds: number
}

/** Who was asked for, how often, and who answered. */
interface Exchange extends Seen {
  /** addresses as AddressTable numbers them */
  readonly target: number
  readonly asker: number
  requestFrame: number
  requests: number
  replyFrame: number
  hardware: string
  /** the frame of the answer to the exchange before it */
  readonly foundBefore: number
  /** another host that answered the same request */
  other?: { readonly frame: number; readonly hardware: string }
}

/** The same in words: what a capture's story says of it beside the sessions'. */
export interface Neighbour {
  readonly version: 4 | 6
  readonly asker: string
  readonly target: string
  readonly requests: number
  readonly firstFrame: number
  /** the frame of its answer to an earlier request, 0: there was none */
  readonly foundBefore: number
  /** who answered, with their hardware addresses: nobody, one host as it should be, or two */
  readonly answers: readonly { readonly frame: number; readonly hardware: string }[]
}

export class Neighbourhood {
  readonly lookups: Lookups
  readonly leases = new Leases()
  readonly #addresses: AddressTable
  /** by the address that was asked for: with ARP in IPv4, with neighbour discovery in IPv6 */
  readonly #exchanges = { 4: new Map<number, Exchange>(), 6: new Map<number, Exchange>() } as const
  /** exchanges that two hosts answered, by the address */
  readonly #disputed = { 4: new Map<number, Exchange>(), 6: new Map<number, Exchange>() } as const

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
    this.lookups = new Lookups(addresses)
  }

  /** A packet of neither TCP nor UDP: remembers it when it is of ARP or of neighbour discovery. */
  observe(packet: Packet): void {
    const last = packet.layers - 1
    if (last >= 0 && packet.layerProtocol[last] === Protocol.arp) this.#observeArp(packet, last)
    else if (packet.transportProtocol === ICMPV6 && packet.transport >= 0) this.#observeNeighbour(packet)
  }

  /** A UDP packet: remembers it when it is of DNS or of DHCP. */
  observeDatagram(packet: Packet): void {
    this.lookups.observe(packet)
    this.leases.observe(packet)
  }

  #observeArp(packet: Packet, layer: number): void {
    const view = packet.viewOf(layer)
    const at = packet.layerStart[layer] ?? 0
    if ((packet.layerEnd[layer] ?? 0) - at < 28 || arp.protocolSize(view, at) !== 4 || arp.hardwareSize(view, at) !== 6)
      return
    const sender = view.getInt32(at + 14)
    const target = view.getInt32(at + 24)
    const operation = arp.operation(view, at)
    if (operation === ARP_REQUEST && sender !== target) this.#ask(4, packet, sender, target)
    else if (operation === ARP_REPLY) this.#reply(4, packet, sender, target, formatMac(view, at + 8))
  }

  #observeNeighbour(packet: Packet): void {
    const { view, networkView, transport: at, limit } = packet
    const type = limit > at ? view.getUint8(at) : 0
    const solicits = type === Icmpv6Type.neighborSolicitation
    if ((!solicits && type !== Icmpv6Type.neighborAdvertisement) || limit < at + NEIGHBOUR_OPTION) return
    const target = this.#addresses.internIpv6(view, at + NEIGHBOUR_TARGET)
    if (solicits) {
      // a host that looks whether its own address is free has none to ask with (RFC 4862 §5.4)
      if (isUnspecified(networkView, packet.source)) return
      this.#ask(6, packet, this.#addresses.internIpv6(networkView, packet.source), target)
      return
    }
    const option = at + NEIGHBOUR_OPTION
    if (limit < option + 8 || view.getUint16(option) !== TARGET_HARDWARE) return
    const asker = this.#addresses.internIpv6(networkView, packet.destination)
    this.#reply(6, packet, target, asker, formatMac(view, option + 2))
  }

  #ask(version: 4 | 6, packet: Packet, asker: number, target: number): void {
    const { seconds, nanoseconds, number } = packet
    const open = this.#exchanges[version].get(target)
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
      foundBefore: open === undefined ? 0 : Math.max(open.replyFrame, open.foundBefore),
      replyFrame: 0,
      hardware: '',
    }
    remember(this.#exchanges[version], target, exchange)
  }

  #reply(version: 4 | 6, packet: Packet, target: number, asker: number, hardware: string): void {
    const open = this.#exchanges[version].get(target)
    if (open?.asker !== asker) return
    if (open.replyFrame !== 0) {
      if (open.hardware === hardware || open.other !== undefined || age(open, packet) > AT_ONCE) return
      open.other = { frame: packet.number, hardware }
      if (!this.#disputed[version].has(target)) remember(this.#disputed[version], target, open)
      return
    }
    open.replyFrame = packet.number
    open.hardware = hardware
    open.seconds = packet.seconds
    open.nanoseconds = packet.nanoseconds
  }

  /** What belongs to the session that begins with this packet; undefined mostly. */
  prelude(packet: Packet, client: number, server: number): Prelude | undefined {
    const isIpv4 = packet.networkVersion === 4
    const known = this.lookups.named(isIpv4 ? 4 : 6, server)
    const wasAsked = isIpv4 && (this.#exchanges[4].has(server) || this.#exchanges[4].has(client))
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
      const exchange = this.#exchanges[4].get(target)
      if (exchange?.asker !== asker || !isRecent(exchange, packet)) continue
      const { requestFrame, replyFrame, requests, hardware } = exchange
      const address = this.#addresses.format(4, target)
      resolutions.push({ requestFrame, replyFrame, requests, address, hardware, time: -age(exchange, packet) })
    }
    return resolutions
  }

  /** Neighbours, among those remembered, that nobody answered for, or two hosts. */
  oddNeighbours(): Neighbour[] {
    return ([4, 6] as const).flatMap((version) => {
      const unanswered = [...this.#exchanges[version].values()].filter(({ replyFrame }) => replyFrame === 0)
      return [...this.#disputed[version].values(), ...unanswered].map((one) => this.#describe(version, one))
    })
  }

  #describe(version: 4 | 6, exchange: Exchange): Neighbour {
    const { asker, target, requests, requestFrame, replyFrame, foundBefore, hardware, other } = exchange
    const answers = replyFrame === 0 ? [] : [{ frame: replyFrame, hardware }]
    return {
      version,
      asker: this.#addresses.format(version, asker),
      target: this.#addresses.format(version, target),
      requests,
      firstFrame: requestFrame,
      foundBefore,
      answers: other === undefined ? answers : [...answers, other],
    }
  }
}

function isUnspecified(view: DataView, at: number): boolean {
  return (view.getInt32(at) | view.getInt32(at + 4) | view.getInt32(at + 8) | view.getInt32(at + 12)) === 0
}

function age(seen: Readonly<Seen>, packet: Packet): number {
  return (packet.seconds - seen.seconds) * 1e9 + (packet.nanoseconds - seen.nanoseconds)
}

function isRecent(seen: Readonly<Seen>, packet: Packet): boolean {
  const elapsed = age(seen, packet)
  return elapsed >= 0 && elapsed <= RELEVANT
}
