import { type Case, ethernet } from '../support.js'

export const arpPackets: readonly Case[] = [
  {
    name: 'request, padded to 60 bytes',
    bytes: `${ethernet('0806')}
      0001 0800 06 04 0001         # Ethernet, IPv4, sizes 6 and 4, request
      000c295e100a c0a8380a        # sender
      000000000000 c0a83801        # target
      ${'00'.repeat(18)}`,
    layers: 'eth arp',
    fields: {
      'arp.hw.type': '1',
      'arp.proto.type': '0x0800',
      'arp.hw.size': '6',
      'arp.proto.size': '4',
      'arp.opcode': '1',
      'arp.src.hw_mac': '00:0c:29:5e:10:0a',
      'arp.src.proto_ipv4': '192.168.56.10',
      'arp.dst.hw_mac': '00:00:00:00:00:00',
      'arp.dst.proto_ipv4': '192.168.56.1',
      'frame.protocols': 'eth:ethertype:arp',
    },
  },
  {
    name: 'reverse reply',
    bytes: `${ethernet('8035')} 0001 0800 06 04 0004 000c295e100a c0a8380a 005056c00001 c0a83801`,
    layers: 'eth arp',
    fields: { 'arp.opcode': '4', 'arp.dst.hw_mac': '00:50:56:c0:00:01', 'arp.dst.proto_ipv4': '192.168.56.1' },
  },
  {
    name: 'inverse request',
    bytes: `${ethernet('0806')} 0001 0800 06 04 0008 000c295e100a c0a8380a 005056c00001 c0a83801`,
    layers: 'eth arp',
    fields: { 'arp.opcode': '8', 'arp.src.proto_ipv4': '192.168.56.10', 'arp.dst.hw_mac': '00:50:56:c0:00:01' },
  },
  {
    name: 'inverse reply',
    bytes: `${ethernet('0806')} 0001 0800 06 04 0009 000c295e100a c0a8380a 005056c00001 c0a83801`,
    layers: 'eth arp',
    fields: { 'arp.opcode': '9', 'arp.src.proto_ipv4': '192.168.56.10', 'arp.dst.proto_ipv4': '192.168.56.1' },
  },
  {
    name: 'an error of DRARP, which says why instead of an address',
    bytes: `${ethernet('8035')} 0001 0800 06 04 0007 000c295e100a c0a8380a 005056c00001 03000000`,
    layers: 'eth arp',
    fields: { 'arp.opcode': '7', 'arp.dst.proto_ipv4': '', 'arp.dst.drarp_error_status': '3' },
  },
  {
    name: 'addresses of other sizes are bytes',
    bytes: `${ethernet('0806')} 0007 0801 01 02 0001 aa bbbb cc dddd`,
    layers: 'eth arp',
    fields: {
      'arp.src.hw': 'aa',
      'arp.src.proto': 'bbbb',
      'arp.dst.hw': 'cc',
      'arp.dst.proto': 'dddd',
      'arp.src.hw_mac': '',
      'arp.src.proto_ipv4': '',
    },
  },
  {
    name: 'sizes that claim more than the frame holds',
    bytes: `${ethernet('0806')} 0001 0800 ff ff 0001 000c295e100a`,
    layers: 'eth arp',
    fields: { 'arp.opcode': '1', 'arp.src.hw': '' },
    problem: { kind: 2, field: 'arp', needed: 1028, available: 14 },
  },
  {
    name: 'an operation nobody knows, and a frame that ends in the last address: tshark prints none',
    bytes: `${ethernet('0806')} 0001 0800 06 04 1e30 000c295e100a c0a8380a 005056c00001 c0a838`,
    layers: 'eth arp',
    fields: { 'arp.opcode': '7728', 'arp.src.proto_ipv4': '', 'arp.dst.hw_mac': '' },
    problem: { kind: 2, field: 'arp', needed: 28, available: 27 },
  },
]
