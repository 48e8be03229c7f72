/** What is told as requests and replies, what is not, and which reply is to which request. */
import { describe, expect, test } from 'vitest'
import { explainUdp } from '../../../src/explain/udp.js'
import { verdict, wentWell } from '../../../src/explain/verdict.js'
import { Pipeline } from '../../../src/pipeline.js'
import { word } from '../../decode/support.js'
import { batchOf } from '../../support/conversation.js'
import { Datagrams } from '../../support/datagrams.js'

/** `#2→#1`: the second answers the first; `#3=#1`: it is the first once more. */
function links(conversation: Datagrams): string {
  const { events } = conversation.timeline()
  return events
    .flatMap((event) => {
      if (event.kind !== 'packet') return []
      if (event.answers !== undefined) return [`#${event.frame}→#${event.answers.frame}`]
      return event.repeats === undefined ? [] : [`#${event.frame}=#${event.repeats}`]
    })
    .join(' ')
}

const dns = (id: number, isAnswer = false) =>
  `${word(id)} ${isAnswer ? '8180' : '0100'} 0001 0000 0000 0000 00 0001 0001`
const stun = (type: string, id: number) => `${type} 0000 2112a442 0000000000000000 0000${word(id)}`
const rpc = (id: number, isReply = false) =>
  `8000${word(id)} ${isReply ? '00000001 00000000' : '00000000 00000002'} 00000000`
const rtp = (sequence: number, source = 7) =>
  `8008 ${word(sequence)} 0010${word(sequence)} 0000${word(source)} d5d5${word(sequence)}`

/** As two telephones do: 50 datagrams a second each, the one halfway between two of the other. */
function call(): Datagrams {
  const conversation = new Datagrams(16756, 15580)
  for (let i = 0; i < 20; i++) conversation.client(rtp(100 + i), 10).server(rtp(7000 + i, 9), 10)
  return conversation
}

describe('requests and replies', () => {
  test.each<[string, Datagrams, string, string]>([
    [
      'one and its reply',
      new Datagrams(7000).client('01').server('02'),
      '#2→#1',
      '1 request, 1 reply; answered after 1 ms',
    ],
    [
      'names asked for at once, answered the other way round',
      new Datagrams(53).client(dns(5)).client(dns(6)).server(dns(6, true)).server(dns(5, true)),
      '#3→#2 #4→#1',
      '2 requests, 2 replies; answered after 1 ms to 3 ms',
    ],
    [
      'a name whose first query was lost',
      new Datagrams(53).client(dns(5)).client(dns(5), 5000).server(dns(5, true)),
      '#2=#1 #3→#1',
      '1 request, 1 reply; answered after 5.00 s; 1 sent again',
    ],
    [
      'a name that came late, after another was asked for',
      new Datagrams(53).client(dns(5)).client(dns(6), 2000).server(dns(5, true)).server(dns(6, true)),
      '#3→#1 #4→#2',
      '2 requests, 2 replies; answered after 2 ms to 2.00 s',
    ],
    [
      'two names asked for under one identifier',
      new Datagrams(53)
        .client(dns(5))
        .client(dns(5).replace('00 0001 0001', '00 001c 0001'), 5)
        .server(dns(5, true).replace('00 0001 0001', '00 001c 0001'))
        .server(dns(5, true)),
      '#3→#2 #4→#1',
      '2 requests, 2 replies; answered after 1 ms to 7 ms',
    ],
    [
      'a name server that refuses, and does not repeat the question',
      new Datagrams(53).client(dns(5)).server('0005 8105 0000 0000 0000 0000'),
      '#2→#1',
      '1 request, 1 reply; answered after 1 ms',
    ],
    [
      'NetBIOS, whose answer has no question',
      new Datagrams(137, 57836).client(dns(5)).server('0005 8400 0000 0001 0000 0000 00'),
      '#2→#1',
      '1 request, 1 reply; answered after 1 ms',
    ],
    [
      'STUN sent again before its answer was due: each copy is answered',
      new Datagrams(19302)
        .client(stun('0001', 1))
        .client(stun('0001', 1), 250)
        .server(stun('0101', 1), 124)
        .server(stun('0101', 1), 250),
      '#2=#1 #3→#1',
      '1 request, 2 replies; answered after 374 ms; 1 sent again',
    ],
    [
      'remote calls, whose identifiers rise by one as those of media do',
      [1, 2, 3, 4, 5, 6].reduce((all, id) => all.client(rpc(id)).server(rpc(id, true)), new Datagrams(2049, 1023)),
      '#2→#1 #4→#3 #6→#5 #8→#7 #10→#9 #12→#11',
      '6 requests, 6 replies; answered after 1 ms',
    ],
    [
      'echoes, one of which is lost',
      new Datagrams(9877).client('0a').client('0b').client('0c').server('0a').server('0c'),
      '#4→#1 #5→#3',
      '3 requests, 2 replies; answered after 2 ms to 3 ms; 1 unanswered',
    ],
    [
      'the lab: the first datagram is lost, and the next is sent by hand',
      new Datagrams(51717).client('68690a').client('6865790a', 3000).server('476f74'),
      '#3→#2',
      '2 requests, 1 reply; answered after 1 ms; 1 unanswered',
    ],
    [
      'the lab: several at once, of which only the number of replies is known',
      new Datagrams(51717).client('61').client('62').client('63').server('476f74').server('476f74').server('476f74'),
      '',
      '3 requests, 3 replies',
    ],
    [
      'no answer from a service that answers everything',
      new Datagrams(53).client(dns(5)).client(dns(5), 5000),
      '#2=#1',
      'no answer: 2 datagrams from the client, none back',
    ],
    [
      'captured twice: no copy was sent again',
      new Datagrams(53).client(dns(5)).client(dns(5), 0).server(dns(5, true)).server(dns(5, true), 0),
      '#3→#1',
      '1 request, 2 replies; answered after 1 ms',
    ],
    [
      'the capture begins behind the first request',
      new Datagrams(500).server('02').client('03').server('04'),
      '#3→#2',
      '1 request, 2 replies; answered after 1 ms',
    ],
  ])('%s', (_, conversation, expected, sentence) => {
    const { summary } = conversation.timeline()
    expect(summary.shape).toBe('requests')
    expect(links(conversation)).toBe(expected)
    expect(verdict(summary)).toBe(sentence)
  })
})

