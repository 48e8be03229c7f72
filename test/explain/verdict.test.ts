import { describe, expect, test } from 'vitest'
import { verdict, wentWell } from '../../src/explain/verdict.js'
import type { SessionSummary, TcpSummary, UdpSummary } from '../../src/sessions/summary.js'
import { direction, dnsSummary, lossyTruth, messageSummary, uneventful } from '../render/timelines.js'

const nothing = { ...direction, packets: 0, segments: 0, bytes: 0, uniqueBytes: 0 }
const silent = { client: { ...nothing, packets: 3 }, server: nothing }
const { handshake, teardown, data } = messageSummary

function tcp(changed: Partial<TcpSummary>): TcpSummary {
  return { ...messageSummary, ...changed }
}

function udp(changed: Partial<UdpSummary>): UdpSummary {
  return { ...dnsSummary, ...changed }
}

function unfit(packets: number): TcpSummary['data']['server'] {
  return { ...data.server, packets, badChecksums: packets }
}

function opening(...steps: ('syn' | 'synAck' | 'ack')[]): TcpSummary['handshake'] {
  const { syn, synAck, ack } = handshake
  return {
    ...(syn && steps.includes('syn') && { syn }),
    ...(synAck && steps.includes('synAck') && { synAck }),
    ...(ack && steps.includes('ack') && { ack }),
  }
}

