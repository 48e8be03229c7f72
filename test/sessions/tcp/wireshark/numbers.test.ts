/** The numbers of the analysis, and what a second pass knows. */
import { describe, expect, test } from 'vitest'
import { Packet } from '../../../../src/packet.js'
import type { WiresharkAnalysis } from '../../../../src/sessions/tcp/wireshark/analysis.js'
import { WiresharkResult } from '../../../../src/sessions/tcp/wireshark/result.js'
import { WiresharkTotals } from '../../../../src/sessions/tcp/wireshark/totals.js'
import { fillPacket } from '../../../support/tcp-segments.js'
import { CLIENT_ISN, flagsOf, HANDSHAKE, type Line, newAnalysis, run, segmentsOf } from './story.js'

/** The named numbers of each packet's result. */
function numbersOf<K extends keyof WiresharkResult>(
  lines: readonly Line[],
  names: readonly K[],
  analysis?: WiresharkAnalysis,
): WiresharkResult[K][][] {
  const rows: WiresharkResult[K][][] = []
  run(lines, (result) => rows.push(names.map((name) => result[name])), analysis)
  return rows
}

function last<T>(items: readonly T[]): T | undefined {
  return items[items.length - 1]
}

const data = (seq: number, length: number, more: object = {}): Line => ['c', { seq, length, ...more }]
const acked = (ack: number, more: object = {}): Line => ['s', { seq: 1, ack, ...more }]

describe('what an ACK acknowledges', () => {
  test('the segment that ends where it does, and how long ago it was sent', () => {
    const rows = numbersOf(
      [...HANDSHAKE, data(1, 10, { at: 5 }), data(11, 10, { at: 6 }), acked(11, { at: 9.5 })],
      ['acksFrame', 'ackRtt'],
    )
    expect(rows).toEqual([
      [0, 0],
      [1, 1e6],
      [2, 1e6],
      [0, 0],
      [0, 0],
      [4, 4.5e6],
    ])
  })

  test('the first transmission, when there were two', () => {
    const lines = [...HANDSHAKE, data(1, 10), data(11, 10), data(1, 10, { at: 400 }), acked(11, { at: 401 })]
    expect(last(numbersOf(lines, ['acksFrame']))).toEqual([4])
  })

  test('nothing, when it ends in the middle of a segment; the next ACK may still end it', () => {
    const rows = numbersOf([...HANDSHAKE, data(1, 10), acked(5), acked(11)], ['acksFrame'])
    expect(rows.slice(-2)).toEqual([[0], [4]])
  })
})

describe('bytes in flight', () => {
  const inFlight = (...lines: Line[]) => last(numbersOf([...HANDSHAKE, ...lines], ['bytesInFlight', 'pushBytesSent']))
  test.each<[string, Line[], [number, number]]>([
    ['from the lowest that is not acknowledged to the highest', [data(1, 10), data(11, 20)], [30, 30]],
    ['less what an ACK takes', [data(1, 10), data(11, 20), acked(11), data(31, 5)], [25, 35]],
    ['in part, too', [data(1, 10), acked(6), data(11, 5)], [10, 15]],
    [
      'less what SACK blocks of the last ACK cover',
      [data(1, 10), data(11, 20), acked(1, { sack: [11, 21] }), data(31, 5)],
      [25, 35],
    ],
    [
      'of three blocks at most',
      [data(1, 80), acked(1, { sack: [11, 12, 21, 22, 31, 32, 41, 42] }), data(81, 5)],
      [82, 85],
    ],
    ['not said of a segment without data', [data(1, 10), ['c', { seq: 11 }]], [0, 0]],
    ['not from a hole on', [data(1, 10), data(21, 10)], [0, 0]],
    ['until the other side acknowledges something', [data(1, 10), data(21, 10), acked(11), data(31, 10)], [20, 20]],
    ['a FIN is no byte', [data(1, 10), ['c', { flags: 'FA', seq: 11, length: 5 }]], [15, 15]],
    ['a retransmission adds nothing, but was sent', [data(1, 10), data(11, 10), data(1, 10, { at: 900 })], [20, 30]],
    ['a PSH ends a count', [data(1, 10, { flags: 'PA' }), data(11, 7)], [17, 7]],
    ['with the segment that has it', [data(1, 10), data(11, 7, { flags: 'PA' })], [17, 17]],
  ])('%s', (_, lines, expected) => {
    expect(inFlight(...lines)).toEqual(expected)
  })
})

