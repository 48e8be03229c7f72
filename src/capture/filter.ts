/** Capture filters, compiled by libpcap itself: what it accepts is what a filter is. */
import { CaptureError } from './errors.js'
import { type Libpcap, NETMASK_UNKNOWN, type Pointer } from './libpcap.js'

/** struct bpf_program: a count and a pointer */
const PROGRAM_SIZE = 16

/**
 * Data links that a filter is tried on before the interface is opened: Ethernet, raw IP, cooked, radiotap. A filter is
 * wrong when it is wrong for all of them; whether it is right for the interface's own shows when that is open.
 */
const TRIED = [1, 12, 113, 127]
const SNAP_LENGTH = 65535
/** A network mask to try with: the interface's own is looked at when it is opened. */
const SOME_NETMASK = 0xffffff00

/**
 * Compiles a filter without opening anything, which needs no rights.
 *
 * @throws CaptureError FILTER
 */
export function checkFilter(pcap: Libpcap, filter: string): void {
  let first: string | undefined
  for (const dataLink of TRIED) {
    const handle = pcap.openDead(dataLink, SNAP_LENGTH)
    try {
      const problem = withProgram(pcap, handle, filter, SOME_NETMASK, () => undefined)
      if (problem === undefined) return
      first ??= problem
    } finally {
      pcap.close(handle)
    }
  }
  throw filterError(filter, first ?? '')
}

/**
 * Compiles a filter for an open handle and has the kernel use it.
 *
 * @throws CaptureError FILTER
 */
export function applyFilter(pcap: Libpcap, handle: Pointer, filter: string, netmask: number | undefined): void {
  const problem = withProgram(pcap, handle, filter, netmask, (program) =>
    pcap.setFilter(handle, program) === 0 ? undefined : pcap.errorText(handle),
  )
  if (problem !== undefined) throw filterError(filter, problem)
}

/** Compiles, hands the program to `use`, and returns what went wrong in either. */
function withProgram(
  pcap: Libpcap,
  handle: Pointer,
  filter: string,
  netmask: number | undefined,
  use: (program: Uint8Array) => string | undefined,
): string | undefined {
  const program = new Uint8Array(PROGRAM_SIZE)
  // a C string ends at its first NUL, and with it what libpcap would check
  if (filter.includes('\0')) return 'it contains a NUL'
  if (pcap.compile(handle, program, filter, 1, netmask ?? NETMASK_UNKNOWN) !== 0) return pcap.errorText(handle)
  try {
    return use(program)
  } finally {
    pcap.freeCode(program)
  }
}

function filterError(filter: string, problem: string): CaptureError {
  return new CaptureError('FILTER', `the filter «${filter}» cannot be used: ${problem}`, ['man pcap-filter'])
}
