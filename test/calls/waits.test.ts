/** What select, poll and epoll_wait waited for and found, from the lines that strace and the lab's log have of them. */
import { describe, expect, test } from 'vitest'
import type { Call } from '../../src/calls/call.js'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { StraceReader } from '../../src/calls/strace/reader.js'

function read(...lines: string[]): Call[] {
  const reader = new StraceReader()
  return [...reader.push(lines.map((line, at) => `7 1700000000.00000${at} ${line}\n`).join('')), ...reader.finish()]
}

const LISTENING = '3<TCP:[0.0.0.0:5000]>'
const CONNECTED = '4<TCP:[127.0.0.1:5000->127.0.0.1:40000]>'
const OPENING = [
  'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[1]> <0.0000001>',
  `listen(${LISTENING}, 5) = 0 <0.0000001>`,
]
const ACCEPT = `accept(${LISTENING}, NULL, NULL) = ${CONNECTED} <0.0000001>`

describe('a wait for several descriptors', () => {
  test.each<[string, string, object]>([
    [
      'select, as pselect6',
      `pselect6(5, [${LISTENING} ${CONNECTED}], [${CONNECTED}], NULL, NULL, NULL) = 2 (in [3], out [4])`,
      {
        waitsOn: [3, 4],
        ready: [
          { descriptor: 3, how: 'readable' },
          { descriptor: 4, how: 'writable' },
        ],
      },
    ],
    [
      'poll',
      `poll([{fd=3, events=POLLIN}, {fd=${CONNECTED}, events=POLLIN}], 2, -1) = 1 ([{fd=4, revents=POLLIN|POLLHUP}])`,
      { waitsOn: [3, 4], ready: [{ descriptor: 4, how: 'readable' }] },
    ],
    [
      'ppoll that found an error',
      `ppoll([{fd=${CONNECTED}, events=POLLOUT}], 1, NULL, NULL, 8) = 1 ([{fd=4, revents=POLLERR}])`,
      { waitsOn: [4], ready: [{ descriptor: 4, how: 'error' }] },
    ],
    ['poll whose time was up', `poll([{fd=${CONNECTED}, events=POLLIN}], 1, 10) = 0 (Timeout)`, { ready: [] }],
    [
      'select with a terminal',
      `pselect6(5, [0</dev/pts/0<char 136:0>> ${CONNECTED}], NULL, NULL, NULL, NULL) = 1 (in [0])`,
      { waitsOn: [0, 4], ready: [{ descriptor: 0, how: 'readable' }] },
    ],
    [
      'negative descriptors are left alone',
      `poll([{fd=-1}, {fd=${CONNECTED}, events=POLLIN}], 2, -1) = 1 ([{fd=4, revents=POLLIN}])`,
      { waitsOn: [4] },
    ],
  ])('%s', (_, line, expected) => {
    const { calls } = followProcesses(read(...OPENING, ACCEPT, line))
    expect(calls.at(-1)).toMatchObject(expected)
  })

  test('epoll: the data of epoll_ctl says which descriptor it is', () => {
    const { calls, sockets } = followProcesses(
      read(
        ...OPENING,
        'epoll_create1(EPOLL_CLOEXEC) = 5<anon_inode:[eventpoll]>',
        `epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, ${LISTENING}, {events=EPOLLIN, data={u32=9, u64=94000009}}) = 0`,
        'epoll_wait(5<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=9, u64=94000009}}], 8, -1) = 1',
        ACCEPT,
      ),
    )
    const wait = calls.find(({ call }) => call === 'epoll_wait')
    expect(wait).toMatchObject({ waitsOn: [3], ready: [{ descriptor: 3, how: 'readable' }] })
    // what accept then returned was announced by it
    expect(sockets.find(({ acceptedFrom }) => acceptedFrom !== undefined)?.announcedBy).toBe(wait)
  })

  test('a thread that accepts without having waited was told by nobody', () => {
    const { sockets } = followProcesses(read(...OPENING, ACCEPT))
    expect(sockets.find(({ acceptedFrom }) => acceptedFrom !== undefined)?.announcedBy).toBeUndefined()
  })

  test('hostile lines: no descriptor, lists that do not end, data that is none', () => {
    const lines = [
      'poll([{fd=99999999999999999999, events=POLLIN}], 1, -1) = 1 ([{fd=77, revents=',
      'select(5, [3 4 5 6',
      'epoll_wait(5, [{events=EPOLLIN, data={u32=9, u64=0x7fffffffffffffff}}], 8, -1) = 1',
      'epoll_wait(5, 0x7ffe, 8, -1) = 1000000',
      'epoll_ctl(5, EPOLL_CTL_ADD) = 0',
    ]
    expect(() => followProcesses(read(...OPENING, ACCEPT, ...lines))).not.toThrow()
  })
})
