/** Resets that a device on the way sends in an end's name. */
import { expect, test } from 'vitest'
import { diagnose } from '../../../src/explain/problems/diagnose.js'
import { explainTeardown } from '../../../src/explain/teardown.js'
import { verdict } from '../../../src/explain/verdict.js'
import { Conversation } from '../../support/conversation.js'
import { timelineOf } from '../../support/timelines.js'

function saysOf(conversation: Conversation): string[] {
  const problems = diagnose(timelineOf(conversation), { untilEnd: 0, accepted: 0 })?.problems ?? []
  return problems.map(({ diagnosis }) => diagnosis)
}

const asked = () => new Conversation().handshake().client('PA', { text: 'GET /forbidden HTTP/1.0\r\n\r\n' })

test('with a time to live that nothing else has is not blamed on that end, all the less where it goes on', () => {
  const [said] = saysOf(asked().server('RA', { ttl: 127 }).server('A'))
  expect(said).toMatch(/^the reset #5 is hardly the server's: its time to live is 127, and 64 that of all else/)
  expect(said).toMatch(/; the server itself goes on \(#6\)$/)
})

test('with the time to live of all else is its own', () => {
  expect(saysOf(asked().server('RA'))[0]).toMatch(/^the server closed with unread data/)
})

test('is told as perhaps not of that end wherever the end of the session is told', () => {
  const { summary } = timelineOf(asked().server('RA', { ttl: 127 }))
  expect(verdict(summary)).toMatch(/^reset by the server \(or a device on the way, in its name\)/)
  expect(summary.protocol === 'tcp' && explainTeardown(summary)[0]).toMatch(
    /^the server \(or a device .*\) reset it with #5/,
  )
  expect(verdict(timelineOf(asked().server('RA')).summary)).toMatch(/^reset by the server(;|$)/)
})

test('says nothing where packets of that end take several ways, or there was none before', () => {
  expect(saysOf(asked().server('A', { ttl: 63 }).server('RA', { ttl: 127 }))[0]).not.toMatch(/hardly/)
  expect(saysOf(new Conversation().client('S').server('RA', { ttl: 127 }))[0]).toMatch(/^refused/)
})
