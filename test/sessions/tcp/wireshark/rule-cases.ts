/** One table: a rule of Wireshark's in words, a list of packets, and the flags that it gives the last of them. */
import { HANDSHAKE, type Line } from './story.js'

export interface RuleCase {
  readonly rule: string
  /** after a handshake of 2 ms, unless `begin` is there */
  readonly packets: readonly Line[]
  readonly begin?: readonly Line[]
  readonly flags: string
}

/** All packets of a case. */
export function linesOf({ begin = HANDSHAKE, packets }: RuleCase): Line[] {
  return [...begin, ...packets]
}

const DATA: Line = ['c', { seq: 1, length: 100, at: 1000 }]
const ACKED: Line = ['s', { seq: 1, ack: 101, at: 1001 }]

const scaled = (client: number | undefined, server: number | undefined): Line[] => [
  ['c', { flags: 'S', seq: 0, ack: 0, ...(client === undefined ? {} : { scale: client }) }],
  ['s', { flags: 'SA', seq: 0, ack: 1, ...(server === undefined ? {} : { scale: server }) }],
]

export const ruleCases: readonly RuleCase[] = [
  { rule: 'data in order has no flag', packets: [DATA], flags: '' },
  { rule: 'an ACK of it has none', packets: [DATA, ACKED], flags: '' },

  // keep-alives
  {
    rule: 'no data, one before the next: a keep-alive',
    packets: [DATA, ACKED, ['c', { seq: 100 }]],
    flags: 'keepAlive',
  },
  { rule: 'one byte, the last one: too', packets: [DATA, ACKED, ['c', { seq: 100, length: 1 }]], flags: 'keepAlive' },
  {
    rule: 'two bytes from there are new data in part, and acknowledged in none: no flag',
    packets: [DATA, ACKED, ['c', { seq: 100, length: 2 }]],
    flags: '',
  },
  { rule: 'a FIN there is none', packets: [DATA, ['c', { flags: 'FA', seq: 100, at: 3000 }]], flags: 'retransmission' },
  {
    rule: 'the same ACK again after a keep-alive answers it',
    packets: [DATA, ACKED, ['c', { seq: 100 }], ['s', { ack: 101 }]],
    flags: 'keepAliveAck',
  },
  {
    rule: 'the same ACK again after that is a duplicate: only the last segment counts',
    packets: [DATA, ACKED, ['c', { seq: 100 }], ['c', { seq: 101 }], ['s', { ack: 101 }]],
    flags: 'duplicateAck',
  },

  // ACKs that repeat
  { rule: 'the same ACK again is a duplicate', packets: [DATA, ACKED, ['s', { ack: 101 }]], flags: 'duplicateAck' },
  { rule: 'with a FIN it is not', packets: [DATA, ACKED, ['s', { flags: 'FA', ack: 101 }]], flags: '' },
  { rule: 'with data it is not', packets: [DATA, ACKED, ['s', { ack: 101, length: 5 }]], flags: '' },
  {
    rule: 'with another window it is a window update',
    packets: [DATA, ACKED, ['s', { ack: 101, window: 900 }]],
    flags: 'windowUpdate',
  },
  {
    rule: 'with a window of 0 it closes the window',
    packets: [DATA, ACKED, ['s', { ack: 101, window: 0 }]],
    flags: 'zeroWindow',
  },
  { rule: 'a reset with window 0 does not', packets: [DATA, ['s', { flags: 'RA', ack: 101, window: 0 }]], flags: '' },
  {
    rule: 'a window that opens again is an update',
    packets: [DATA, ['s', { ack: 101, window: 0 }], ['s', { ack: 101, window: 500 }]],
    flags: 'windowUpdate',
  },

  {
    rule: 'after a Multipath TCP option of a new kind it is not',
    packets: [DATA, ['s', { ack: 101, multipath: 2 }], ['s', { ack: 101, multipath: 2 }]],
    flags: '',
  },
  {
    rule: 'after the next of that kind it is',
    packets: [DATA, ['s', { ack: 101, multipath: 2 }], ['s', { ack: 101, multipath: 2 }], ['s', { ack: 101 }]],
    flags: 'duplicateAck',
  },

  // zero window probes
  {
    rule: 'the next byte towards a closed window is a probe',
    packets: [DATA, ['s', { ack: 101, window: 0 }], ['c', { seq: 101, length: 1 }]],
    flags: 'zeroWindowProbe',
  },
  {
    rule: 'the same ACK after it, still closed, answers the probe',
    packets: [DATA, ['s', { ack: 101, window: 0 }], ['c', { seq: 101, length: 1 }], ['s', { ack: 101, window: 0 }]],
    flags: 'zeroWindow zeroWindowProbeAck',
  },
  {
    rule: 'a probe does not move what comes next: the byte again is a probe again',
    packets: [DATA, ['s', { ack: 101, window: 0 }], ['c', { seq: 101, length: 1 }], ['c', { seq: 101, length: 1 }]],
    flags: 'zeroWindowProbe',
  },
  {
    rule: 'data that begins with a byte that was sent last is new',
    packets: [DATA, ['c', { seq: 101, length: 1, at: 1001 }], ['c', { seq: 101, length: 50, at: 3000 }]],
    flags: '',
  },

  // window full: it takes the scale, which is known only from a SYN
  {
    rule: 'data to the edge of the window, not scaled, fills it',
    packets: [['c', { seq: 1, length: 1000 }]],
    flags: 'windowFull',
  },
  { rule: 'one byte less does not', packets: [['c', { seq: 1, length: 999 }]], flags: '' },
  { rule: 'with FIN it does not', packets: [['c', { flags: 'FA', seq: 1, length: 1000 }]], flags: '' },
  {
    rule: 'without a SYN the scale is not known',
    begin: [],
    packets: [
      ['s', { seq: 1, ack: 1 }],
      ['c', { seq: 1, length: 1000 }],
    ],
    flags: '',
  },
  {
    rule: 'a window after the handshake counts with its scale',
    begin: scaled(7, 7),
    packets: [
      ['c', { seq: 1 }],
      ['s', { seq: 1, ack: 1, window: 10 }],
      ['c', { seq: 1, length: 1280 }],
    ],
    flags: 'windowFull',
  },
  {
    rule: 'the window of a SYN/ACK is never scaled',
    begin: scaled(7, 7),
    packets: [['c', { seq: 1, length: 1000 }]],
    flags: 'windowFull',
  },
  {
    rule: 'a scale in one SYN only is not used',
    begin: scaled(7, undefined),
    packets: [
      ['s', { seq: 1, ack: 1, window: 10 }],
      ['c', { seq: 1, length: 10 }],
    ],
    flags: 'windowFull',
  },

  // holes
  {
    rule: 'beyond the next byte something is missing',
    packets: [DATA, ['c', { seq: 201, length: 10 }]],
    flags: 'lostSegment',
  },
  { rule: 'so it is for an empty segment', packets: [DATA, ['c', { seq: 102 }]], flags: 'lostSegment' },
  { rule: 'not for a reset', packets: [DATA, ['c', { flags: 'R', seq: 900, ack: 0 }]], flags: '' },
  { rule: 'an ACK beyond all that was seen', packets: [DATA, ['s', { ack: 151 }]], flags: 'ackLostSegment' },
  {
    rule: 'is said once',
    packets: [DATA, ['s', { ack: 151 }], ['s', { ack: 161 }]],
    flags: '',
  },
  {
    rule: 'an ACK of what lies beyond a hole, too',
    packets: [DATA, ['c', { seq: 201, length: 10 }], ['s', { ack: 211 }]],
    flags: 'ackLostSegment',
  },
  {
    rule: 'not without the ACK flag',
    packets: [DATA, ['s', { flags: 'R', ack: 151 }]],
    flags: '',
  },

  // the same place again
  {
    rule: 'the same data later is a retransmission',
    packets: [DATA, ['c', { ...DATA[1], at: 1300 }]],
    flags: 'retransmission',
  },
  {
    rule: 'the newest data again at once is a retransmission: nothing can have overtaken it',
    packets: [DATA, ['c', { ...DATA[1], at: 1000.1 }]],
    flags: 'retransmission',
  },
  {
    rule: 'older data within the round trip of the handshake is out of order',
    packets: [DATA, ['c', { seq: 201, length: 100, at: 1000.1 }], ['c', { seq: 101, length: 100, at: 1002 }]],
    flags: 'outOfOrder',
  },
  {
    rule: 'and when the round trip is over, a retransmission',
    packets: [DATA, ['c', { seq: 201, length: 100, at: 1000.1 }], ['c', { seq: 101, length: 100, at: 1002.1 }]],
    flags: 'retransmission',
  },
  {
    rule: 'where the handshake was not seen, 3 ms decide',
    begin: [],
    packets: [DATA, ['c', { seq: 201, length: 100, at: 1010 }], ['c', { seq: 101, length: 100, at: 1012.999 }]],
    flags: 'outOfOrder',
  },
  {
    rule: 'to the nanosecond',
    begin: [],
    packets: [DATA, ['c', { seq: 201, length: 100, at: 1010 }], ['c', { seq: 101, length: 100, at: 1013 }]],
    flags: 'retransmission',
  },
  {
    rule: 'a clock that steps back makes no order',
    packets: [DATA, ['c', { seq: 201, length: 100, at: 1010 }], ['c', { seq: 101, length: 100, at: 1009 }]],
    flags: 'retransmission',
  },
  {
    rule: 'data that was acknowledged is spurious',
    packets: [DATA, ACKED, ['c', { ...DATA[1], at: 1002 }]],
    flags: 'retransmission spuriousRetransmission',
  },
  {
    rule: 'even what was never seen, if the ACK was',
    begin: [],
    packets: [
      ['s', { ack: 101 }],
      ['c', { seq: 51, length: 50 }],
    ],
    flags: 'retransmission spuriousRetransmission',
  },
  {
    rule: 'the SYN again',
    begin: [],
    packets: [
      ['c', { flags: 'S', seq: 0, at: 0 }],
      ['c', { flags: 'S', seq: 0, at: 1000 }],
    ],
    flags: 'retransmission',
  },
  {
    rule: 'the FIN again',
    packets: [
      ['c', { flags: 'FA', seq: 1 }],
      ['c', { flags: 'FA', seq: 1, at: 900 }],
    ],
    flags: 'retransmission',
  },

  // fast retransmission
  ...(
    [
      ['after two duplicates, within 20 ms', 2, 19.999, 'retransmission fastRetransmission'],
      ['not after one', 1, 19.999, 'retransmission'],
      ['not at 20 ms', 2, 20, 'retransmission'],
    ] as const
  ).map(
    ([rule, duplicates, wait, flags]): RuleCase => ({
      rule: `fast retransmission: ${rule}`,
      packets: [
        DATA,
        ['c', { seq: 101, length: 100, at: 1001 }],
        ['c', { seq: 201, length: 100, at: 1002 }],
        ['s', { ack: 101, at: 1003 }],
        ...Array.from({ length: duplicates }, (): Line => ['s', { ack: 101, at: 1004 }]),
        ['c', { seq: 101, length: 100, at: 1004 + wait }],
      ],
      flags,
    }),
  ),

  // handshakes
  {
    rule: 'a SYN/ACK with another sequence number than before',
    packets: [['s', { flags: 'SA', seq: 7777, ack: 1 }]],
    flags: 'lostSegment reusedPorts',
  },
  {
    rule: 'a SYN with a Fast Open cookie',
    begin: [],
    packets: [['c', { flags: 'S', seq: 0, cookie: 8 }]],
    flags: 'fastOpenSyn',
  },
  {
    rule: 'even after the SYN/ACK, which a second pass then knows ignores its data',
    begin: [],
    packets: [
      ['s', { flags: 'SA', seq: 0, ack: 1 }],
      ['c', { flags: 'S', seq: 0, cookie: 8, length: 10 }],
    ],
    flags: 'fastOpenSyn',
  },
  { rule: 'not when it asks for one', begin: [], packets: [['c', { flags: 'S', seq: 0, cookie: 0 }]], flags: '' },
  ...(
    [
      [11, 'fastOpenAck'],
      [1, 'fastOpenIgnored'],
    ] as const
  ).map(
    ([ack, flags]): RuleCase => ({
      rule: `a SYN/ACK that acknowledges ${ack - 1} of the 10 bytes in the SYN`,
      begin: [],
      packets: [
        ['c', { flags: 'S', seq: 0, cookie: 8, length: 10 }],
        ['s', { flags: 'SA', seq: 0, ack }],
      ],
      flags,
    }),
  ),
]
