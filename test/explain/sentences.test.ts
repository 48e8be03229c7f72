import { describe, expect, test } from 'vitest'
import { explainCompleteness, explainConnState } from '../../src/explain/completeness.js'
import { explainData } from '../../src/explain/data.js'
import { formatEndpoint } from '../../src/explain/endpoints.js'
import { explainHandshake } from '../../src/explain/handshake.js'
import { icmpMessage } from '../../src/explain/icmp.js'
import { explainTeardown } from '../../src/explain/teardown.js'
import { explainOffload, explainVantage } from '../../src/explain/truth.js'
import { explainUdp } from '../../src/explain/udp.js'
import { direction, dnsSummary, lossyTruth, messageSummary, uneventful } from '../render/timelines.js'

test('a handshake: who, when, both halves, what was offered and agreed', () => {
  expect(explainHandshake(messageSummary)).toEqual([
    'SYN #1, SYN/ACK #2, ACK #3: 152 µs from SYN to SYN/ACK, 62 µs from there to the ACK',
    'the client offers ISN 2873459107, window 64,240, MSS 1,460, window scale 7 (×128), SACK, timestamps',
    'the server offers ISN 901233471, window 65,160, MSS 1,460, window scale 7 (×128), SACK, timestamps',
    'in use: window scaling, SACK, timestamps',
  ])
})

test('a handshake that nobody saw', () => {
  expect(explainHandshake({ ...messageSummary, assumed: true, handshake: {} })[0]).toMatch(/^not captured/)
})

test('a handshake without an answer, tried again', () => {
  const summary = { ...messageSummary, handshake: { syn: { frame: 1, time: 0, transmissions: 3 } } }
  expect(explainHandshake(summary)).toEqual(['SYN #1 (sent 3 times); no SYN/ACK was seen'])
})

test('an option that only one end offers is not in use', () => {
  const negotiated = { windowScale: true, sack: false, timestamps: false }
  const summary = { ...messageSummary, handshake: { ...messageSummary.handshake, negotiated } }
  expect(explainHandshake(summary).at(-1)).toBe('in use: window scaling; not in use: SACK, timestamps')
})

test('data, with what had to be sent again', () => {
  const client = {
    ...direction,
    segments: 12,
    bytes: 17_376,
    uniqueBytes: 14_480,
    retransmittedBytes: 2896,
  }
  const server = {
    ...direction,
    segments: 0,
    bytes: 0,
    uniqueBytes: 0,
    remarks: { ...direction.remarks, duplicateAcks: 3 },
  }
  const truth = { ...lossyTruth, client: { ...uneventful, retransmissions: 2, needless: 2 }, segments: [] }
  expect(explainData({ ...messageSummary, data: { client, server }, truth })).toEqual([
    'the client sent 14,480 B in 12 segments; 2 segments were sent again, needlessly',
    'the server sent nothing; 3 duplicate ACKs',
  ])
})

describe('a teardown', () => {
  test('orderly: both FINs, what acknowledged them, and who is left in TIME_WAIT', () => {
    expect(explainTeardown(messageSummary)).toEqual([
      'the server closed first, with #8, acknowledged by #9',
      'the client closed with #9, acknowledged by #10',
      'half closed for 91 µs: only the client could still send',
      'the server is left in TIME_WAIT until 62.311 s (60 s, as on Linux)',
    ])
  })

  test('half: the other end never closed', () => {
    const summary = {
      ...messageSummary,
      teardown: { ending: 'half-closed', first: 'client', clientFin: { frame: 8, time: 5 } },
    } as const
    expect(explainTeardown(summary)).toEqual([
      'the client closed first, with #8, never acknowledged',
      'the server never closed: half closed when the capture ends',
    ])
  })

  test('at once: nobody was half closed, and both wait', () => {
    const summary = {
      ...messageSummary,
      clientState: 'TIME_WAIT',
      serverState: 'TIME_WAIT',
      teardown: { ...messageSummary.teardown, ending: 'simultaneous' },
    } as const
    expect(explainTeardown(summary).slice(2)).toEqual([
      'the two crossed: each end had closed before it knew of the other',
      'both ends are left in TIME_WAIT, the server until 62.311 s (60 s, as on Linux)',
    ])
  })

  test('by a reset', () => {
    const teardown = { ending: 'reset', first: 'client', reset: { frame: 8, time: 5, by: 'client' } } as const
    expect(explainTeardown({ ...messageSummary, teardown })).toEqual([
      'the client reset it with #8: what was not delivered by then is lost',
    ])
  })

  test('not seen', () => {
    expect(explainTeardown({ ...messageSummary, teardown: { ending: 'none' } })).toEqual([
      'none: the session was still open when the capture ended',
    ])
  })
})

