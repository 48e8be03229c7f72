/** The log of calls: what was called, by whom, on which session, and when. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Call, Moment } from '../../src/calls/call.js'
import { client, clientArguments, readCalls, SYNOPSIS, serve, start, stop, temporaryFolder, until } from './support.js'

const folder = temporaryFolder()

const nanoseconds = ({ seconds, nanoseconds }: Moment): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
const entered = (call: Call | undefined) => (call ? nanoseconds(call.entered) : -1n)
const returned = (call: Call | undefined) => (call?.returned ? nanoseconds(call.returned) : -1n)
const names = (calls: Call[]) => calls.map((call) => call.call)

/** One session, with both ends' calls in one file. */
async function session(name: string, options: Partial<Parameters<typeof serve>[0]>, input = 'hello\n') {
  const calls = join(folder, name)
  const service = options.service ?? 'message'
  const server = await serve({ args: ['--once'], calls, ...options, service })
  const { host, port } = server
  const program = client({ service, host, port, calls, transport: options.transport ?? 'tcp' }, input)
  expect(await program.ended, program.stderr).toBe(0)
  expect(await server.ended).toBe(0)
  const all = readCalls(calls)
  const of = (pid: number) => all.filter((call) => call.pid === pid)
  return { all, of, server: of(server.pid), client: of(program.pid), host, port, calls }
}

describe('the message server and its client', () => {
  test('make the calls of the lesson, in its order', async () => {
    const { server, client, host, port } = await session('lesson', {})
    expect(names(server)).toEqual([
      'getaddrinfo',
      'socket',
      'setsockopt',
      'bind',
      'listen',
      'getsockname',
      'accept',
      'read',
      'write',
      'close',
      'close',
      'exit',
    ])
    expect(names(client)).toEqual([
      ...['getaddrinfo', 'socket', 'connect', 'read', 'write', 'read'],
      // until the server has closed first
      ...['poll', 'close', 'exit'],
    ])

    const call = (calls: Call[], name: string) => calls.find((one) => one.call === name)
    const connect = call(client, 'connect')
    const accept = call(server, 'accept')
    expect(connect).toMatchObject({ result: 0, transport: 'tcp', peer: `${host}:${port}` })
    // the two ends of one session name each other
    expect(accept).toMatchObject({ transport: 'tcp', local: connect?.peer, peer: connect?.local })
    expect(call(server, 'socket')?.arguments).toEqual(['AF_INET', 'SOCK_STREAM', '0'])
    expect(call(server, 'setsockopt')?.arguments.slice(1)).toEqual(['SOL_SOCKET', 'SO_REUSEADDR', '[1]', '4'])
    expect(call(server, 'listen')?.arguments[1]).toBe('5')
    expect(call(server, 'read')).toMatchObject({ result: 6, descriptor: accept?.result, peer: connect?.local })
    expect(call(server, 'read')?.arguments.slice(1)).toEqual(['"hello\\n"', '255'])
    expect(call(server, 'write')).toMatchObject({ result: 18 })
    // the wait for the user is a call as well
    expect(client[3]).toMatchObject({ call: 'read', descriptor: 0, result: 6 })
  })

  test('are timed by the clock of the packets', async () => {
    const before = BigInt(Date.now()) * 1_000_000n
    const { all, server, client } = await session('clock', {})
    const after = BigInt(Date.now() + 1) * 1_000_000n
    for (const call of all) {
      expect(entered(call)).toBeGreaterThanOrEqual(before)
      if (call.call === 'exit') expect(call).not.toHaveProperty('returned')
      else expect(returned(call)).toBeGreaterThan(entered(call))
      expect(entered(call)).toBeLessThanOrEqual(after)
    }
    // nothing can be accepted before it connects, nor read before it is written
    const find = (calls: Call[], name: string, index = 0) => calls.filter((one) => one.call === name)[index]
    expect(entered(find(server, 'accept'))).toBeLessThan(entered(find(client, 'connect')))
    expect(returned(find(server, 'accept'))).toBeGreaterThan(entered(find(client, 'connect')))
    expect(returned(find(server, 'read'))).toBeGreaterThan(entered(find(client, 'write')))
    expect(returned(find(client, 'read', 1))).toBeGreaterThan(entered(find(server, 'write')))
  })
})

