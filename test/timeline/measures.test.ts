/** Small conversations, and what was computed of them by hand. */
import { describe, expect, test } from 'vitest'
import { type DirectionMeasures, measure } from '../../src/timeline/measures.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

const MS = 1e6
const MSS = 1460

function ofClient(conversation: Conversation): DirectionMeasures {
  const measures = measure(timelineOf(conversation))
  if (measures === undefined) throw new Error('not TCP')
  return measures.client
}

/** SYN at 0 ms, SYN/ACK 10 ms later, the ACK at once. */
function opened(): Conversation {
  const mss = [2, 4, 5, 180]
  return new Conversation()
    .client('S', { at: 0, options: mss })
    .server('SA', { at: 10, options: mss })
    .client('A', { at: 10 })
}

const full = 'x'.repeat(MSS)

describe('round trips (RFC 6298)', () => {
  test('EstimatedRTT, DevRTT and the timeout after each sample', () => {
    const talk = opened()
    talk.client('PA', { at: 100, text: full }).server('A', { at: 118 })
    talk.client('PA', { at: 200, text: full }).server('A', { at: 426 })
    const { samples } = ofClient(talk).roundTrips
    // the SYN's: R = 10: SRTT 10, RTTVAR 5
    // R = 18: RTTVAR = 3/4 × 5 + 1/4 × |10 − 18| = 5.75; SRTT = 7/8 × 10 + 1/8 × 18 = 11
    // R = 226: RTTVAR = 3/4 × 5.75 + 1/4 × |11 − 226| = 58.0625; SRTT = 7/8 × 11 + 1/8 × 226 = 37.875
    expect(samples.map(({ rtt, estimated, deviation, timeout }) => [rtt, estimated, deviation, timeout])).toEqual([
      // 4 × RTTVAR is taken for 200 ms at least, not the sum, as ss -ti shows on Linux
      [10 * MS, 10 * MS, 5 * MS, 210 * MS],
      [18 * MS, 11 * MS, 5.75 * MS, 211 * MS],
      [226 * MS, 37.875 * MS, 58.0625 * MS, (37.875 + 4 * 58.0625) * MS],
    ])
    expect(samples.map(({ frame, ack }) => [frame, ack])).toEqual([
      [1, 2],
      [4, 5],
      [6, 7],
    ])
  })

  test("a segment that was sent twice gives no sample (Karn's rule)", () => {
    const talk = opened()
    talk.client('PA', { at: 100, text: full, seq: 1001 })
    talk.client('PA', { at: 400, text: full, seq: 1001 }).server('A', { at: 410 })
    expect(ofClient(talk).roundTrips.samples.map(({ frame }) => frame)).toEqual([1])
  })

  test('nor does what was sent again in other pieces', () => {
    const talk = opened()
    talk.client('PA', { at: 100, text: full, seq: 1001 })
    talk.client('PA', { at: 400, text: 'x'.repeat(460), seq: 2001 }).server('A', { at: 410 })
    expect(ofClient(talk).roundTrips.samples.map(({ frame }) => frame)).toEqual([1])
  })

  test('an ACK that covers several segments is a sample of the last of them', () => {
    const talk = opened()
    talk.client('A', { at: 100, text: full }).client('A', { at: 103, text: full }).server('A', { at: 115 })
    expect(ofClient(talk).roundTrips.samples.at(-1)).toMatchObject({ frame: 5, ack: 6, rtt: 12 * MS })
  })

  test('by timestamps, from the segment whose TSval comes back', () => {
    const stamp = (value: number, echo: number) => [1, 1, 8, 10, 0, 0, 0, value, 0, 0, 0, echo]
    const talk = new Conversation()
      .client('S', { at: 0, options: stamp(1, 0) })
      .server('SA', { at: 10, options: stamp(51, 1) })
      .client('A', { at: 10, options: stamp(11, 51) })
    talk.client('PA', { at: 100, text: 'a', options: stamp(12, 51) }).server('A', { at: 107, options: stamp(60, 12) })
    expect(ofClient(talk).roundTrips.byTimestamps).toMatchObject({ count: 1, median: 7 * MS })
  })

  test('statistics of the samples', () => {
    const talk = opened()
    for (const [at, rtt] of [
      [100, 20],
      [200, 30],
      [300, 40],
    ] as const)
      talk.client('PA', { at, text: full }).server('A', { at: at + rtt })
    // 10, 20, 30, 40: mean 25, variance (225 + 25 + 25 + 225) / 4 = 125
    expect(ofClient(talk).roundTrips.statistics).toEqual({
      count: 4,
      minimum: 10 * MS,
      median: 25 * MS,
      mean: 25 * MS,
      maximum: 40 * MS,
      deviation: Math.sqrt(125) * MS,
    })
  })
})