describe('a retransmission', () => {
  test('is measured from the oldest segment that is outstanding', () => {
    const lines = [...HANDSHAKE, data(1, 10, { at: 5 }), data(11, 10, { at: 6 }), data(11, 10, { at: 300 })]
    expect(last(numbersOf(lines, ['rto', 'rtoFrame']))).toEqual([295e6, 4])
  })

  test('or from the newest of all, when none is', () => {
    // the ACK of the FIN has no number of its own beyond the data: nothing is outstanding, but the FIN is sent again
    const lines = [
      ...HANDSHAKE,
      data(1, 10, { at: 5 }),
      acked(12, { at: 6 }),
      ['c', { flags: 'FA', seq: 5, at: 200 }] as Line,
    ]
    expect(last(numbersOf(lines, ['rto', 'rtoFrame']))).toEqual([195e6, 4])
  })

  test('duplicates are counted, from the first ACK of the kind', () => {
    const lines = [...HANDSHAKE, data(1, 10), acked(11), acked(11), acked(11)]
    const rows = numbersOf(lines, ['duplicateAckNumber', 'duplicateAckFrame'])
    expect(rows.slice(-3)).toEqual([
      [0, 0],
      [1, 5],
      [2, 5],
    ])
  })
})

describe('the numbers of the header', () => {
  const names = ['relativeSequence', 'relativeAcknowledgment', 'scaledWindow'] as const

  test('count from the SYNs', () => {
    expect(numbersOf([...HANDSHAKE, data(1, 10), acked(11)], names).slice(-2)).toEqual([
      [1, 1, 1000],
      [1, 11, 1000],
    ])
  })

  test('from just before the first segment, where the SYNs were not captured', () => {
    expect(numbersOf([data(500, 10), acked(510)], names)).toEqual([
      [1, 1, 1000],
      [1, 11, 1000],
    ])
  })

  test('the acknowledgment number is raw without the ACK flag', () => {
    expect(numbersOf([['c', { flags: 'S', seq: 0, ack: 7 }]], names)).toEqual([[0, 5007, 1000]])
  })

  test('windows are scaled after the handshake, by 14 at the most', () => {
    const opening: Line[] = [
      ['c', { flags: 'S', seq: 0, ack: 0, scale: 3 }],
      ['s', { flags: 'SA', seq: 0, ack: 1, scale: 200 }],
    ]
    const rows = numbersOf([...opening, data(1, 1), acked(2, { window: 2 })], ['scaledWindow'])
    expect(rows).toEqual([[1000], [1000], [8000], [2 << 14]])
  })

  test('intervals are negative when the clock steps back', () => {
    const lines = [...HANDSHAKE, data(1, 10, { at: 5 }), acked(11, { at: 4 })]
    expect(last(numbersOf(lines, ['ackRtt']))).toEqual([-1e6])
  })

  test('the round trip of the handshake ends with the first ACK after the last SYN', () => {
    const lines: Line[] = [
      ['c', { flags: 'S', seq: 0, ack: 0, at: 0 }],
      ...HANDSHAKE.map(([who, sent]): Line => [who, { ...sent, at: (sent.at ?? 0) + 3000 }]),
    ]
    const rows = numbersOf(lines, ['initialRtt', 'hasAnalysis'])
    expect(rows).toEqual([
      [0, false],
      [0, true],
      [0, true],
      [2e6, true],
    ])
  })
})

