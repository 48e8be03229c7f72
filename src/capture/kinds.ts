/** What an interface is, and why we think so: a table of rules, the first that knows decides. */
import type { Device } from './device-list.js'
import type { Surroundings, VmwareNetwork } from './surroundings.js'

export type InterfaceKind =
  | 'loopback'
  /** no network, but a way to see others: `any`, `nflog`, `usbmon0` */
  | 'pseudo'
  | 'vmware-host-only'
  | 'vmware-nat'
  | 'vmware-bridged'
  /** VMware's, and nothing says which kind of network it is on */
  | 'vmware'
  | 'virtualbox-host-only'
  | 'docker'
  | 'tunnel'
  | 'wifi'
  | 'plain'

/** What an interface is, for people. */
export const kindNames: Readonly<Record<InterfaceKind, string>> = {
  loopback: 'loopback',
  pseudo: 'no network of its own',
  'vmware-host-only': 'VMware host-only',
  'vmware-nat': 'VMware NAT',
  'vmware-bridged': 'VMware bridged',
  vmware: 'VMware',
  'virtualbox-host-only': 'VirtualBox host-only',
  docker: 'container network',
  tunnel: 'tunnel',
  wifi: 'Wi-Fi',
  plain: 'plain',
}

export interface Verdict {
  readonly kind: InterfaceKind
  /** the evidence, as a clause: `it is named vmnet1, VMware's host-only network` */
  readonly reason: string
  /** false where the evidence fits something else as well, as the reason then says */
  readonly certain: boolean
}

type Rule = (device: Device, around: Surroundings) => Verdict | undefined

const RULES: readonly Rule[] = [loopback, pseudo, vmwareHost, fusion, virtualBox, docker, tunnel, wifi, vmwareGuest]

export function classify(device: Device, around: Surroundings): Verdict {
  for (const rule of RULES) {
    const verdict = rule(device, around)
    if (verdict !== undefined) return verdict
  }
  const route = around.defaultRoutes.some((found) => found.interface === device.name)
  const bridge = around.kernelTypes[device.name] === 'bridge' || /^(virbr|br|bridge)\d/.test(device.name)
  return sure(
    'plain',
    `it is ${bridge ? 'a bridge' : 'an adapter'} like any other${route ? ', with the default route' : ''}`,
  )
}

function sure(kind: InterfaceKind, reason: string): Verdict {
  return { kind, reason, certain: true }
}

function likely(kind: InterfaceKind, reason: string): Verdict {
  return { kind, reason, certain: false }
}

/** Everything that names an interface, to look for a name in. */
function names(device: Device): string {
  return [device.name, device.alias, device.description].filter((name) => name !== undefined).join('\n')
}

function loopback(device: Device): Verdict | undefined {
  // older Npcaps have an adapter for it, which looks like any other but for its name
  if (
    device.loopback ||
    /NPF_Loopback$|^(Npcap Loopback Adapter|Microsoft KM-TEST Loopback Adapter)$/m.test(names(device))
  )
    return sure('loopback', 'it is this machine talking to itself')
  return undefined
}

function pseudo(device: Device): Verdict | undefined {
  const found = /^(any|nflog|nfqueue|dbus-\w+|bluetooth[\w-]*|usbmon\d+|XHC\d+|iptap|pktap)$/.exec(device.name)
  return found === null ? undefined : sure('pseudo', device.description ?? 'it is no network of its own')
}

/** The host's side of VMware's networks on Linux, Windows and older versions of Fusion: vmnet0 to vmnet255. */
function vmwareHost(device: Device, around: Surroundings): Verdict | undefined {
  const named = /\bvmnet(\d{1,3})\b/i.exec(names(device))?.[1]
  if (named !== undefined)
    return vmnet(Number(named), `it is named ${/^vmnet/.test(device.name) ? '' : 'VMware '}vmnet${named}`, around)
  // VMware gives the host's adapter of vmnetN the address 00:50:56:c0:00:N, whatever the adapter is named
  const number = /^00:50:56:c0:00:([\da-f]{2})$/.exec(device.mac ?? '')?.[1]
  if (number === undefined) return undefined
  return vmnet(
    Number.parseInt(number, 16),
    `its MAC address ${device.mac} is that of the host on vmnet${Number.parseInt(number, 16)}`,
    around,
  )
}

/** The networks that VMware sets up by itself. */
const USUAL: ReadonlyMap<number, InterfaceKind> = new Map([
  [0, 'vmware-bridged'],
  [1, 'vmware-host-only'],
  [8, 'vmware-nat'],
])

const MEANING: Partial<Record<InterfaceKind, string>> = {
  'vmware-bridged': 'bridged network',
  'vmware-host-only': 'host-only network',
  'vmware-nat': 'NAT network',
}

function vmnet(number: number, evidence: string, around: Surroundings): Verdict {
  const configured = around.vmwareNetworks.find((network) => network.number === number)
  const usual = USUAL.get(number)
  if (configured !== undefined) return configuredNetwork(configured, evidence)
  if (usual !== undefined) return sure(usual, `${evidence}, VMware's ${MEANING[usual]}`)
  const reason = `${evidence}, a network made by hand: the Virtual Network Editor says whether it is host-only or NAT`
  // where the only NAT network is known and this is another one, it is not that
  return likely(around.vmwareNetworks.some(({ nat }) => nat) ? 'vmware-host-only' : 'vmware', reason)
}

function configuredNetwork({ nat, number }: VmwareNetwork, evidence: string): Verdict {
  const what = nat ? 'NAT' : 'host-only'
  return sure(
    nat ? 'vmware-nat' : 'vmware-host-only',
    `${evidence}, and VMware's configuration has vmnet${number} as ${what}`,
  )
}

