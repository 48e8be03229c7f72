import { type Case, ethernet, ipv6 } from '../support.js'

const UDP = 'c351 c9ff 000a beef 6869  # 50001 → 51711, "hi"'

export const ipv6Packets: readonly Case[] = [
  {
    name: 'header',
    bytes: `${ethernet('86dd')} 6 2e 12345 000a 11 40
      20010db8000000000000000000000001 fe80000000000000020c29fffe5e100a ${UDP}`,
    layers: 'eth ipv6 udp',
    record: { network: 78, networkVersion: 6, timeToLive: 64, identification: 0, payloadLength: 2 },
    fields: {
      'ip.version': '6',
      'ipv6.version': '6',
      'ipv6.tclass': '0x0000002e',
      'ipv6.tclass.dscp': '11',
      'ipv6.tclass.ecn': '2',
      'ipv6.flow': '0x012345',
      'ipv6.plen': '10',
      'ipv6.nxt': '17',
      'ipv6.hlim': '64',
      'ipv6.src': '2001:db8::1',
      'ipv6.dst': 'fe80::20c:29ff:fe5e:100a',
    },
  },
  {
    name: 'hop-by-hop options, routing, destination options',
    bytes: `${ethernet('86dd')} ${ipv6(0, 50)}
      2b 00 0502 0000 0100                       # hop-by-hop: router alert, padding of two bytes
      3c 02 00 00 00000000 20010db8000000000000000000000003  # routing: no segments left
      11 00 0104 00000000                        # destination options: padding
      ${UDP}`,
    layers: 'eth ipv6 ipv6.hopopts ipv6.routing ipv6.dstopts udp',
    record: { payloadLength: 2 },
    fields: {
      'ipv6.nxt': '0',
      'ipv6.hopopts.nxt': '43',
      'ipv6.hopopts.len': '0',
      'ipv6.routing.nxt': '60',
      'ipv6.routing.type': '0',
      'ipv6.routing.segleft': '0',
      'ipv6.dstopts.nxt': '17',
      'ipv6.opt.type': '0x05,0x01,0x01',
      'ipv6.opt.length': '2,0,4',
      'udp.srcport': '50001',
    },
  },
  {
    name: 'a fragment header on a whole packet',
    bytes: `${ethernet('86dd')} ${ipv6(44, 18)} 11 00 0000 deadbeef ${UDP}`,
    layers: 'eth ipv6 ipv6.fraghdr udp',
    record: { fragment: false, identification: 0xdeadbeef | 0 },
    fields: { 'ipv6.fraghdr.nxt': '17', 'ipv6.fraghdr.ident': '0xdeadbeef', 'udp.dstport': '51711' },
  },
  {
    name: 'a fragment that nothing completes',
    bytes: `${ethernet('86dd')} ${ipv6(44, 18)} 11 00 0009 00000001 ${UDP}`,
    layers: 'eth ipv6 ipv6.fraghdr data',
    record: { fragment: true, transportProtocol: 0 },
    fields: { 'ipv6.fraghdr.offset': '1', 'ipv6.fraghdr.more': '1' },
  },
  {
    name: 'authentication header',
    bytes: `${ethernet('86dd')} ${ipv6(51, 34)} 11 04 0000 00000001 00000002 000102030405060708090a0b ${UDP}`,
    layers: 'eth ipv6 ah udp',
    fields: { 'ah.spi': '0x00000001', 'ah.sequence': '2', 'udp.length': '10' },
  },
  {
    name: 'no next header',
    bytes: `${ethernet('86dd')} ${ipv6(59, 0)} 00000000`,
    layers: 'eth ipv6',
    record: { transportProtocol: 0 },
  },
  {
    name: 'payload length 0 means no payload, not offload, where it would fit',
    bytes: `${ethernet('86dd')} ${ipv6(17, 0)} ${UDP}`,
    layers: 'eth ipv6 udp',
    record: { transportProtocol: 0 },
    fields: { 'udp.srcport': '' },
    problem: { kind: 2, field: 'udp', bound: 1 },
  },
  {
    name: 'a jumbo option that is none',
    bytes: `${ethernet('86dd')} ${ipv6(0, 0)} 1100 c204 00000020 ${UDP}`,
    layers: 'eth ipv6 ipv6.hopopts',
    record: { transportProtocol: 0 },
    fields: { 'ipv6.hopopts.nxt': '' },
    problem: { kind: 2, field: 'ipv6.hopopts', available: 0, bound: 1 },
  },
  {
    name: 'an option that reaches past the packet',
    bytes: `${ethernet('86dd')} ${ipv6(60, 18)} 11 00 01ff 00000000 ${UDP}`,
    layers: 'eth ipv6 ipv6.dstopts',
    fields: { 'ipv6.opt.type': '0x01', 'ipv6.opt.length': '255', 'udp.srcport': '' },
    problem: { kind: 2, field: 'ipv6.opt.length', needed: 257 },
  },
  {
    name: 'an extension header longer than the packet',
    bytes: `${ethernet('86dd')} ${ipv6(43, 18)} 11 20 00 00 00000000 ${UDP}`,
    layers: 'eth ipv6 ipv6.routing',
    problem: { kind: 2, needed: 264 },
  },
  {
    name: 'Shim6 before a payload',
    bytes: `${ethernet('86dd')} ${ipv6(140, 18)} 11 00 80 00 00000001 ${UDP}`,
    layers: 'eth ipv6 shim6 udp',
    fields: { 'udp.srcport': '50001' },
  },
  {
    name: 'a Shim6 control message carries none',
    bytes: `${ethernet('86dd')} ${ipv6(140, 8)} 3b 00 01 00 00000001`,
    layers: 'eth ipv6 shim6',
  },
  {
    name: 'the last address of a source route is where the packet goes: checksums and sessions count it',
    bytes: `${ethernet('86dd')} ${ipv6(43, 34)} 11 02 00 01 00000000 ${'20010db8'.padEnd(31, '0')}7 ${UDP}`,
    layers: 'eth ipv6 ipv6.routing udp',
    record: { destination: 64 + 14 + 40 + 8 },
  },
  {
    name: 'a home address is where the packet comes from',
    bytes: `${ethernet('86dd')} ${ipv6(60, 34)} 11 02 0102 0000 c910 ${'20010db8'.padEnd(31, '0')}7 ${UDP}`,
    layers: 'eth ipv6 ipv6.dstopts udp',
    record: { source: 64 + 14 + 40 + 8 },
  },
  {
    name: 'a CALIPSO option whose compartments go on past the packet',
    bytes: `${ethernet('86dd')} ${ipv6(0, 26)} 11 01 070c 00000001 ff000000 00000000 ${UDP}`,
    layers: 'eth ipv6 ipv6.hopopts',
    problem: { kind: 2, field: 'ipv6.opt.length' },
  },
  {
    name: 'a type 2 routing header without the home address it must have',
    bytes: `${ethernet('86dd')} ${ipv6(43, 18)} 11 00 02 01 00000000 ${UDP}`,
    layers: 'eth ipv6 ipv6.routing',
    problem: { kind: 2, field: 'ipv6.routing.len', needed: 24 },
  },
  {
    name: 'a segment routing header shorter than its last entry says',
    bytes: `${ethernet('86dd')} ${ipv6(43, 34)} 11 02 04 00 01000000 ${'20010db8'.padEnd(32, '0')} ${UDP}`,
    layers: 'eth ipv6 ipv6.routing',
    problem: { kind: 2, field: 'ipv6.routing.len', needed: 40 },
  },
  {
    name: 'another version',
    bytes: `${ethernet('86dd')} 40000000 000a 11 40 ${'00'.repeat(32)} ${UDP}`,
    layers: 'eth ipv6',
    fields: { 'ipv6.version': '4', 'ipv6.plen': '' },
    problem: { kind: 3, field: 'ipv6.version' },
  },
  {
    name: 'payload length beyond the frame',
    bytes: `${ethernet('86dd')} ${ipv6(17, 1000)} ${UDP}`,
    layers: 'eth ipv6 udp',
    record: { payloadLength: 2 },
    problem: { kind: 2, field: 'ipv6.plen', layer: 1 },
  },
]
