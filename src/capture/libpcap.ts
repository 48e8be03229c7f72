/**
 * libpcap, called through koffi: which file it is, and its functions with the types they have in C. Both are loaded when a
 * capture first needs them and not before, so that everything else works where neither is installed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LibraryHandle } from 'koffi'
import { CaptureError } from './errors.js'

/** An address in the memory of the process. */
export type Pointer = bigint

export type Koffi = typeof import('koffi').default
export type PollHandle = ReturnType<Koffi['node']['poll']>

/** pcap/pcap.h's numbers, as far as they are used. */
export const InterfaceFlag = { loopback: 1, up: 2, running: 4, wireless: 8 } as const
export const Status = {
  error: -1,
  noSuchDevice: -5,
  permissionDenied: -8,
  interfaceNotUp: -9,
  promiscuousPermissionDenied: -11,
} as const
export const PRECISION_NANOSECONDS = 1
export const NETMASK_UNKNOWN = 0xffffffff
/** PCAP_ERRBUF_SIZE */
export const ERROR_BUFFER = 256

type ErrorBuffer = Uint8Array
type Out<T> = [T | null]

/** The functions of libpcap that we call. All are synchronous, and none blocks on a handle that is set non-blocking. */
export interface Functions {
  /** `pcap_findalldevs` */
  findInterfaces(list: Out<Pointer>, error: ErrorBuffer): number
  freeInterfaces(list: Pointer): void
  create(device: string, error: ErrorBuffer): Pointer | null
  setSnapLength(handle: Pointer, bytes: number): number
  setPromiscuous(handle: Pointer, on: number): number
  setTimeout(handle: Pointer, milliseconds: number): number
  setBufferSize(handle: Pointer, bytes: number): number
  /** absent before libpcap 1.5: times are in microseconds then */
  setPrecision?(handle: Pointer, precision: number): number
  getPrecision?(handle: Pointer): number
  activate(handle: Pointer): number
  statusText(status: number): string
  errorText(handle: Pointer): string
  setNonBlocking(handle: Pointer, on: number, error: ErrorBuffer): number
  /** absent on Windows */
  selectableDescriptor?(handle: Pointer): number
  dataLink(handle: Pointer): number
  listDataLinks(handle: Pointer, list: Out<Pointer>): number
  freeDataLinks(list: Pointer): void
  dataLinkName(dataLink: number): string | null
  openDead(dataLink: number, snapLength: number): Pointer
  compile(handle: Pointer, program: Uint8Array, filter: string, optimize: number, netmask: number): number
  freeCode(program: Uint8Array): void
  setFilter(handle: Pointer, program: Uint8Array): number
  /** `callback` is the address of a C function; `user` its first argument */
  dispatch(handle: Pointer, count: number, callback: Pointer, user: Pointer): number
  next(handle: Pointer, header: Out<Pointer>, data: Out<Pointer>): number
  stats(handle: Pointer, statistics: Uint32Array): number
  close(handle: Pointer): void
  version(): string
}

export interface Libpcap extends Functions {
  readonly koffi: Koffi
  /** the file that was loaded, as exactly as the platform tells */
  readonly file: string
  /** the address of `pcap_dump`, to be called back by `dispatch` */
  readonly dump: Pointer
}

/** The C prototype of each of `Functions`. */
const PROTOTYPES: Record<keyof Functions, string> = {
  findInterfaces: 'int pcap_findalldevs(_Out_ void **list, uint8_t *error)',
  freeInterfaces: 'void pcap_freealldevs(void *list)',
  create: 'void *pcap_create(const char *device, uint8_t *error)',
  setSnapLength: 'int pcap_set_snaplen(void *handle, int bytes)',
  setPromiscuous: 'int pcap_set_promisc(void *handle, int on)',
  setTimeout: 'int pcap_set_timeout(void *handle, int milliseconds)',
  setBufferSize: 'int pcap_set_buffer_size(void *handle, int bytes)',
  setPrecision: 'int pcap_set_tstamp_precision(void *handle, int precision)',
  getPrecision: 'int pcap_get_tstamp_precision(void *handle)',
  activate: 'int pcap_activate(void *handle)',
  statusText: 'const char *pcap_statustostr(int status)',
  errorText: 'const char *pcap_geterr(void *handle)',
  setNonBlocking: 'int pcap_setnonblock(void *handle, int on, uint8_t *error)',
  selectableDescriptor: 'int pcap_get_selectable_fd(void *handle)',
  dataLink: 'int pcap_datalink(void *handle)',
  listDataLinks: 'int pcap_list_datalinks(void *handle, _Out_ void **list)',
  freeDataLinks: 'void pcap_free_datalinks(void *list)',
  dataLinkName: 'const char *pcap_datalink_val_to_name(int dataLink)',
  openDead: 'void *pcap_open_dead(int dataLink, int snapLength)',
  compile: 'int pcap_compile(void *handle, void *program, const char *filter, int optimize, uint32_t netmask)',
  freeCode: 'void pcap_freecode(void *program)',
  setFilter: 'int pcap_setfilter(void *handle, void *program)',
  dispatch: 'int pcap_dispatch(void *handle, int count, void *callback, void *user)',
  next: 'int pcap_next_ex(void *handle, _Out_ void **header, _Out_ void **data)',
  stats: 'int pcap_stats(void *handle, void *statistics)',
  close: 'void pcap_close(void *handle)',
  version: 'const char *pcap_lib_version()',
}

