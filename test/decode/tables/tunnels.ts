import { type Case, ethernet, fromHex, ipv4, ipv6, word } from '../support.js'

/** 38 bytes: a datagram of 10 bytes from 10.0.0.1 to 10.0.0.2, "hi". */
const INNER = '4500 001e 0001 4000 40 11 0000 0a000001 0a000002 c351 c9ff 000a 0000 6869'
const INNER_FRAME = `${ethernet('0800')} ${INNER}`

function overGre(header: string, inner = INNER): string {
  return `${ethernet('0800')} ${ipv4(47, fromHex(header + inner).length)} ${header} ${inner}`
}

function overUdp(port: number, header: string, inner: string): string {
  const length = 8 + fromHex(header + inner).length
  return `${ethernet('0800')} ${ipv4(17, length)} c351 ${word(port)} ${word(length)} 0000 ${header} ${inner}`
}

/** The inner packet is the one that counts: its addresses, its ports. */
const inner = {
  record: { isTunneled: true, transportProtocol: 17, sourcePort: 50001, destinationPort: 51711, payloadLength: 2 },
} as const

export const tunnelPackets: readonly Case[] = [
  { name: 'GRE', bytes: overGre('0000 0800'), layers: 'eth ip gre ip udp', ...inner },
  {
    name: 'GRE with checksum, key and sequence number',
    bytes: overGre('b000 0800 1234 0000 00000007 00000001'),
    layers: 'eth ip gre ip udp',
    ...inner,
    fields: { 'gre.proto': '0x0800' },
  },
  {
    name: 'GRE of frames (NVGRE)',
    bytes: overGre('2000 6558 00000700', INNER_FRAME),
    layers: 'eth ip gre eth ip udp',
    ...inner,
  },
  {
    name: 'PPTP’s GRE: payload length and call in the key, PPP in it',
    bytes: overGre('3081 880b 0024 0001 00000002 00000003', `ff03 0021 ${INNER}`),
    layers: 'eth ip gre ppp ip udp',
    ...inner,
  },
  { name: 'ERSPAN I', bytes: overGre('0000 88be', INNER_FRAME), layers: 'eth ip gre eth ip udp', ...inner },
  {
    name: 'ERSPAN II',
    bytes: overGre('1000 88be 00000001', `1001 0001 00000000 ${INNER_FRAME}`),
    layers: 'eth ip gre erspan eth ip udp',
    ...inner,
  },
  {
    name: 'ERSPAN III with a subheader',
    bytes: overGre('1000 22eb 00000001', `2001 0001 00000000 00000001 0000000000000000 ${INNER_FRAME}`),
    layers: 'eth ip gre erspan eth ip udp',
    ...inner,
  },
  {
    name: 'EtherIP: frames straight in IP',
    bytes: `${ethernet('0800')} ${ipv4(97, fromHex(`3000 ${INNER_FRAME}`).length)} 3000 ${INNER_FRAME}`,
    layers: 'eth ip etherip eth ip udp',
    ...inner,
    fields: { 'etherip.ver': '3' },
  },
  {
    name: 'GRE of something else',
    bytes: overGre('0000 2001', 'cafe'),
    layers: 'eth ip gre data',
    record: { isTunneled: false },
  },
  {
    name: 'offload in GRE: what IP around it holds, without the frame’s trailer',
    bytes: `${overGre('0000 0800', INNER.replace('4500 001e', '4500 0000'))} ffff`,
    layers: 'eth ip gre ip udp',
    ...inner,
    fields: { 'ip.len': '54,30' },
  },
  {
    name: 'GRE of a VLAN’s tag, which tshark does not open',
    bytes: overGre('0000 8100', `0005 0800 ${INNER}`),
    layers: 'eth ip gre data',
    record: { isTunneled: false },
  },
  {
    name: 'PPPoE; what is beyond its length is padding',
    bytes: `${ethernet('8864')} 11 00 0001 0020 0021 ${INNER} 0000`,
    layers: 'eth pppoes ppp ip udp',
    ...inner,
    fields: { 'pppoe.session_id': '0x0001' },
  },
  { name: 'PPP as a link', linkType: 9, bytes: `ff03 0021 ${INNER}`, layers: 'ppp ip udp', ...inner },
  { name: 'PPP with its protocol in one byte', linkType: 9, bytes: `21 ${INNER}`, layers: 'ppp ip udp', ...inner },
  { name: 'Cisco’s HDLC', linkType: 104, bytes: `0f00 0800 ${INNER}`, layers: 'chdlc ip udp', ...inner },
  {
    name: 'MPLS, two labels',
    bytes: `${ethernet('8847')} 0001 0040 0001 1140 ${INNER}`,
    layers: 'eth mpls mpls ip udp',
    ...inner,
    fields: { 'mpls.label': '16,17', 'mpls.bottom': '0,1' },
  },
  {
    name: 'provider backbone bridging',
    bytes: `${ethernet('88e7')} 00000001 005056c00001 000c295e100a 0800 ${INNER}`,
    layers: 'eth ieee8021ah ip udp',
    ...inner,
  },
  {
    name: 'VXLAN',
    bytes: overUdp(4789, '08000000 00000700', INNER_FRAME),
    layers: 'eth ip udp vxlan eth ip udp',
    ...inner,
    fields: { 'vxlan.vni': '7', 'udp.dstport': '4789,51711' },
  },
  {
    name: 'VXLAN that says what it carries: a packet',
    bytes: overUdp(4790, '0c000001 00000700', INNER),
    layers: 'eth ip udp vxlan ip udp',
    ...inner,
    fields: { 'vxlan.next_proto': '1', 'vxlan.vni': '7' },
  },
  {
    name: 'VXLAN that says what it carries: a frame',
    bytes: overUdp(4790, '0c000003 00000700', INNER_FRAME),
    layers: 'eth ip udp vxlan eth ip udp',
    ...inner,
  },
  {
    name: 'VXLAN that says what it carries, and it is nothing that is read',
    bytes: overUdp(4790, '0c000009 00000700', INNER),
    layers: 'eth ip udp vxlan data',
    record: { isTunneled: false },
  },
  {
    name: 'MPLS over UDP',
    bytes: overUdp(6635, '0001 1140', INNER),
    layers: 'eth ip udp mpls ip udp',
    ...inner,
  },
  {
    name: 'Geneve with an option',
    bytes: overUdp(6081, '0100 0800 00000700 00010000', INNER),
    layers: 'eth ip udp geneve ip udp',
    ...inner,
    fields: { 'geneve.vni': '0x000007' },
  },
  {
    name: 'GTP with an extension header',
    bytes: overUdp(2152, '34ff 0026 00000001 00000085 01000900', INNER),
    layers: 'eth ip udp gtp ip udp',
    ...inner,
    fields: { 'gtp.teid': '0x00000001' },
  },
  {
    name: 'a GTP length that ends before its own header does',
    bytes: overUdp(2152, '34ff 0000 00000001 00000085 01000900', INNER),
    layers: 'eth ip udp gtp',
    problem: { kind: 3, field: 'gtp.length' },
  },
  {
    name: 'a GTP message that carries no packet is a datagram like any other',
    bytes: overUdp(2152, '3201 0004 00000000 00010000', ''),
    layers: 'eth ip udp',
    record: { isTunneled: false, transportProtocol: 17, destinationPort: 2152 },
  },
  {
    name: 'Teredo, with where it came from',
    bytes: overUdp(3544, '0000 63bf 3fffd1fd', `${ipv6(17, 10)} c351 c9ff 000a 0000 6869`),
    layers: 'eth ip udp teredo ipv6 udp',
    ...inner,
  },
  {
    name: 'L2TP with length, sequence numbers and an offset',
    bytes: overUdp(1701, '4a02 0030 0001 0002 0000 0000 0002 0000', `ff03 0021 ${INNER}`),
    layers: 'eth ip udp l2tp ppp ip udp',
    ...inner,
  },
  {
    name: 'an L2TP control message',
    bytes: overUdp(1701, 'c802 000c 0001 0000 0000 0000', ''),
    layers: 'eth ip udp',
    record: { isTunneled: false, transportProtocol: 17, destinationPort: 1701 },
  },
]
