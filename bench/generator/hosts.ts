/** The hosts of the made-up network. */

export interface Host {
  readonly mac: readonly number[]
  readonly address: Uint8Array
  /** the address as tools print it */
  readonly text: string
}

export interface Endpoint {
  readonly host: Host
  readonly port: number
}

/** Host `index` (at most 65,535) of network `network` (at most 255, not 0), by one of IPv4 and IPv6. */
export function host(network: number, index: number, version: 4 | 6): Host {
  const high = index >> 8
  const low = index & 0xff
  const mac = [0x02, 0x00, version, network, high, low]
  if (version === 4)
    return { mac, address: Uint8Array.of(10, network, high, low), text: `10.${network}.${high}.${low}` }
  const address = Uint8Array.of(0x20, 0x01, 0x0d, 0xb8, 0, 0x56, 0, network, 0, 0, 0, 0, 0, 0, high, low)
  return { mac, address, text: `2001:db8:56:${network.toString(16)}::${index === 0 ? '' : index.toString(16)}` }
}