test('a refused connection is there with its errno', async () => {
  const server = await serve({ service: 'echo' })
  await stop(server)
  const calls = join(folder, 'refused')
  await client({ service: 'echo', host: server.host, port: server.port, calls }, '').ended
  expect(readCalls(calls)).toContainEqual(
    expect.objectContaining({ call: 'connect', result: -1, errno: 'ECONNREFUSED', peer: `127.0.0.1:${server.port}` }),
  )
})

test('UDP: each datagram names its peer', async () => {
  const { server, client, host, port } = await session('udp', { service: 'datagram', transport: 'udp' })
  const received = server.find((one) => one.call === 'recvfrom')
  const sent = client.find((one) => one.call === 'sendto')
  expect(received).toMatchObject({ transport: 'udp', result: 6, local: `${host}:${port}` })
  expect(sent).toMatchObject({ transport: 'udp', result: 6, peer: `${host}:${port}` })
  // unbound until it sent: the kernel chose the port, and the answer goes there
  expect(received?.peer?.split(':')[1]).toBe(sent?.local?.split(':')[1])
  expect(server.find((one) => one.call === 'sendto')?.peer).toBe(received?.peer)
})

test('Unix-domain: an unnamed client is known by its process', async () => {
  const { server, client, host } = await session('unix', { transport: 'unix', host: join(folder, 'socket') })
  const pid = client[0]?.pid
  expect(server.find((one) => one.call === 'accept')).toMatchObject({
    transport: 'unix',
    local: host,
    peer: '',
    peerProcess: pid,
  })
  expect(client.find((one) => one.call === 'write')).toMatchObject({ peer: host, peerProcess: server[0]?.pid })
})

describe('processes', () => {
  test('fork, exec, the child’s own calls, its exit and the wait for it', async () => {
    const { server, of } = await session('fork', { model: 'fork' })
    const fork = server.find((one) => one.call === 'fork')
    const child = of(fork?.result ?? -1)
    expect(names(child)).toEqual(['execve', 'close', 'getpeername', 'read', 'write', 'close', 'exit'])
    const listening = server.find((one) => one.call === 'listen')?.descriptor
    const connected = server.find((one) => one.call === 'accept')?.result
    // each closes what it does not use
    expect(child.filter((one) => one.call === 'close').map((one) => one.descriptor)).toEqual([listening, connected])
    expect(server.filter((one) => one.call === 'close').map((one) => one.descriptor)).toEqual([connected, listening])
    expect(child.find((one) => one.call === 'read')).toMatchObject({ transport: 'tcp', result: 6 })

    const wait = server.find((one) => one.call === 'waitpid')
    expect(wait).toMatchObject({ result: fork?.result, status: { exited: 0 } })
    expect(entered(fork)).toBeGreaterThan(returned(server.find((one) => one.call === 'accept')))
    expect(returned(wait)).toBeGreaterThan(entered(child.at(-1)))
  })

  test('a child that is killed never exits, and the wait says by what', async () => {
    const calls = join(folder, 'killed')
    const server = await serve({ service: 'echo', model: 'fork', calls })
    const program = client({ service: 'echo', host: server.host, port: server.port })
    program.process.stdin?.write('hello\n')
    await until(() => program.stdout === 'hello\n')
    const child = readCalls(calls).find((one) => one.call === 'fork')?.result ?? -1
    expect(child).toBeGreaterThan(0)
    process.kill(child, 'SIGKILL')
    await until(() => readFileSync(calls, 'utf8').includes('waitpid'))
    const all = readCalls(calls)
    expect(all.find((one) => one.call === 'waitpid')).toMatchObject({ result: child, status: { signal: 'SIGKILL' } })
    expect(names(all.filter((one) => one.pid === child))).not.toContain('exit')
    program.process.stdin?.end()
    await program.ended
    await stop(server)
  })

  test('inetd: the connection becomes 0, 1 and 2 before the program is executed', async () => {
    const { server, of } = await session('inetd', { model: 'inetd' })
    const connected = server.find((one) => one.call === 'accept')?.result
    const child = of(server.find((one) => one.call === 'fork')?.result ?? -1)
    expect(child.filter((one) => one.call === 'dup2').map((one) => one.arguments)).toEqual(
      ['0', '1', '2'].map((target) => [String(connected), target]),
    )
    expect(names(child)).toEqual([
      ...['dup2', 'dup2', 'dup2', 'close', 'close', 'execve'],
      ...['getpeername', 'read', 'write', 'close', 'exit'],
    ])
    expect(child.find((one) => one.call === 'read')).toMatchObject({ descriptor: 0, transport: 'tcp' })
  })

  test('threads: one process, a thread for the connection', async () => {
    const { server } = await session('threads', { model: 'threads' })
    const thread = (name: string) => server.find((one) => one.call === name)?.thread
    expect(server.map((one) => one.call)).toContain('pthread_create')
    expect(thread('read')).toBe(thread('write'))
    expect(thread('read')).not.toBe(thread('accept'))
    expect(new Set(server.map((one) => one.pid)).size).toBe(1)
  })

  test('select: what it waited for, and that it was told so', async () => {
    const { server } = await session('select', { model: 'select' })
    const listening = server.find((one) => one.call === 'listen')?.descriptor
    const first = server.find((one) => one.call === 'select')
    expect(first).toMatchObject({ result: 1 })
    expect(first?.arguments).toEqual([String((listening ?? 0) + 1), `[${listening}]`, 'NULL', 'NULL', 'NULL'])
  })
})

