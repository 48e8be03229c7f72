import { type Case, ethernet, ipv4 } from '../support.js'

/** A datagram to see that decoding goes on. */
const DATAGRAM = `${ipv4(17, 10)} c351 c9ff 000a 0000 6869  # UDP 50001 → 51711, no checksum, "hi"`

export const ethernetFrames: readonly Case[] = [
  {
    name: 'Ethernet II',
    bytes: ethernet('0800') + DATAGRAM,
    layers: 'eth ip udp',
    fields: {
      'eth.dst': '00:50:56:c0:00:01',
      'eth.src': '00:0c:29:5e:10:0a',
      'eth.addr': '00:50:56:c0:00:01,00:0c:29:5e:10:0a',
      'eth.type': '0x0800',
      'eth.len': '',
      'frame.protocols': 'eth:ethertype:ip:udp:data',
      'udp.payload': '6869',
    },
  },
  {
    name: 'Ethernet II with padding to 60 bytes, which is no payload',
    bytes: `${ethernet('0800')} ${DATAGRAM}\n${'00'.repeat(16)}`,
    layers: 'eth ip udp',
    record: { payloadLength: 2 },
    fields: { 'frame.len': '60', 'udp.payload': '6869' },
  },
  {
    name: 'an EtherType nobody knows is data',
    bytes: `${ethernet('88b5')} 010203`,
    layers: 'eth data',
    fields: { 'eth.type': '0x88b5' },
    record: { transportProtocol: 0, network: -1 },
  },
  {
    name: 'a protocol that is only named keeps its bytes',
    bytes: `${ethernet('88cc')} 0207 04 000c295e100a 0000`,
    layers: 'eth lldp',
  },
  {
    name: 'a length of 0 is a type nobody knows',
    bytes: `${ethernet('0000')} 42 42 03 ${'00'.repeat(43)}`,
    layers: 'eth data',
    fields: { 'eth.type': '0x0000', 'eth.len': '' },
  },
  {
    name: 'IEEE 802.3 with LLC, padded',
    bytes: `${ethernet('0003')} 42 42 03 ${'00'.repeat(43)}`,
    layers: 'eth llc',
    fields: { 'eth.len': '3', 'eth.type': '', 'llc.dsap': '0x42', 'llc.ssap': '0x42', 'llc.control': '0x0003' },
  },
  {
    name: 'LLC with two bytes of control',
    bytes: `${ethernet('0006')} f0 f0 02 0a  ff ff`,
    layers: 'eth llc netbios',
    fields: { 'llc.control': '0x0a02' },
  },
  {
    name: 'LLC that only keeps up the link carries no packet',
    bytes: `${ethernet('0006')} f0 f0 01 0a  ff ff`,
    layers: 'eth llc data',
    fields: { 'llc.control': '0x0a01' },
  },
  {
    name: 'SNAP after two bytes of control',
    bytes: `${ethernet('0027')} aa aa 02 00 000000 0800 ${DATAGRAM}`,
    layers: 'eth llc ip udp',
    fields: { 'llc.oui': '0', 'llc.type': '0x0800', 'udp.payload': '6869' },
  },
  {
    name: 'between the largest length and the first EtherType there is nothing',
    bytes: `${ethernet('05dd')} aa aa 03 000000 0800 ${DATAGRAM}`,
    layers: 'eth data',
  },
  {
    name: 'SNAP carries EtherTypes',
    bytes: `${ethernet('0026')} aa aa 03 000000 0800 ${DATAGRAM}`,
    layers: 'eth llc ip udp',
    fields: { 'llc.oui': '0', 'llc.type': '0x0800', 'llc.pid': '', 'udp.payload': '6869' },
  },
  {
    name: 'SNAP of another organization numbers its own protocols',
    bytes: `${ethernet('000a')} aa aa 03 00000c 2000 01b4`,
    layers: 'eth llc data',
    fields: { 'llc.oui': '12', 'llc.pid': '0x2000', 'llc.type': '' },
  },
  {
    name: 'a length that claims more than the frame holds',
    bytes: `${ethernet('0100')} 42 42 03 00 00`,
    layers: 'eth llc stp',
    problem: { kind: 2, field: 'eth.len', layer: 0 },
  },
  {
    name: 'half a header',
    bytes: '005056c00001 00',
    layers: 'eth',
    fields: { 'eth.dst': '', 'frame.protocols': 'eth' },
    problem: { kind: 2, field: 'eth', needed: 14, available: 7, bound: -1 },
  },
]

