import { type Case, ethernet, ipv4, ipv6 } from '../support.js'

export const udpPackets: readonly Case[] = [
  {
    name: 'datagram',
    bytes: `${ethernet('0800')} ${ipv4(17, 12)} c351 0007 000c 1234 6563686f`,
    layers: 'eth ip udp',
    record: {
      transport: 98,
      transportProtocol: 17,
      sourcePort: 50001,
      destinationPort: 7,
      payload: 106,
      payloadEnd: 110,
      payloadLength: 4,
    },
    fields: {
      'udp.srcport': '50001',
      'udp.dstport': '7',
      'udp.port': '50001,7',
      'udp.length': '12',
      'udp.checksum': '0x1234',
      'udp.payload': '6563686f',
    },
  },
  {
    name: 'empty datagram',
    bytes: `${ethernet('0800')} ${ipv4(17, 8)} c351 0007 0008 0000`,
    layers: 'eth ip udp',
    record: { payloadLength: 0 },
    fields: { 'frame.protocols': 'eth:ethertype:ip:udp' },
  },
  {
    name: 'a length less than IP’s bounds the payload',
    bytes: `${ethernet('0800')} ${ipv4(17, 12)} c351 0007 000a 0000 6563686f`,
    layers: 'eth ip udp',
    record: { payloadLength: 2, payloadEnd: 108 },
  },
  {
    name: 'a length that claims more than IP holds',
    bytes: `${ethernet('0800')} ${ipv4(17, 12)} c351 0007 0100 0000 6563686f`,
    layers: 'eth ip udp',
    record: { payloadLength: 4 },
    problem: { kind: 2, field: 'udp.length', layer: 2, bound: 1 },
  },
  {
    name: 'UDP-Lite: a checksum over the beginning, and the length that IP says',
    bytes: `${ethernet('0800')} ${ipv4(136, 12)} c351 0007 0008 1234 6563686f`,
    layers: 'eth ip udplite',
    record: { transportProtocol: 17, sourcePort: 50001, destinationPort: 7, payloadLength: 4 },
    fields: { 'udp.srcport': '50001', 'udp.length': '12', 'udp.checksum_coverage': '8' },
  },
  {
    name: 'a length less than the header',
    bytes: `${ethernet('0800')} ${ipv4(17, 12)} c351 0007 0007 0000 6563686f`,
    layers: 'eth ip udp',
    // of no conversation
    record: { transportProtocol: 0, payloadLength: 0 },
    fields: { 'udp.length': '7' },
    problem: { kind: 3, field: 'udp.length' },
  },
  {
    name: 'length 0 over IPv4 is none',
    bytes: `${ethernet('0800')} ${ipv4(17, 12)} c351 0007 0000 0000 6563686f`,
    layers: 'eth ip udp',
    record: { payloadLength: 0 },
    problem: { kind: 3, field: 'udp.length' },
  },
  {
    name: 'length 0 over IPv6 is a jumbogram’s, and suspicious in a small one',
    bytes: `${ethernet('86dd')} ${ipv6(17, 12)} c351 0007 0000 1234 6563686f`,
    layers: 'eth ipv6 udp',
    record: { payloadLength: 4 },
    problem: { kind: 2, field: 'udp.length' },
  },
  {
    name: 'less than a header',
    bytes: `${ethernet('0800')} ${ipv4(17, 6)} c351 0007 0008`,
    layers: 'eth ip udp',
    record: { transportProtocol: 0, transport: -1 },
    fields: { 'udp.srcport': '50001', 'udp.length': '8', 'udp.checksum': '' },
    problem: { kind: 2, field: 'udp', needed: 8, available: 6, bound: 1 },
  },
]
