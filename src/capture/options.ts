/** What can be asked of a capture, and what is made of it. */
import { UsageError } from '../errors.js'
import type { Statistics } from './handle.js'
import type { InterfaceState } from './line.js'
import type { OutputFormat, Rotation } from './output.js'
import { MAX_INTERFACES, MAX_SNAP_LENGTH } from './records.js'
import type { StopReason } from './stop-reason.js'

export type Engine = 'libpcap' | 'cap'

export interface CaptureOptions {
  /** names, as `listInterfaces` gives them; several are captured on at once, and their frames come in the order of time */
  readonly interfaces?: readonly string[]
  /** instead of names: the one host-only adapter */
  readonly hostOnly?: boolean
  /** in libpcap's language, pcap-filter(7) */
  readonly filter?: string
  /** bytes kept of each frame; 262,144 unless told */
  readonly snapLength?: number
  /** see what is for others, too; true unless told */
  readonly promiscuous?: boolean
  /** bytes of the kernel's buffer, for each interface; 16 MiB unless told, with cap 64 MiB */
  readonly bufferSize?: number
  /** frames after which the capture ends */
  readonly packets?: number
  /** seconds after which it ends */
  readonly duration?: number
  /** where the frames are written; `-` is standard output */
  readonly file?: string
  /** pcap where the file's name ends in .pcap, else pcapng, unless told */
  readonly format?: OutputFormat
  /** bytes of the file after which the capture ends */
  readonly fileSize?: number
  /** one file after the other, named after `file` with a number and the time */
  readonly rotation?: Rotation
  /** `libpcap` unless told */
  readonly engine?: Engine
  /** root only: who the capture goes on as, and who gets the files; the user behind sudo unless told */
  readonly user?: string
  /** ends the capture as `stop()` does */
  readonly signal?: AbortSignal
  readonly onNotice?: (notice: CaptureNotice) => void
}

/** Something worth telling while the capture goes on. */
export interface CaptureNotice {
  /** `warning`: libpcap's, on opening. `output`: the file takes no more. The others: what became of an interface. */
  readonly kind: 'warning' | 'output' | InterfaceState
  readonly message: string
}

export interface CaptureCounts {
  /** frames taken from the kernel */
  readonly captured: number
  /** of these, frames in the file */
  readonly written: number
  /** bytes in the file, or all of them */
  readonly bytes: number
  /** frames that were looked at */
  readonly shown: number
  /** frames that were passed over, as whoever looks could not keep up */
  readonly skipped: number
  readonly droppedByKernel: number
  readonly droppedByInterface: number
  readonly interfaces: readonly (Statistics & { readonly name: string })[]
}

export interface CaptureResult extends CaptureCounts {
  readonly reason: StopReason
  /** what is wrong, where something is */
  readonly message?: string
  /** the files that there are, the oldest first */
  readonly files: readonly string[]
}

/** The options with everything filled in that has a usual value. */
export interface Plan extends CaptureOptions {
  readonly snapLength: number
  readonly promiscuous: boolean
  readonly bufferSize: number
  readonly packets: number
  readonly duration: number
  readonly format: OutputFormat
  readonly engine: Engine
}

/** cap's handle gives each frame, however short, as much of the buffer as the longest takes. */
const DEFAULT_BUFFER: Readonly<Record<Engine, number>> = { libpcap: 16 << 20, cap: 64 << 20 }
/** What a C int can carry, through which it goes. */
const MAX_BUFFER = 0x7fffffff

/** @throws UsageError when the options contradict each other, or make no sense */
export function plan(options: CaptureOptions): Plan {
  const { file, rotation, fileSize, hostOnly = false, interfaces = [] } = options
  const format = options.format ?? (file?.toLowerCase().endsWith('.pcap') ? 'pcap' : 'pcapng')
  if (hostOnly === interfaces.length > 0) throw new UsageError('name the interfaces, or ask for the host-only one')
  if (new Set(interfaces).size < interfaces.length) throw new UsageError('an interface is named twice')
  if (interfaces.length > MAX_INTERFACES) throw new UsageError(`${MAX_INTERFACES} interfaces are the most`)
  if (interfaces.length > 1 && file !== undefined && format === 'pcap') {
    throw new UsageError('a pcap file cannot tell several interfaces apart: write a pcapng')
  }
  if (file === undefined && (rotation ?? fileSize) !== undefined) throw new UsageError('no file is written: name one')
  if (rotation !== undefined && fileSize !== undefined) {
    throw new UsageError('a capture goes on in another file when one is full, or it ends: not both')
  }
  if (rotation !== undefined && file === '-') throw new UsageError('standard output is one file')
  if (rotation !== undefined && rotation.fileSize === undefined && rotation.duration === undefined) {
    throw new UsageError('say when another file is begun: after a size, or a time')
  }
  if (options.engine === 'cap' && (interfaces.length > 1 || options.promiscuous === false)) {
    throw new UsageError('the cap engine captures on one interface, and always what is for others, too')
  }
  atLeastOne({ packets: options.packets, fileSize, snapLength: options.snapLength, keep: rotation?.keep })
  atLeastOne({ rotationSize: rotation?.fileSize, bufferSize: options.bufferSize })
  for (const seconds of [options.duration, rotation?.duration]) {
    if (seconds !== undefined && !(seconds > 0)) throw new UsageError('a duration is a number of seconds, above 0')
  }
  const engine = options.engine ?? 'libpcap'
  return {
    ...options,
    hostOnly,
    interfaces,
    snapLength: Math.min(options.snapLength ?? MAX_SNAP_LENGTH, MAX_SNAP_LENGTH),
    promiscuous: options.promiscuous ?? true,
    bufferSize: Math.min(options.bufferSize ?? DEFAULT_BUFFER[engine], MAX_BUFFER),
    packets: options.packets ?? Number.POSITIVE_INFINITY,
    duration: options.duration ?? Number.POSITIVE_INFINITY,
    format,
    engine,
  }
}

function atLeastOne(numbers: Record<string, number | undefined>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new UsageError(`${name} is ${value}, where a whole number above 0 is wanted`)
    }
  }
}
