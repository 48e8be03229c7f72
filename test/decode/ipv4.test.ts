import { type Case, ethernet, ipv4, testTable } from './support.js'

const UDP = 'c351 c9ff 000a 0000 6869  # 50001 → 51711, no checksum, "hi"'

const table: readonly Case[] = [
  {
    name: 'header without options',
    bytes: `${ethernet('0800')} 4 5 6a 001e 1234 4000 40 11 e7ec c0a83801 c0a8380a ${UDP}`,
    layers: 'eth ip udp',
    record: { network: 78, networkVersion: 4, identification: 0x1234, timeToLive: 64, fragment: false },
    fields: {
      'ip.version': '4',
      'ip.hdr_len': '20',
      'ip.dsfield': '0x6a',
      'ip.dsfield.dscp': '26',
      'ip.dsfield.ecn': '2',
      'ip.len': '30',
      'ip.id': '0x1234',
      'ip.flags': '0x02',
      'ip.flags.rb': '0',
      'ip.flags.df': '1',
      'ip.flags.mf': '0',
      'ip.frag_offset': '0',
      'ip.ttl': '64',
      'ip.proto': '17',
      'ip.checksum': '0xe7ec',
      'ip.src': '192.168.56.1',
      'ip.dst': '192.168.56.10',
      'ip.addr': '192.168.56.1,192.168.56.10',
    },
  },
  {
    name: 'options: router alert, no-operation, end',
    bytes: `${ethernet('0800')} 47 00 0026 1234 0000 01 11 0000 c0a83801 e0000016
      94040000 01 00 0000 ${UDP}`,
    layers: 'eth ip udp',
    record: { timeToLive: 1 },
    fields: {
      'ip.hdr_len': '28',
      'ip.opt.type': '148,1,0',
      'ip.opt.len': '4',
      'ip.opt.data': '0000',
      'udp.srcport': '50001',
    },
  },
  {
    name: 'an option whose length lies takes the rest',
    bytes: `${ethernet('0800')} 46 00 0022 1234 0000 40 11 0000 c0a83801 c0a8380a 07ff0000 ${UDP}`,
    layers: 'eth ip udp',
    fields: { 'ip.opt.type': '7', 'ip.opt.len': '255', 'ip.opt.data': '0000' },
  },
  {
    name: 'total length 0: segmentation offload',
    bytes: `${ethernet('0800')} 45 00 0000 1234 4000 40 11 0000 c0a83801 c0a8380a ${UDP}`,
    layers: 'eth ip udp',
    record: { payloadLength: 2 },
    fields: { 'ip.len': '30' },
  },
  {
    name: 'total length beyond the frame',
    bytes: `${ethernet('0800')} ${ipv4(17, 100)} ${UDP}`,
    layers: 'eth ip udp',
    record: { payloadLength: 2, transportProtocol: 17 },
    problem: { kind: 2, field: 'ip.len', layer: 1 },
  },
  {
    name: 'total length less than the header',
    bytes: `${ethernet('0800')} 45 00 0013 1234 4000 40 11 0000 c0a83801 c0a8380a ${UDP}`,
    layers: 'eth ip',
    record: { transportProtocol: 0, network: -1 },
    fields: { 'ip.len': '19', 'ip.id': '', 'ip.src': '' },
    problem: { kind: 3, field: 'ip.len', layer: 1 },
  },
  {
    name: 'a header length that makes no sense',
    bytes: `${ethernet('0800')} 44 00 001e 1234 4000 40 11 0000 c0a83801 c0a8380a ${UDP}`,
    layers: 'eth ip',
    fields: { 'ip.version': '4', 'ip.hdr_len': '16', 'ip.len': '' },
    problem: { kind: 3, field: 'ip.hdr_len' },
  },
  {
    name: 'another version',
    bytes: `${ethernet('0800')} 55 00 001e 1234 4000 40 11 0000 c0a83801 c0a8380a ${UDP}`,
    layers: 'eth ip',
    fields: { 'ip.version': '5', 'ip.hdr_len': '' },
    problem: { kind: 3, field: 'ip.version' },
  },
  {
    name: 'a header longer than the packet',
    bytes: `${ethernet('0800')} 4f 00 003c 1234 4000 40 11 0000 c0a83801 c0a8380a ${UDP}`,
    layers: 'eth ip',
    record: { transportProtocol: 0 },
    fields: { 'ip.src': '192.168.56.1' },
    problem: { kind: 2, field: 'ip.len' },
  },
  {
    name: 'a protocol that is only named',
    bytes: `${ethernet('0800')} ${ipv4(89, 4)} 02010000`,
    layers: 'eth ip ospf',
    record: { transportProtocol: 0, transport: -1 },
  },
  {
    name: 'a protocol nobody knows',
    bytes: `${ethernet('0800')} ${ipv4(253, 4)} 02010000`,
    layers: 'eth ip data',
  },
  {
    name: 'IPv4 in IPv4: the innermost header counts',
    bytes: `${ethernet('0800')} ${ipv4(4, 30)} 4500001e5678400020110000 0a000001 0a000002 ${UDP}`,
    layers: 'eth ip ip udp',
    record: { identification: 0x5678, timeToLive: 32, transportProtocol: 17 },
    fields: { 'ip.src': '192.168.56.1,10.0.0.1', 'ip.proto': '4,17' },
  },
  {
    name: 'a fragment that nothing completes',
    bytes: `${ethernet('0800')} 45 00 001e 1234 2005 40 11 0000 c0a83801 c0a8380a ${UDP}`,
    layers: 'eth ip data',
    record: { fragment: true, transportProtocol: 0, payloadLength: 0 },
    fields: { 'ip.flags.mf': '1', 'ip.frag_offset': '5', 'udp.srcport': '' },
  },
]

testTable(table)
