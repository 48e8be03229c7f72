/** One interface, opened for capture: what pcap(3PCAP) calls a handle. Never blocks. */
import { CaptureError } from './errors.js'
import { applyFilter } from './filter.js'
import {
  ERROR_BUFFER,
  type Koffi,
  type Libpcap,
  type Pointer,
  PRECISION_NANOSECONDS,
  Status,
  textOf,
} from './libpcap.js'
import { linkTypeOf } from './link-types.js'

/** How long the kernel gathers frames before it hands them over, in milliseconds; immediate mode costs six times the CPU. */
export const READ_TIMEOUT = 10

export interface HandleOptions {
  readonly interface: string
  readonly filter?: string
  /** IPv4 network mask of the interface in host order, for filters with `broadcast`; undefined when unknown */
  readonly netmask?: number
  /** bytes kept of each frame */
  readonly snapLength: number
  readonly promiscuous: boolean
  /** bytes of the kernel's buffer */
  readonly bufferSize: number
}

export interface Statistics {
  /** frames that the kernel saw and the filter accepted, dropped ones included; on a loopback interface Linux counts them twice */
  readonly received: number
  /** frames that the kernel had no room for */
  readonly droppedByKernel: number
  readonly droppedByInterface: number
}

export class Handle {
  readonly name: string
  readonly pointer: Pointer
  /** LINKTYPE_ of its frames */
  readonly linkType: number
  readonly timeDigits: 6 | 9
  /** what libpcap had to say on opening: that promiscuous mode is not possible, say */
  readonly warning: string | undefined
  /** to poll for frames; undefined where the platform has no such thing */
  readonly descriptor: number | undefined
  readonly #pcap: Libpcap
  readonly #words = new Uint32Array(6)
  readonly #last = new Uint32Array(3)
  readonly #sum = [0, 0, 0]

  /** @throws CaptureError PERMISSION, NO_SUCH_INTERFACE, INTERFACE_DOWN, FILTER, INTERFACE */
  constructor(pcap: Libpcap, options: HandleOptions) {
    this.#pcap = pcap
    this.name = options.interface
    const error = new Uint8Array(ERROR_BUFFER)
    const pointer = pcap.create(options.interface, error)
    if (pointer === null) throw new CaptureError('INTERFACE', `${options.interface}: ${textOf(error)}`)
    this.pointer = pointer
    try {
      this.warning = this.#activate(options)
      if (options.filter) applyFilter(pcap, pointer, options.filter, options.netmask)
      if (pcap.setNonBlocking(pointer, 1, error) !== 0) {
        throw new CaptureError('INTERFACE', `${options.interface}: ${textOf(error)}`)
      }
    } catch (failure) {
      pcap.close(pointer)
      throw failure
    }
    this.linkType = linkTypeOf(pcap.dataLink(pointer))
    this.timeDigits = pcap.getPrecision?.(pointer) === PRECISION_NANOSECONDS ? 9 : 6
    const descriptor = pcap.selectableDescriptor?.(pointer) ?? -1
    this.descriptor = descriptor >= 0 ? descriptor : undefined
    if (this.descriptor !== undefined && process.platform === 'linux') stampOnArrival(pcap.koffi, this.descriptor)
  }

  #activate(options: HandleOptions): string | undefined {
    const pcap = this.#pcap
    const pointer = this.pointer
    pcap.setSnapLength(pointer, options.snapLength)
    pcap.setPromiscuous(pointer, options.promiscuous ? 1 : 0)
    pcap.setTimeout(pointer, READ_TIMEOUT)
    pcap.setBufferSize(pointer, options.bufferSize)
    // refused where the clock has only microseconds, which is no reason not to capture
    pcap.setPrecision?.(pointer, PRECISION_NANOSECONDS)
    const status = pcap.activate(pointer)
    if (status === 0) return undefined
    const detail = pcap.errorText(pointer)
    if (status > 0) return detail || pcap.statusText(status)
    throw activationError(options.interface, status, detail || pcap.statusText(status))
  }

  /** What the kernel counted since the handle was opened. */
  statistics(): Statistics {
    if (this.#pcap.stats(this.pointer, this.#words) === 0) {
      // libpcap counts in 32 bits, which a long capture wraps around
      for (let i = 0; i < 3; i++) {
        const now = this.#words[i] ?? 0
        this.#sum[i] = (this.#sum[i] ?? 0) + ((now - (this.#last[i] ?? 0)) >>> 0)
        this.#last[i] = now
      }
    }
    const [received = 0, droppedByKernel = 0, droppedByInterface = 0] = this.#sum
    return { received, droppedByKernel, droppedByInterface }
  }

  close(): void {
    this.#pcap.close(this.pointer)
  }
}

// asm-generic/socket.h
const SOL_SOCKET = 1
const SO_TIMESTAMP = 29

/**
 * Has Linux stamp each frame when it arrives, once for all who capture it. Unless some socket asks for this, each of them
 * gets the time at which its own turn came, microseconds later.
 */
function stampOnArrival(koffi: Koffi, descriptor: number): void {
  const setsockopt: (descriptor: number, level: number, option: number, value: Uint32Array, length: number) => number =
    koffi.load(null).func('int setsockopt(int descriptor, int level, int option, void *value, uint32_t length)')
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMP, Uint32Array.of(1), 4)
}

function activationError(name: string, status: number, detail: string): CaptureError {
  switch (status) {
    case Status.permissionDenied:
    case Status.promiscuousPermissionDenied:
      return new CaptureError('PERMISSION', `no right to capture on ${name}`)
    case Status.noSuchDevice:
      return new CaptureError('NO_SUCH_INTERFACE', `there is no interface ${name}`, ['synopsis interfaces'])
    case Status.interfaceNotUp:
      return new CaptureError('INTERFACE_DOWN', `${name} is down`, upRemedy(name))
    default:
      return new CaptureError('INTERFACE', `${name}: ${detail}`)
  }
}

function upRemedy(name: string): readonly string[] {
  switch (process.platform) {
    case 'linux':
      return [`sudo ip link set ${name} up`]
    case 'win32':
      return ['enable the adapter in Settings, Network & internet, Advanced network settings']
    default:
      return [`sudo ifconfig ${name} up`]
  }
}
