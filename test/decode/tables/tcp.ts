import { type Case, ethernet, fromHex, ipv4, ipv6 } from '../support.js'

/** A segment with these options, a multiple of 4 bytes, and payload. */
export function segment(options: string, payload = '', flags = '018'): string {
  const optionBytes = fromHex(options).length
  const words = (20 + optionBytes) / 4
  return `${ethernet('0800')} ${ipv4(6, 20 + optionBytes + fromHex(payload).length)}
    c351 0050 8badf00d fedcba98       # 50001 → 80, sequence, acknowledgment
    ${words.toString(16)}${flags} 01f5 1234 0000  # header length, flags, window, checksum, urgent pointer
    ${options}
    ${payload}`
}

export const tcpPackets: readonly Case[] = [
  {
    name: 'segment with data',
    bytes: segment('', '68656c6c6f'),
    layers: 'eth ip tcp',
    record: {
      transport: 98,
      transportProtocol: 6,
      sourcePort: 50001,
      destinationPort: 80,
      payload: 118,
      payloadEnd: 123,
      payloadLength: 5,
    },
    tcp: {
      sequence: 0x8badf00d | 0,
      acknowledgment: 0xfedcba98 | 0,
      headerLength: 20,
      flags: 0x18,
      window: 501,
      urgent: 0,
      length: 5,
      lengthKnown: true,
      mss: -1,
      windowScale: -1,
      sackPermitted: false,
      hasTimestamps: false,
      sackBlocks: 0,
      fastOpen: -1,
    },
    fields: {
      'tcp.srcport': '50001',
      'tcp.dstport': '80',
      'tcp.seq_raw': '2343432205',
      'tcp.ack_raw': '4275878552',
      'tcp.hdr_len': '20',
      'tcp.flags': '0x0018',
      'tcp.flags.ack': '1',
      'tcp.flags.push': '1',
      'tcp.flags.syn': '0',
      'tcp.window_size_value': '501',
      'tcp.checksum': '0x1234',
      'tcp.urgent_pointer': '0',
      'tcp.len': '5',
      'tcp.payload': '68656c6c6f',
      'frame.protocols': 'eth:ethertype:ip:tcp:data',
    },
  },
  {
    name: 'every flag',
    bytes: segment('', '', 'fff'),
    layers: 'eth ip tcp',
    tcp: { flags: 0xfff },
    fields: { 'tcp.flags': '0x0fff', 'tcp.flags.res': '1', 'tcp.flags.ae': '1', 'tcp.flags.fin': '1' },
  },
  {
    name: 'Ethernet padding is no payload',
    bytes: `${segment('')} ${'00'.repeat(6)}`,
    layers: 'eth ip tcp',
    tcp: { length: 0 },
    record: { payloadLength: 0, payloadEnd: 118 },
  },
  {
    name: 'over IPv6',
    bytes: `${ethernet('86dd')} ${ipv6(6, 21)} c351 0050 00000001 00000002 5010 0001 0000 0000 78`,
    layers: 'eth ipv6 tcp',
    tcp: { sequence: 1, length: 1 },
  },
  {
    name: 'a header length less than a header still belongs to its session',
    bytes: segment('', '68656c6c6f').replace('5018', '4018'),
    layers: 'eth ip tcp',
    record: { transportProtocol: 6 },
    tcp: { headerLength: 16, sequence: 0x8badf00d | 0 },
    fields: { 'tcp.seq_raw': '2343432205', 'tcp.hdr_len': '16', 'tcp.ack_raw': '', 'tcp.flags': '' },
    problem: { kind: 3, field: 'tcp.hdr_len', layer: 2 },
  },
  {
    name: 'a header length that claims more than IP holds',
    bytes: segment('', '68656c6c6f').replace('5018', '8018'),
    layers: 'eth ip tcp',
    tcp: { length: 0, lengthKnown: false },
    record: { payloadLength: 0, payload: 123, payloadEnd: 123 },
    fields: { 'tcp.len': '', 'tcp.flags': '0x0018' },
    problem: { kind: 2, field: 'tcp.options' },
  },
  {
    name: 'only the ports',
    bytes: `${ethernet('0800')} ${ipv4(6, 4)} c351 0050`,
    layers: 'eth ip tcp',
    record: { transportProtocol: 0 },
    fields: { 'tcp.srcport': '50001', 'tcp.seq_raw': '' },
    problem: { kind: 2, field: 'tcp', needed: 20, available: 4, bound: 1 },
  },
]

