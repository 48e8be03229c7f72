/** Resets that answer what comes for a connection their sender does not know: when it never knew, no longer knew, no longer waited. */
import { expect, test } from 'vitest'
import { diagnose } from '../../../src/explain/problems/diagnose.js'
import { Conversation } from '../../support/conversation.js'
import { timelineOf } from '../../support/timelines.js'

function problemOf(conversation: Conversation) {
  const [problem] = diagnose(timelineOf(conversation), { untilEnd: 0, accepted: 0 })?.problems ?? []
  return { name: problem?.name, said: problem?.diagnosis ?? '', frames: problem?.frames }
}

const talk = () => new Conversation().handshake()
const exchanged = () => talk().client('PA', { text: 'hello' }).server('PA', { text: 'hello' }).client('A')

test('the answer to the handshake’s last segment: there was no room for the connection', () => {
  const { name, said, frames } = problemOf(talk().server('R', { at: 3 }))
  expect(name).toBe('turned away')
  expect(said).toMatch(/^turned away: the handshake's last segment #3 was answered with the reset #4/)
  expect(frames).toEqual([1, 2, 3, 4])
})

test('it comes behind the first data, too, when the way is long', () => {
  const far = new Conversation().client('S', { at: 0 }).server('SA', { at: 80 }).client('A', { at: 80.1 })
  expect(problemOf(far.client('PA', { at: 80.2, text: 'hello' }).server('R', { at: 160 })).name).toBe('turned away')
})

test('later, it was known and is no longer', () => {
  expect(problemOf(talk().client('PA', { at: 9000, text: 'hello' }).server('R', { at: 9001 })).name).toBe('forgotten')
})

test('with ACK it is a program that aborts', () => {
  expect(problemOf(talk().server('RA', { at: 3 })).name).toBe('reset')
})

test('who had tried in vain has given up', () => {
  const shut = talk().client('PA', { text: 'hello' }).server('A', { at: 4, window: 0 })
  for (const at of [210, 630]) shut.client('A', { at, seq: 1005 })
  const { name, said } = problemOf(shut.server('A', { at: 9000, window: 5000 }).client('R', { at: 9001, seq: 1006 }))
  expect(name).toBe('forgotten')
  expect(said).toMatch(/^the client had given up 8\.37 s after its last try, #7, at the latest \(its timer ran out/)
})

test('whose opening was not captured may never have been known', () => {
  const { name, said } = problemOf(new Conversation(52000).client('PA', { text: 'hello' }).server('R', { seq: 5000 }))
  expect(name).toBe('forgotten')
  expect(said).toMatch(/^the server knows no such connection, whose opening was not captured/)
})

test('a FIN that the other end no longer waited for came late', () => {
  const late = (at: number) =>
    exchanged()
      .server('FA', { at: 10 })
      .client('A', { at: 11 })
      .client('FA', { at })
      .server('R', { at: at + 1 })
  const { name, said, frames } = problemOf(late(30_000))
  expect(name).toBe('closed late')
  expect(said).toMatch(/^the client closed \(#9\) only 30\.0 s after the FIN #7, in CLOSE_WAIT until then/)
  expect(frames).toEqual([7, 9, 10])
  expect(problemOf(late(20)).name).toBeUndefined()
})

test('a reply whose later packets are numbered behind it never arrived: the program had answered', () => {
  const dropped = talk().client('PA', { text: 'GET / HTTP/1.1\r\n\r\n' }).server('A')
  const { name, said } = problemOf(dropped.client('FA', { at: 5000 }).server('A', { at: 5001, seq: 5060 }))
  expect(name).toBe('never arrived')
  expect(said).toMatch(/^the reply to #4 never arrived: #7 is numbered behind 59 B of the server that did not come/)
})
