/** Sentences about problems that would say more than the packets do. */
import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../src/explain/problems/diagnose.js'
import { verdict } from '../../../src/explain/verdict.js'
import { measure } from '../../../src/timeline/measures.js'
import { Conversation } from '../../support/conversation.js'
import { timelineOf } from '../../support/timelines.js'

function saysOf(conversation: Conversation, untilEnd = 0): string[] {
  return (diagnose(timelineOf(conversation), { untilEnd, accepted: 0 })?.problems ?? []).map(
    ({ diagnosis }) => diagnosis,
  )
}

const talk = () => new Conversation().handshake()
const exchanged = () => talk().client('PA', { text: 'hello' }).server('PA', { text: 'hello' }).client('A')

describe('written after close', () => {
  test('fails the next write of a program that goes on', () => {
    const going = exchanged().server('FA').client('A').client('PA', { at: 500, text: 'more' }).server('R')
    expect(saysOf(going)[0]).toMatch(/the reset #10 answers, and the client's next write fails with EPIPE$/)
  })

  test.each([
    ['before the reset', exchanged().client('FA').server('PA', { text: 'bye' }).server('FA').client('R'), 9],
    [
      'as the reset was on its way',
      exchanged().client('FA').server('PA', { text: 'bye' }).client('R').server('FA'),
      10,
    ],
  ])('fails no write of a program that closed, too: %s', (_, conversation, fin) => {
    const [said] = saysOf(conversation)
    expect(said).not.toMatch(/EPIPE/)
    expect(said).toMatch(new RegExp(`but no write fails: the server closed, too \\(FIN #${fin}\\)$`))
  })

  test('is not what a host only sends again', () => {
    const again = talk()
      .client('PA', { at: 10, text: 'hello' })
      .server('FA', { at: 11, ack: 1001 })
      .client('PA', { at: 260, seq: 1001, text: 'hello' })
      .server('R', { at: 261 })
    expect(saysOf(again).join()).not.toMatch(/still wrote/)
  })
})

describe('a reset', () => {
  test('of which the opening was not captured says nothing of accept', () => {
    expect(saysOf(new Conversation(52000).client('RA'))).toEqual([
      'reset by the client (#1); what came before it was not captured',
    ])
  })

  test('after both ends have closed has harmed nobody', () => {
    expect(saysOf(exchanged().server('FA').client('A').client('FA').server('R'))).toEqual([])
  })

  test('behind its own FIN is no reset instead of one', () => {
    expect(saysOf(exchanged().client('FA').client('RA'))).toEqual([
      'the client closed (FIN #7), and then reset the connection (#8) without waiting for the server to close',
    ])
  })

  test('counts what an acknowledgment that crosses it acknowledges', () => {
    const crossed = talk().client('PA', { text: 'hello' }).client('RA').server('A', { ack: 1006 })
    expect(saysOf(crossed).join()).not.toMatch(/on their way/)
  })
})

test('of several segments that had arrived, some may have been read', () => {
  const left = talk().client('PA', { text: 'a' }).client('PA', { text: 'bc' }).server('A').server('RA')
  expect(saysOf(left)[0]).toMatch(
    /^the server closed with unread data: some of the 3 B \(#4 and #5\) that had arrived;/,
  )
})

describe('of an end that was not captured nothing is claimed', () => {
  const alone = () =>
    new Conversation().client('S').client('A', { ack: 5001 }).client('PA', { ack: 5001, text: 'hello' })

  test('whether it closed', () => {
    expect(saysOf(alone().client('FA', { ack: 5101 }), 60e9)).toEqual([])
  })

  test('what it acknowledged', () => {
    expect(saysOf(alone().client('RA', { ack: 5101 })).join()).toMatch(/of the server there is no packet$/)
  })
})

describe('a FIN that comes again', () => {
  test('is no data segment', () => {
    const tried = exchanged()
      .client('PA', { at: 100, text: 'bye' })
      .client('PA', { at: 350, seq: 1006, text: 'bye' })
      .server('A', { at: 351 })
      .client('FA', { at: 400 })
      .client('FA', { at: 650, seq: 1009 })
      .server('FA', { at: 651 })
      .client('A', { at: 652 })
    expect(saysOf(tried)).toEqual([
      '25 % retransmitted: 1 of 4 data segments sent again (timeout): #8',
      'the FIN was lost and sent again: #11',
    ])
  })

  test('without any answer may have come', () => {
    expect(saysOf(exchanged().client('FA', { at: 100 }).client('FA', { at: 400, seq: 1006 }))).toEqual([
      'the FIN #7 was not acknowledged, and sent again: #8',
    ])
  })

  test('at once, in answer to one that crosses it, was not lost', () => {
    const crossing = exchanged()
      .client('FA', { at: 100 })
      .server('FA', { at: 101, ack: 1006 })
      .client('FA', { at: 102, seq: 1006 })
      .server('A', { at: 103 })
    expect(saysOf(crossing)).toEqual([])
  })
})

test('what was sent again is a share of the bytes where the network card cuts segments up: they are of no one size', () => {
  const opened = new Conversation()
    .client('S', { options: [2, 4, 5, 180] })
    .server('SA', { options: [2, 4, 5, 180] })
    .client('A')
  for (let i = 0; i < 4; i++) opened.client('A', { at: 10 + i, text: 'x'.repeat(14_600) })
  const lost = opened.client('A', { at: 400, seq: 1001, text: 'x'.repeat(1460) }).server('A', { at: 410, ack: 59_401 })
  expect(saysOf(lost).join()).toMatch(/^2 % retransmitted: 1 segment with 1,460 B of 59,860 B sent again \(timeout\)/)
})

describe('a window that is shut', () => {
  const filled = () =>
    talk()
      .server('A', { at: 1, window: 500 })
      .client('PA', { at: 10, text: 'x'.repeat(500) })
      .server('A', { at: 12, window: 0 })

  test('stalls a sender that goes on when it opens', () => {
    const going = filled().server('A', { at: 900, window: 8000 }).client('PA', { at: 900.1, text: 'more' })
    expect(saysOf(going).join()).toMatch(/^stalled on a zero window for 888 ms/)
  })

  test('is not opened by a reset', () => {
    const reset = filled()
      .client('A', { at: 500 })
      .server('A', { at: 500.1, window: 0 })
      .server('RA', { at: 900, window: 500 })
    expect(saysOf(reset).join()).toMatch(/stalled on a zero window .*, and it never opened again/)
  })

  test('stalls nobody who has nothing to send until long after', () => {
    const resting = filled().server('A', { at: 900, window: 8000 }).client('PA', { at: 1400, text: 'more' })
    expect(saysOf(resting).join()).not.toMatch(/stalled/)
  })
})

describe('a small write that waits for a late acknowledgment', () => {
  const waiting = (window: number, opened = talk()) =>
    opened
      .server('A', { at: 1, window })
      .client('PA', { at: 10, text: 'head' })
      .server('A', { at: 51 })
      .client('PA', { at: 51, text: 'body' })
      .server('A', { at: 52 })

  test("is held by Nagle's algorithm where there was room for it", () => {
    expect(saysOf(waiting(8)).join()).toMatch(/^Nagle's algorithm and the delayed ACK waited for each other 1 time/)
  })

  test("is held by Nagle's algorithm where windows may be larger than they say: the capture begins in the middle", () => {
    expect(saysOf(waiting(7, new Conversation(52000).client('A', { ack: 5000 }))).join()).toMatch(
      /^Nagle's algorithm and/,
    )
  })

  /** A write every 45 ms, each acknowledged so many ms later. */
  const writing = (late: readonly number[]) => {
    const conversation = talk().client('PA', { at: 10, text: 'head' }).server('A', { at: 11 })
    for (const [i, ms] of late.entries())
      conversation.client('PA', { at: 55 + 45 * i, text: 'body' }).server('A', { at: 55 + 45 * i + ms })
    return conversation.client('PA', { at: 55 + 45 * late.length, text: 'tail' })
  }

  test('is held by no algorithm where the acknowledgment and the next write only mostly miss each other', () => {
    expect(saysOf(writing([44.9, 44.9, 44.9, 44.9])).join()).toMatch(/waited for each other 4 times/)
    expect(saysOf(writing([44.9, 42, 43, 41])).join()).not.toMatch(/Nagle/)
  })

  test('is held by no algorithm where two small ones were on their way at once: it is off', () => {
    expect(
      saysOf(waiting(8).client('PA', { at: 60, text: 'a' }).client('PA', { at: 61, text: 'b' })).join(),
    ).not.toMatch(/Nagle/)
  })

  test("is held by the receiver's window where there was none", () => {
    expect(saysOf(waiting(7)).join()).not.toMatch(/Nagle/)
  })
})

describe('a packet that a router found too big', () => {
  const discovery = talk()
    .client('A', { at: 10, text: 'x'.repeat(1460) })
    .tooBig(10.5)
    .client('A', { at: 10.6, seq: 1001, text: 'x'.repeat(960) })
    .client('A', { at: 10.7, seq: 1961, text: 'x'.repeat(500) })
    .server('A', { at: 20 })

  test('is why its bytes come again, which they had to', () => {
    const { events } = timelineOf(discovery)
    const again = { truth: { verdict: 'retransmission', cause: 'path MTU', needed: true } }
    expect(events[5]).toMatchObject({ frame: 6, ...again })
    expect(events[6]).toMatchObject({ frame: 7, ...again })
    expect(events[5]).toMatchObject({ truth: { evidence: [{}, { frames: [5] }, { frames: [5] }] } })
  })

  test('is why each piece of it comes again, though the receiver asks for them', () => {
    const sack = [1, 1, 5, 10, 0, 0, 9, 157, 0, 0, 9, 160] // 2461 to 2464
    const asked = new Conversation()
      .client('S', { options: [2, 4, 5, 180, 1, 1, 4, 2] })
      .server('SA', { options: [2, 4, 5, 180, 1, 1, 4, 2] })
      .client('A')
      .client('A', { at: 10, text: 'x'.repeat(1460) })
      .client('PA', { at: 10.1, text: 'end' })
      .tooBig(10.2)
      .server('A', { at: 10.5, ack: 1001, options: sack })
    // the router quotes the last segment before it: here, that is the short one
    const quoted = asked.frames[5]?.bytes
    if (quoted !== undefined) new DataView(quoted.buffer).setUint32(quoted.length - 4, 1001)
    asked
      .client('A', { at: 10.6, seq: 1001, text: 'x'.repeat(960) })
      .client('A', { at: 10.7, seq: 1961, text: 'x'.repeat(500) })
    const causes = timelineOf(asked).events.flatMap((event) => (event.kind === 'packet' && event.truth?.cause) || [])
    expect(causes).toEqual(['path MTU', 'path MTU'])
  })

  test('is no loss', () => {
    expect(saysOf(discovery)).toEqual([])
  })
})

test('a SYN/ACK that the capture ends behind may have been answered', () => {
  const opening = new Conversation().client('S', { at: 0 }).server('SA', { at: 1 })
  expect(saysOf(opening, 0.5e9)).toEqual([])
  expect(saysOf(opening, 1.5e9)[0]).toMatch(/^half-open: the client never answered/)
})

test('a server that takes an upload in and closes owes no reply', () => {
  const stored = (segments: number) => {
    const upload = talk()
    for (let i = 0; i < segments; i++) upload.client('A', { text: 'x'.repeat(1460) }).server('A')
    return upload.server('FA').client('A').client('FA').server('A')
  }
  expect(saysOf(stored(3))[0]).toMatch(/^the server ended before it replied/)
  expect(saysOf(stored(50))).toEqual([])
})

test('what a SYN had carried comes again, since fast open was not taken: no loss', () => {
  const mss = [2, 4, 5, 180]
  const asked = new Conversation().client('S', {
    at: 0,
    text: 'hello',
    options: [...mss, 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1],
  })
  const ignored = asked
    .server('SA', { at: 20, ack: 1001, options: mss })
    .client('PA', { at: 20.1, seq: 1001, text: 'hello' })
  const { events } = timelineOf(ignored.server('A', { at: 40 }))
  expect(events[2]).toMatchObject({ frame: 3, truth: { verdict: 'retransmission', cause: 'fast open' } })
  expect(saysOf(ignored)).toEqual([])
})

test("at the server, a FIN long after the SYN/ACK is not the handshake's last segment, which was lost", () => {
  const late = new Conversation().client('S', { at: 0 }).server('SA', { at: 0.05 }).client('FA', { at: 6000 })
  const lost = late.server('A', { at: 6000.05 }).client('A', { at: 6020 })
  expect(saysOf(lost).join()).toMatch(
    /the handshake's last segment never came: the SYN\/ACK #2 was acknowledged 6\.00 s later, by #3/,
  )
  expect(measure(timelineOf(lost))?.server.roundTrips.samples).toEqual([])
})

test('a reply that a server may owe to the end of its request is told so', () => {
  const asked = (text: string) =>
    saysOf(talk().client('PA', { text }).server('A').client('FA', { at: 9000 }).server('A').server('FA')).join()
  expect(asked('GET / HTTP/1.1\r\nHost: x\r\n')).toMatch(/, or it waits for the rest: the request does not end with an/)
  expect(asked('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/its program was busy or stuck$/)
  expect(asked('POST / HTTP/1.1\r\n\r\na=1')).toMatch(/its program was busy or stuck$/)
  expect(asked('hello')).toMatch(/, or it waits for a newline, which the request does not end with$/)
  expect(asked('hello\n')).toMatch(/, or answers nothing$/)
  expect(asked('x'.repeat(100))).toMatch(/, or answers nothing$/)
})

test('a SYN that meets an older connection of its port is told with what follows', () => {
  const restarted = new Conversation()
    .client('S', { at: 0 })
    .server('A', { at: 1, seq: 900_000, ack: 700_000 })
    .client('R', { at: 2, seq: 700_000 })
  expect(saysOf(restarted)[0]).toMatch(/^the server still had an older connection .* \(#3\), and did not ask again$/)
  restarted.client('S', { at: 12, seq: 1000 }).server('SA', { at: 13, seq: 5000, ack: 1001 })
  restarted.client('A', { at: 14, seq: 1001, ack: 5001 })
  const [said] = saysOf(restarted)
  expect(said).toMatch(
    /the SYN #1 with an ACK of that one \(#2\), which the client reset \(#3\), and asked again 12 ms/,
  )
  const { summary, events } = timelineOf(restarted)
  expect(summary).toMatchObject({ handshake: { synAck: { frame: 5 }, ack: { frame: 6 } }, truth: { lost: [] } })
  expect(events[0]).toMatchObject({ received: true })
})

describe('a slow program', () => {
  const asked = () => talk().client('PA', { at: 10, text: 'one' })

  test('is told from a slow network by what acknowledged the request', () => {
    const [said] = saysOf(asked().server('A', { at: 11 }).server('PA', { at: 3000, text: 'two' }).client('A'))
    expect(said).toMatch(
      /^the server took 2\.99 s to answer #4, which had arrived \(#5 acknowledges it after 1 ms\): until #6/,
    )
  })

  test('is none where the request came late, or the answer was lost first', () => {
    const late = asked().client('PA', { at: 2900, seq: 1001, text: 'one' }).server('A', { at: 2901 })
    expect(saysOf(late.server('PA', { at: 2902, text: 'two' })).join()).not.toMatch(/took/)
    expect(saysOf(asked().server('PA', { at: 3000, text: 'two' })).join()).not.toMatch(/took/)
  })

  test('among many answers is one that is much slower than they', () => {
    const talks = asked().server('A', { at: 11 }).server('PA', { at: 1500, text: 'a' })
    for (const at of [2000, 4000, 6000]) {
      talks.client('PA', { at, text: 'b' }).server('A', { at: at + 1 })
      talks.server('PA', { at: at + 1200, text: 'c' })
    }
    expect(saysOf(talks).join()).not.toMatch(/took/)
  })
})

test('a host that no longer answers keep-alive probes has vanished, whatever resets the connection then', () => {
  const idle = exchanged()
  for (const at of [3000, 4000, 5000]) idle.client('A', { at, seq: 1005 })
  const [said] = saysOf(idle.client('RA', { at: 6000, seq: 1006 }), 60e9)
  expect(said).toMatch(
    /^the server vanished: not heard of after #5, and 3 keep-alive probes .* without an answer for 3\.00 s: /,
  )
})

test('a redirect is no reason why nothing was reached', () => {
  const { summary } = timelineOf(new Conversation().client('S', { at: 0 }).client('S', { at: 1000, seq: 1000 }))
  const redirected = { ...summary, icmpErrors: [{ frame: 2, version: 4, type: 5, code: 1, about: 'client' }] } as const
  expect(verdict(redirected)).toMatch(/^no answer: 2 SYNs/)
})

describe('a long HTTP request', () => {
  const posted = () => {
    const request = talk().client('PA', { text: 'POST /files HTTP/1.1\r\nContent-Length: 99999\r\n\r\n' }).server('A')
    for (let i = 0; i < 50; i++) request.client('A', { text: 'x'.repeat(1460) }).server('A')
    return request
  }

  test('is owed a reply, too', () => {
    expect(saysOf(posted().server('FA').client('A').client('FA').server('A'))[0]).toMatch(
      /^the server ended before it replied/,
    )
  })

  test('that is never answered hangs', () => {
    expect(saysOf(posted(), 30e9)[0]).toMatch(/^hangs: the server acknowledged #104/)
  })
})

describe('a client that gives up', () => {
  const asked = (text: string) => talk().client('PA', { at: 10, text }).server('A')

  test.each([
    ['closes', 'FA'],
    ['resets', 'RA'],
  ])('and %s was owed a reply', (_, flags) => {
    const [said] = saysOf(asked('hello').client(flags, { at: 6000 }).server('A'))
    expect(said).toMatch(/^no reply: the server acknowledged #4 \(with #5\) and sent nothing in the 5\.99 s .*#6\)/)
  })

  test('on HTTP waits for a second', () => {
    const request = 'GET / HTTP/1.1\r\n\r\n'
    expect(saysOf(asked(request).client('FA', { at: 2000 }).server('FA').client('A'))[0]).toMatch(/^no reply/)
    expect(saysOf(asked(request).client('FA', { at: 500 }).server('FA').client('A'))).toEqual([])
  })

  test('had a reply that was not captured, if it acknowledges one', () => {
    expect(saysOf(asked('hello').client('FA', { at: 6000, ack: 5007 }).server('A'))).toEqual([])
  })

  test('after an upload was owed nothing', () => {
    const upload = asked('one').client('PA', { at: 20, text: 'two' }).server('A')
    expect(saysOf(upload.client('FA', { at: 9000 }).server('FA').client('A'))).toEqual([])
  })
})

test('a reset that answers the SYN/ACK is no restart, though data come later', () => {
  const scan = new Conversation().client('S').server('SA').client('R').client('PA', { at: 9000, text: 'hello' })
  expect(saysOf(scan)[0]).toMatch(/^half-open: the client answered the SYN\/ACK #2 with the reset #3/)
})

test('a copy of the SYN/ACK, however late, is none that the server sent again', () => {
  const seen = new Conversation()
    .client('S', { at: 0 })
    .server('SA', { at: 60 })
    .client('A', { at: 60.1 })
    .client('PA', { at: 61, text: 'hello' })
    .server('A', { at: 121 })
    .server('PA', { at: 122, text: 'hello' })
    .client('A', { at: 123 })
  const [, synAck] = seen.frames
  if (synAck !== undefined) seen.frames.push({ ...synAck, time: 170e6 })
  seen.client('A', { at: 171 })
  expect(saysOf(seen).join()).not.toMatch(/backlog/)
})

test('a refusal that came only when the SYN came again says what became of the first', () => {
  const seen = new Conversation().client('S').client('S', { at: 1001, seq: 1000 }).server('RA', { at: 1002 })
  expect(saysOf(seen)).toEqual([
    expect.stringMatching(
      /^refused in the end: the SYN #1, or the answer to it, was lost; when it came again as #2, 1\.00 s later, the reset #3 says/,
    ),
  ])
})

describe('a bad checksum', () => {
  const damaged = () => talk().client('PA', { at: 10, text: 'hello', badChecksum: true })

  test('of what is acknowledged, and came only once, kept nothing back', () => {
    const seen = damaged().server('A', { at: 11 }).client('PA', { at: 12, text: 'more' }).server('A', { at: 13 })
    const { events, summary } = timelineOf(seen)
    expect(events[3]).toMatchObject({ frame: 4, received: true, acknowledgedBy: 5 })
    expect(summary).toMatchObject({ truth: { client: { missedBytes: 0 } } })
    expect(saysOf(seen).join()).not.toMatch(/dropped/)
  })

  test('of what comes again did', () => {
    const seen = damaged().client('PA', { at: 210, seq: 1001, text: 'hello' }).server('A', { at: 211 })
    expect(timelineOf(seen).events[3]).toMatchObject({ frame: 4, received: false })
    expect(saysOf(seen).join()).toMatch(/^1 segment with a bad checksum \(#4\): damaged on the way/)
  })

  test('in all packets of both ends, which understood each other, says that the capture was rewritten', () => {
    const bad = { badChecksum: true }
    const seen = new Conversation()
      .client('S', bad)
      .server('SA', bad)
      .client('A', bad)
      .client('PA', { ...bad, text: 'hello' })
      .server('FA', bad)
      .client('FA', bad)
      .server('A', bad)
    const { summary } = timelineOf(seen)
    expect(summary).toMatchObject({
      data: { client: { uniqueBytes: 5 } },
      teardown: { clientFin: { acknowledged: { frame: 7 } }, serverFin: { acknowledged: { frame: 6 } } },
    })
  })
})
