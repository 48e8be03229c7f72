/** Neighbours that nobody answers for, and those that two hosts claim to be. */
import { expect, test } from 'vitest'
import { neighbourProblems } from '../../../src/explain/problems/neighbours.js'
import { Pipeline } from '../../../src/pipeline.js'
import { batchOf, type Frame } from '../../support/conversation.js'

function problemsOf(frames: readonly Frame[]) {
  const pipeline = new Pipeline({})
  pipeline.feed(batchOf(frames))
  return neighbourProblems(pipeline.tracker.neighbourhood.oddNeighbours())
}

const ms = 1e6
const mac = (last: number) => [2, 0, 0, 0, 0, last]
/** by their last byte: 192.168.56.n, fe80::n */
const ip = (last: number) => [192, 168, 56, last]
const ip6 = (last: number) => [0xfe, 0x80, ...Array<number>(13).fill(0), last]

function arp(operation: 1 | 2, from: number, hardware: number, to: number, time: number): Frame {
  const link = [...Array<number>(6).fill(255), ...mac(hardware), 0x08, 0x06]
  const body = [0, 1, 8, 0, 6, 4, 0, operation, ...mac(hardware), ...ip(from), ...mac(0), ...ip(to)]
  return { bytes: Uint8Array.from([...link, ...body]), time }
}

/** Of the wrong checksum: nobody verifies it here. */
function ndp(
  type: 135 | 136,
  from: readonly number[],
  to: readonly number[],
  target: number,
  hardware: number,
  time: number,
): Frame {
  const message = [type, 0, 0, 0, 0, 0, 0, 0, ...ip6(target), type === 135 ? 1 : 2, 1, ...mac(hardware)]
  const network = [0x60, 0, 0, 0, 0, message.length, 58, 255, ...from, ...to]
  return { bytes: Uint8Array.from([...mac(0), ...mac(hardware), 0x86, 0xdd, ...network, ...message]), time }
}

const ask6 = (time: number) => ndp(135, ip6(1), ip6(0xff), 9, 1, time)

test('a host that answers is no problem', () => {
  expect(problemsOf([arp(1, 1, 1, 10, 0), arp(2, 10, 10, 1, ms)])).toEqual([])
  expect(problemsOf([ask6(0), ndp(136, ip6(9), ip6(1), 9, 9, ms)])).toEqual([])
})

test.each([
  ['ARP unanswered', '192.168.56.1', '192.168.56.9', [0, 1, 2].map((second) => arp(1, 1, 1, 9, second * 1000 * ms))],
  ['neighbour unanswered', 'fe80::1', 'fe80::9', [0, 1, 2].map((second) => ask6(second * 1000 * ms))],
])('%s: nobody answers', (name, asker, target, frames) => {
  const [problem] = problemsOf(frames)
  expect(problem).toMatchObject({ name, frames: [1] })
  expect(problem?.diagnosis).toContain(`${asker} asked 3 times for the hardware address of ${target}`)
})

test.each([
  ['192.168.56.10', [arp(1, 1, 1, 10, 0), arp(2, 10, 10, 1, ms), arp(2, 10, 11, 1, 2 * ms)]],
  ['fe80::9', [ask6(0), ndp(136, ip6(9), ip6(1), 9, 10, ms), ndp(136, ip6(9), ip6(1), 9, 11, 2 * ms)]],
])('two hosts that answer for %s are told with both hardware addresses', (address, frames) => {
  const [problem] = problemsOf(frames)
  expect(problem).toMatchObject({ name: 'address conflict', frames: [2, 3] })
  expect(problem?.diagnosis).toContain(
    `two hosts have the address ${address}, or two adapters of one host: 02:00:00:00:00:0a (#2) and 02:00:00:00:00:0b (#3)`,
  )
})

test('an answer that was captured twice, or comes from who took the address over, is no conflict', () => {
  expect(problemsOf([arp(1, 1, 1, 10, 0), arp(2, 10, 10, 1, ms), arp(2, 10, 10, 1, 2 * ms)])).toEqual([])
  expect(problemsOf([arp(1, 1, 1, 10, 0), arp(2, 10, 10, 1, ms), arp(2, 10, 11, 1, 5000 * ms)])).toEqual([])
})

test('a host that looks whether its own address is free asks for nobody', () => {
  const look = (time: number) => ndp(135, Array<number>(16).fill(0), ip6(0xff), 9, 1, time)
  expect(problemsOf([look(0), look(1000 * ms), look(2000 * ms)])).toEqual([])
})

test('a host that was there before is gone, not unknown: it had answered, or had spoken', () => {
  const gone = [0, 1, 2].map((second) => arp(1, 1, 1, 9, (second + 10) * 1000 * ms))
  const [answered] = problemsOf([arp(1, 1, 1, 9, 0), arp(2, 9, 9, 1, ms), ...gone])
  expect(answered?.diagnosis).toMatch(/^a host is gone: .*192\.168\.56\.9 .*it was there before \(#2\)/)
  const pipeline = new Pipeline({})
  pipeline.feed(batchOf(gone))
  const odd = pipeline.tracker.neighbourhood.oddNeighbours().map((one) => ({ ...one, firstFrame: 7 }))
  expect(neighbourProblems(odd, () => 4)[0]?.diagnosis).toMatch(/it was there before \(#4\)/)
  expect(neighbourProblems(odd, () => 8)[0]?.diagnosis).toMatch(/^no such host/)
})
