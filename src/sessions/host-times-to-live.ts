/**
 * The times to live of what hosts send, as the capture has them: those of SYNs and SYN/ACKs, which only a host itself sends. What has
 * another and comes in a host's name may be of a device on the way.
 */
import { type Packet, SYN } from '../packet.js'
import type { AddressTable } from './address-table.js'
import type { FlowKey } from './flow-key.js'
import { remember } from './kept.js'

/** its packets take ways of different lengths, or pass the capture twice */
const MIXED = -1

interface Host {
  /** of the first frame */
  timeToLive: number
  readonly frame: number
}

export class HostTimesToLive {
  readonly #addresses: AddressTable
  /** by address, as AddressTable numbers it */
  readonly #hosts = { 4: new Map<number, Host>(), 6: new Map<number, Host>() } as const
  /** by address as text, once the first was asked for */
  #byName: Map<string, Host> | undefined

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  note({ tcp, networkVersion, timeToLive, number }: Packet, { side, a, b }: FlowKey): void {
    if ((tcp.flags & SYN) === 0) return
    const hosts = this.#hosts[networkVersion === 4 ? 4 : 6]
    const address = side === 0 ? a : b
    const host = hosts.get(address)
    if (host === undefined) remember(hosts, address, { timeToLive, frame: number })
    else if (host.timeToLive !== timeToLive) host.timeToLive = MIXED
  }

  /** The first frame in which the host of this address spoke so; undefined when there is none. */
  spokeIn(address: string): number | undefined {
    return this.#host(address)?.frame
  }

  /** The only one that the host of this address had, and the first frame that had it; asked for when the capture is over. */
  of(address: string): { readonly timeToLive: number; readonly frame: number } | undefined {
    const host = this.#host(address)
    return host?.timeToLive === MIXED ? undefined : host
  }

  #host(address: string): Host | undefined {
    this.#byName ??= new Map(
      ([4, 6] as const).flatMap((version) =>
        [...this.#hosts[version]].map(([number, host]) => [this.#addresses.format(version, number), host] as const),
      ),
    )
    return this.#byName.get(address)
  }
}