describe('flight and window', () => {
  test('what is sent and not acknowledged, and how long the window was zero', () => {
    const talk = opened()
    talk.client('A', { at: 100, text: full }).client('PA', { at: 101, text: full })
    talk.server('A', { at: 110, window: 0 }).server('A', { at: 1610, window: 3000 })
    const { largest, smallestWindow, zeroWindowTime, points } = ofClient(talk).flight
    expect({ largest, smallestWindow, zeroWindowTime }).toEqual({
      largest: 2 * MSS,
      smallestWindow: 0,
      zeroWindowTime: 1500 * MS,
    })
    expect(points.slice(-4).map(({ inFlight, window }) => [inFlight, window])).toEqual([
      [MSS, 64240],
      [2 * MSS, 64240],
      [0, 0],
      [0, 3000],
    ])
  })

  test('a window that never opens again counts until the last packet', () => {
    const talk = opened().client('PA', { at: 100, text: full }).server('A', { at: 110, window: 0 })
    talk.client('A', { at: 910, seq: 1000 })
    expect(ofClient(talk).flight.zeroWindowTime).toBe(800 * MS)
  })
})

describe('what the capture does not have', () => {
  const scaled = [2, 4, 5, 180, 3, 3, 7, 0]

  test('SYNs that agreed on scaling: windows are the least that there can be, and hold nobody back', () => {
    const talk = new Conversation().server('SA', { at: 10, options: scaled }).client('A', { at: 10 })
    talk.client('A', { at: 100, text: full }).server('A', { at: 110, window: 500 })
    talk.client('A', { at: 111, text: full }).client('A', { at: 140, text: full })
    const { flight, held } = ofClient(talk)
    expect(flight.isScaleKnown).toBe(false)
    expect(held.map(({ by }) => by)).not.toContain('receiver')
    expect(ofClient(opened().client('A', { text: full })).flight.isScaleKnown).toBe(true)
  })

  test('the ACKs: nothing is known of goodput, and nobody seen to wait for them', () => {
    const talk = new Conversation().client('S', { at: 0 }).client('A', { at: 10 })
    for (const at of [100, 101, 300]) talk.client('A', { at, text: full })
    const { goodput, held, flight } = ofClient(talk)
    expect(goodput).toBeUndefined()
    expect(held).toEqual([{ by: 'unknown', from: 100 * MS, until: 300 * MS }])
    expect(flight.largest).toBe(3 * MSS)
  })
})

test('an ACK that was overtaken says nothing of the window any more', () => {
  const talk = opened().client('A', { at: 100, text: full }).client('A', { at: 101, text: full })
  talk.server('A', { at: 110 }).server('A', { at: 111, ack: 1001 + MSS, window: 700 })
  expect(ofClient(talk).flight.smallestWindow).toBe(64_240)
})

describe('what held the sender back', () => {
  test('seen at the receiver: the network, as long as its ACK and the answer to it are on their way', () => {
    const mss = [2, 4, 5, 180]
    const talk = new Conversation()
      .client('S', { at: 0, options: mss })
      .server('SA', { at: 0.01, options: mss })
      .client('A', { at: 20 })
    for (const at of [20, 40, 60, 500]) {
      for (const after of [0, 1, 2])
        talk
          .client(at === 60 && after === 2 ? 'PA' : 'A', { at: at + after / 100, text: full })
          .server('A', { at: at + (after + 0.5) / 100 })
    }
    const held = ofClient(talk).held
    expect(held.map(({ by, until }) => [by, Math.round(until / MS)])).toEqual([
      ['network', 60],
      ['application', 500],
      ['network', 500],
    ])
  })

  test('the application, when all was acknowledged', () => {
    const talk = opened().client('PA', { at: 100, text: full }).server('A', { at: 110 })
    talk.client('PA', { at: 500, text: full })
    expect(ofClient(talk).held).toEqual([{ by: 'application', from: 100 * MS, until: 500 * MS }])
  })

  test("the receiver's window, when it has no room for one more full segment", () => {
    const talk = opened().client('A', { at: 100, text: full }).server('A', { at: 110, window: 2000 })
    talk.client('A', { at: 111, text: full }).client('A', { at: 140, text: 'x'.repeat(540) })
    expect(ofClient(talk).held.at(-1)).toEqual({ by: 'receiver', from: 111 * MS, until: 140 * MS })
  })

  test('the network, when it waits with data in flight and a window that is open', () => {
    const talk = opened().client('A', { at: 100, text: full }).client('A', { at: 101, text: full })
    expect(ofClient(talk).held).toEqual([{ by: 'network', from: 100 * MS, until: 101 * MS }])
  })
})

