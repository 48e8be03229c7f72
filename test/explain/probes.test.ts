/** What a session's story says of probes: who was asked whether it is still there, and whether it answered. */
import { expect, test } from 'vitest'
import { diagnose } from '../../src/explain/problems/diagnose.js'
import { tell } from '../../src/explain/story.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

function exchange(talk: Conversation): string[] {
  return tell(timelineOf(talk))
    .filter(({ topic }) => topic === 'exchange')
    .flatMap(({ sentences }) => sentences)
}

test('keep-alive probes, how far apart, and which were answered', () => {
  const talk = new Conversation().handshake()
  talk.client('A', { at: 1000, seq: 1000 }).server('A', { at: 1010 })
  talk.client('A', { at: 2000, seq: 1000 }).client('A', { at: 3000, seq: 1000 })
  expect(exchange(talk)).toContain(
    'the client sent 3 keep-alive probes (#4, #6 and #7), every 1.00 s, to see whether the other end is still there; the server answered 1 of them',
  )
})

test('probes of a shut window, which Linux writes like keep-alives', () => {
  const talk = new Conversation().handshake()
  talk.client('PA', { text: 'x'.repeat(500) }).server('A', { window: 0 })
  talk.client('A', { at: 300, seq: 1500 }).server('A', { at: 301, window: 0 })
  talk.client('A', { at: 700, seq: 1500 }).server('A', { at: 701, window: 6000 })
  expect(exchange(talk)).toContain(
    'the client sent 2 zero window probes (#6 and #8), every 400 ms, to learn whether the window is open again; the server answered each',
  )
})

test('the ladder calls them so, and who does not answer them has vanished', () => {
  const talk = new Conversation().handshake()
  talk.client('PA', { text: 'x'.repeat(500) }).server('A', { window: 0 })
  for (const at of [300, 700, 1500, 3100]) talk.client('A', { at, seq: 1500 })
  const timeline = timelineOf(talk)
  const found = timeline.events.flatMap((event) => (event.kind === 'packet' ? event.findings : []))
  expect(found.map(({ name }) => name).filter((name) => name !== 'zero_window')).toEqual(Array(4).fill('window_probe'))
  const [problem] = diagnose(timeline, { untilEnd: 0, accepted: 0 })?.problems ?? []
  expect(problem?.diagnosis).toMatch(/^the server vanished: not heard of after #5, and 4 probes of its shut window \(/)
})
