/**
 * What went on around the sessions and belongs to their story: ARP exchanges and DNS look-ups. The recent ones are
 * remembered, in rings of fixed size, and given to the sessions that begin after them.
 */
import { formatMac } from '../bytes/addresses.js'
import { arp } from '../decode/arp.js'
import { readDns } from '../decode/dns.js'
import { Protocol } from '../decode/protocols.js'
import type { Packet } from '../packet.js'
import type { AddressTable } from './address-table.js'
import type { Lookup, Prelude, Resolution } from './prelude.js'
import type { SessionBase } from './session.js'

const KEPT = 256
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

interface KnownName extends Seen {
  readonly name: string
  readonly queryFrame: number
  readonly answerFrame: number
  /** as text */
  readonly addresses: readonly string[]
}

interface Query extends Seen {
  readonly id: number
  readonly name: string
  readonly frame: number
}

export class Neighbourhood {
  readonly #addresses: AddressTable
  readonly #exchanges: ArpExchange[] = []
  readonly #names: KnownName[] = []
  readonly #queries: Query[] = []

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  /** A packet of neither TCP nor UDP: remembers it when it is ARP. */
  observe(packet: Packet): void {
    const last = packet.layers - 1
    if (last < 0 || packet.layerProtocol[last] !== Protocol.arp) return
    const view = packet.viewOf(last)
    const at = packet.layerStart[last] ?? 0
    if ((packet.layerEnd[last] ?? 0) - at < 28 || arp.protocolSize(view, at) !== 4 || arp.hardwareSize(view, at) !== 6) return
    const sender = view.getInt32(at + 14)
    const target = view.getInt32(at + 24)
    const operation = arp.operation(view, at)
    if (operation === ARP_REQUEST && sender !== target) this.#ask(packet, sender, target)
    else if (operation === ARP_REPLY) this.#reply(packet, sender, target, formatMac(view, at + 8))
  }

  #ask(packet: Packet, asker: number, target: number): void {
    const open = this.#exchanges.find((e) => e.replyFrame === 0 && e.target === target && e.asker === asker)
    if (open !== undefined) {
      open.requests++
      open.seconds = packet.seconds
      open.nanoseconds = packet.nanoseconds
      return
    }
    const { seconds, nanoseconds, number } = packet
    remember(this.#exchanges, {
      target,
      asker,
      seconds,
      nanoseconds,
      requestFrame: number,
      requests: 1,
      replyFrame: 0,
      hardware: '',
    })
  }

  #reply(packet: Packet, target: number, asker: number, hardware: string): void {
    const open = this.#exchanges.find((e) => e.replyFrame === 0 && e.target === target && e.asker === asker)
    if (open === undefined) return
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
    if (!dns.response) {
      remember(this.#queries, { id: dns.id, name: dns.name, frame: number, seconds, nanoseconds })
      return
    }
    if (dns.addresses.length === 0) return
    const query = this.#queries.findLast((q) => q.id === dns.id && q.name === dns.name)
    remember(this.#names, {
      name: dns.name,
      addresses: dns.addresses,
      queryFrame: query?.frame ?? 0,
      answerFrame: number,
      seconds,
      nanoseconds,
    })
  }

  /** What belongs to the session that begins with this packet; undefined mostly. */
  prelude(packet: Packet, session: SessionBase, client: number, server: number): Prelude | undefined {
    if (this.#exchanges.length === 0 && this.#names.length === 0) return undefined
    const prelude: { lookup?: Lookup; resolutions?: Resolution[] } = {}
    if (this.#names.length > 0) {
      const address = this.#addresses.format(session.version, server)
      const known = this.#names.findLast((n) => n.addresses.includes(address) && isRecent(n, packet))
      if (known !== undefined) prelude.lookup = { ...frames(known), time: -age(known, packet) }
    }
    const resolutions = session.version === 6 ? [] : this.#resolutionsFor(packet, client, server)
    if (resolutions.length > 0) prelude.resolutions = resolutions
    return prelude.lookup || prelude.resolutions ? prelude : undefined
  }

  #resolutionsFor(packet: Packet, client: number, server: number): Resolution[] {
    return this.#exchanges
      .filter((e) => isRecent(e, packet) && (e.target === server || e.target === client))
      .filter((e) => e.asker === server || e.asker === client)
      .map((e) => ({
        requestFrame: e.requestFrame,
        replyFrame: e.replyFrame,
        requests: e.requests,
        address: this.#addresses.format(4, e.target),
        hardware: e.hardware,
        time: -age(e, packet),
      }))
  }

  /** ARP exchanges among the remembered ones that nobody answered, for a capture's story without a session. */
  unansweredExchanges(): { asker: string; target: string; requests: number; firstFrame: number }[] {
    return this.#exchanges
      .filter((e) => e.replyFrame === 0)
      .map((e) => ({
        asker: this.#addresses.format(4, e.asker),
        target: this.#addresses.format(4, e.target),
        requests: e.requests,
        firstFrame: e.requestFrame,
      }))
  }
}

function frames(known: KnownName) {
  return { name: known.name, queryFrame: known.queryFrame, answerFrame: known.answerFrame }
}

function remember<T>(ring: T[], item: T): void {
  if (ring.length >= KEPT) ring.shift()
  ring.push(item)
}

function age(seen: Seen, packet: Packet): number {
  return (packet.seconds - seen.seconds) * 1e9 + (packet.nanoseconds - seen.nanoseconds)
}

function isRecent(seen: Seen, packet: Packet): boolean {
  const elapsed = age(seen, packet)
  return elapsed >= 0 && elapsed <= RELEVANT
}