describe('what held the sender back: the rest, as TCP_INFO has it', () => {
  const message = 'x'.repeat(1000)

  test('the application, whose messages are in flight, though each is longer than half a segment', () => {
    const talk = opened()
    for (let i = 0; i < 5; i++) {
      talk.client('PA', { at: 100 + 3 * i, text: message, seq: 1001 + 1000 * i })
      if (i > 2) talk.server('A', { at: 101 + 3 * i, ack: 1001 + 1000 * (i - 2) })
    }
    expect(ofClient(talk).held).toEqual([{ by: 'application', from: 100 * MS, until: 112 * MS }])
  })

  test('the application, when the sender was free to send and did not, if only for the rest of a long round trip', () => {
    const talk = opened().client('A', { at: 100, text: full }).client('PA', { at: 100.1, text: full })
    talk.server('A', { at: 200 }).client('A', { at: 220, text: full })
    expect(ofClient(talk).held.at(-1)).toMatchObject({ by: 'application', until: 220 * MS })
  })

  test('not the application, by whose clock the next was sent before: it had waited in a queue of its own host', () => {
    const stamps = (value: number, echo: number) => [
      1,
      1,
      8,
      10,
      0,
      0,
      value >> 8,
      value & 255,
      0,
      0,
      echo >> 8,
      echo & 255,
    ]
    const mss = [2, 4, 5, 180]
    const heldBy = (value: number) => {
      const talk = new Conversation()
        .client('S', { at: 0, options: [...mss, ...stamps(100, 0)] })
        .server('SA', { at: 10, options: [...mss, ...stamps(500, 100)] })
        .client('A', { at: 10, options: stamps(110, 500) })
      talk.client('PA', { at: 100, text: 'x'.repeat(1448), options: stamps(200, 500) })
      talk.client('PA', { at: 100.1, text: 'x'.repeat(1448), options: stamps(200, 500) })
      talk.server('A', { at: 110, options: stamps(610, 200) })
      talk.client('PA', { at: 150, text: 'x'.repeat(1448), options: stamps(value, 500) })
      talk.server('A', { at: 160, options: stamps(660, value) })
      talk.client('PA', { at: 300, text: 'the end', options: stamps(400, 660) })
      return ofClient(talk).held.find(({ from, until }) => from < 149 * MS && until >= 150 * MS)?.by
    }
    expect([heldBy(250), heldBy(200)]).toEqual(['application', 'unknown'])
  })

  test('nor one that had more to send, be it free to go or not: a segment in the middle of a write has no PSH', () => {
    const talk = opened().client('A', { at: 100, text: full }).client('A', { at: 100.1, text: full })
    talk.server('A', { at: 110 }).client('PA', { at: 150, text: full })
    expect(ofClient(talk).held.at(-1)).toMatchObject({ by: 'unknown', until: 150 * MS })
  })

  test('not the window that has long opened again when the next is sent', () => {
    const talk = opened()
      .client('PA', { at: 100, text: 'x'.repeat(864) })
      .server('A', { at: 110, window: 584 })
    talk.server('A', { at: 1000, window: 8688 }).client('PA', { at: 1500, text: full })
    expect(ofClient(talk).held).toEqual([{ by: 'application', from: 100 * MS, until: 1500 * MS }])
  })

  test("Nagle's algorithm, which keeps a short segment for the ACK of the one before", () => {
    const talk = opened().client('PA', { at: 100, text: 'a' }).server('A', { at: 140 })
    talk.client('PA', { at: 140.05, text: 'b' }).server('PA', { at: 150, text: 'c' })
    talk.client('PA', { at: 150.05, text: 'd' })
    expect(ofClient(talk).held.map(({ by, until }) => [by, until / MS])).toEqual([
      ['Nagle', 140.05],
      ['application', 150.05],
    ])
  })

  test('but not where it is off: two short ones are in flight at once', () => {
    const talk = opened().client('PA', { at: 100, text: 'a' }).client('PA', { at: 102, text: 'a' })
    talk.server('A', { at: 140 }).client('PA', { at: 140.05, text: 'b' })
    expect(ofClient(talk).held).toEqual([{ by: 'application', from: 100 * MS, until: 140.05 * MS }])
  })

  test('seen at the receiver: its window, which the sender fills to the last byte, with a short segment', () => {
    const mss = [2, 4, 5, 180]
    const talk = new Conversation()
      .client('S', { at: 0, options: mss })
      .server('SA', { at: 0.01, options: mss, window: 2000 })
      .client('A', { at: 20 })
    for (const at of [20, 40, 60]) {
      talk.client('A', { at, text: full }).server('A', { at: at + 0.005, window: 540 })
      talk.client('PA', { at: at + 0.01, text: 'x'.repeat(540) }).server('A', { at: at + 0.015, window: 2000 })
    }
    const held = ofClient(talk).held
    const shares = held.map(({ by, from, until }) => [by, Math.round((until - from) / MS)])
    expect(shares.filter(([, time]) => time !== 0)).toEqual([['receiver', 40]])
  })
})