/** Fusion on macOS 11 and later: macOS makes a bridge for each network, and a port on it for each guest. */
function fusion(device: Device, around: Surroundings): Verdict | undefined {
  if (around.platform !== 'darwin') return undefined
  if (/^vmenet\d+$/.test(device.name)) {
    return likely('vmware', `it is named ${device.name}: one guest's port on a bridge, which is what to capture on`)
  }
  if (!/^bridge1\d\d$/.test(device.name)) return undefined
  const network = around.vmwareNetworks.find((known) =>
    device.addresses.some(({ address }) => inNetwork(address, known)),
  )
  if (network !== undefined) {
    return configuredNetwork(network, `it is named ${device.name}, its address is in ${network.subnet}`)
  }
  const reason = `it is named ${device.name}: macOS makes such bridges for virtual machines and for Internet sharing`
  const address = device.addresses.find(({ family }) => family === 'ipv4')?.address
  if (address !== undefined && around.vmwareNetworks.length > 0) {
    return sure('plain', `${reason}; ${address} is in none of VMware's networks, so it is another program's`)
  }
  return likely('vmware', `${reason}; nothing says whether this one is host-only or NAT`)
}

function inNetwork(address: string, { subnet, netmask }: VmwareNetwork): boolean {
  if (subnet === undefined || netmask === undefined || !address.includes('.')) return false
  const mask = toNumber(netmask)
  return (toNumber(address) & mask) === (toNumber(subnet) & mask)
}

function toNumber(ipv4: string): number {
  return ipv4.split('.').reduce((sum, octet) => (sum << 8) | Number(octet), 0)
}

function virtualBox(device: Device): Verdict | undefined {
  const named = /^vboxnet\d+$|VirtualBox Host-Only/im.exec(names(device))?.[0]
  if (named !== undefined) return sure('virtualbox-host-only', `it is named ${named}, VirtualBox's host-only network`)
  if (device.mac?.startsWith('0a:00:27:')) {
    return sure('virtualbox-host-only', `its MAC address begins with 0a:00:27, as VirtualBox's host-only adapters do`)
  }
  return undefined
}

function docker(device: Device): Verdict | undefined {
  const found =
    /^(docker\d+|docker_gwbridge|br-[\da-f]{12}|veth[\da-f]{7,}|podman\d+|cni-?\w*|flannel\.\d+|lxcbr\d+)$/.exec(
      device.name,
    )
  return found === null ? undefined : sure('docker', `it is named ${device.name}, as networks of containers are`)
}

function tunnel(device: Device, around: Surroundings): Verdict | undefined {
  const type = around.kernelTypes[device.name]
  if (type === 'tun' || type === 'wireguard' || type === 'ppp')
    return sure('tunnel', `the kernel says that it is a ${type} device`)
  const named =
    /^(tun|tap|utun|utap|wg|ppp|ipsec|gif|stf|sit|gre|ip6tnl|tailscale|zt)\w*$/.exec(device.name)?.[0] ??
    /TAP-Windows|Wintun|WireGuard|OpenVPN|WAN Miniport|NdisWan|Teredo|ISATAP|6to4|\bVPN\b/i.exec(names(device))?.[0]
  return named === undefined ? undefined : sure('tunnel', `it is named ${named}`)
}

function wifi(device: Device, around: Surroundings): Verdict | undefined {
  if (device.wireless) return sure('wifi', 'libpcap says that it is wireless')
  if (around.kernelTypes[device.name] === 'wlan') return sure('wifi', 'the kernel says that it is a wlan device')
  const named = /^(wlan\d+|wl[ops]\w+|awdl\d+|llw\d+|p2p\d+|ap\d+)$|Wi-?Fi|Wireless|802\.11/im.exec(names(device))?.[0]
  return named === undefined ? undefined : sure('wifi', `it is named ${named}`)
}

/** The first three octets of the addresses that VMware gives the adapters of guests. */
const GUEST_PREFIXES = ['00:50:56', '00:0c:29', '00:05:69', '00:1c:14']

/** Inside a guest, nothing names the network that an adapter is on; its address and the routes tell most of it. */
function vmwareGuest(device: Device, around: Surroundings): Verdict | undefined {
  const prefix = GUEST_PREFIXES.find((known) => device.mac?.startsWith(known))
  if (prefix === undefined) return undefined
  const evidence = `its MAC address begins with ${prefix}, as those of VMware's guests do`
  const route = around.defaultRoutes.find((found) => found.interface === device.name)
  const address = device.addresses.find(({ family }) => family === 'ipv4')?.address
  if (route !== undefined) {
    // VMware's NAT is the second address of its network; a router rarely is
    if (/^(10|172|192)\..*\.2$/.test(route.gateway ?? '')) {
      return likely('vmware-nat', `${evidence}, and its default route goes to ${route.gateway}, as VMware's NAT has it`)
    }
    return likely(
      'vmware',
      `${evidence}; the default route goes through it, so it is on a NAT or bridged network, not a host-only one`,
    )
  }
  if (address === undefined)
    return likely('vmware', `${evidence}; without an address, host-only can't be told from NAT`)
  if (!isPrivate(address)) {
    return likely('vmware', `${evidence}, but ${address} is no private address, so it is hardly on a host-only network`)
  }
  return likely(
    'vmware-host-only',
    `${evidence}, ${address} is a private address, and no default route goes through it (a NAT network whose route is not used would look the same)`,
  )
}

/** RFC 1918 §3 */
function isPrivate(ipv4: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(ipv4)
}