export const taggedFrames: readonly Case[] = [
  {
    name: '802.1Q',
    bytes: `${ethernet('8100')} 600a 0800 ${DATAGRAM}`,
    layers: 'eth vlan ip udp',
    record: { vlan: 10 },
    fields: { 'vlan.id': '10', 'vlan.priority': '3', 'vlan.dei': '0', 'vlan.etype': '0x0800', 'eth.type': '0x8100' },
  },
  {
    name: '802.1ad: a service tag around a customer tag',
    bytes: `${ethernet('88a8')} 0064 8100 000a 0800 ${DATAGRAM}`,
    layers: 'eth ieee8021ad vlan ip udp',
    record: { vlan: 10 },
    fields: { 'ieee8021ad.id': '100', 'vlan.id': '10', 'udp.payload': '6869' },
  },
  {
    name: 'QinQ by the older type',
    bytes: `${ethernet('9100')} 000d 8100 000a 0800 ${DATAGRAM}`,
    layers: 'eth vlan vlan ip udp',
    fields: { 'vlan.id': '13,10' },
  },
  {
    name: 'a tag before a length, not a type',
    bytes: `${ethernet('8100')} 0001 0003 42 42 03 ${'00'.repeat(39)}`,
    layers: 'eth vlan llc',
    fields: { 'vlan.len': '3', 'vlan.etype': '' },
  },
  {
    name: 'more tags than the record has layers',
    bytes: `${ethernet('8100')} ${'0001 8100'.repeat(40)}`,
    layers: `eth${' vlan'.repeat(31)}`,
    problem: { kind: 3, field: 'frame.protocols' },
  },
]

export const otherFrames: readonly Case[] = [
  {
    name: 'Linux cooked capture v1',
    linkType: 113,
    bytes: `0004 0001 0006 000c295e100a 0000  # sent by this host, Ethernet, 6 bytes of address
            0800 ${DATAGRAM}`,
    layers: 'sll ip udp',
    record: { direction: 2 },
    fields: {
      'sll.pkttype': '4',
      'sll.hatype': '1',
      'sll.halen': '6',
      'sll.src.eth': '00:0c:29:5e:10:0a',
      'sll.unused': '0000',
      'sll.etype': '0x0800',
      'udp.payload': '6869',
    },
  },
  {
    name: 'Linux cooked capture v1 without an address, of a type below the EtherTypes',
    linkType: 113,
    bytes: '0000 0304 0000 0000000000000000 0001 ffff0000',
    layers: 'sll ipx',
    record: { direction: 1 },
    fields: { 'sll.ltype': '0x0001', 'sll.etype': '', 'sll.unused': '0000000000000000' },
  },
  {
    name: 'Linux cooked capture v1 of a GRE interface: PPP',
    linkType: 113,
    bytes: `0000 030a 0000 0000000000000000 880b ff03 0021 ${DATAGRAM}`,
    layers: 'sll ppp ip udp',
    fields: { 'sll.gretype': '0x880b', 'sll.etype': '' },
  },
  {
    name: 'Linux cooked capture v1 of frames in frames (transparent bridging)',
    linkType: 113,
    bytes: `0000 0001 0006 000c295e100a 0000 6558 ${ethernet('0800')} ${DATAGRAM}`,
    layers: 'sll eth ip udp',
    fields: { 'eth.type': '0x0800' },
  },
  {
    name: 'Linux cooked capture v1 of an address longer than its field (InfiniBand)',
    linkType: 113,
    bytes: `0000 0020 0014 0001020304050607 0800 ${DATAGRAM}`,
    layers: 'sll ip udp',
    fields: { 'sll.halen': '20', 'sll.src.other': '0001020304050607', 'sll.unused': '' },
  },
  {
    name: 'Linux cooked capture v2',
    linkType: 276,
    bytes: `0800 0000 00000003 0001 00 06 000c295e100a 0000 ${DATAGRAM}`,
    layers: 'sll ip udp',
    record: { direction: 1 },
    fields: { 'sll.ifindex': '3', 'sll.pkttype': '0', 'sll.src.eth': '00:0c:29:5e:10:0a', 'sll.etype': '0x0800' },
  },
  {
    name: 'loopback of a little-endian host',
    linkType: 0,
    bytes: `02000000 ${DATAGRAM}`,
    layers: 'null ip udp',
    fields: { 'null.family': '2', 'udp.payload': '6869' },
  },
  {
    name: 'loopback of a big-endian host',
    linkType: 0,
    bytes: `00000002 ${DATAGRAM}`,
    layers: 'null ip udp',
    fields: { 'null.family': '2' },
  },
  { name: 'loopback whose family has 16 bits', linkType: 0, bytes: `00020000 ${DATAGRAM}`, layers: 'null ip udp' },
  {
    name: 'loopback of OpenBSD',
    linkType: 108,
    bytes: `00000002 ${DATAGRAM}`,
    layers: 'null ip udp',
    fields: { 'null.family': '2' },
  },
  { name: 'loopback of a family nobody knows', linkType: 0, bytes: '63000000 4500', layers: 'null data' },
  { name: 'raw IPv4 by its version', linkType: 101, bytes: DATAGRAM, layers: 'raw ip udp' },
  { name: 'raw, and neither version', linkType: 101, bytes: '1234000000000000', layers: 'raw data' },
  { name: 'raw IPv4 by its link type', linkType: 228, bytes: DATAGRAM, layers: 'ip udp' },
  { name: 'a link that is only named keeps its bytes', linkType: 127, bytes: DATAGRAM, layers: 'radiotap' },
  {
    name: 'a link type nobody knows is data',
    linkType: 147,
    bytes: DATAGRAM,
    layers: 'data',
    fields: { 'frame.protocols': 'data', 'ip.version': '' },
  },
  { name: 'a record that is no packet', linkType: -1, bytes: '', layers: '', fields: { 'frame.protocols': '' } },
]