test('the network, until what was lost is sent again, also when a short segment was the last before', () => {
  const talk = opened().client('A', { at: 100, text: full }).client('PA', { at: 101, text: 'the end' })
  talk.client('A', { at: 301, seq: 1001, text: full }).server('A', { at: 311 })
  expect(ofClient(talk).held).toEqual([{ by: 'network', from: 100 * MS, until: 301 * MS }])
})

describe('slow start', () => {
  /** One round: so many full segments, all acknowledged 10 ms later. */
  function round(talk: Conversation, at: number, segments: number): void {
    for (let i = 0; i < segments; i++) talk.client('A', { at: at + i / 100, text: full })
    talk.server('A', { at: at + 10 })
  }

  test('ends where a round is less than half again as large as the one before', () => {
    const talk = opened()
    for (const [index, segments] of [2, 4, 8, 9, 10].entries()) round(talk, 100 + index * 11, segments)
    expect(ofClient(talk).slowStart).toEqual({
      rounds: [2, 4, 8, 9, 10].map((segments) => segments * MSS),
      length: 3,
      // three packets, then 2 and an ACK, 4 and an ACK, 8
      lastFrame: 3 + 3 + 5 + 8,
      endedBy: 'slower growth',
    })
  })

  test('ends with the data', () => {
    const talk = opened()
    round(talk, 100, 2)
    round(talk, 120, 4)
    expect(ofClient(talk).slowStart).toMatchObject({ length: 2, endedBy: 'end of data' })
  })

  test('ends with a loss, at the last segment before it is repaired', () => {
    const talk = opened()
    round(talk, 100, 2)
    for (let i = 0; i < 4; i++) talk.client('A', { at: 120 + i, text: full })
    const lost = 1001 + 2 * MSS
    for (let i = 0; i < 3; i++) talk.server('A', { at: 131 + i, ack: lost })
    talk.client('A', { at: 135, seq: lost, text: full }).server('A', { at: 146 })
    expect(ofClient(talk).slowStart).toMatchObject({ length: 2, lastFrame: 10, endedBy: 'loss' })
  })

  test('ends with a loss, too, where that is what makes the next round small: what is lost brings no ACK', () => {
    const talk = opened()
    round(talk, 100, 2)
    round(talk, 111, 4)
    const lost = 1001 + 7 * MSS
    for (let i = 0; i < 8; i++) talk.client('A', { at: 122 + i / 100, text: full })
    talk.server('A', { at: 132, ack: lost })
    for (let i = 0; i < 3; i++) talk.client('A', { at: 132.1 + i / 100, text: full })
    for (let i = 0; i < 3; i++) talk.server('A', { at: 132.2 + i / 100, ack: lost })
    talk.client('A', { at: 132.3, seq: lost, text: full }).server('A', { at: 143, ack: lost + 10 * MSS })
    expect(ofClient(talk).slowStart).toMatchObject({ length: 4, endedBy: 'loss' })
  })

  test('does not end with what is left for the last round', () => {
    const talk = opened()
    for (const [index, segments] of [2, 4, 8, 3].entries()) round(talk, 100 + index * 11, segments)
    expect(ofClient(talk).slowStart).toMatchObject({ length: 4, endedBy: 'end of data' })
  })

  test("where the receiver's window is full, the congestion window may be larger", () => {
    const talk = opened()
    round(talk, 100, 2)
    for (let j = 0; j < 4; j++) talk.client('A', { at: 111 + j / 100, text: full })
    talk.server('A', { at: 121, window: 4 * MSS })
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 4; j++) talk.client('A', { at: 122 + i * 11 + j / 100, text: full })
      talk.server('A', { at: 132 + i * 11, window: 4 * MSS })
    }
    expect(ofClient(talk).slowStart).toMatchObject({ length: 2, endedBy: 'receiver' })
  })

  test('is not what a program writes, be it more and more', () => {
    const talk = opened()
    for (const [i, size] of [20, 100, 400].entries())
      talk.client('PA', { at: 100 + 100 * i, text: 'x'.repeat(size) }).server('A', { at: 110 + 100 * i })
    expect(ofClient(talk).slowStart).toMatchObject({ length: 3, hiddenBy: 'pace' })
  })

  test('does not show at the receiver, and not in the middle of a session', () => {
    const talk = new Conversation().client('S', { at: 0 }).server('SA', { at: 0.01 }).client('A', { at: 20 })
    round(talk, 40, 1)
    round(talk, 60, 4)
    expect(ofClient(talk).slowStart).toMatchObject({ hiddenBy: 'vantage' })
    const middle = new Conversation(60_000)
    for (const [i, segments] of [2, 4].entries()) round(middle, 11 * i, segments)
    expect(ofClient(middle).slowStart).toMatchObject({ hiddenBy: expect.any(String) })
  })

  test('is not seen in a single round', () => {
    expect(ofClient(opened().client('PA', { text: 'a' }).server('A')).slowStart).toBeUndefined()
  })
})

