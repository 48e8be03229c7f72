/** What routers and firewalls say of a connection's packets, and resets in a host's name that may not be its own. */
import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../src/explain/problems/diagnose.js'
import { silentOutage } from '../../../src/explain/problems/outage.js'
import type { Surroundings } from '../../../src/explain/problems/problem.js'
import { explainTeardown } from '../../../src/explain/teardown.js'
import { Pipeline } from '../../../src/pipeline.js'
import { measure } from '../../../src/timeline/measures.js'
import { batchOf, Conversation } from '../../support/conversation.js'
import { timelineOf } from '../../support/timelines.js'

function problemsOf(conversation: Conversation, usual?: Surroundings['usual']) {
  return diagnose(timelineOf(conversation), { untilEnd: 5e9, accepted: 0, usual })?.problems ?? []
}

const ROUTER = 'from 192.168.56.254'

describe('a SYN that ICMP answers', () => {
  test.each([
    [13, 'rejected', 'communication administratively prohibited', ': a firewall rejects it'],
    // a host itself would have sent a reset
    [3, 'rejected', 'port unreachable', ': a firewall rejects it'],
    [1, 'unreachable', 'host unreachable', ': a router does not find the host, or a firewall says so'],
    [0, 'unreachable', 'network unreachable', ': a router knows no way to its network'],
  ])('code %i', (code, name, message, meaning) => {
    const talk = new Conversation().client('S', { at: 0 }).error(1, 3, code)
    const [problem] = problemsOf(talk)
    expect(problem).toMatchObject({ name, frames: [1, 2] })
    expect(problem?.diagnosis).toContain(`ICMP says "${message}" (#2, ${ROUTER}) about the SYN #1${meaning}`)
  })

  test('was no session that is still open', () => {
    const { summary } = timelineOf(new Conversation().client('S', { at: 0 }).error(1, 3, 13))
    if (summary.protocol !== 'tcp') throw new Error('not TCP')
    expect(explainTeardown(summary)).toEqual(['none: no connection had been opened when the capture ended'])
  })
})

/** The server answers once; what the client sends after that is in vain. */
const answered = () =>
  new Conversation().handshake().client('PA', { at: 10, text: 'one' }).server('PA', { at: 11, text: 'ONE' })

function inVain(type: number, code: number): Conversation {
  const talk = answered().client('A', { at: 12 })
  for (const at of [300, 500, 900, 1700]) talk.client('PA', { at, seq: 1004, text: 'two' }).error(at + 1, type, code)
  return talk
}

describe('an open connection', () => {
  test('of which a firewall rejects what is sent: the server need not be down', () => {
    const [problem, ...others] = problemsOf(inVain(3, 13))
    expect(problem).toMatchObject({ name: 'rejected' })
    expect(problem?.diagnosis).toMatch(/^rejected: ICMP says .*\(#8, #10, … #14, from 192\.168\.56\.254\).*firewall/)
    expect(problem?.diagnosis).not.toMatch(/is down/)
    expect(others).toEqual([])
  })

  test('of which a router does not find the host', () => {
    const [problem] = problemsOf(inVain(3, 1))
    expect(problem?.name).toBe('vanished')
    expect(problem?.diagnosis).toMatch(/: ICMP says "host unreachable" \(#8, .*\): a router does not find the host/)
  })

  test('through a loop of routes, for a while', () => {
    const [problem] = problemsOf(inVain(11, 0).server('A', { at: 1702, ack: 1007 }))
    expect(problem?.name).toBe('outage')
    expect(problem?.diagnosis).toMatch(/time to live exceeded in transit.*: routers send it round in a circle/)
    expect(problem?.diagnosis).not.toMatch(/the network was down/)
  })
})

describe('a SYN that a reset answers', () => {
  const refused = () => new Conversation().client('S').server('RA', { ttl: 64 })

  test('with another time to live than all else of that host: perhaps a firewall', () => {
    const [problem] = problemsOf(refused(), { timeToLive: 63, frame: 10 })
    expect(problem?.diagnosis).toMatch(
      /#2, which is hardly of 192\.168\.56\.10 itself: its time to live is 64, and 63 .* \(#10\): a firewall .*, or nobody listens/,
    )
  })

  test('with the same, or where nothing else is known of the host: nobody listens', () => {
    for (const usual of [{ timeToLive: 64, frame: 10 }, undefined])
      expect(problemsOf(refused(), usual)[0]?.diagnosis).toMatch(/^refused: nobody listens on port 51717/)
  })
})

describe('an outage', () => {
  test('is shown by what was sent again all the while, not by what came last', () => {
    const talk = answered().client('A', { at: 12 })
    talk.client('A', { at: 300, text: 'x'.repeat(1460) }).client('PA', { at: 300, text: 'tail' })
    talk.client('PA', { at: 320, seq: 1004 + 1460, text: 'tail' })
    for (const at of [500, 900, 1700]) talk.client('A', { at, seq: 1004, text: 'x'.repeat(1460) })
    talk.server('A', { at: 1701, ack: 1004 + 1460 }).client('PA', { at: 1702, seq: 1004 + 1460, text: 'tail' })
    talk.server('A', { at: 1703 })
    expect(problemsOf(talk)[0]?.diagnosis).toMatch(/sent #7 again 3 times \(#10, #11 and #12\) until #13 answered/)
  })

  /** Seen at the server: 1.5 s of silence, and then so many segments of which the truth is that they were sent before. */
  function silence(again: number) {
    const talk = answered().client('A', { at: 12 })
    for (let i = 0; i < again; i++) talk.client('A', { at: 1512 + i, text: 'x'.repeat(1460) })
    const timeline = timelineOf(talk)
    const { summary, events } = timeline
    const measures = measure(timeline)
    if (measures === undefined || summary.protocol !== 'tcp') throw new Error('not TCP')
    const truth = {
      verdict: 'retransmission',
      cause: 'timeout',
      needed: true,
      restsOnTiming: false,
      evidence: [],
    } as const
    const packets = events
      .filter((event) => event.kind === 'packet')
      .map((one) => (one.frame > 6 ? { ...one, truth: { frame: one.frame, from: one.from, ...truth } } : one))
    return silentOutage({ summary, packets, errors: [], measures, untilEnd: 0, accepted: 0 })
  }

  test('is a silence at the receiver, and then what was sent meanwhile; one segment alone had only a long timer', () => {
    expect(silence(2)?.diagnosis).toMatch(/^nothing came for 1\.50 s, from #6 to #7, .* once more \(#7 and #8\)/)
    expect(silence(1)).toBeUndefined()
  })
})

test('of a host, the time to live of its SYNs and SYN/ACKs is known, if it is always the same', () => {
  const { frames } = new Conversation().client('S').server('SA', { ttl: 63 }).client('S', { ttl: 60 })
  const pipeline = new Pipeline({})
  pipeline.feed(batchOf(frames))
  pipeline.finish()
  expect(pipeline.tracker.timesToLive.of('192.168.56.10')).toMatchObject({ timeToLive: 63, frame: 2 })
  expect(pipeline.tracker.timesToLive.of('192.168.56.1')).toBeUndefined()
})
