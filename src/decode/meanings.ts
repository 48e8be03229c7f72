/** What a header field's value means, where the number does not say it: the names that RFCs and IANA gave the numbers. */

import { protocolOfEtherType, protocolOfIpNumber } from './numbers.js'
import { Protocol, protocolTitle } from './protocols.js'
import { optionName } from './tcp-options.js'

type Meaning = (value: number) => string | undefined

/** Names by number. */
function oneOf(names: Readonly<Record<number, string>>): Meaning {
  return (value) => names[value]
}

function titled(protocolOf: (number: number) => number): Meaning {
  return (value) => {
    const protocol = protocolOf(value)
    return protocol === Protocol.data ? undefined : protocolTitle(protocol)
  }
}

/** TCP's flags from the lowest bit (RFC 9293 §3.1, RFC 9768 §3.2.2). */
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE']

function flags(value: number): string {
  return FLAGS.filter((_, bit) => (value & (1 << bit)) !== 0).join(', ') || 'none'
}

const etherType = titled(protocolOfEtherType)
const ipNumber = titled(protocolOfIpNumber)
const inEights: Meaning = (value) => `${value * 8} bytes`
const ecn = oneOf({
  0: 'not ECN-capable',
  1: 'ECN-capable, ECT(1)',
  2: 'ECN-capable, ECT(0)',
  3: 'congestion experienced',
})

/** Servers' ports, for those that a lab or a capture of one is likely to have (IANA's registry). */
const services = oneOf({
  7: 'echo',
  9: 'discard',
  13: 'daytime',
  19: 'chargen',
  20: 'ftp-data',
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  37: 'time',
  53: 'domain',
  67: 'bootps',
  68: 'bootpc',
  69: 'tftp',
  80: 'http',
  110: 'pop3',
  111: 'sunrpc',
  123: 'ntp',
  137: 'netbios-ns',
  138: 'netbios-dgm',
  139: 'netbios-ssn',
  143: 'imap',
  161: 'snmp',
  389: 'ldap',
  443: 'https',
  445: 'microsoft-ds',
  514: 'syslog',
  546: 'dhcpv6-client',
  547: 'dhcpv6-server',
  587: 'submission',
  853: 'domain-s',
  993: 'imaps',
  995: 'pop3s',
  1900: 'ssdp',
  2049: 'nfs',
  3306: 'mysql',
  3389: 'ms-wbt-server',
  5353: 'mdns',
  5355: 'llmnr',
  5432: 'postgresql',
  8080: 'http-alt',
})

const meanings = new Map<string, Meaning>([
  ['eth.type', etherType],
  ['vlan.etype', etherType],
  ['sll.etype', etherType],
  ['llc.type', etherType],
  ['arp.proto.type', etherType],
  ['arp.hw.type', oneOf({ 1: 'Ethernet', 6: 'IEEE 802', 15: 'Frame Relay', 32: 'InfiniBand' })],
  ['sll.hatype', oneOf({ 1: 'Ethernet', 772: 'loopback', 776: 'IPv6 in IPv4 tunnel', 778: 'GRE', 65534: 'none' })],
  [
    'arp.opcode',
    oneOf({
      1: 'request',
      2: 'reply',
      3: 'reverse request',
      4: 'reverse reply',
      8: 'inverse request',
      9: 'inverse reply',
    }),
  ],
  [
    'sll.pkttype',
    oneOf({ 0: 'to this host', 1: 'broadcast', 2: 'multicast', 3: 'to another host', 4: 'sent by this host' }),
  ],
  ['ip.proto', ipNumber],
  ['ipv6.nxt', ipNumber],
  ['ipv6.hopopts.nxt', ipNumber],
  ['ipv6.dstopts.nxt', ipNumber],
  ['ipv6.routing.nxt', ipNumber],
  ['ipv6.fraghdr.nxt', ipNumber],
  ['ah.next_header', ipNumber],
  ['ip.dsfield.ecn', ecn],
  ['ipv6.tclass.ecn', ecn],
  ['ip.frag_offset', inEights],
  ['ipv6.fraghdr.offset', inEights],
  ['ip.len', (value) => (value === 0 ? 'left for the network card to fill in (segmentation offload)' : undefined)],
  [
    'icmp.type',
    oneOf({
      0: 'echo reply',
      3: 'destination unreachable',
      4: 'source quench',
      5: 'redirect',
      8: 'echo request',
      9: 'router advertisement',
      10: 'router solicitation',
      11: 'time exceeded',
      12: 'parameter problem',
      13: 'timestamp request',
      14: 'timestamp reply',
    }),
  ],
  [
    'icmpv6.type',
    oneOf({
      1: 'destination unreachable',
      2: 'packet too big',
      3: 'time exceeded',
      4: 'parameter problem',
      128: 'echo request',
      129: 'echo reply',
      130: 'multicast listener query',
      131: 'multicast listener report',
      132: 'multicast listener done',
      133: 'router solicitation',
      134: 'router advertisement',
      135: 'neighbor solicitation',
      136: 'neighbor advertisement',
      137: 'redirect',
      143: 'multicast listener report v2',
    }),
  ],
  [
    'icmpv6.opt.type',
    oneOf({
      1: 'source link-layer address',
      2: 'target link-layer address',
      3: 'prefix information',
      4: 'redirected header',
      5: 'MTU',
      25: 'recursive DNS server',
      31: 'DNS search list',
    }),
  ],
  ['tcp.flags', flags],
  ['tcp.srcport', services],
  ['tcp.dstport', services],
  ['udp.srcport', services],
  ['udp.dstport', services],
  ['tcp.option_kind', optionName],
  ['tcp.options.wscale.shift', (value) => `windows are to be multiplied by ${2 ** Math.min(value, 14)}`],
  ['tcp.options.user_to_granularity', (value) => (value === 0 ? 'seconds' : 'minutes')],
  [
    'tcp.options.mptcp.subtype',
    oneOf({
      0: 'MP_CAPABLE',
      1: 'MP_JOIN',
      2: 'DSS',
      3: 'ADD_ADDR',
      4: 'REMOVE_ADDR',
      5: 'MP_PRIO',
      6: 'MP_FAIL',
      7: 'MP_FASTCLOSE',
      8: 'MP_TCPRST',
    }),
  ],
])

/** What a number in the field of that name means; undefined where it means no more than itself. */
export function meaningOf(key: string, value: number): string | undefined {
  return meanings.get(key)?.(value)
}

/** The first three bytes of what VMware gives its virtual adapters. */
const VMWARE = new Set([0x000569, 0x000c29, 0x001c14, 0x005056])
const GROUP = 0x010000
const LOCAL = 0x020000

/** What a hardware address at `at` says about itself. */
export function meaningOfMac(view: DataView, at: number): string | undefined {
  const prefix = (view.getUint16(at) << 8) | view.getUint8(at + 2)
  const rest = (view.getUint16(at + 3) << 8) | view.getUint8(at + 5)
  if (prefix === 0xffffff && rest === 0xffffff) return 'broadcast'
  if ((prefix & GROUP) !== 0) return 'multicast'
  if (VMWARE.has(prefix)) return 'VMware'
  return (prefix & LOCAL) !== 0 ? 'locally administered' : undefined
}
