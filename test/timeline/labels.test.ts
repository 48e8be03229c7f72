/** What the payloads of a session are called in its timeline. */
import { expect, test } from 'vitest'
import { saidIn } from '../../src/timeline/said.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

function said(conversation: Conversation): (string | undefined)[] {
  return timelineOf(conversation).events.flatMap((event) =>
    event.kind === 'packet' && event.length > 0 ? [saidIn(event)] : [],
  )
}

const talk = () => new Conversation().handshake()

test('a reply that repeats its request is an echo', () => {
  const talked = talk().client('PA', { text: 'one\n' }).server('PA', { text: 'one\n' }).client('PA', { text: 'two\n' })
  expect(said(talked.server('PA', { text: 'two\n' }))).toEqual(['"one⏎"', 'echo "one⏎"', '"two⏎"', 'echo "two⏎"'])
})

test('a request that repeats a reply is none', () => {
  const talked = talk().server('PA', { text: 'ready?\n' }).client('PA', { text: 'ready?\n' })
  expect(said(talked)).toEqual(['"ready?⏎"', '"ready?⏎"'])
})

test('a request line that comes back is an echo, not a request of the server', () => {
  const talked = talk().client('PA', { text: 'GET / HTTP/1.0\r\n' }).server('PA', { text: 'GET / HTTP/1.0\r\n' })
  expect(said(talked)).toEqual(['GET / HTTP/1.0', 'echo "GET / HTTP/1.0⏎"'])
})