const cases: [string, SessionSummary, string][] = [
  ['all as it should be', messageSummary, 'complete; the server closed first; nothing was lost'],
  [
    'a half-close that lasted',
    tcp({ teardown: { ...teardown, first: 'client', halfClosedFor: 4_200_000_000 } }),
    'complete; the client closed first, and the server 4.20 s later; nothing was lost',
  ],
  [
    'opened and closed for nothing',
    tcp({ data: { client: nothing, server: nothing } }),
    'complete; the server closed first; no data',
  ],
  [
    'both closed',
    tcp({ teardown: { ending: 'simultaneous', first: 'client' } }),
    'complete; both ends closed at once; nothing was lost',
  ],
  [
    'refused',
    tcp({
      handshake: opening('syn'),
      data: silent,
      teardown: { ending: 'refused', first: 'server', reset: { frame: 2, time: 9, by: 'server' } },
    }),
    'refused: the SYN was answered with a reset',
  ],
  [
    'no answer',
    tcp({
      handshake: { syn: { frame: 1, time: 0, transmissions: 4 } },
      data: silent,
      teardown: { ending: 'none' },
      duration: 7_020_000_000,
    }),
    'no answer: 4 SYNs in 7.02 s, and nothing came back',
  ],
  [
    'an unreachable host',
    tcp({
      handshake: opening('syn'),
      data: silent,
      teardown: { ending: 'none' },
      icmpErrors: [{ frame: 2, version: 4, type: 3, code: 1, about: 'client' }],
    }),
    'not reached: 1 SYN, and ICMP answered "host unreachable"',
  ],
  [
    'half-open',
    tcp({
      handshake: opening('syn', 'synAck'),
      data: { client: nothing, server: nothing },
      teardown: { ending: 'none' },
    }),
    'never fully opened; no answer to the SYN/ACK was captured; no data',
  ],
  [
    'joined in the middle, reset',
    tcp({
      assumed: true,
      handshake: {},
      teardown: { ending: 'reset', first: 'client', reset: { frame: 8, time: 1, by: 'client' } },
    }),
    'the opening was not captured; reset by the client',
  ],
  [
    'reset after a FIN',
    tcp({
      teardown: {
        ending: 'reset',
        first: 'client',
        clientFin: { frame: 8, time: 1 },
        reset: { frame: 9, time: 2, by: 'server' },
      },
    }),
    'the client closed, then the server reset it',
  ],
  ['still open', tcp({ teardown: { ending: 'none' } }), 'still open when the capture ends; nothing was lost'],
  [
    'losses, disorder, damage and a closed window',
    tcp({
      data: {
        client: {
          ...data.client,
          badChecksums: 1,
          remarks: { ...direction.remarks, retransmissions: 3, outOfOrder: 2 },
        },
        server: { ...data.server, remarks: { ...direction.remarks, zeroWindows: 2 } },
      },
      truth: {
        ...lossyTruth,
        client: { ...uneventful, retransmissions: 3, needless: 1, outOfOrder: 2, duplicates: 1, missedBytes: 1448 },
        segments: [],
      },
    }),
    'complete; the server closed first; 3 segments were sent again, 1 of them needlessly; 2 arrived out of order; 1 copy was made by the network; 1 with a bad checksum; the server closed its window 2 times; 1,448 B arrived but were not captured',
  ],
  [
    'a capture that lacks bytes of it',
    tcp({ truth: { ...lossyTruth, client: { ...uneventful, missedBytes: 1448 }, server: uneventful, segments: [] } }),
    'complete; the server closed first; nothing was lost; 1,448 B arrived but were not captured',
  ],
  [
    'a capture whose addresses were changed',
    tcp({ data: { client: unfit(data.client.packets), server: unfit(data.server.packets) } }),
    'complete; the server closed first; nothing was lost; no checksum of either end fits',
  ],
  [
    'one end of which no checksum fits',
    tcp({ data: { client: data.client, server: unfit(data.server.packets) } }),
    "complete; the server closed first; nothing was lost; no checksum of the server's fits",
  ],
  [
    'a single packet of an end, damaged',
    tcp({ data: { client: data.client, server: unfit(1) } }),
    'complete; the server closed first; 1 with a bad checksum',
  ],
  [
    'probes of a silent end are no losses',
    tcp({
      truth: {
        ...lossyTruth,
        client: { ...uneventful, retransmissions: 2, needless: 2 },
        segments: lossyTruth.segments.flatMap((segment) => [
          { ...segment, cause: 'keep-alive', needed: false },
          { ...segment, cause: 'zero window', needed: false },
        ]),
      },
    }),
    'complete; the server closed first; nothing was lost',
  ],
  [
    'segments not looked at one by one',
    tcp({ data: { client: { ...data.client, retransmittedBytes: 2896 }, server: data.server } }),
    'complete; the server closed first; 2,896 B were sent again',
  ],
  [
    'a session that was let go and came back',
    tcp({ resumed: true, teardown: { ending: 'none' } }),
    'goes on from an earlier part; still open when the capture ends; nothing was lost',
  ],
  ['a question answered', dnsSummary, '1 request, 1 reply; answered after 12.4 ms'],
  [
    'a question unanswered',
    udp({
      requests: { answered: 0, unanswered: 3, repeated: 0, unasked: 0, undecided: 0 },
      data: { client: { ...dnsSummary.data.client, packets: 3 }, server: { ...dnsSummary.data.server, packets: 0 } },
    }),
    'no answer: 3 datagrams from the client, none back',
  ],
  [
    'datagrams of which no checksum fits',
    udp({
      packets: 2,
      data: {
        client: { ...dnsSummary.data.client, packets: 1, badChecksums: 1 },
        server: { ...dnsSummary.data.server, packets: 1, badChecksums: 1 },
      },
    }),
    '1 request, 1 reply; answered after 12.4 ms; no checksum fits',
  ],
  [
    'a closed port',
    udp({
      data: { client: dnsSummary.data.client, server: { ...dnsSummary.data.server, packets: 0 } },
      icmpErrors: [{ frame: 4, version: 6, type: 1, code: 4, about: 'client' }],
    }),
    'not delivered: 1 datagram, and ICMP answered "port unreachable"',
  ],
]

describe('the verdict', () => {
  test.each(cases)('%s', (_, summary, sentence) => {
    expect(verdict(summary)).toBe(sentence)
  })
})

test('only a session without any trouble went well', () => {
  const well = cases.filter(([, summary]) => wentWell(summary)).map(([name]) => name)
  expect(well).toEqual([
    'all as it should be',
    'a half-close that lasted',
    'opened and closed for nothing',
    'both closed',
    'a capture that lacks bytes of it',
    'a capture whose addresses were changed',
    'one end of which no checksum fits',
    'probes of a silent end are no losses',
    'a question answered',
    'datagrams of which no checksum fits',
  ])
})
