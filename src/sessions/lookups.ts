/** DNS look-ups: which names the addresses of sessions had, and which names were not found. */
import { dnsTypeName, readDns } from '../decode/dns.js'
import type { Packet } from '../packet.js'
import type { AddressTable } from './address-table.js'
import { remember } from './kept.js'
import type { KnownName, Prelude } from './prelude.js'

const DNS_PORT = 53
const A = 1
const AAAA = 28

/** The prelude of a session that has nothing but this look-up. */
interface Named extends Prelude {
  readonly lookup: KnownName
}

/** An address was asked for, and the name server had none. */
export interface FailedLookup {
  readonly name: string
  /** of the question: `A` or `AAAA` */
  readonly type: string
  /** RFC 1035 §4.1.1: 2, the name server failed; 3, there is no such name; 5, it refuses */
  readonly code: number
  /** 0: the question was not captured */
  readonly queryFrame: number
  readonly answerFrame: number
}

export class Lookups {
  readonly #addresses: AddressTable
  /** by address, as AddressTable numbers it */
  readonly #names = { 4: new Map<number, Named>(), 6: new Map<number, Named>() } as const
  /** frames, by DNS identifier and name */
  readonly #queries = new Map<string, number>()
  /** by name */
  readonly #failed = new Map<string, FailedLookup>()
  /** names that have addresses, and the frames that say so */
  readonly #found = new Map<string, number>()

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  /** A UDP packet: remembers it when it is a DNS query or answer. */
  observe(packet: Packet): void {
    if (packet.sourcePort !== DNS_PORT && packet.destinationPort !== DNS_PORT) return
    const dns = readDns(packet.view, packet.payload, packet.payloadEnd)
    if (dns === undefined) return
    const { seconds, nanoseconds, number } = packet
    const { name, type, code } = dns
    const question = `${dns.id} ${name}`
    if (!dns.response) {
      remember(this.#queries, question, number)
      return
    }
    const queryFrame = this.#queries.get(question) ?? 0
    const known = { lookup: { name, queryFrame, answerFrame: number, seconds, nanoseconds } }
    for (const { version, at } of dns.addresses) {
      const address = version === 4 ? packet.view.getInt32(at) : this.#addresses.internIpv6(packet.view, at)
      remember(this.#names[version], address, known)
    }
    if (dns.addresses.length > 0) remember(this.#found, name, number)
    else if (code !== 0 && (type === A || type === AAAA) && !this.#failed.has(name))
      remember(this.#failed, name, { name, type: dnsTypeName(type), code, queryFrame, answerFrame: number })
  }

  /** The look-up that gave the address, which AddressTable numbers so. */
  named(version: 4 | 6, address: number): Named | undefined {
    return this.#names[version].get(address)
  }

  /** Names that were not found, among those remembered: not those that a resolver only tries, with its search list (resolv.conf(5)). */
  failed(): FailedLookup[] {
    return [...this.#failed.values()].filter(({ name }) => !this.#isTried(name))
  }

  /** It was found after all, or is such a name with a suffix. */
  #isTried(name: string): boolean {
    if (this.#found.has(name)) return true
    for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
      if (this.#found.has(name.slice(0, dot))) return true
    }
    return false
  }
}