describe('acknowledgments', () => {
  test('bytes and segments that an ACK covers; the FIN is no byte', () => {
    const talk = opened()
    talk.client('A', { at: 100, text: full }).client('A', { at: 101, text: full }).server('A', { at: 110 })
    talk.client('PA', { at: 120, text: 'x'.repeat(100) }).server('A', { at: 130 })
    talk.client('FPA', { at: 140, text: 'x'.repeat(40) }).server('A', { at: 150 })
    const { count, ofOne, ofTwo, ofMore, bytes } = ofClient(talk).acknowledgments
    expect({ count, ofOne, ofTwo, ofMore }).toEqual({ count: 3, ofOne: 2, ofTwo: 1, ofMore: 0 })
    expect(bytes).toMatchObject({ minimum: 40, median: 100, maximum: 2 * MSS })
  })

  test('one that waited for its timer, and by how much longer than the fastest', () => {
    const talk = opened()
    talk.client('PA', { at: 100, text: 'a' }).server('A', { at: 150 })
    expect(ofClient(talk).acknowledgments.delayed).toEqual([{ frame: 5, by: 40 * MS }])
  })

  test('none, where the way takes now more and now less: no gap tells the timer', () => {
    const talk = opened()
    for (const [i, late] of [5, 12, 19, 26, 33, 47, 54].entries())
      talk.client('PA', { at: 100 + 100 * i, text: 'a' }).server('A', { at: 110 + 100 * i + late })
    expect(ofClient(talk).acknowledgments.delayed).toEqual([])
  })

  test('what was sent twice is one segment of those that an ACK covers', () => {
    const talk = opened()
    talk.client('A', { at: 100, text: full, seq: 1001 }).client('A', { at: 101, text: full })
    for (let i = 0; i < 3; i++) talk.client('A', { at: 102 + i, text: full }).server('A', { at: 112 + i, ack: 1001 })
    talk.client('A', { at: 116, seq: 1001, text: full }).server('A', { at: 127, ack: 1001 + 2 * MSS })
    expect(ofClient(talk).acknowledgments).toMatchObject({ ofOne: 0, ofTwo: 1, ofMore: 0 })
  })

  test('with more in flight, lateness is the queue, not the timer', () => {
    const talk = opened()
    talk.client('A', { at: 100, text: full }).client('A', { at: 101, text: full })
    talk.server('A', { at: 160, ack: 1001 + MSS }).server('A', { at: 161 })
    expect(ofClient(talk).acknowledgments.delayed).toEqual([])
  })
})

test('goodput counts each byte once, throughput each time that it was sent', () => {
  const talk = opened()
  talk.client('PA', { at: 100, text: full, seq: 1001 }).client('PA', { at: 400, text: full, seq: 1001 })
  talk.server('A', { at: 500 })
  // 1,460 B in 0.4 s
  const { goodput, throughput } = ofClient(talk)
  expect([goodput, throughput]).toEqual([29_200, 58_400])
})

test('what was sent after the last ACK takes its time too, and is not delivered', () => {
  const talk = opened().client('PA', { at: 100, text: full }).server('A', { at: 110 })
  talk.client('PA', { at: 500, text: full })
  // 2,920 B and 1,460 B in 0.4 s
  expect(ofClient(talk)).toMatchObject({ throughput: 58_400, goodput: 29_200 })
})
