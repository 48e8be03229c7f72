/**
 * Work that Linux leaves to an adapter, or pretends to: checksums that are filled in late, segments that are cut late or put
 * together early. A capture sees frames on the near side of it. Asked with the ioctl that ethtool uses, which needs no rights.
 */
import { endianness } from 'node:os'
import type { Koffi } from './libpcap.js'

export interface Offload {
  /** checksums of what is sent are not yet there when it is captured */
  readonly transmitChecksums: boolean
  /** what is sent is captured in pieces larger than the wire takes (TSO, GSO) */
  readonly largeSegments: boolean
  /** what is received is put together before it is captured (GRO) */
  readonly mergedSegments: boolean
}

// linux/sockios.h, linux/ethtool.h
const SIOCETHTOOL = 0x8946
const GET_TX_CHECKSUM = 0x16
const GET_TSO = 0x1e
const GET_GSO = 0x23
const GET_GRO = 0x2b

const AF_INET = 2
const SOCK_DGRAM = 2
/** struct ifreq: a name of 16 bytes, then a union that here is a pointer to struct ethtool_value: a command and its answer */
const NAME_SIZE = 16
const IFREQ_SIZE = 40

/** Undefined where the platform or the adapter does not tell. */
export function readOffload(koffi: Koffi, name: string): Offload | undefined {
  if (process.platform !== 'linux') return undefined
  const library = koffi.load(null)
  const socket: (domain: number, type: number, protocol: number) => number = library.func(
    'int socket(int domain, int type, int protocol)',
  )
  const ioctl = library.func('int ioctl(int descriptor, unsigned long request, ...)')
  const close: (descriptor: number) => number = library.func('int close(int descriptor)')
  const descriptor = socket(AF_INET, SOCK_DGRAM, 0)
  if (descriptor < 0) return undefined
  const little = endianness() === 'LE'
  const value = new Uint8Array(8)
  const request = new Uint8Array(IFREQ_SIZE)
  new TextEncoder().encodeInto(name, request.subarray(0, NAME_SIZE - 1))
  new DataView(request.buffer).setBigUint64(NAME_SIZE, koffi.address(value), little)
  const ask = (command: number): boolean | undefined => {
    const view = new DataView(value.buffer)
    view.setUint32(0, command, little)
    view.setUint32(4, 0, little)
    if (ioctl(descriptor, SIOCETHTOOL, 'void *', request) !== 0) return undefined
    return view.getUint32(4, little) !== 0
  }
  try {
    const transmitChecksums = ask(GET_TX_CHECKSUM)
    if (transmitChecksums === undefined) return undefined
    return {
      transmitChecksums,
      largeSegments: (ask(GET_TSO) ?? false) || (ask(GET_GSO) ?? false),
      mergedSegments: ask(GET_GRO) ?? false,
    }
  } finally {
    close(descriptor)
  }
}
