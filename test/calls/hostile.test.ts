/** Logs that were made to hurt: what is kept of them has a limit, and what is told of the rest is true. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Epoll } from '../../src/calls/processes/epoll.js'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { StraceReader } from '../../src/calls/strace/reader.js'
import { processTree } from '../../src/render/process-tree.js'
import { plainTheme } from '../../src/render/style.js'

function read(lines: readonly string[]) {
  const reader = new StraceReader()
  const timed = lines.map((line, at) => {
    const [thread = '', call = ''] = line.split(/ (.*)/s)
    return `${thread} ${1_800_000_000 + Math.floor(at / 1e6)}.${String(at % 1e6).padStart(6, '0')} ${call}\n`
  })
  const calls = reader.push(timed.join(''))
  return { underWay: reader.underWay().length, calls: [...calls, ...reader.finish()] }
}

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

describe('a hostile log', () => {
  test('of calls that signals interrupted: all are told, and not all are waited for', () => {
    const { underWay, calls } = read(
      many(140_000, (at) => `${1000 + at} read(3, 0x1, 5) = ? ERESTARTSYS (To be restarted)`),
    )
    expect(underWay).toBeLessThan(140_000)
    expect(calls).toHaveLength(140_000)
    expect(new Set(calls.map(({ pid }) => pid)).size).toBe(140_000)
  })

  test('of forks that copy many descriptors keeps a million of them', () => {
    const { calls } = read([
      ...many(1100, (at) => `7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = ${at + 3}`),
      ...many(1100, (at) => `7 fork() = ${at + 100}`),
    ])
    const { sockets, processes } = followProcesses(calls)
    const references = sockets.reduce((sum, socket) => sum + socket.references.length, 0)
    expect(references).toBeGreaterThan(1_000_000)
    expect(references).toBeLessThan(1_100_000)
    expect(processes).toHaveLength(1101)
  })

  test('of waits for thousands: each names a few of them, and counts the others', () => {
    const { calls } = read([
      '7 epoll_create1(0) = 3',
      ...many(
        500,
        (at) => `7 epoll_ctl(3, EPOLL_CTL_ADD, ${at + 4}, {events=EPOLLIN, data={u32=${at}, u64=${at}}}) = 0`,
      ),
      '7 epoll_wait(3, [{events=EPOLLIN, data={u32=8, u64=8}}], 10, 0) = 1',
      `7 poll([${many(500, (at) => `{fd=${at + 4}, events=POLLIN}`).join(', ')}], 500, 0) = 1 ([{fd=12, revents=POLLIN}])`,
    ])
    for (const wait of followProcesses(calls).calls.slice(-2)) {
      expect(wait).toMatchObject({ waitsOnMore: 436, ready: [{ descriptor: 12, how: 'readable' }] })
      expect(wait.waitsOn).toEqual(many(64, (at) => at + 4))
    }
  })

  test('of waits in vain for the same sockets keeps a million of these', () => {
    const { calls } = read([
      '7 epoll_create1(0) = 3',
      ...many(64, (at) => `7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = ${at + 4}`),
      ...many(
        64,
        (at) => `7 epoll_ctl(3, EPOLL_CTL_ADD, ${at + 4}, {events=EPOLLIN, data={u32=${at}, u64=${at}}}) = 0`,
      ),
      ...many(17_000, () => '7 epoll_wait(3, [], 10, 0) = 0'),
    ])
    const { sockets } = followProcesses(calls)
    expect(sockets.reduce((sum, socket) => sum + socket.waits.length, 0)).toBe(1 << 20)
  })
})

test('an epoll has what a search through all that was registered finds', () => {
  const step = fc.tuple(
    fc.integer({ min: 3, max: 8 }),
    fc.option(fc.constantFrom('3', '4', '5', '6'), { nil: undefined }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const epoll = new Epoll()
      const naive = new Map<string, number>()
      for (const [descriptor, data] of steps) {
        for (const [known, of] of naive) if (of === descriptor) naive.delete(known)
        if (data !== undefined) naive.set(data, descriptor)
        epoll.register(descriptor, data)
        expect([...epoll.descriptors()].sort()).toEqual([...naive.values()].sort())
        for (const each of ['3', '4', '5', '6']) expect(epoll.descriptorOf(each)).toBe(naive.get(each))
      }
    }),
  )
})

describe('the tree of processes', () => {
  const tree = (lines: readonly string[]) => [...processTree(followProcesses(read(lines).calls), 80, plainTheme)]

  test('counts those that are too many, whoever made them', () => {
    expect(tree(many(100, (at) => `7 fork() = ${at + 8}`)).at(-1)).toBe(' and 1 process more')
    expect(tree(many(300, (at) => `${at + 7} fork() = ${at + 8}`)).at(-1)).toBe(' and 201 processes more')
    expect(tree(many(99, (at) => `7 fork() = ${at + 8}`)).at(-1)).toContain('pid 106')
  })
})
