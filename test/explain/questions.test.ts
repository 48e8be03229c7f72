/** Lab questions: the answers that a grader would compute, and reasons where the capture cannot answer. */
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/explain/questions/answer.js'
import { answerQuestions } from '../../src/explain/questions/questions.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

const full = 'x'.repeat(1460)
const mss = [2, 4, 5, 180]

/** Client ISN 1000, server ISN 5000; four segments, RTTs of 10, 18, 10 and 10 ms. */
function upload(): Conversation {
  const talk = new Conversation()
    .client('S', { at: 0, options: mss })
    .server('SA', { at: 10, options: mss })
    .client('A', { at: 10 })
  talk.client('PA', { at: 100, text: full }).server('A', { at: 110 })
  talk.client('PA', { at: 120, text: full }).server('A', { at: 138 })
  talk.client('A', { at: 140, text: full }).client('PA', { at: 140, text: full }).server('A', { at: 150, window: 8000 })
  return talk.client('FA', { at: 160 }).server('FA', { at: 170 }).client('A', { at: 170 })
}

function find(answers: readonly Answer[], words: RegExp): Answer {
  const answer = answers.find(({ question }) => words.test(question))
  if (answer === undefined) throw new Error(`no question like ${words}`)
  return answer
}

describe('of an upload', () => {
  const answers = answerQuestions(timelineOf(upload()))

  test.each([
    [/IP addresses/, 'client 192.168.56.1:40000, server 192.168.56.10:51717'],
    [/of the SYN that opens/, '1000 (relative: 0); the SYN flag is 1 and the ACK flag is 0'],
    [
      /of the SYN\/ACK/,
      'sequence number 5000 (relative: 0), acknowledgment number 1001 (relative: 1); SYN and ACK are both 1',
    ],
    [/first request/, '1001 (relative: 1)'],
    [/How long/, '1,460, 1,460, 1,460, 1,460 bytes of payload'],
    [/smallest window/, '8,000 bytes (#10); it never throttled the sender'],
    [/retransmissions/, 'none'],
    [/typically acknowledge/, '1,460 bytes (the median of 3 ACKs); 1 of 3 cover two segments at once: #10'],
    // 5,840 B from 100 ms to 150 ms
    [/throughput/, "116,800 bytes per second (934 kbit/s), of the client's data"],
    [/closed/, /the client's first; the client is in TIME_WAIT/],
  ])('%s', (words, expected) => {
    const { answer } = find(answers, words)
    if (typeof expected === 'string') expect(answer).toBe(expected)
    else expect(answer).toMatch(expected)
  })

  test("the acknowledgment number is derived, and the throughput calculated, before one's eyes", () => {
    expect(find(answers, /of the SYN\/ACK/).evidence.join()).toContain('1000 + 1 = 1001')
    expect(find(answers, /throughput/).evidence.join()).toContain(
      '5,840 B ÷ (0.150000000 s − 0.100000000 s) = 5,840 B ÷ 0.050000000 s = 116,800 B/s',
    )
  })

  test('EstimatedRTT after each segment, by 0.875 and 0.125', () => {
    const lines = find(answers, /EstimatedRTT/).evidence
    expect(lines[0]).toContain(
      'sequence number 1001 (relative 1), sent 0.100000000 s, acknowledged 0.110000000 s by #5',
    )
    expect(lines[1]).toContain('0.875 × 10.000000 ms + 0.125 × 18.000000 ms = 11.000000 ms')
    expect(lines[2]).toContain('0.875 × 11.000000 ms + 0.125 × 10.000000 ms = 10.875000 ms')
    expect(lines[3]).toContain('0.875 × 10.875000 ms + 0.125 × 10.000000 ms = 10.765625 ms')
  })

  test('each answer has its evidence, and a frame in it', () => {
    for (const { question, answer, why, evidence } of answers) {
      expect(answer === undefined ? why : evidence.join(' '), question).toMatch(/\S/)
      if (answer !== undefined && answer !== 'none') expect(`${answer} ${evidence.join(' ')}`, question).toMatch(/#\d/)
    }
  })
})

test('a SYN at the end of the number space is acknowledged with 0', () => {
  const talk = new Conversation().client('S', { seq: 0xffffffff }).server('SA', { ack: 0 }).client('A', { seq: 0 })
  expect(find(answerQuestions(timelineOf(talk)), /of the SYN\/ACK/).evidence.join()).toContain('4294967295 + 1 = 0')
})

test.each([
  [
    'refused',
    new Conversation().client('S').server('RA'),
    /of the SYN\/ACK/,
    'there was none: the SYN was answered with a reset',
  ],
  ['no data', new Conversation().handshake(), /throughput/, 'no data was sent in this session'],
  [
    'joined in the middle',
    new Conversation().client('PA', { text: 'a' }).server('A'),
    /of the SYN that/,
    'the SYN was not captured',
  ],
  [
    'left early',
    new Conversation().handshake(),
    /closed/,
    'neither FIN nor RST was captured: the session was open when the capture ended',
  ],
] as const)('what a capture cannot answer says why: %s', (_, talk, words, why) => {
  const answer = find(answerQuestions(timelineOf(talk)), words)
  expect([answer.answer, answer.why]).toEqual([undefined, why])
})
