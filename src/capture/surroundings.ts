/**
 * What the machine knows about its interfaces beyond libpcap's list: where the default routes go, what VMware's own
 * configuration says of its networks, what the kernel says an interface is. All of it is optional evidence.
 */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Device } from './device-list.js'

export interface DefaultRoute {
  readonly interface: string
  readonly gateway?: string
}

/** A virtual network of VMware's, as its configuration has it. */
export interface VmwareNetwork {
  /** 1 of vmnet1 */
  readonly number: number
  readonly nat: boolean
  readonly subnet?: string
  readonly netmask?: string
}

export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly defaultRoutes: readonly DefaultRoute[]
  readonly vmwareNetworks: readonly VmwareNetwork[]
  /** what Linux says an interface is, by its name: `bridge`, `wlan`, `tun` */
  readonly kernelTypes: Readonly<Record<string, string>>
}

export async function surroundings(devices: readonly Device[]): Promise<Surroundings> {
  const { platform } = process
  switch (platform) {
    case 'linux':
      return {
        platform,
        defaultRoutes: [
          ...parseIpv4Routes(readOptional('/proc/net/route')),
          ...parseIpv6Routes(readOptional('/proc/net/ipv6_route')),
        ],
        vmwareNetworks: parseNetworking(readOptional('/etc/vmware/networking')),
        kernelTypes: kernelTypes(),
      }
    case 'darwin':
      return {
        platform,
        defaultRoutes: parseBsdRoute(await run('/sbin/route', ['-n', 'get', 'default'])),
        vmwareNetworks: parseNetworking(readOptional('/Library/Preferences/VMware Fusion/networking')),
        kernelTypes: {},
      }
    case 'win32': {
      const { ProgramData: data = 'C:\\ProgramData' } = process.env
      return {
        platform,
        defaultRoutes: parseWindowsRoutes(await run('route', ['print', '-4', '0.0.0.0']), devices),
        vmwareNetworks: parseNatConfiguration(readOptional(join(data, 'VMware', 'vmnetnat.conf'))),
        kernelTypes: {},
      }
    }
    default:
      return { platform, defaultRoutes: [], vmwareNetworks: [], kernelTypes: {} }
  }
}

/** What is not there, or may not be read, is no evidence. */
function readOptional(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { timeout: 2000, windowsHide: true })
    return stdout
  } catch {
    return ''
  }
}

/** /proc/net/route: interface, destination, gateway, flags, …, the addresses as hexadecimal words in host order. */
export function parseIpv4Routes(text: string): DefaultRoute[] {
  return rows(text).flatMap(([name = '', destination, gateway = '', , , , , mask]) => {
    if (destination !== '00000000' || mask !== '00000000') return []
    const octets = gateway.match(/../g)?.map((octet) => Number.parseInt(octet, 16)) ?? []
    if (endianness() === 'LE') octets.reverse()
    return [{ interface: name, ...(gateway !== '00000000' && { gateway: octets.join('.') }) }]
  })
}

/** /proc/net/ipv6_route: destination, its prefix length, …, interface at the end; `lo` has the unreachable default. */
export function parseIpv6Routes(text: string): DefaultRoute[] {
  return rows(text).flatMap((columns) => {
    const name = columns[9] ?? ''
    return /^0{32}$/.test(columns[0] ?? '') && columns[1] === '00' && name !== 'lo' ? [{ interface: name }] : []
  })
}

function rows(text: string): string[][] {
  return text.split('\n').map((line) => line.trim().split(/\s+/))
}

/** `route -n get default` of BSD and macOS. */
export function parseBsdRoute(text: string): DefaultRoute[] {
  const name = /^\s*interface: (\S+)/m.exec(text)?.[1]
  const gateway = /^\s*gateway: (\S+)/m.exec(text)?.[1]
  return name === undefined ? [] : [{ interface: name, ...(gateway !== undefined && { gateway }) }]
}

/** `route print`: destination, mask, gateway, the interface's own address, metric, in any language. */
export function parseWindowsRoutes(text: string, devices: readonly Device[]): DefaultRoute[] {
  return rows(text).flatMap(([destination, mask, gateway = '', own]) => {
    if (destination !== '0.0.0.0' || mask !== '0.0.0.0') return []
    const device = devices.find(({ addresses }) => addresses.some(({ address }) => address === own))
    return device === undefined ? [] : [{ interface: device.name, gateway }]
  })
}

/** VMware's `networking` file on Linux and macOS: lines of `answer VNET_8_NAT yes`. */
export function parseNetworking(text: string): VmwareNetwork[] {
  const answers = new Map<number, Map<string, string>>()
  for (const [, number = '', key = '', value = ''] of text.matchAll(/^answer VNET_(\d+)_(\w+) (\S+)/gm)) {
    const network = answers.get(Number(number)) ?? new Map<string, string>()
    answers.set(Number(number), network.set(key, value))
  }
  return [...answers].map(([number, network]) => {
    const subnet = network.get('HOSTONLY_SUBNET')
    const netmask = network.get('HOSTONLY_NETMASK')
    return {
      number,
      nat: network.get('NAT') === 'yes',
      ...(subnet !== undefined && { subnet }),
      ...(netmask !== undefined && { netmask }),
    }
  })
}

/** vmnetnat.conf of Windows names the networks that have NAT. */
export function parseNatConfiguration(text: string): VmwareNetwork[] {
  return [...text.matchAll(/^\s*device\s*=\s*vmnet(\d+)/gim)].map(([, number]) => ({
    number: Number(number),
    nat: true,
  }))
}

/** Linux: DEVTYPE as udev sees it; `tun` for what has no type but is one. */
function kernelTypes(): Record<string, string> {
  const root = '/sys/class/net'
  const types: Record<string, string> = {}
  for (const name of listOptional(root)) {
    const type = /^DEVTYPE=(\w+)/m.exec(readOptional(join(root, name, 'uevent')))?.[1]
    if (type !== undefined) types[name] = type
    else if (readOptional(join(root, name, 'tun_flags')) !== '') types[name] = 'tun'
  }
  return types
}

function listOptional(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