test('a teardown of which only one direction was captured says nothing of the other', () => {
  const summary = {
    ...messageSummary,
    teardown: { ending: 'half-closed', first: 'client', clientFin: { frame: 8, time: 5 } },
    data: { ...messageSummary.data, server: { ...direction, packets: 0 } },
  } as const
  expect(explainTeardown(summary).at(-1)).toBe('whether the server closed was not captured: of it there is no packet')
})

const answeredOnce = {
  answered: 1,
  unanswered: 0,
  repeated: 0,
  unasked: 0,
  undecided: 0,
  replyTime: { minimum: 12_400_000, mean: 12_400_000, maximum: 12_400_000 },
}

test('UDP: what went which way, what stayed without an answer, and what ICMP said', () => {
  expect(
    explainUdp({
      ...dnsSummary,
      data: { client: { ...dnsSummary.data.client, packets: 3, bytes: 87 }, server: dnsSummary.data.server },
      requests: { ...answeredOnce, unanswered: 2 },
      icmpErrors: [{ frame: 9, version: 4, type: 3, code: 3, about: 'client' }],
    }),
  ).toEqual([
    'the client sent 3 datagrams with 87 B',
    'the server sent 1 datagram with 45 B',
    '2 of 3 requests stayed without an answer',
    'the reply came after 12.4 ms',
    'ICMP says "port unreachable" about what the client sent (#9)',
  ])
})

test('completeness and connection states, in words', () => {
  expect(explainCompleteness(31)).toBe('31: SYN, SYN/ACK, ACK, data, FIN')
  expect(explainCompleteness(0)).toBe('0: none of its turning points')
  expect(explainConnState('REJ')).toBe('attempted and rejected')
})

test.each([
  [4, 3, 4, 'fragmentation needed and DF set'],
  [4, 11, 1, 'fragment reassembly time exceeded'],
  [4, 5, 1, 'redirect for the host'],
  [6, 1, 4, 'port unreachable'],
  [6, 2, 0, 'packet too big'],
  [4, 3, 99, 'type 3, code 99'],
  [6, 200, 7, 'type 200, code 7'],
] as const)('ICMP of IPv%i, type %i, code %i: %s', (version, type, code, words) => {
  expect(icmpMessage(version, type, code)).toBe(words)
})

test('an IPv6 endpoint is written so that the port stays apart', () => {
  expect(formatEndpoint({ address: '2001:db8::1', port: 80 })).toBe('[2001:db8::1]:80')
  expect(formatEndpoint({ address: '192.0.2.1', port: 80 })).toBe('192.0.2.1:80')
})

test('where the capture was taken, and what says so', () => {
  expect(explainVantage(lossyTruth)).toBe('taken at the client: the round trip lies between SYN and SYN/ACK (#1, #2)')
  const oneHost = { place: 'one host', evidence: [] } as const
  expect(explainVantage({ ...lossyTruth, vantage: oneHost })).toBe('taken on the one host that has both ends')
})

test('what a network card does for its host is no error', () => {
  const server = {
    ...uneventful,
    offload: { segments: 3, frame: 9, longest: 7240, mss: 1460 },
    partialChecksums: { packets: 1, frame: 2 },
  }
  expect(explainOffload({ ...lossyTruth, server }, 'server')).toEqual([
    '3 segments of the server are longer than the maximum segment size of 1460 (up to 7240 bytes, from #9 on): the network card cuts them up, or has put them together',
    'the server left 1 checksum to its network card (from #2 on): they are not errors',
  ])
  expect(explainOffload(lossyTruth, 'client')).toEqual([])
})
