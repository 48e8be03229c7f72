/** Data that is lost again and again, and whether smaller packets get through meanwhile. */
import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../src/explain/problems/diagnose.js'
import { Conversation } from '../../support/conversation.js'
import { timelineOf } from '../../support/timelines.js'

function problemsOf(conversation: Conversation, untilEnd = 0) {
  return diagnose(timelineOf(conversation), { untilEnd, accepted: 0 })?.problems ?? []
}

const full = 'x'.repeat(1400)
const small = 'y'.repeat(600)

/** A SACK block, between two NOPs. */
const selective = (from: number, to: number): number[] => {
  const words = [from, to].flatMap((word) => [word >> 24, (word >> 16) & 255, (word >> 8) & 255, word & 255])
  return [1, 1, 5, 10, ...words]
}

/** #4 of 1,400 bytes, and again as #5 to #7: after 0.3, 0.9 and 2.1 s. */
function triedInVain(): Conversation {
  const talk = new Conversation().handshake().client('A', { at: 100, text: full })
  for (const at of [400, 1000, 2200]) talk.client('A', { at, seq: 1001, text: full })
  return talk
}

describe('a segment that is sent again and again', () => {
  test('while a smaller one behind it arrives: a path MTU black hole', () => {
    const hole = new Conversation()
      .handshake()
      .client('A', { at: 100, text: full })
      .client('PA', { at: 101, text: small })
      .server('A', { at: 102, ack: 1001, options: selective(2401, 3001) })
    for (const at of [400, 1000, 2200]) hole.client('A', { at, seq: 1001, text: full })
    const [problem] = problemsOf(hole, 5e9)
    expect(problem).toMatchObject({ name: 'path MTU black hole', frames: [4, 5, 6, 7, 8, 9] })
    expect(problem?.diagnosis).toMatch(
      /1,400 B of the client .* \(#4, sent again 3 times: #7, #8 and #9\), 600 B do \(#5, which #6/,
    )
  })

  test('and gets through in smaller pieces: the same, and no outage', () => {
    const probing = triedInVain()
      .client('A', { at: 4600, seq: 1001, text: 'x'.repeat(1000) })
      .server('A', { at: 4601, ack: 2001 })
      .client('A', { at: 4602, seq: 2001, text: 'x'.repeat(400) })
      .server('A', { at: 4603, ack: 2401 })
    const names = problemsOf(probing).map(({ name }) => name)
    expect(names[0]).toBe('path MTU black hole')
    expect(names).not.toContain('outage')
  })

  test('while the other end is heard of: the same, it seems', () => {
    const [problem] = problemsOf(triedInVain().server('FA', { at: 3000, ack: 1001 }).client('A', { at: 3001 }))
    expect(problem?.diagnosis).toMatch(
      /^path MTU black hole: .* smaller ones do \(#1\), and the server is there \(#8\): it seems .*, unless something drops whatever carries data/,
    )
  })

  test('and too small for any network to mind: something drops it, a firewall perhaps', () => {
    const dropped = new Conversation().handshake().client('PA', { at: 100, text: small.slice(0, 500) })
    for (const at of [400, 1000, 2200]) dropped.client('PA', { at, seq: 1001, text: small.slice(0, 500) })
    dropped.server('FA', { at: 3000, ack: 1001 }).client('PA', { at: 4600, seq: 1001, text: small.slice(0, 500) })
    const problems = problemsOf(dropped)
    expect(problems).toMatchObject([{ name: 'never arrived', frames: [4, 5, 6, 7, 8, 9] }])
    expect(problems[0]?.diagnosis).toMatch(/^500 B of the client never arrive .*the server is there \(#8 .*firewall/)
  })

  test('while a small one behind it is lost, too: not for its size alone', () => {
    const selects = [2, 4, 5, 180, 1, 1, 4, 2]
    const both = new Conversation().client('S', { options: selects }).server('SA', { options: selects }).client('A')
    both.client('A', { at: 100, text: full }).client('PA', { at: 101, text: 'the end' })
    for (const at of [400, 1000, 2200]) both.client('A', { at, seq: 1001, text: full })
    both.server('FA', { at: 3000, ack: 1001 }).client('A', { at: 4600, seq: 1001, text: full })
    const [problem] = problemsOf(both)
    expect(problem?.name).toBe('never arrived')
    expect(problem?.diagnosis).toMatch(/as where a network on the way takes only smaller packets, or a firewall/)
  })

  test('and nothing comes back: its host may be down, too', () => {
    const [problem] = problemsOf(triedInVain(), 5e9)
    expect(problem?.diagnosis).toMatch(/^the server vanished: .*or packets as large as these do not get through$/)
  })

  test('and arrives in the end was lost by an outage', () => {
    const names = problemsOf(triedInVain().server('A', { at: 2201, ack: 2401 })).map(({ name }) => name)
    expect(names).toContain('outage')
    expect(names).not.toContain('path MTU black hole')
  })

  test('of a router that says so is no black hole', () => {
    const told = new Conversation().handshake().client('A', { at: 100, text: full }).tooBig(101)
    for (const at of [400, 1000, 2200]) told.client('A', { at, seq: 1001, text: full })
    told.client('A', { at: 4600, seq: 1001, text: small }).server('A', { at: 4601, ack: 1601 })
    expect(problemsOf(told).map(({ name }) => name)).not.toContain('path MTU black hole')
  })
})

describe('at the receiver, what never arrived', () => {
  test('is asked for in vain', () => {
    const gap = new Conversation()
      .handshake()
      .client('PA', { at: 100, seq: 2401, text: small })
      .server('A', { at: 101, ack: 1001, options: selective(2401, 3001) })
    expect(problemsOf(gap, 0.5e9)).toEqual([])
    expect(problemsOf(gap, 5e9)[0]?.diagnosis).toMatch(
      /^1,400 B of the client never arrived: #4 comes behind them, #5 asks for them, and in 5\.00 s/,
    )
  })

  test('is what a segment without data is numbered behind', () => {
    const unseen = new Conversation()
      .handshake()
      .client('PA', { at: 100, text: 'GET / HTTP/1.1\r\n\r\n' })
      .server('A', { at: 101 })
      .client('FA', { at: 6000 })
      .server('A', { at: 6001, seq: 7801 })
    expect(problemsOf(unseen, 5e9)[0]?.diagnosis).toMatch(
      /^2,800 B of the server never arrived: #7 is numbered behind them/,
    )
  })
})
