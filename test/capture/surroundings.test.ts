/** What is read of routes, of VMware's configuration and of socket addresses, as each platform writes them. */
import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import { decodeSocketAddress, socketAddressSize } from '../../src/capture/sockaddr.js'
import {
  parseBsdRoute,
  parseIpv4Routes,
  parseIpv6Routes,
  parseNatConfiguration,
  parseNetworking,
  parseWindowsRoutes,
} from '../../src/capture/surroundings.js'

const little = endianness() === 'LE'

test.skipIf(!little)('the default route of /proc/net/route, among others', () => {
  const text = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
ens33\t00000000\t0292A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
ens33\t0092A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000080\t0\t0\t0
ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0
`
  expect(parseIpv4Routes(text)).toEqual([{ interface: 'ens33', gateway: '192.168.146.2' }, { interface: 'ppp0' }])
})

test('the default route of /proc/net/ipv6_route, but not the unreachable one of lo', () => {
  const zero = '0'.repeat(32)
  const text = `${zero} 00 ${zero} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
${zero} 00 ${zero} 00 ${zero} ffffffff 00000001 00000000 00200200       lo
fe800000000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001     eth0
`
  expect(parseIpv6Routes(text)).toEqual([{ interface: 'eth0' }])
})

test('route -n get default', () => {
  const text = `   route to: default
destination: default
       mask: default
    gateway: 192.168.0.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
`
  expect(parseBsdRoute(text)).toEqual([{ interface: 'en0', gateway: '192.168.0.1' }])
  expect(parseBsdRoute('route: writing to routing socket: not in table\n')).toEqual([])
})

test('route print, in German', () => {
  const device = {
    name: '\\Device\\NPF_{1}',
    addresses: [{ family: 'ipv4', address: '192.168.1.42' }],
    up: true,
    running: true,
    loopback: false,
    wireless: false,
  } as const
  const text = `===========================================================================
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.42     25
===========================================================================
`
  expect(parseWindowsRoutes(text, [device])).toEqual([{ interface: '\\Device\\NPF_{1}', gateway: '192.168.1.1' }])
})

test("VMware's networks on Linux and macOS", () => {
  const text = `VERSION=1,0
answer VNET_1_DHCP yes
answer VNET_1_DHCP_CFG_HASH 0123456789ABCDEF0123456789ABCDEF01234567
answer VNET_1_HOSTONLY_NETMASK 255.255.255.0
answer VNET_1_HOSTONLY_SUBNET 172.16.238.0
answer VNET_1_VIRTUAL_ADAPTER yes
answer VNET_8_HOSTONLY_NETMASK 255.255.255.0
answer VNET_8_HOSTONLY_SUBNET 192.168.83.0
answer VNET_8_NAT yes
add_bridge_mapping en0 0
`
  expect(parseNetworking(text)).toEqual([
    { number: 1, nat: false, subnet: '172.16.238.0', netmask: '255.255.255.0' },
    { number: 8, nat: true, subnet: '192.168.83.0', netmask: '255.255.255.0' },
  ])
})

test("VMware's NAT networks on Windows", () => {
  const text =
    '[host]\r\n\r\n# Windows: full network adapter name\r\nip = 192.168.20.2/24\r\n;device = vmnet3\r\ndevice = vmnet8\r\n'
  expect(parseNatConfiguration(text)).toEqual([{ number: 8, nat: true }])
})

describe('socket addresses', () => {
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

  test.skipIf(!little)('Linux', () => {
    const decode = (hex: string) => decodeSocketAddress(bytes(hex), 'linux')
    expect(decode('0200 0000 c0a83801 0000000000000000')).toEqual({ family: 'ipv4', address: '192.168.56.1' })
    expect(decode('0a00 0000 00000000 fe80000000000000 025056fffec00001 00000000')).toEqual({
      family: 'ipv6',
      address: 'fe80::250:56ff:fec0:1',
    })
    //     family protocol index hatype pkttype halen address
    expect(decode('1100 0000 05000000 0100 00 06 005056c00001 0000')).toEqual({
      family: 'mac',
      address: '00:50:56:c0:00:01',
    })
    expect(decode('1100 0000 01000000 0403 00 06 000000000000 0000')).toBeUndefined()
    expect(decode('2a00')).toBeUndefined()
  })

  test('macOS: a length before the family, a name before the MAC address, masks without their zeros', () => {
    const decode = (hex: string) => decodeSocketAddress(bytes(hex), 'darwin')
    expect(decode('1002 0000 ac10ee01 0000000000000000')).toEqual({ family: 'ipv4', address: '172.16.238.1' })
    expect(decode('0702 0000 ffffff')).toEqual({ family: 'ipv4', address: '255.255.255.0' })
    expect(decode('1c1e 0000 00000000 fe800001000000000000000000000001 00000000')).toEqual({
      family: 'ipv6',
      address: 'fe80:1::1',
    })
    //     len family index type nlen alen slen "bridge101" address
    expect(decode('14 12 1100 06 09 06 00 627269646765313031 f21898aabb65')).toEqual({
      family: 'mac',
      address: 'f2:18:98:aa:bb:65',
    })
    // the loopback's: no address at all; and one whose name claims to be longer than everything
    expect(decode('14 12 0100 18 03 00 00 6c6f30')).toBeUndefined()
    expect(decode('14 12 0100 06 ff 06 00 6c6f30')).toBeUndefined()
  })

  test.skipIf(!little)('Windows has its own number for IPv6', () => {
    expect(decodeSocketAddress(bytes('1700 0000 00000000 fe800000000000000000000000000001 00000000'), 'win32')).toEqual(
      {
        family: 'ipv6',
        address: 'fe80::1',
      },
    )
  })

  test.skipIf(!little)('no more is read than there is', () => {
    expect(socketAddressSize(bytes('0200'), 'linux')).toBe(16)
    expect(socketAddressSize(bytes('0a00'), 'linux')).toBe(28)
    expect(socketAddressSize(bytes('1100'), 'linux')).toBe(20)
    expect(socketAddressSize(bytes('2a00'), 'linux')).toBe(2)
    expect(socketAddressSize(bytes('0702'), 'darwin')).toBe(7)
    expect(socketAddressSize(bytes('0000'), 'darwin')).toBe(2)
  })
})