const ABSENT_SOMEWHERE: ReadonlySet<string> = new Set(['setPrecision', 'getPrecision', 'selectableDescriptor'])

let loaded: Promise<Libpcap> | undefined

/**
 * libpcap, loaded once a thread.
 *
 * @throws CaptureError NO_KOFFI, NO_LIBPCAP
 */
export function loadLibpcap(): Promise<Libpcap> {
  loaded ??= load(libraryNames(process.platform))
  return loaded
}

/** The names under which the platform may have it, the likeliest first. */
export function libraryNames(platform: NodeJS.Platform): readonly string[] {
  switch (platform) {
    case 'win32': {
      const { SystemRoot = 'C:\\Windows' } = process.env
      const system = join(SystemRoot, 'System32')
      return [join(system, 'Npcap', 'wpcap.dll'), join(system, 'wpcap.dll')]
    }
    case 'darwin':
      return ['/usr/lib/libpcap.A.dylib', 'libpcap.dylib']
    default:
      // Debian and Ubuntu keep the name of an old version, the others have the true one; the last comes with the headers
      return ['libpcap.so.0.8', 'libpcap.so.1', 'libpcap.so']
  }
}

/** Exported for the tests: `loadLibpcap` is what everyone else calls. */
export async function load(names: readonly string[]): Promise<Libpcap> {
  const koffi = await loadKoffi()
  for (const name of names) {
    const library = open(koffi, name)
    if (library !== undefined) return bind(koffi, library, name)
  }
  const { what, remedy } = installation(process.platform)
  throw new CaptureError('NO_LIBPCAP', `${what} is not installed (looked for ${names.join(', ')})`, remedy)
}

export async function loadKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default
  } catch (cause) {
    throw new CaptureError(
      'NO_KOFFI',
      `koffi, through which libpcap is called, is not installed for ${process.platform} ${process.arch}`,
      ['npm install --include=optional koffi'],
      { cause },
    )
  }
}

function open(koffi: Koffi, name: string): LibraryHandle | undefined {
  if (process.platform === 'win32') {
    if (!existsSync(name)) return undefined
    // wpcap.dll needs Packet.dll, which lies beside it and not where Windows looks
    const { PATH = '' } = process.env
    Object.assign(process.env, { PATH: `${join(name, '..')};${PATH}` })
  }
  try {
    return koffi.load(name)
  } catch {
    // koffi's message does not say which file it could not load, so ours does
    return undefined
  }
}

function bind(koffi: Koffi, library: LibraryHandle, name: string): Libpcap {
  const functions: Record<string, unknown> = {}
  for (const [key, prototype] of Object.entries(PROTOTYPES)) {
    try {
      functions[key] = library.func(prototype)
    } catch (error) {
      if (!ABSENT_SOMEWHERE.has(key)) throw error
    }
  }
  return {
    ...(functions as unknown as Functions),
    koffi,
    file: mappedFile() ?? name,
    dump: library.symbol('pcap_dump'),
  }
}

/** On Linux the kernel knows which file a name led to. */
function mappedFile(): string | undefined {
  if (process.platform !== 'linux') return undefined
  return /\/\S*libpcap\.so\S*/.exec(readFileSync('/proc/self/maps', 'latin1'))?.[0]
}

/** What to install where libpcap is missing. */
function installation(platform: NodeJS.Platform): { what: string; remedy: readonly string[] } {
  switch (platform) {
    case 'win32':
      return { what: 'Npcap', remedy: ['install Npcap from https://npcap.com/#download (Wireshark brings it along)'] }
    case 'darwin':
      return { what: 'libpcap', remedy: ['macOS brings libpcap with it; another one: brew install libpcap'] }
    default:
      return {
        what: 'libpcap',
        remedy: [
          'Debian, Ubuntu: sudo apt install libpcap0.8',
          'Fedora, RHEL: sudo dnf install libpcap',
          'openSUSE: sudo zypper install libpcap1',
          'Arch: sudo pacman -S libpcap',
          'Alpine: sudo apk add libpcap',
        ],
      }
  }
}

/** The text in an error buffer. */
export function textOf(error: ErrorBuffer): string {
  const end = error.indexOf(0)
  return Buffer.from(error.subarray(0, end < 0 ? error.length : end)).toString('utf8')
}
