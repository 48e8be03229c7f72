/** SNMP's conversations are counted when their second packet comes, as in tshark; the sessions go by the same numbers. */
import { expect, test } from 'vitest'
import { Pipeline } from '../../../src/pipeline.js'
import { ethernet, fromHex, ipv4, word } from '../../decode/support.js'
import { batchOf } from '../../support/conversation.js'

const MESSAGE = '30 26 02 01 01 04 06 7075626c6963'
const AGENT = 161
const [A, B, C] = [50001, 50002, 50003]

function datagram(from: number, to: number, payload = MESSAGE): string {
  const length = 8 + fromHex(payload).length
  const header = from === AGENT ? ipv4(17, length).replace('c0a83801 c0a8380a', 'c0a8380a c0a83801') : ipv4(17, length)
  return `${header} ${word(from)} ${word(to)} ${word(length)} 0000 ${payload}`
}

/** A port unreachable that quotes a datagram. */
function unreachable(quoted: string): string {
  return `${ipv4(1, 8 + fromHex(quoted).length)} 0303 0000 00000000 ${quoted}`
}

/** A datagram that says it has no bytes, not even its header's. */
const NONSENSE = `${ipv4(17, 8)} c351 0007 0000 0000`

/** A segment, of which a redirect says the first eight bytes only, however many it has. */
const SEGMENT = `${ipv4(6, 20)} 9c40 1389 000003e8 00001388 5010 fff0 0000 0000`

function redirect(quoted: string): string {
  return `${ipv4(1, 8 + fromHex(quoted).length)} 0501 0000 c0a838fe ${quoted}`
}

const request = (port: number) => datagram(port, AGENT)
const reply = (port: number) => datagram(AGENT, port)
const other = (port: number) => datagram(port, 7, '00')

function passes(packets: readonly string[]) {
  const frames = packets.map((packet, index) => ({
    bytes: fromHex(`${ethernet('0800')} ${packet}`),
    time: index * 1e6,
  }))
  const sessions = new Map<number, number>()
  const first = new Pipeline({ ended: (session) => sessions.set(session.number, session.firstFrame), analyse: false })
  first.feed(batchOf(frames))
  first.finish()
  const streams: number[] = []
  const second = new Pipeline({
    visit: (packet, facts) => {
      streams.push(facts.stream)
      // what the first pass said of a session is found again by its number
      if (facts.session !== undefined) expect(sessions.get(facts.stream)).toBe(facts.session.firstFrame)
      expect(facts.session?.number ?? facts.stream, `frame ${packet.number}`).toBe(facts.stream)
    },
    foreknown: first.tracker.learned,
  })
  second.feed(batchOf(frames))
  second.finish()
  return streams
}

test.each<[string, string[], number[]]>([
  ['a request and its reply', [request(A), reply(A)], [1, 1]],
  ['another conversation begins between the two', [request(A), other(C), reply(A), other(C)], [2, 1, 2, 1]],
  ['requests at once', [request(A), request(B), reply(A), reply(B)], [2, 3, 2, 3]],
  ['unanswered: counted at the end', [request(A), other(C), other(B)], [3, 1, 2]],
  ['several unanswered', [request(A), request(B), other(C)], [3, 4, 2]],
  ['an error quotes the request', [request(A), other(B), unreachable(request(A)), other(C)], [2, 1, 2, 3]],
  ['of the request only the error is seen', [unreachable(request(A)), other(B), other(C)], [3, 1, 2]],
  ['and then its retry', [unreachable(request(A)), other(B), request(A), other(C)], [2, 1, 2, 3]],
  ['an error quotes a datagram whose length makes no sense', [unreachable(NONSENSE), other(B)], [-1, 0]],
  ['a redirect quotes too little of a segment for a stream', [redirect(SEGMENT), other(B)], [-1, 0]],
  ['no SNMP in it', [datagram(A, AGENT, '00'), other(B), reply(A)], [0, 1, 0]],
])('%s', (_name, packets, streams) => {
  expect(passes(packets)).toEqual(streams)
})

test('where packets are shown as they come, a number stays', () => {
  const streams: number[] = []
  const pipeline = new Pipeline({ visit: (_, facts) => streams.push(facts.stream), analyse: false })
  const frames = [request(A), other(C), reply(A)].map((packet) => ({
    bytes: fromHex(`${ethernet('0800')} ${packet}`),
    time: 0,
  }))
  pipeline.feed(batchOf(frames))
  pipeline.finish()
  expect(streams).toEqual([1, 2, 1])
})