describe('what is none of that', () => {
  const quic = 'c3 00000001 08 8394c8f03e515708 0000'
  test.each<[string, Datagrams, string, string]>([
    [
      'a telephone call, even where each datagram of the one follows one of the other',
      call(),
      'RTP: 20 datagrams from the client, 20 from the server',
      'what it carries is RTP, media whose sequence numbers rise by one from datagram to datagram (RFC 3550): no requests and replies',
    ],
    [
      'QUIC, though its first two packets look like a request and its reply',
      new Datagrams(443).client(quic).server(quic),
      'QUIC: 1 datagram from the client, 1 from the server',
      'what it carries is QUIC, a connection with packets and acknowledgments of its own (RFC 9000): no requests and replies',
    ],
    [
      'WireGuard',
      new Datagrams(51820).client(`01000000${'ab'.repeat(144)}`).server(`02000000${'cd'.repeat(88)}`),
      'WireGuard: 1 datagram from the client, 1 from the server',
      'what it carries is WireGuard, a tunnel: no requests and replies',
    ],
    [
      'a game: the server speaks when it likes',
      new Datagrams(7194).client('01').server('02').server('03', 50).client('04').server('05', 50),
      '2 datagrams from the client, 3 from the server',
      "what goes both ways is not told as requests and replies: when the server sent #3, nothing of the client's waited for an answer",
    ],
    [
      'several that wait, and nothing says which is answered',
      new Datagrams(7985).client('01').client('02').server('03').server('04'),
      '2 datagrams from the client, 2 from the server',
      "what goes both ways is not told as requests and replies: when the server sent #3, 2 of the client's datagrams waited, and nothing says which it answers",
    ],
    [
      'too little comes back',
      new Datagrams(50004).client('01').server('02').client('03').client('04').client('05'),
      '4 datagrams from the client, 1 from the server',
      "what goes both ways is not told as requests and replies: too few of the client's datagrams were answered",
    ],
    [
      'a message to syslog',
      new Datagrams(514).client('3c33303e').client('3c33313e'),
      '2 datagrams from the client, none from the server',
      'nothing came back; UDP does not say whether anything was to',
    ],
    [
      'a search by multicast',
      new Datagrams(1900, 51277, { address: 'effffffa', mac: '01005e7ffffa' }).client('4d').client('4d', 3000),
      '2 datagrams to a multicast group',
      'this went to a multicast group: whoever answers does so from an address of its own, in another session',
    ],
    [
      'the broadcast of one network, which only the frame shows, to a port that answers everything elsewhere',
      new Datagrams(123, 123, { address: 'c0a838ff', mac: 'ffffffffffff' }).client('1b'),
      '1 datagram to everybody (broadcast)',
      'this went to everybody on the network (broadcast): whoever answers does so from an address of its own, in another session',
    ],
    [
      'the answer to a search: who sends it is the server',
      new Datagrams(1900, 51277).server('48545450'),
      '1 datagram from the server, none from the client',
      'such an answer is mostly to a multicast or a broadcast, which is another session',
    ],
  ])('%s', (_, conversation, sentence, explanation) => {
    const { summary } = conversation.timeline()
    expect(links(conversation)).toBe('')
    expect(verdict(summary)).toBe(sentence)
    expect(explainUdp(summary).at(-1)).toBe(explanation)
    expect(summary.requests).toBeUndefined()
    expect(wentWell(summary)).toBe(true)
  })
})

test('of requests that nobody answers no more than a few are kept', () => {
  const conversation = new Datagrams(53)
  for (let id = 0; id < 500; id++) conversation.client(dns(id))
  let kept = 0
  const pipeline = new Pipeline({
    visit: (_, { session }) => {
      kept = Math.max(kept, session?.extras?.waiting?.length ?? 0)
    },
    analyse: false,
  })
  pipeline.feed(batchOf(conversation.frames))
  pipeline.finish()
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(500)
  expect(conversation.timeline().summary.requests).toMatchObject({ answered: 0, unanswered: 500 })
})