test('of a Unix-domain session replay draws the timeline from the log alone, and says why', async () => {
  const host = join(folder, 'drawn')
  const { calls } = await session('drawn-calls', { service: 'echo', transport: 'unix', host }, 'one\n')
  const { status, stdout, stderr } = spawnSync(process.execPath, [SYNOPSIS, 'replay', '--calls', calls])
  expect([status, stderr.toString()]).toEqual([0, ''])
  const drawn = stdout.toString()
  expect(drawn.replace(/\s+/g, ' ')).toContain(`→ ${host} (process`)
  expect(drawn).toContain("a Unix-domain socket's bytes never leave the kernel: there is nothing to capture")
  expect(drawn).toMatch(/write(\(\d+, 4 B\))? → #2/)
  expect(drawn).toMatch(/├─── 4 B {2}"one⏎" ─+▶│/)
  expect(drawn).toMatch(/│◀── 4 B {2}"one⏎" ─+┤/)
  // the end of file, at both ends
  expect(drawn).toMatch(/├─── end of file ─+▶│/)
  expect(drawn).toMatch(/│◀── end of file ─+┤/)
  expect(drawn.match(/read(\(\d+\))? = 0/g)?.length).toBe(2)
})

const strace = spawnSync('strace', ['-V']).status === 0
test(`the log says what strace sees${strace ? '' : ' (skipped: strace is not installed)'}`, {
  skip: !strace,
}, async () => {
  const server = await serve({ service: 'echo' })
  const { host, port } = server
  const calls = join(folder, 'traced')
  const output = join(folder, 'strace')
  const traced = ['socket', 'connect', 'read', 'write', 'shutdown', 'close']
  const command = [process.execPath, SYNOPSIS, ...clientArguments({ service: 'echo', host, port, calls })]
  const options = ['-f', '-o', output, '-e', `trace=${traced.join(',')}`]
  const program = start(['strace', ...options, ...command], 'one\ntwo\n')
  expect(await program.ended, program.stderr).toBe(0)
  expect(program.stdout).toBe('one\ntwo\n')

  const logged = readCalls(calls).filter((one) => traced.includes(one.call))
  const descriptor = logged.find((one) => one.call === 'socket')?.result
  expect(logged.length).toBeGreaterThan(8)
  const seen = readFileSync(output, 'utf8')
    .split('\n')
    .map((line) => /^(\d+) +(\w+)\(([^,)]*).* = (-?\d+)/.exec(line))
    .filter((match) => match !== null)
    .filter(([, thread]) => Number(thread) === logged[0]?.thread)
    .filter(([, , call, first]) => call === 'socket' || first === String(descriptor))
    .map(([, , call, , result]) => `${call} = ${result}`)
  const ours = logged
    .filter((one) => one.call === 'socket' || one.descriptor === descriptor)
    .map((one) => `${one.call} = ${one.result}`)
  // before the program's socket, Node opens files of its own
  expect(seen.slice(-ours.length)).toEqual(ours)
  await stop(server)
})
