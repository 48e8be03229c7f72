/** The list of interfaces that libpcap gives, taken out of C's hands. */
import { networkInterfaces } from 'node:os'
import { CaptureError } from './errors.js'
import { ERROR_BUFFER, InterfaceFlag, type Koffi, type Libpcap, type Pointer, textOf } from './libpcap.js'
import { decodeSocketAddress, SOCKADDR_HEAD, socketAddressSize } from './sockaddr.js'

export interface InterfaceAddress {
  readonly family: 'ipv4' | 'ipv6'
  readonly address: string
  readonly netmask?: string
}

/** What libpcap and the operating system say about one interface; nothing is guessed here. */
export interface Device {
  readonly name: string
  /** Windows: the name that people know it by, `VMware Network Adapter VMnet1` */
  readonly alias?: string
  readonly description?: string
  readonly mac?: string
  readonly addresses: readonly InterfaceAddress[]
  readonly loopback: boolean
  /** set to work by the administrator */
  readonly up: boolean
  /** and it does: there is a carrier */
  readonly running: boolean
  readonly wireless: boolean
}

interface Interface {
  next: Pointer | null
  name: string
  description: string | null
  addresses: Pointer | null
  flags: number
}

interface Address {
  next: Pointer | null
  address: Pointer | null
  netmask: Pointer | null
}

/** @throws CaptureError INTERFACE */
export function listDevices(pcap: Libpcap): Device[] {
  const error = new Uint8Array(ERROR_BUFFER)
  const list: [Pointer | null] = [null]
  if (pcap.findInterfaces(list, error) !== 0) throw new CaptureError('INTERFACE', textOf(error))
  const [first] = list
  if (first === null) return []
  try {
    return withAliases(decodeList(pcap.koffi, first))
  } finally {
    pcap.freeInterfaces(first)
  }
}

/** pcap_if_t and pcap_addr_t; the address and the netmask are followed by two pointers that we leave alone. */
function defineTypes(koffi: Koffi) {
  return {
    interfaceType: koffi.struct({
      next: 'void *',
      name: 'const char *',
      description: 'const char *',
      addresses: 'void *',
      flags: 'uint32_t',
    }),
    addressType: koffi.struct({ next: 'void *', address: 'void *', netmask: 'void *' }),
  }
}

/** Defined once: koffi never forgets a type. */
let types: ReturnType<typeof defineTypes> | undefined

function decodeList(koffi: Koffi, first: Pointer): Device[] {
  types ??= defineTypes(koffi)
  const { interfaceType, addressType } = types
  const devices: Device[] = []
  for (let at: Pointer | null = first; at !== null; ) {
    const found = koffi.decode(at, interfaceType) as Interface
    const addresses: InterfaceAddress[] = []
    let mac: string | undefined
    for (let link = found.addresses; link !== null; ) {
      const entry = koffi.decode(link, addressType) as Address
      const decoded = decodeAddress(koffi, entry)
      if (typeof decoded === 'string') mac = decoded
      else if (decoded !== undefined) addresses.push(decoded)
      link = entry.next
    }
    devices.push({
      name: found.name,
      ...(found.description && { description: found.description }),
      ...(mac !== undefined && { mac }),
      addresses,
      loopback: (found.flags & InterfaceFlag.loopback) !== 0,
      up: (found.flags & InterfaceFlag.up) !== 0,
      running: (found.flags & InterfaceFlag.running) !== 0,
      wireless: (found.flags & InterfaceFlag.wireless) !== 0,
    })
    at = found.next
  }
  return devices
}

/** An IP address, a MAC address as text, or nothing that we know. */
function decodeAddress(koffi: Koffi, entry: Address): InterfaceAddress | string | undefined {
  const found =
    entry.address === null ? undefined : decodeSocketAddress(bytesAt(koffi, entry.address), process.platform)
  if (found === undefined) return undefined
  if (found.family === 'mac') return found.address
  const mask = entry.netmask === null ? undefined : decodeSocketAddress(bytesAt(koffi, entry.netmask), process.platform)
  // BSD leaves the family of a mask empty
  return {
    family: found.family,
    address: found.address,
    ...(mask?.family === found.family && { netmask: mask.address }),
  }
}

function bytesAt(koffi: Koffi, pointer: Pointer): Uint8Array {
  const read = (length: number) => Uint8Array.from(koffi.decode(pointer, 'uint8_t', length) as number[])
  return read(socketAddressSize(read(SOCKADDR_HEAD), process.platform))
}

/** Where libpcap's names are unreadable, the operating system's are found by the addresses they share. */
function withAliases(devices: Device[]): Device[] {
  if (process.platform !== 'win32') return devices
  const known = Object.entries(networkInterfaces())
  return devices.map((device) => {
    const same = known.find(([, list]) =>
      list?.some((entry) => device.addresses.some((a) => a.address === entry.address)),
    )
    if (same === undefined) return device
    const mac = same[1]?.find((entry) => entry.mac !== '00:00:00:00:00:00')?.mac
    return { ...device, alias: same[0], ...(mac !== undefined && { mac }) }
  })
}
