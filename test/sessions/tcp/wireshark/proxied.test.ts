/** A connection through a SOCKS proxy takes a number of its own, with its first segment; the next stream is one further. */
import { expect, test } from 'vitest'
import { Pipeline } from '../../../../src/pipeline.js'
import { batchOf, Conversation } from '../../../support/conversation.js'

const text = (bytes: readonly number[]) => String.fromCharCode(...bytes)
const up = (bytes: readonly number[]) => ['client', text(bytes)] as const
const down = (bytes: readonly number[]) => ['server', text(bytes)] as const

const GREETING = up([5, 1, 0])
const CHOICE = down([5, 0])
const BY_PASSWORD = down([5, 2])
const PASSWORD = up([1, 1, 97, 1, 98])
const WELCOME = down([1, 0])
const CONNECT = up([5, 1, 0, 1, 10, 0, 0, 9, 0, 80])
const BY_NAME = up([5, 1, 0, 3, 1, 97, 0, 80])
const BIND = up([5, 2, 0, 1, 10, 0, 0, 9, 0, 80])
const TO_1080 = up([5, 1, 0, 1, 10, 0, 0, 9, 4, 56])
const SHORT = up([5, 1, 0, 1])
const DONE = down([5, 0, 0, 1, 10, 0, 0, 8, 19, 19])
const CONNECT_4 = up([4, 1, 0, 80, 10, 0, 0, 9, 0])
const DONE_4 = down([0, 90, 0, 80, 10, 0, 0, 9])
const REFUSED_4 = down([0, 91, 0, 80, 10, 0, 0, 9])
const DATA = up([72, 105])
const ANSWER = down([72, 111])

/** The number of a connection that begins once all this was said. */
function nextStream(talk: readonly (readonly ['client' | 'server', string])[], port = 1080): number {
  const proxied = new Conversation(40_000, port).handshake()
  for (const [from, said] of talk) proxied[from]('PA', { text: said })
  const next = new Conversation(40_001, 7).client('S')
  let stream = -1
  const pipeline = new Pipeline({
    visit: (_, facts) => {
      stream = facts.stream
    },
    analyse: false,
  })
  pipeline.feed(batchOf([...proxied.frames, ...next.frames]))
  pipeline.finish()
  return stream
}

test.each([
  ['data', [GREETING, CHOICE, CONNECT, DONE, DATA], 2],
  ['data both ways', [GREETING, CHOICE, CONNECT, DONE, DATA, ANSWER, DATA], 2],
  ['the server speaks first', [GREETING, CHOICE, CONNECT, DONE, ANSWER], 2],
  ['to a name', [GREETING, CHOICE, BY_NAME, DONE, DATA], 2],
  ['with a password', [GREETING, BY_PASSWORD, PASSWORD, WELCOME, CONNECT, DONE, DATA], 2],
  ['version 4', [CONNECT_4, DONE_4, DATA], 2],
  ['no data yet', [GREETING, CHOICE, CONNECT, DONE], 1],
  ['refused by version 4', [CONNECT_4, REFUSED_4, DATA], 1],
  ['another command', [GREETING, CHOICE, BIND, DONE, DATA], 1],
  ['to a port like the proxy’s', [GREETING, CHOICE, TO_1080, DONE, DATA], 1],
  ['a request too short', [GREETING, CHOICE, SHORT, DONE, DATA], 1],
  ['no SOCKS', [DATA, ANSWER, DATA, ANSWER, DATA], 1],
] as const)('%s', (_name, talk, expected) => {
  expect(nextStream(talk)).toBe(expected)
})

test('on no other port', () => {
  expect(nextStream([GREETING, CHOICE, CONNECT, DONE, DATA], 1081)).toBe(1)
})

test('what comes again is not read twice', () => {
  const proxied = new Conversation(40_000, 1080).handshake()
  for (const [from, said] of [GREETING, CHOICE, CONNECT, DONE]) proxied[from]('PA', { text: said })
  const again = proxied.frames.at(-1)
  const next = new Conversation(40_001, 7).client('S')
  const streams: number[] = []
  const pipeline = new Pipeline({ visit: (_, facts) => streams.push(facts.stream), analyse: false })
  pipeline.feed(batchOf([...proxied.frames, ...(again ? [again] : []), ...next.frames]))
  pipeline.finish()
  expect(streams.at(-1)).toBe(1)
})

test('with the quick way for plain frames, too', () => {
  const proxied = new Conversation(40_000, 1080).handshake()
  for (const [from, said] of [GREETING, CHOICE, CONNECT, DONE, DATA]) proxied[from]('PA', { text: said })
  const numbers: number[] = []
  const pipeline = new Pipeline({ ended: (session) => numbers.push(session.number), analyse: false })
  pipeline.feed(batchOf([...proxied.frames, ...new Conversation(40_001, 7).client('S').frames]))
  pipeline.finish()
  expect(numbers).toEqual([0, 2])
})