export const optionPackets: readonly Case[] = [
  {
    name: 'Linux’s SYN: MSS, SACK permitted, timestamps, window scale',
    bytes: segment('020405b4 0402 080a 0000000a 00000000 01 030307', '', '002'),
    layers: 'eth ip tcp',
    tcp: {
      flags: 2,
      mss: 1460,
      sackPermitted: true,
      hasTimestamps: true,
      timestampValue: 10,
      timestampEcho: 0,
      windowScale: 7,
    },
    fields: {
      'tcp.options.mss_val': '1460',
      'tcp.options.wscale.shift': '7',
      'tcp.options.timestamp.tsval': '10',
      'tcp.options.timestamp.tsecr': '0',
      'tcp.option_kind': '2,4,8,1,3',
      'tcp.option_len': '4,2,10,3',
    },
  },
  {
    name: 'timestamps, as most segments have them',
    bytes: segment('0101 080a ffffffff 80000000', '78', '010'),
    layers: 'eth ip tcp',
    tcp: { hasTimestamps: true, timestampValue: 0xffffffff, timestampEcho: 0x80000000, length: 1 },
    fields: { 'tcp.options.timestamp.tsval': '4294967295', 'tcp.options.timestamp.tsecr': '2147483648' },
  },
  {
    name: 'three SACK blocks',
    bytes: segment('0101 051a 00000001 00000002 00000003 00000004 fffffffe ffffffff', '', '010'),
    layers: 'eth ip tcp',
    tcp: { sackBlocks: 3, sack: new Int32Array([1, 2, 3, 4, -2, -1, 0, 0]) },
    fields: { 'tcp.options.sack_le': '1,3,4294967294', 'tcp.options.sack_re': '2,4,4294967295' },
  },
  {
    name: 'fast open: a cookie, and the request for one',
    bytes: segment('220a 0102030405060708 2202', '', '002'),
    layers: 'eth ip tcp',
    tcp: { fastOpenLength: 0 },
    fields: { 'tcp.options.tfo.cookie': '0102030405060708', 'tcp.option_kind': '34,34' },
  },
  {
    name: 'MD5 signature',
    bytes: segment('1312 000102030405060708090a0b0c0d0e0f 0000', '', '010'),
    layers: 'eth ip tcp',
    fields: { 'tcp.options.md5.digest': '000102030405060708090a0b0c0d0e0f', 'tcp.option_kind': '19,0,0' },
  },
  {
    name: 'user timeout in minutes, authentication',
    bytes: segment('1c04 8005 1d10 0102 000102030405060708090a0b', '', '010'),
    layers: 'eth ip tcp',
    fields: {
      'tcp.options.user_to_granularity': '1',
      'tcp.options.user_to_val': '5',
      'tcp.options.ao.keyid': '1',
      'tcp.options.ao.rnextkeyid': '2',
      'tcp.options.ao.mac': '000102030405060708090a0b',
    },
  },
  {
    name: 'Multipath TCP by its subtype',
    bytes: segment('1e0c 0081 0102030405060708', '', '002'),
    layers: 'eth ip tcp',
    fields: { 'tcp.options.mptcp.subtype': '0' },
  },
  {
    name: 'experiments by their identifier, and what nobody knows raw',
    bytes: segment('fd04 f989 c806 01020304 0101', '', '002'),
    layers: 'eth ip tcp',
    fields: { 'tcp.options.experimental.exid': '0xf989', 'tcp.options.unknown.payload': '01020304' },
  },
  {
    name: 'what comes after the end of the list is not read',
    bytes: segment('00 020405b4 030307', '', '002'),
    layers: 'eth ip tcp',
    tcp: { mss: -1, windowScale: -1 },
    fields: { 'tcp.option_kind': '0', 'tcp.options.mss_val': '' },
  },
  {
    name: 'an option of the wrong length is passed over',
    bytes: segment('0203 05 030307 0101', '', '002'),
    layers: 'eth ip tcp',
    tcp: { mss: -1, windowScale: 7 },
    fields: { 'tcp.options.mss_val': '', 'tcp.options.wscale.shift': '7' },
  },
  {
    name: 'an option of length 0 ends the list',
    bytes: segment('0101 0300 020405b4', '', '002'),
    layers: 'eth ip tcp',
    record: { transportProtocol: 6 },
    tcp: { mss: -1 },
    problem: { kind: 3, field: 'tcp.option_len' },
  },
  {
    name: 'an option that reaches past the header',
    bytes: segment('0101 080a 00000001', '78', '010'),
    layers: 'eth ip tcp',
    tcp: { hasTimestamps: false, length: 1 },
    problem: { kind: 2, field: 'tcp.options', needed: 10, available: 6 },
  },
  {
    name: 'SACK that ends within a block',
    bytes: segment('0506 00000001 0101', '', '010'),
    layers: 'eth ip tcp',
    tcp: { sackBlocks: 0 },
    problem: { kind: 3, field: 'tcp.option_len' },
  },
]
