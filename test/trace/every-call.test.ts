/** A program that uses each call there is for sockets, correctly: each is in the log, tied to its packets, and none is accused. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callsIn, compiled, describeTraced, folderOf, freePort, mistakesIn, synopsis, timelinesIn } from './support.js'

const CALLS = [
  ...['socket', 'bind', 'listen', 'accept4', 'connect', 'shutdown', 'close', 'setsockopt', 'getsockopt'],
  ...['getsockname', 'getpeername', 'read', 'write', 'readv', 'writev', 'send', 'recv', 'sendmsg', 'recvmsg'],
  ...['sendmmsg', 'recvmmsg', 'sendfile', 'splice', 'select', 'pselect', 'poll', 'ppoll', 'epoll_wait', 'epoll_pwait'],
  ...['fork', 'vfork', 'execve', 'waitpid', 'waitid', 'sigaction', 'exit'],
]

describeTraced('every call', () => {
  const folder = folderOf('every-call')

  test('is followed, and tied to what it sent or waited for', { timeout: 120_000 }, async () => {
    const program = compiled(folder, 'every-call')
    const kept = join(folder, 'calls.ndjson')
    const words = ['trace', '--json', '--keep-calls', kept, '--', program, String(await freePort())]
    const { status, stdout } = await synopsis(words)
    expect(status).toBe(0)
    expect(mistakesIn(stdout)).toEqual([])
    const calls = callsIn(kept)
    const names = new Set(calls.map(({ call }) => call))
    expect(CALLS.filter((call) => !names.has(call))).toEqual([])
    expect(calls.some(({ by }) => by === 'clone3')).toBe(true)
    const signals = new Set(calls.flatMap(({ call, arguments: [signal] }) => (call === 'signal' ? [signal] : [])))
    expect([...signals].sort()).toEqual(['SIGALRM', 'SIGCHLD', 'SIGINT'])

    const [tcp, udp] = timelinesIn(stdout)
    const moving = /^(?:read|write|readv|writev|send|recv|sendmsg|recvmsg|sendmmsg|recvmmsg|sendfile|splice)$/
    for (const timeline of [tcp, udp]) {
      expect(timeline?.disagreements).toEqual([])
      const own = (timeline?.observed ?? []).filter(({ on }) => on === 'socket')
      for (const { call, by, sends, takes } of own)
        if (moving.test(call)) expect([by, call, sends.length + takes.length > 0]).toEqual([by, call, true])
    }
    // seven lines, each taken in another way; six ways to wait for them
    const waits = (tcp?.observed ?? []).filter(({ by, ready }) => by === 'client' && ready !== undefined)
    expect(waits.map(({ call }) => call)).toEqual([
      'select',
      'pselect',
      'poll',
      'ppoll',
      'epoll_wait',
      'epoll_pwait',
      'epoll_wait',
    ])
    expect(waits.map(({ takes }) => takes.length)).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(waits.some(({ waited = 0 }) => waited > 0)).toBe(true)
    const many = (udp?.observed ?? []).filter(({ call }) => call.endsWith('mmsg'))
    expect(many.map(({ sends, takes }) => sends.length + takes.length)).toEqual([2, 2])
  })
})
