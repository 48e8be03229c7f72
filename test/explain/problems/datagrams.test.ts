/** What is a problem of a UDP conversation, and what is none. */
import { expect, test } from 'vitest'
import { diagnose, isSuspect } from '../../../src/explain/problems/diagnose.js'
import { Datagrams } from '../../support/datagrams.js'

function problemsOf(conversation: Datagrams): string[] {
  const timeline = conversation.timeline()
  const found = diagnose(timeline, { untilEnd: 10e9, accepted: 0 })?.problems ?? []
  if (found.length > 0) expect(isSuspect(timeline.summary), 'the first pass would not have kept it').toBe(true)
  return found.map(({ name, diagnosis, frames }) => `${name} [${frames.join(' ')}] ${diagnosis}`)
}

test.each<[string, Datagrams, string[]]>([
  [
    'a reply was lost among others',
    new Datagrams(9877).client('0a').server('0a').client('0b').client('0c', 2000).server('0c'),
    ['unanswered [3] 1 of 3 requests without a reply (#3): lost on the way, or the reply was'],
  ],
  [
    'asked twice',
    new Datagrams(53)
      .client('0005 0100 0001 0000 0000 0000 00 0001 0001')
      .client('0005 0100 0001 0000 0000 0000 00 0001 0001', 5000)
      .server('0005 8180 0001 0000 0000 0000 00 0001 0001'),
    ['asked again [1 2] #1 was sent again as #2, 5.00 s later: no reply had come by then'],
  ],
  [
    'a server that is not running: the error is about the datagram that it quotes, not the last one before it',
    new Datagrams(51718).client('0a').client('0b0b').error(1),
    [
      'port unreachable [1 3] not delivered to 192.168.56.10: ICMP says "port unreachable" (#3): nobody has port 51718 there',
    ],
  ],
  [
    'a client that has closed its socket: the error is about what the server sent',
    new Datagrams(7000).client('0a').server('0b').client('0c', 5).error(2),
    [
      'port unreachable [2 4] not delivered to 192.168.56.1: ICMP says "port unreachable" (#4): nobody has port 40000 there any more',
    ],
  ],
  [
    'a server that was restarted meanwhile: the port is there again, and what was refused waits for no reply',
    new Datagrams(9000)
      .client('0a')
      .server('1a1a')
      .client('0b')
      .error(3)
      .client('0c', 400)
      .server('1c1c')
      .client('0d', 400)
      .server('1d1d'),
    [
      'port unreachable [3 4 6] not delivered to 192.168.56.10: ICMP says "port unreachable" (#4): nobody had port 9000 there then; later somebody has (#6)',
    ],
  ],
  [
    'a firewall that rejects',
    new Datagrams(51718).client('0a').error(1, 1, '030d'),
    [
      'communication administratively prohibited [1 2] not delivered to 192.168.56.10: ICMP says "communication administratively prohibited" (#2): a firewall rejects it',
    ],
  ],
  [
    'one of several was damaged on its way',
    new Datagrams(514).client('0a').client('0b', 1, 'dead'),
    ['damaged [2] 1 datagram with a bad checksum (#2): dropped by the receiver, and nobody sends again'],
  ],
  [
    'its checksum does not fit, but it found that nobody has its port: it was not damaged on its way',
    new Datagrams(51718).client('0a', 1, 'dead').error(1),
    [
      'port unreachable [1 2] not delivered to 192.168.56.10: ICMP says "port unreachable" (#2): nobody has port 51718 there',
    ],
  ],
  ['a capture in which no checksum fits', new Datagrams(514).client('0a', 1, 'dead').client('0b', 1, 'dead'), []],
  ['a redirect: the datagram has been sent on', new Datagrams(514).client('0a').error(1, 1, '0501'), []],
  ['TFTP, which is answered from another port', new Datagrams(69).client('0001 61 00 6f63746574 00'), []],
  ['a message to syslog', new Datagrams(514).client('3c33303e'), []],
  ['a broadcast', new Datagrams(123, 123, { address: 'c0a838ff', mac: 'ffffffffffff' }).client('1b'), []],
  ['a service of which nothing is known', new Datagrams(9000).client('0a').client('0b'), []],
  ['a stream that ends', new Datagrams(9000).client('0a').server('0b').client('0c').client('0d'), []],
])('%s', (_, conversation, expected) => {
  expect(problemsOf(conversation)).toEqual(expected)
})

test('what ICMP has refused waits no more, so that the next reply is to the next request', () => {
  const { summary } = new Datagrams(9000)
    .client('0a')
    .error(1)
    .client('0b', 400)
    .server('1b1b')
    .client('0c', 400)
    .server('1c1c')
    .client('0d', 400)
    .server('1d1d')
    .timeline()
  expect(summary.requests).toMatchObject({ answered: 3, unanswered: 1, undecided: 0 })
})
