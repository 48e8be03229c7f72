/** What can be captured on here: libpcap's list, with what each interface is; and the choice of the host-only one. */
import { type Device, listDevices } from './device-list.js'
import { CaptureError } from './errors.js'
import { classify, type InterfaceKind, type Verdict } from './kinds.js'
import { type Libpcap, loadLibpcap, PRECISION_NANOSECONDS } from './libpcap.js'
import { linkTypeOf } from './link-types.js'
import { surroundings } from './surroundings.js'

export interface CaptureInterface extends Device, Verdict {
  /** what its frames can be captured as; absent where that cannot be found out, for want of rights or because it is down */
  readonly linkTypes?: readonly LinkType[]
}

export interface LinkType {
  /** LINKTYPE_ number, as in files */
  readonly number: number
  /** libpcap's name of it: `EN10MB` */
  readonly name: string
}

/**
 * The interfaces that libpcap knows, in its order.
 *
 * @param options.linkTypes opens each interface for a moment to ask for its link types, which needs the right to capture
 * @throws CaptureError NO_KOFFI, NO_LIBPCAP, INTERFACE
 */
export async function listInterfaces(options: { readonly linkTypes?: boolean } = {}): Promise<CaptureInterface[]> {
  const pcap = await loadLibpcap()
  const devices = listDevices(pcap)
  const around = await surroundings(devices)
  return devices.map((device) => {
    const linkTypes = options.linkTypes && device.up ? linkTypesOf(pcap, device.name) : undefined
    return { ...device, ...classify(device, around), ...(linkTypes !== undefined && { linkTypes }) }
  })
}

/** @throws CaptureError NO_SUCH_INTERFACE */
export function findInterface(interfaces: readonly CaptureInterface[], name: string): CaptureInterface {
  const found = interfaces.find((one) => one.name === name || one.alias === name)
  if (found !== undefined) return found
  const usual = interfaces.filter(({ kind }) => kind !== 'pseudo').map((one) => one.alias ?? one.name)
  throw new CaptureError('NO_SUCH_INTERFACE', `there is no interface ${name}; there are ${usual.join(', ')}`, [
    'synopsis interfaces',
  ])
}

/** There is no host-only adapter, or more than one. */
export class HostOnlyError extends CaptureError {
  /** the ones to choose from; where there is none, the ones that might be */
  readonly candidates: readonly CaptureInterface[]

  constructor(several: boolean, candidates: readonly CaptureInterface[], remedy: readonly string[]) {
    const names = candidates.map((one) => one.alias ?? one.name).join(', ')
    super(
      several ? 'SEVERAL_HOST_ONLY' : 'NO_HOST_ONLY',
      several
        ? `there are ${candidates.length} host-only adapters: ${names}`
        : `there is no host-only adapter${names && `, or none that is plainly one; this might be: ${names}`}`,
      remedy,
    )
    this.candidates = candidates
  }
}

const HOST_ONLY: readonly InterfaceKind[] = ['vmware-host-only', 'virtualbox-host-only']

/**
 * The one host-only adapter. Where there are several, those that certainly are come before those that only look like it.
 *
 * @throws HostOnlyError NO_HOST_ONLY, SEVERAL_HOST_ONLY
 */
export function chooseHostOnly(interfaces: readonly CaptureInterface[], platform = process.platform): CaptureInterface {
  const all = interfaces.filter(({ kind }) => HOST_ONLY.includes(kind))
  const certain = all.filter((one) => one.certain)
  const candidates = certain.length > 0 ? certain : all
  const [first] = candidates
  if (first !== undefined && candidates.length === 1) return first
  if (first !== undefined) {
    throw new HostOnlyError(true, candidates, [`take one by name: synopsis capture -i ${argument(first)}`])
  }
  const near = interfaces.filter(({ kind }) => kind === 'vmware')
  throw new HostOnlyError(false, near, [
    ...near.map((one) => `if you know that it is one: synopsis capture -i ${argument(one)}`),
    ...MAKE_ONE[platform === 'darwin' || platform === 'win32' ? platform : 'linux'],
    'see what there is: synopsis interfaces',
  ])
}

const MAKE_ONE = {
  linux: [
    "on a host, start VMware's networks: sudo vmware-networks --start",
    'or add one: sudo vmware-netcfg, Add Network, Host-only',
    'in a guest, give the virtual machine a network adapter of the kind Host-only',
  ],
  darwin: [
    'in VMware Fusion, start a virtual machine whose network adapter is «Private to my Mac»: the adapter is there while it runs',
  ],
  win32: [
    'in VMware Workstation: Edit, Virtual Network Editor, Add Network, Host-only, Connect a host virtual adapter',
  ],
} as const

function argument(one: CaptureInterface): string {
  return one.alias === undefined ? one.name : `"${one.alias}"`
}

function linkTypesOf(pcap: Libpcap, name: string): LinkType[] | undefined {
  const handle = pcap.create(name, new Uint8Array(256))
  if (handle === null) return undefined
  try {
    pcap.setPrecision?.(handle, PRECISION_NANOSECONDS)
    if (pcap.activate(handle) < 0) return undefined
    const list: [bigint | null] = [null]
    const count = pcap.listDataLinks(handle, list)
    const [first] = list
    if (count < 0 || first === null) return undefined
    const numbers = pcap.koffi.decode(first, 'int', count) as number[]
    pcap.freeDataLinks(first)
    return Array.from(numbers, (number) => ({
      number: linkTypeOf(number),
      name: pcap.dataLinkName(number) ?? String(number),
    }))
  } finally {
    pcap.close(handle)
  }
}
