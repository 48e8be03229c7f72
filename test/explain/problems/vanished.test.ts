/** Of an end that is not heard of any more: no more than the packets, and the other sessions, show. */
import { expect, test } from 'vitest'
import { OtherSessions } from '../../../src/cli/other-sessions.js'
import { diagnose } from '../../../src/explain/problems/diagnose.js'
import type { Surroundings } from '../../../src/explain/problems/problem.js'
import { Conversation } from '../../support/conversation.js'
import { timelineOf, timelinesOf } from '../../support/timelines.js'

function saysOf(conversation: Conversation, around: Partial<Surroundings> = {}): string {
  return diagnose(timelineOf(conversation), { untilEnd: 0, accepted: 0, ...around })?.problems[0]?.diagnosis ?? ''
}

/** A request that is sent again in vain, `at` ms after the session began and later. */
function unanswered(conversation: Conversation, at: number): Conversation {
  for (const after of [0, 200, 600, 1400]) conversation.client('PA', { at: at + after, seq: 1001, text: 'hello' })
  return conversation
}

test('the time counts from what got no answer, not from the idle time before it', () => {
  const said = saysOf(unanswered(new Conversation().handshake(), 3000))
  expect(said).toMatch(
    /^the server vanished: not heard of after #2, and #4, sent again 3 times \(#5, #6 and #7\), stayed without an answer for 1\.40 s: its host or the network is down, or a device on the way drops the packets$/,
  )
})

test('after a long idle time a device on the way may have forgotten the connection', () => {
  expect(saysOf(unanswered(new Conversation().handshake(), 60_000))).toMatch(
    /, or forgot the connection while it was idle$/,
  )
})

test('a host that the packets had reached is not down', () => {
  // the server answers within 10 µs, the client a round trip later: taken at the server
  const here = new Conversation().client('S', { at: 0 }).server('SA', { at: 0.01 }).client('A', { at: 40 })
  const said = saysOf(unanswered(here, 41))
  expect(said).toMatch(/had reached its host, which did not answer: its backlog was full, or its own firewall/)
  expect(said).not.toMatch(/down/)
})

test('a host that another connection shows meanwhile is not down', () => {
  const said = saysOf(unanswered(new Conversation().handshake(), 10), { heardOf: () => 99 })
  expect(said).toMatch(/its host was up meanwhile \(#99, of another connection\): its backlog was full, it no longer/)
  expect(said).not.toMatch(/down/)
})

test('another connection shows a host up only while nothing is heard of it here', () => {
  const silent = unanswered(new Conversation(40000).handshake(), 1000)
  const [before, meanwhile] = [40001, 40002].map((port) => new Conversation(port))
  before?.client('S', { at: 500 }).server('SA')
  meanwhile?.client('S', { at: 1500 }).server('SA')
  const heard = (other: Conversation | undefined) => {
    const frames = [...silent.frames, ...(other?.frames ?? [])].sort((a, b) => a.time - b.time)
    const [first, second] = timelinesOf(frames).map(({ summary }) => summary)
    const others = new OtherSessions()
    for (const summary of [first, second]) if (summary !== undefined) others.add(summary)
    const end = { observations: { lastSeconds: 1003, lastNanoseconds: 0 }, timesToLive: { of: () => undefined } }
    return first && others.around(first, end).heardOf?.('server', 1000e6)
  }
  expect(heard(undefined)).toBeUndefined()
  expect(heard(before)).toBeUndefined()
  expect(heard(meanwhile)).toBeDefined()
})
