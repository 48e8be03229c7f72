/** Processes and descriptors: who still holds a socket, and whose close it is that sends the FIN. */
import { describe, expect, test } from 'vitest'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { StraceReader } from '../../src/calls/strace/reader.js'
import { wayOf } from '../../src/calls/transfers.js'

/** A log of lines `PID CALL`, one a millisecond. */
function follow(...lines: string[]) {
  const reader = new StraceReader()
  const timed = lines.map((line, index) => line.replace(/^(\d+) /, `$1 1795938079.${String(index).padStart(3, '0')} `))
  return followProcesses([...reader.push(`${timed.join('\n')}\n`), ...reader.finish()])
}

const LISTENING = [
  '7 execve("./server", ["./server", "51717"], 0x7f /* 3 vars */) = 0',
  '7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3',
  '7 bind(3, {sa_family=AF_INET, sin_port=htons(51717), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
  '7 listen(3, 5) = 0',
  '7 accept(3, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("10.0.0.1")}, [16]) = 4',
]
const FORK = '7 clone(child_stack=NULL, flags=SIGCHLD) = 8'

describe('a descriptor', () => {
  test('that parent and child hold is closed by the second close', () => {
    const { sockets } = follow(...LISTENING, FORK, '8 close(3) = 0', '8 close(4) = 0', '7 close(4) = 0')
    const [listening, connected] = sockets
    expect(connected?.acceptedFrom).toBe(listening?.number)
    expect(connected?.references.map(({ pid, by, end }) => [pid, by, end])).toEqual([
      [7, 'accept', 'close'],
      [8, 'fork', 'close'],
    ])
    const closes = connected?.calls.filter(({ call }) => call === 'close')
    expect(closes?.map(({ pid, closesLast }) => [pid, closesLast])).toEqual([
      [8, false],
      [7, true],
    ])
    expect(listening?.references.map(({ pid, until }) => [pid, until === undefined])).toEqual([
      [7, true],
      [8, false],
    ])
  })

  test('is closed by the end of its process, which stands in the log for each socket', () => {
    const { calls } = follow(...LISTENING, '7 exit_group(0) = ?', '7 +++ exited with 0 +++')
    const exits = calls.filter(({ call, closesLast }) => call === 'exit' && closesLast === true)
    expect(exits.map(({ descriptor, peer }) => [descriptor, peer])).toEqual([
      [3, undefined],
      [4, '10.0.0.1:40000'],
    ])
  })

  test('is closed by the end of a process that a signal killed', () => {
    const { sockets } = follow(...LISTENING, '7 +++ killed by SIGKILL +++')
    expect(sockets[1]?.references[0]).toMatchObject({ end: 'ended' })
  })

  test('ends at execve when it is to (SOCK_CLOEXEC, F_SETFD), and lives on otherwise', () => {
    const { sockets } = follow(
      '7 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3',
      '7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 4',
      '7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5',
      '7 fcntl(4, F_SETFD, FD_CLOEXEC) = 0',
      '7 execve("/bin/cat", ["cat"], 0x7f) = 0',
    )
    expect(sockets.map(({ references: [first] }) => first?.end)).toEqual(['execve', 'execve', undefined])
  })

  test('of dup2 over another one closes that', () => {
    const { sockets } = follow(...LISTENING, '7 dup2(4, 3) = 3', '7 close(4) = 0', '7 read(3, "x", 1) = 1')
    expect(sockets[0]?.references[0]?.end).toBe('dup2')
    expect(sockets[1]?.references.map(({ descriptor, end }) => [descriptor, end])).toEqual([
      [4, 'close'],
      [3, undefined],
    ])
    expect(sockets[1]?.calls.at(-1)?.call).toBe('read')
  })

  test.each([
    ['', ''],
    ['<pipe:[77]>', '<TCP:[10.0.0.2:51717->10.0.0.1:40000]>'],
  ])('that splice is made on is the socket, not the pipe%s', (pipe, socket) => {
    const { sockets } = follow(
      ...LISTENING,
      `7 splice(4${socket}, NULL, 6${pipe}, NULL, 100, 0) = 3`,
      `7 splice(5${pipe}, NULL, 4${socket}, NULL, 3, 0) = 3`,
    )
    const spliced = sockets[1]?.calls.filter(({ call }) => call === 'splice') ?? []
    expect(spliced.map(wayOf)).toEqual(['read', 'write'])
  })

  test('outlives the first thread, and goes with the last one', () => {
    const threads = (...lines: string[]) =>
      follow(
        ...LISTENING,
        '7 clone3({flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD}, 88) = 9',
        '7 exit(0) = ?',
        '9 read(4, "hello", 255) = 5',
        ...lines,
        '9 exit(0) = ?',
      ).sockets
    const [, served] = threads('9 close(4) = 0')
    expect(served?.calls.map(({ call, closesLast }) => [call, closesLast])).toEqual([
      ['accept', undefined],
      ['read', undefined],
      ['close', true],
    ])
    const [listening, left] = threads()
    for (const socket of [listening, left])
      expect(socket?.calls.at(-1)).toMatchObject({ call: 'exit', thread: 9, closesLast: true })
  })

  test('is closed while the call goes on that takes its place', () => {
    const { sockets } = follow(...LISTENING, '7 dup2(0, 4) = 4 <0.005000>', '7 read(4, "", 1) = 0')
    const [closing] = sockets[1]?.calls.filter(({ closesLast }) => closesLast === true) ?? []
    expect(closing).toMatchObject({ call: 'dup2', entered: { nanoseconds: 5e6 } })
  })

  test('that was sent to another process lives on there, and on the way', () => {
    const rights = (descriptor: number) =>
      `{msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="f", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[${descriptor}]}], msg_controllen=24, msg_flags=0}, 0) = 1`
    const passed = [
      ...LISTENING,
      '7 socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0',
      FORK,
      '8 close(4) = 0',
      `7 sendmsg(5, ${rights(4)}`,
      '7 close(4) = 0',
    ]
    const closes = (lines: readonly string[]) =>
      follow(...lines).sockets[1]?.calls.flatMap(({ call, pid, closesLast }) =>
        call === 'close' ? [[pid, closesLast]] : [],
      )
    const received = [...passed, `8 recvmsg(6, ${rights(9)}`, '8 write(9, "hi", 2) = 2', '8 close(9) = 0']
    expect(closes(received)).toEqual([
      [8, false],
      [7, false],
      [8, true],
    ])
    expect(follow(...received).processes.map(({ serves }) => serves)).toEqual([[], ['10.0.0.1:40000']])
    // who received it is not in the log
    expect(closes(passed)?.at(-1)).toEqual([7, false])
  })

  test('is shared by threads', () => {
    const { sockets } = follow(
      ...LISTENING,
      '7 clone3({flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD}, 88) = 9',
      '9 close(4) = 0',
      '9 exit(0) = ?',
      '9 +++ exited with 0 +++',
    )
    expect(sockets[1]?.calls.at(-1)).toMatchObject({ call: 'close', pid: 7, thread: 9, closesLast: true })
    expect(sockets[0]?.references[0]?.until).toBeUndefined()
  })
})

