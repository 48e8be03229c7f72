import { type Case, ethernet, ipv4, ipv6 } from '../support.js'

export const QUOTED_UDP = `${ipv4(17, 500)} c351 c9ff 01f4 1234  # UDP 50001 → 51711`

export const icmpPackets: readonly Case[] = [
  {
    name: 'echo request',
    bytes: `${ethernet('0800')} ${ipv4(1, 12)} 08 00 a1b2 0102 0003 70696e67`,
    layers: 'eth ip icmp',
    record: { transportProtocol: 1, transport: 98, payloadLength: 4 },
    fields: {
      'icmp.type': '8',
      'icmp.code': '0',
      'icmp.checksum': '0xa1b2',
      'icmp.ident': '258',
      'icmp.seq': '3',
      'frame.protocols': 'eth:ethertype:ip:icmp:data',
    },
  },
  {
    name: 'port unreachable quotes the datagram',
    bytes: `${ethernet('0800')} ${ipv4(1, 36)} 03 03 0000 00000000 ${QUOTED_UDP}`,
    layers: 'eth ip icmp',
    record: { hasQuoted: true, transportProtocol: 1 },
    fields: {
      'ip.src': '192.168.56.1,192.168.56.1',
      'ip.len': '56,520',
      'udp.srcport': '50001',
      'udp.length': '500',
      'frame.protocols': 'eth:ethertype:ip:icmp:ip:udp',
    },
  },
  {
    name: 'fragmentation needed says the MTU, and quotes 8 bytes of a segment',
    bytes: `${ethernet('0800')} ${ipv4(1, 36)} 03 04 0000 0000 0578 ${ipv4(6, 1480)} 0050c351 00000001`,
    layers: 'eth ip icmp',
    fields: { 'icmp.mtu': '1400', 'tcp.srcport': '80', 'tcp.dstport': '50001', 'tcp.seq_raw': '' },
  },
  {
    name: 'redirect names the gateway',
    bytes: `${ethernet('0800')} ${ipv4(1, 36)} 05 01 0000 c0a838fe ${QUOTED_UDP}`,
    layers: 'eth ip icmp',
    fields: { 'icmp.redir_gw': '192.168.56.254' },
  },
  {
    name: 'of what a redirect quotes, eight bytes after the header are read',
    bytes: `${ethernet('0800')} ${ipv4(1, 48)} 05 01 0000 c0a838fe
      ${ipv4(6, 20)} 9c40 1389 000003e8 00001388 5010 fff0 0000 0000`,
    layers: 'eth ip icmp',
    fields: { 'ip.proto': '1,6', 'tcp.srcport': '40000', 'tcp.dstport': '5001', 'tcp.flags': '', 'tcp.len': '' },
  },
  {
    name: 'an error that quotes a header of no known version',
    bytes: `${ethernet('0800')} ${ipv4(1, 36)} 03 03 0000 00000000 05 ${QUOTED_UDP.slice(2)}`,
    layers: 'eth ip icmp',
    fields: { 'ip.version': '4,0', 'ip.len': '56', 'udp.srcport': '' },
  },
  {
    name: 'an error that quotes nothing',
    bytes: `${ethernet('0800')} ${ipv4(1, 8)} 0b 00 0000 00000000`,
    layers: 'eth ip icmp',
    record: { hasQuoted: false },
  },
  {
    name: 'less than a header',
    bytes: `${ethernet('0800')} ${ipv4(1, 6)} 08 00 0000 0000`,
    layers: 'eth ip icmp',
    record: { transportProtocol: 0 },
    fields: { 'icmp.type': '8' },
    problem: { kind: 2, field: 'icmp', bound: 1 },
  },
]

export const icmpv6Packets: readonly Case[] = [
  {
    name: 'echo reply',
    bytes: `${ethernet('86dd')} ${ipv6(58, 12)} 81 00 a1b2 0102 0003 70696e67`,
    layers: 'eth ipv6 icmpv6',
    record: { transportProtocol: 58, payloadLength: 4 },
    fields: {
      'icmpv6.type': '129',
      'icmpv6.checksum': '0xa1b2',
      'icmpv6.echo.identifier': '0x0102',
      'icmpv6.echo.sequence_number': '3',
    },
  },
  {
    name: 'neighbor solicitation with the sender’s address',
    bytes: `${ethernet('86dd')} ${ipv6(58, 32)} 87 00 0000 00000000 20010db8000000000000000000000002
      01 01 000c295e100a`,
    layers: 'eth ipv6 icmpv6',
    record: { payloadLength: 0 },
    fields: {
      'icmpv6.nd.ns.target_address': '2001:db8::2',
      'icmpv6.opt.type': '1',
      'icmpv6.opt.length': '1',
      'icmpv6.opt.linkaddr': '00:0c:29:5e:10:0a',
    },
  },
  {
    name: 'neighbor advertisement',
    bytes: `${ethernet('86dd')} ${ipv6(58, 24)} 88 00 0000 60000000 20010db8000000000000000000000002`,
    layers: 'eth ipv6 icmpv6',
    fields: {
      'icmpv6.nd.na.flag.r': '0',
      'icmpv6.nd.na.flag.s': '1',
      'icmpv6.nd.na.flag.o': '1',
      'icmpv6.nd.na.target_address': '2001:db8::2',
    },
  },
  {
    name: 'router advertisement with an option of length 0, which ends them',
    bytes: `${ethernet('86dd')} ${ipv6(58, 24)} 86 00 0000 40 c0 0708 00000000 00000001 0300 000000000000`,
    layers: 'eth ipv6 icmpv6',
    fields: { 'icmpv6.nd.ra.cur_hop_limit': '64', 'icmpv6.nd.ra.router_lifetime': '1800', 'icmpv6.opt.type': '3' },
  },
  {
    name: 'packet too big quotes a fragment header and a segment',
    bytes: `${ethernet('86dd')} ${ipv6(58, 68)} 02 00 0000 00000500
      ${ipv6(44, 1400)} 06 00 0001 00000001 0050c351 00000001 00000000`,
    layers: 'eth ipv6 icmpv6',
    record: { hasQuoted: true },
    fields: { 'icmpv6.mtu': '1280', 'ipv6.plen': '68,1400' },
  },
  {
    name: 'an error about a packet of the other version is about none',
    bytes: `${ethernet('86dd')} ${ipv6(58, 36)} 01 04 0000 00000000 ${QUOTED_UDP}`,
    layers: 'eth ipv6 icmpv6',
    fields: { 'ip.src': '', 'udp.srcport': '' },
  },
]
