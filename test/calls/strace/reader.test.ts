/** strace's syntax, a table of lines; the lines are those that strace 6.1 prints. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Call } from '../../../src/calls/call.js'
import { isStraceLine, readThreadLogs, withMainProcess } from '../../../src/calls/strace/log.js'
import { StraceReader } from '../../../src/calls/strace/reader.js'

function read(...lines: string[]): Call[] {
  const reader = new StraceReader()
  return [...reader.push(lines.map((line) => `${line}\n`).join('')), ...reader.finish()]
}

function only(...lines: string[]): Call {
  const [call, ...rest] = read(...lines)
  expect(rest).toEqual([])
  if (call === undefined) throw new Error('no record')
  return call
}

const AT = '7 1795938079.000001'

describe('a call', () => {
  test.each<[string, string, Partial<Call>]>([
    [
      'on a connected socket',
      'write(4<TCP:[127.0.0.1:54284->127.0.0.1:42005]>, "hello\\n\\0x", 8) = 8 <0.000239>',
      {
        call: 'write',
        arguments: ['4', '"hello\\n\\0x"', '8'],
        result: 8,
        descriptor: 4,
        transport: 'tcp',
        local: '127.0.0.1:54284',
        peer: '127.0.0.1:42005',
        entered: { seconds: 1795938079, nanoseconds: 1000 },
        returned: { seconds: 1795938079, nanoseconds: 240_000 },
      },
    ],
    [
      'with brackets, commas and an end of call in its string',
      'write(4, "a, b) = 3 <unfinished ...>{[(\\"", 28) = 28',
      { arguments: ['4', '"a, b) = 3 <unfinished ...>{[(\\""', '28'], result: 28 },
    ],
    ['with a clipped string', 'write(1, "ab"..., 300) = 300', { arguments: ['1', '"ab"...', '300'] }],
    [
      'that failed',
      'read(6<UDPv6:[[::1]:32981->[::1]:99]>, 0x7fff91435f40, 5) = -1 ECONNREFUSED (Connection refused) <0.000015>',
      { result: -1, errno: 'ECONNREFUSED', transport: 'udp', local: '[::1]:32981', peer: '[::1]:99' },
    ],
    [
      'that gives a socket',
      'accept(3<TCP:[0.0.0.0:42005]>, {sa_family=AF_INET, sin_port=htons(54284), sin_addr=inet_addr("127.0.0.1")}, [16]) = 4<TCP:[127.0.0.1:42005->127.0.0.1:54284]> <0.0052>',
      { descriptor: 3, result: 4, local: '127.0.0.1:42005', peer: '127.0.0.1:54284' },
    ],
    [
      'that gives a socket, without -yy',
      'accept(3, {sa_family=AF_INET6, sin6_port=htons(54284), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::ffff:10.0.0.1", &sin6_addr), sin6_scope_id=0}, [28]) = 4',
      { descriptor: 3, result: 4, peer: '10.0.0.1:54284' },
    ],
    [
      'that connects',
      'connect(4<TCP:[16690]>, {sa_family=AF_INET, sin_port=htons(42005), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)',
      { transport: 'tcp', inode: 16690, peer: '127.0.0.1:42005', errno: 'EINPROGRESS' },
    ],
    [
      'on an IPv6 socket that speaks IPv4',
      'read(4<TCPv6:[[::ffff:127.0.0.1]:42005->[::ffff:127.0.0.1]:54284]>, "", 255) = 0',
      { local: '127.0.0.1:42005', peer: '127.0.0.1:54284', result: 0 },
    ],
    [
      'that sends a datagram',
      'sendto(4<UDP:[15669]>, "abc", 3, 0, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = 3',
      { call: 'sendto', transport: 'udp', peer: '127.0.0.1:9' },
    ],
    [
      'on a Unix-domain socket',
      'read(12<UNIX-STREAM:[16708->16704,"/tmp/so ck]>,"]>, "q", 1) = 1',
      { transport: 'unix', inode: 16708, peerInode: 16704, local: '/tmp/so ck]>,', arguments: ['12', '"q"', '1'] },
    ],
    [
      'on an abstract Unix-domain name',
      'connect(5<UNIX-STREAM:[7]>, {sa_family=AF_UNIX, sun_path=@"name"}, 8) = 0',
      { peer: '@name' },
    ],
    ['on a file', 'read(3</tmp/a, (b)>, "x", 1) = 1', { object: '/tmp/a, (b)', arguments: ['3', '"x"', '1'] }],
    [
      'on a netlink socket',
      'bind(3<NETLINK:[ROUTE:99]>, {sa_family=AF_NETLINK}, 12) = 0',
      { object: 'NETLINK:[ROUTE:99]' },
    ],
    [
      'send without an address',
      'sendto(4, "x", 1, MSG_NOSIGNAL, NULL, 0) = 1',
      { call: 'send', by: 'sendto', arguments: ['4', '"x"', '1', 'MSG_NOSIGNAL'] },
    ],
    ['recv without an address', 'recvfrom(4, "x", 255, 0, NULL, NULL) = 1', { call: 'recv', by: 'recvfrom' }],
    [
      'fork',
      'clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 8',
      { call: 'fork', by: 'clone', arguments: [], result: 8 },
    ],
    [
      'posix_spawn',
      'clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f, stack_size=0x9000}, 88) = 8',
      { call: 'vfork', by: 'clone3' },
    ],
    [
      'waitpid',
      'wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8',
      { call: 'waitpid', status: { exited: 3 }, result: 8 },
    ],
    [
      'waitpid of one that was killed',
      'wait4(8, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}], WNOHANG, NULL) = 8',
      { status: { signal: 'SIGSEGV' } },
    ],
    [
      'select',
      'pselect6(5, [3<TCP:[1.2.3.4:5]> 4<TCP:[1.2.3.4:5->6.7.8.9:1]>], NULL, NULL, NULL, NULL) = 1 (in [4]) <0.000045>',
      { call: 'select', arguments: ['5', '[3 4]', 'NULL', 'NULL', 'NULL'], result: 1, detail: 'in [4]' },
    ],
    [
      'poll',
      'poll([{fd=4<TCP:[1.2.3.4:5->6.7.8.9:1]>, events=POLLIN}], 1, 1000) = 0 (Timeout)',
      { arguments: ['[{fd=4, events=POLLIN}]', '1', '1000'], result: 0, detail: 'Timeout' },
    ],
    ['that never returned', 'exit_group(3) = ?', { call: 'exit', by: 'exit_group', arguments: ['3'] }],
    [
      'fcntl',
      'fcntl(3<TCP:[9]>, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)',
      { result: 0x802, detail: 'flags O_RDWR|O_NONBLOCK' },
    ],
  ])('%s', (_, line, expected) => {
    const call = only(`${AT} ${line}`)
    expect(call).toMatchObject({ pid: 7, thread: 7, ...expected })
    if (expected.call === 'exit') expect(call).not.toHaveProperty('returned')
  })

  test('that was interrupted by another thread is whole when it is resumed', () => {
    const call = only(
      '7 1795938079.825420 accept(3<TCP:[0.0.0.0:42005]>,  <unfinished ...>',
      '7 1795938079.830718 <... accept resumed>{sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("10.0.0.1")}, [16]) = 4',
    )
    expect(call).toMatchObject({ arguments: ['3', expect.stringContaining('htons(1)'), '[16]'], result: 4 })
    expect(call.entered.nanoseconds).toBe(825_420_000)
    expect(call.returned?.nanoseconds).toBe(830_718_000)
  })

  test('that did not return before the end of the log has no result', () => {
    const call = only('7 1.0 accept(3<TCP:[0.0.0.0:42005]>,  <unfinished ...>')
    expect(call).toMatchObject({ call: 'accept', descriptor: 3, local: '0.0.0.0:42005' })
    expect(call).not.toHaveProperty('returned')
  })

  test('that strace left (<detached ...>) has no result', () => {
    expect(only('7 1.0 read(4,  <detached ...>')).not.toHaveProperty('returned')
    expect(only('7 1.0 read(4,  <unfinished ...>', '7 2.0 <... read resumed> <detached ...>')).not.toHaveProperty(
      'returned',
    )
  })
})

describe('a signal', () => {
  const INTERRUPTED =
    '7 1795938078.8 accept(3, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set) <1.000467>'
  const SIGNAL = '7 1795938079.9 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8} ---'

  test('without SA_RESTART makes the call fail with EINTR', () => {
    const calls = read(
      INTERRUPTED,
      SIGNAL,
      '7 1795938079.95 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)',
    )
    expect(calls).toMatchObject([
      { call: 'signal', arguments: ['SIGCHLD', '{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8}'] },
      { call: 'accept', result: -1, errno: 'EINTR', returned: { nanoseconds: 950_000_000 } },
    ])
  })

  test('with SA_RESTART leaves it one call, which began when it began', () => {
    const calls = read(
      INTERRUPTED,
      SIGNAL,
      '7 1795938079.94 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], WNOHANG, NULL) = 8',
      '7 1795938079.95 rt_sigreturn({mask=[]}) = 43',
      '7 1795938079.96 accept(3, NULL, NULL) = 4 <0.02>',
    )
    expect(calls.map(({ call }) => call)).toEqual(['signal', 'waitpid', 'accept'])
    expect(calls[2]).toMatchObject({
      result: 4,
      entered: { seconds: 1795938078, nanoseconds: 800_000_000 },
      returned: { nanoseconds: 980_000_000 },
    })
    expect(calls[2]).not.toHaveProperty('errno')
  })

  test('that is ignored does so too', () => {
    const calls = read(INTERRUPTED, SIGNAL, '7 1795938079.96 accept(3, NULL, NULL) = 4 <0.02>')
    expect(calls[1]).toMatchObject({ call: 'accept', result: 4, entered: { seconds: 1795938078 } })
  })

  test('that ends the process leaves the call without a return', () => {
    const calls = read(
      INTERRUPTED,
      '7 1795938079.9 --- SIGINT {si_signo=SIGINT, si_code=SI_KERNEL} ---',
      '7 1795938079.9 +++ killed by SIGINT +++',
    )
    expect(calls.map(({ call, status }) => ({ call, status }))).toEqual([
      { call: 'signal' },
      { call: 'accept' },
      { call: 'ended', status: { signal: 'SIGINT' } },
    ])
    expect(calls[1]).not.toHaveProperty('returned')
  })
})

describe('threads and processes', () => {
  test('a thread speaks before the clone that made it has returned', () => {
    const calls = read(
      '7 1.0 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0}, 88 <unfinished ...>',
      '8 1.1 read(4, "x", 1) = 1',
      '7 1.2 <... clone3 resumed> => {parent_tid=[8]}, 88) = 8',
      '8 1.3 exit(0) = ?',
    )
    expect(calls.map(({ pid, thread, call }) => [pid, thread, call])).toEqual([
      [7, 8, 'read'],
      [7, 7, 'pthread_create'],
      [7, 8, 'exit'],
    ])
  })

  test('a child does too', () => {
    const calls = read(
      '7 1.0 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>',
      '8 1.1 close(3) = 0',
      '7 1.2 <... clone resumed>, child_tidptr=0x7f) = 8',
    )
    expect(calls.map(({ pid, call }) => [pid, call])).toEqual([
      [8, 'close'],
      [7, 'fork'],
    ])
  })

  test('a process that lines do not name is known by the pid that nobody made', () => {
    const reader = new StraceReader()
    const calls = withMainProcess(
      reader.push(
        [
          'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3',
          'clone(child_stack=NULL, flags=SIGCHLD) = 8',
          'strace: Process 8 attached',
          '[pid     8] close(3) = 0',
          '[pid     7] close(3) = 0',
          '[pid     8] +++ exited with 0 +++',
          'accept(3, NULL, NULL) = 4',
          '',
        ].join('\n'),
      ),
    )
    expect(calls.map(({ pid, call }) => [pid, call])).toEqual([
      [7, 'socket'],
      [7, 'fork'],
      [8, 'close'],
      [7, 'close'],
      [8, 'ended'],
      [7, 'accept'],
    ])
  })

  test('files of one thread each are read together', () => {
    const { calls } = readThreadLogs([
      { thread: 8, lines: ['10:00:01.5 close(3) = 0', '10:00:02.5 +++ exited with 0 +++'] },
      {
        thread: 7,
        lines: ['10:00:01 clone(child_stack=NULL, flags=SIGCHLD) = 8', '10:00:02 wait4(-1, NULL, 0, NULL) = 8'],
      },
    ])
    expect(calls.map(({ pid, call }) => [pid, call])).toEqual([
      [7, 'fork'],
      [8, 'close'],
      [7, 'waitpid'],
      [8, 'ended'],
    ])
  })
})

describe('the clock', () => {
  test.each([
    ['-ttt', '1795938079.825420 ', 'epoch', 1795938079, 825_420_000],
    ['unix,ns', '1795938079.825420123 ', 'epoch', 1795938079, 825_420_123],
    ['unix', '1795938079 ', 'epoch', 1795938079, 0],
    ['-f and unix', '7     1795938079 ', 'epoch', 1795938079, 0],
    ['-tt', '07:41:19.865839 ', 'time of day', 27679, 865_839_000],
    ['-t', '[pid   123] 07:41:19 ', 'time of day', 27679, 0],
    ['-r', '     0.000123 ', 'relative', 0, 123_000],
    ['-ttt -r', '1795938079.825420 (+     0.000000) ', 'epoch', 1795938079, 825_420_000],
    ['-i -n', '07:41:19.865839 [  59] [00007f7e1a2b3c4d] ', 'time of day', 27679, 865_839_000],
    ['nothing', '', 'none', 0, 1000],
  ])('of %s', (_, prefix, clock, seconds, nanoseconds) => {
    const reader = new StraceReader()
    const [call] = reader.push(`${prefix}close(3)                                = 0\n`)
    expect(call?.entered).toEqual({ seconds, nanoseconds })
    expect(call?.result).toBe(0)
    expect(reader.clock).toBe(clock)
  })

  test('goes on past midnight', () => {
    const reader = new StraceReader({ midnight: 1_000_000 })
    const calls = reader.push('23:59:59.9 close(3) = 0\n00:00:00.1 close(4) = 0\n')
    expect(calls.map(({ entered }) => entered.seconds)).toEqual([1_086_399, 1_086_400])
  })
})

describe('what is not strace’s', () => {
  test.each(['', 'hello, world', 'Here is the message: read(3', '<... read resumed>', '+++ hm +++', '8421', '[pid 3]'])(
    '%j is no call',
    (line) => {
      expect(read(`7 1.0 close(3) = 0`, line).map(({ call }) => call)).toEqual(['close'])
      expect(isStraceLine(line) && line !== '<... read resumed>').toBe(false)
    },
  )

  test('any text, in chunks of any size, is read without an exception', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '7 1.0 ',
        'read(',
        '4<TCP:[',
        ']>',
        '"',
        ', ',
        ') = ',
        '-1 E',
        '? ',
        'ERESTARTSYS',
        '<unfinished ...>',
        '<... read resumed>',
        '\n',
        '--- SIGINT {',
        '} ---',
        '+++ exited with 0 +++',
        'clone(',
        '{',
        '[',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
        const text = pieces.join('')
        const reader = new StraceReader()
        for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size))
        reader.finish()
      }),
      { numRuns: 2000 },
    )
  })

  test('a line without an end is let go', () => {
    const reader = new StraceReader()
    for (let i = 0; i < 100; i++) reader.push('x'.repeat(100_000))
    expect(reader.push('\n7 1.0 close(3) = 0\n')).toHaveLength(1)
    expect(reader.ignored).toBe(1)
  })
})