describe('names', () => {
  test('that a call lacks are those of its socket', () => {
    const { calls } = follow(
      '7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3',
      '7 connect(3, {sa_family=AF_INET, sin_port=htons(51717), sin_addr=inet_addr("10.0.0.2")}, 16) = 0',
      '7 getsockname(3, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("10.0.0.1")}, [16]) = 0',
      '7 write(3, "x", 1) = 1',
    )
    const ends = { transport: 'tcp', local: '10.0.0.1:40000', peer: '10.0.0.2:51717' }
    for (const name of ['connect', 'write']) expect(calls.find(({ call }) => call === name)).toMatchObject(ends)
    expect(calls[0]).not.toHaveProperty('peer')
  })

  test('of processes, and whom they serve', () => {
    const { processes } = follow(
      ...LISTENING,
      FORK,
      '8 read(4, "hello", 255) = 5',
      '8 exit_group(3) = ?',
      '8 +++ exited with 3 +++',
      '7 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8',
    )
    expect(processes[0]).toMatchObject({ pid: 7, name: 'server', words: ['./server', '51717'], serves: [] })
    expect(processes[1]).toMatchObject({
      pid: 8,
      parent: 7,
      name: 'server',
      serves: ['10.0.0.1:40000'],
      status: { exited: 3 },
      waitedFor: { call: 'waitpid' },
    })
  })
})

test('sockets that the C library opens for itself are known', () => {
  const { sockets } = follow(
    '7 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 3',
    '7 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)',
    '7 close(3) = 0',
    '7 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 3',
    '7 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.2")}, 16) = 0',
    '7 getsockname(3, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("10.0.0.1")}, [28 => 16]) = 0',
    '7 close(3) = 0',
    '7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3',
    '7 connect(3, {sa_family=AF_INET, sin_port=htons(7), sin_addr=inet_addr("10.0.0.2")}, 16) = 0',
    '7 send(3, "x", 1, 0) = 1',
  )
  expect(sockets.map(({ isLibrarys }) => isLibrarys)).toEqual([true, true, false])
})
