/** What is kept of a session: no more than it needs, and nothing of the one before. */
import { expect, test } from 'vitest'
import { Packet } from '../../../../src/packet.js'
import { WiresharkAnalysis } from '../../../../src/sessions/tcp/wireshark/analysis.js'
import { Flow } from '../../../../src/sessions/tcp/wireshark/flow.js'
import { MAX_OUTSTANDING } from '../../../../src/sessions/tcp/wireshark/outstanding.js'
import { WiresharkResult } from '../../../../src/sessions/tcp/wireshark/result.js'
import { SegmentPool } from '../../../../src/sessions/tcp/wireshark/segment-pool.js'
import { fillPacket } from '../../../support/tcp-segments.js'
import { HANDSHAKE, type Line, segmentsOf } from './story.js'

/** A session with holes, retransmissions and everything else that is remembered. */
const EVENTFUL: readonly Line[] = [
  ['c', { flags: 'S', seq: 0, ack: 0, scale: 7, cookie: 8, length: 5 }],
  ['s', { flags: 'SA', seq: 0, ack: 1, scale: 7 }],
  ['c', { seq: 1 }],
  ['c', { flags: 'PA', seq: 1, length: 100 }],
  ['c', { seq: 201, length: 100 }],
  ['s', { seq: 1, ack: 101, sack: [201, 301] }],
  ['s', { seq: 1, ack: 101, sack: [201, 301] }],
  ['s', { seq: 1, ack: 101, sack: [201, 301], window: 0 }],
  ['c', { seq: 101, length: 100, at: 700 }],
  ['s', { seq: 1, ack: 999 }],
  ['s', { flags: 'FA', seq: 50, ack: 301 }],
]

/** What the analyses say of each packet, which all of them get before the next. */
function tell(lines: readonly Line[], ...analyses: WiresharkAnalysis[]): string[][] {
  const packet = new Packet()
  const result = new WiresharkResult()
  return segmentsOf(lines).map((segment, index) => {
    fillPacket(packet, segment, index + 1)
    return analyses.map((analysis) => {
      analysis.analyse(packet, segment.source === 1 ? 0 : 1, index * 1e6, result)
      return JSON.stringify(result)
    })
  })
}

function fresh(pool = new SegmentPool()): WiresharkAnalysis {
  const analysis = new WiresharkAnalysis(pool)
  analysis.reset()
  return analysis
}

function outstandingOf(analysis: WiresharkAnalysis): number {
  const [client] = analysis.conversation.numbering
  return client instanceof Flow ? client.outstanding : Number.NaN
}

test('a session that is reset knows nothing of the one before', () => {
  const used = fresh()
  tell(EVENTFUL, used)
  for (const lines of [EVENTFUL, HANDSHAKE]) {
    used.reset()
    expect(tell(lines, used)).toEqual(tell(lines, fresh()))
  }
})

test('sessions that take turns do not disturb each other, though they share a pool', () => {
  const pool = new SegmentPool(1)
  const alone = tell(EVENTFUL, fresh()).map(([told]) => [told, told, told])
  expect(tell(EVENTFUL, fresh(pool), fresh(pool), fresh(pool))).toEqual(alone)
})

test('a session that is reset gives its segments back', () => {
  const pool = new SegmentPool(16)
  const analysis = fresh(pool)
  for (let session = 0; session < 100; session++) {
    tell(EVENTFUL, analysis)
    analysis.reset()
  }
  expect(pool.capacity).toBe(16)
})

test('a direction that nobody answers is kept up to a limit', () => {
  const lines = Array.from({ length: MAX_OUTSTANDING + 100 }, (_, index): Line => ['c', { seq: index, length: 1 }])
  const analysis = fresh()
  tell(lines, analysis)
  expect(outstandingOf(analysis)).toBe(MAX_OUTSTANDING)
  analysis.reset()
  expect(outstandingOf(analysis)).toBe(0)
})