describe('a second pass', () => {
  /** The first pass over a list, then the second. */
  function twice<K extends keyof WiresharkResult>(lines: readonly Line[], names: readonly K[]): WiresharkResult[K][][] {
    const totals = new WiresharkTotals()
    totals.save(3, run(lines, () => {}).conversation)
    const analysis = newAnalysis()
    analysis.foresee(totals, 3)
    return numbersOf(lines, names, analysis)
  }

  test('knows how complete the session will be, and its round trip', () => {
    const lines: Line[] = [...HANDSHAKE, data(1, 10), acked(11)]
    expect(twice(lines, ['completeness', 'initialRtt'])).toEqual([
      [15, 0],
      [15, 2e6],
      [15, 2e6],
      [15, 2e6],
      [15, 2e6],
    ])
  })

  test('a SYN/ACK that came first counts from its second sighting on', () => {
    const lines: Line[] = [
      ['s', { flags: 'SA', seq: 0, ack: 1 }],
      ['c', { seq: 1 }],
    ]
    expect(twice(lines, ['completeness'])).toEqual([[4], [6]])
  })

  test('scales windows that came before the option did', () => {
    const lines: Line[] = [data(1, 1), ['c', { flags: 'S', seq: 0, scale: 2 }]]
    expect(twice(lines, ['scaledWindow'])[0]).toEqual([4000])
  })

  test('numbers count from the last SYN/ACK that was seen, until the first comes again', () => {
    const lines: Line[] = [
      ['s', { seq: 51, ack: 1, length: 1 }],
      ['s', { flags: 'SA', seq: 0, ack: 1 }],
      ['s', { flags: 'SA', seq: 70, ack: 1 }],
    ]
    const rows: [number, string][] = []
    const totals = new WiresharkTotals()
    totals.save(0, run(lines, () => {}).conversation)
    const analysis = newAnalysis()
    analysis.foresee(totals, 0)
    run(lines, (result) => rows.push([result.relativeSequence, flagsOf(result)]), analysis)
    expect(rows.map(([sequence]) => sequence)).toEqual([(51 - 70) >>> 0, 0, 0])
    expect(rows.map(([, flags]) => flags.includes('reusedPorts'))).toEqual([false, true, true])
  })

  test('a stream that the first pass did not see is as new', () => {
    const analysis = newAnalysis()
    analysis.foresee(new WiresharkTotals(), 12_345)
    expect(numbersOf([data(500, 10)], ['relativeSequence', 'completeness'], analysis)).toEqual([[1, 0]])
  })
})

describe('a segment that is not whole', () => {
  const packet = new Packet()
  const result = new WiresharkResult()
  /** Analyses lines after one another; `change` may spoil the last before it is analysed. */
  const after = (lines: readonly Line[], change: () => void, isQuoted = false): WiresharkAnalysis => {
    const analysis = newAnalysis()
    const segments = segmentsOf(lines)
    segments.forEach((segment, index) => {
      fillPacket(packet, segment, index + 1)
      const isLast = index === segments.length - 1
      if (isLast) change()
      const time = Number(segment.time - (segments[0]?.time ?? 0n))
      analysis.analyse(packet, segment.source === 1 ? 0 : 1, time, result, isLast && isQuoted)
    })
    return analysis
  }
  const cutOptions = () => {
    packet.payload = packet.payloadEnd = packet.limit = packet.transport + packet.tcp.headerLength - 1
    packet.tcp.optionsBroken = true
  }

  test('whose header was cut in the options is analysed, but Wireshark does not show it', () => {
    after([...HANDSHAKE, data(1, 10), data(1, 10, { at: 900, sack: [1, 2] })], cutOptions)
    expect([result.flags, result.bytesInFlight, result.rto, result.hasAnalysis]).toEqual([0, 0, 0, false])
    expect(result.relativeSequence).toBe(1)
  })

  test.each([
    ['whose length is not known', false],
    ['that an ICMP error quotes', true],
  ])('%s has raw numbers and no analysis', (_, isQuoted) => {
    const change = () => {
      packet.tcp.lengthKnown = isQuoted
    }
    const analysis = after([...HANDSHAKE, data(1, 10, { at: 900 })], change, isQuoted)
    expect([result.relativeSequence, result.hasAnalysis]).toEqual([CLIENT_ISN + 1, false])
    expect(analysis.conversation.completeness).toBe(7)
  })

  test('whose header length makes no sense is analysed, and then forgotten', () => {
    const change = () => {
      packet.tcp.headerLength = 16
    }
    const analysis = after([...HANDSHAKE, data(1, 10, { flags: 'FA', at: 900 })], change)
    expect([result.relativeSequence, result.hasAnalysis]).toEqual([1, false])
    expect(analysis.conversation.completeness).toBe(7)
  })
})
