/** The endpoints of a packet as the flow tables know them: the one that sorts first is side 0, whoever sent the packet. */
import type { Packet } from '../packet.js'
import type { AddressTable } from './address-table.js'
import type { Side } from './facts.js'

export class FlowKey {
  /** addresses of side 0 and side 1, as AddressTable numbers them */
  a = 0
  b = 0
  /** their ports, side 0's in the upper half */
  ports = 0
  /** who sent the packet */
  side: Side = 0
  readonly #addresses: AddressTable

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  /** Sets the key from a packet with a network and a transport layer. */
  set(packet: Packet): void {
    const { networkView, sourcePort, destinationPort } = packet
    this.setFrom(networkView, packet.networkVersion, packet.source, packet.destination, sourcePort, destinationPort)
  }

  /** Sets the key from the places of two addresses, and their ports. */
  setFrom(
    view: DataView,
    version: number,
    from: number,
    to: number,
    sourcePort: number,
    destinationPort: number,
  ): void {
    let source: number
    let destination: number
    if (version === 4) {
      source = view.getInt32(from)
      destination = view.getInt32(to)
    } else {
      source = this.#addresses.internIpv6(view, from)
      destination = this.#addresses.internIpv6(view, to)
    }
    if (source < destination || (source === destination && sourcePort <= destinationPort)) {
      this.a = source
      this.b = destination
      this.ports = (sourcePort << 16) | destinationPort
      this.side = 0
    } else {
      this.a = destination
      this.b = source
      this.ports = (destinationPort << 16) | sourcePort
      this.side = 1
    }
  }

  /** Writes the endpoints' addresses and ports into both sides of a session. */
  name(sides: readonly [Endpoint, Endpoint]): void {
    sides[0].address = this.a
    sides[0].port = this.ports >>> 16
    sides[1].address = this.b
    sides[1].port = this.ports & 0xffff
  }
}

interface Endpoint {
  address: number
  port: number
}
