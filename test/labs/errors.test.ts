/** The course's error messages, each with its remedy, from the real calls. */

import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { checkCombination } from '../../src/labs/catalog.js'
import { parsePort } from '../../src/labs/port.js'
import { client, serve, stop, temporaryFolder, until } from './support.js'

const folder = temporaryFolder()
afterEach(() => vi.unstubAllGlobals())

/** A port of 127.0.0.1 that nobody listens on: it was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('the port on a command line', () => {
  test('is required where the service has none of its own', () => {
    expect(() => parsePort(undefined)).toThrow(/^ERROR, no port provided$/)
    expect(parsePort(undefined, 9877)).toBe(9877)
  })

  test.each(['', '65536', '-1', '80a', '0x50', '1e3', ' 80'])('cannot be %j', (text) => {
    expect(() => parsePort(text)).toThrow(/^ERROR, bad port: /)
  })

  test.each([
    ['0', 0],
    ['51717', 51717],
    ['65535', 65535],
  ] as const)('can be %s', (text, port) => {
    expect(parsePort(text)).toBe(port)
  })
})

describe('combinations that make no sense', () => {
  test('are refused with what would', () => {
    expect(() => checkCombination('echo', 'fork', 'udp')).toThrow(/echo over udp goes with --model iterative/)
    expect(() => checkCombination('message', 'iterative', 'udp')).toThrow(/no message over udp: it goes over tcp, unix/)
    expect(() => checkCombination('finger', 'iterative', 'tcp')).toThrow(/no service is called finger: message, /)
  })
})

describe('what the programs say', () => {
  test('connection refused', async () => {
    const program = client({ service: 'message', host: '127.0.0.1', port: await freePort() }, 'hello\n')
    expect(await program.ended).toBe(1)
    expect(program.stderr).toMatch(/^ERROR connecting: Connection refused\n {2}.*start the server first/)
    // refused before it asked for anything
    expect(program.stdout).toBe('')
  })

  test('a port in use', async () => {
    const server = await serve({ service: 'echo' })
    await expect(serve({ service: 'echo', port: server.port })).rejects.toThrow(
      /ERROR on binding: Address already in use\n {2}.*choose another port/,
    )
    await stop(server)
  })

  const privileged = process.platform === 'linux' && Number(firstOrdinaryPort()) > 13
  test(`a privileged port${privileged ? '' : ' (skipped: anybody may bind it here)'}`, {
    skip: !privileged,
  }, async () => {
    const nobody = process.getuid?.() === 0 ? { user: 65_534 } : {}
    await expect(serve({ service: 'daytime', port: 13, ...nobody })).rejects.toThrow(
      /ERROR on binding: Permission denied\n {2}.*from 1024 to 65535/,
    )
  })

  test('on Windows, that WSL is wanted', async () => {
    vi.resetModules()
    vi.stubGlobal('process', { ...process, platform: 'win32' })
    const { c } = await import('../../src/labs/sockets/library.js')
    expect(c).toThrow(expect.objectContaining({ code: 'PLATFORM', remedy: expect.stringContaining('WSL') }))
  })

  test('no such host', async () => {
    const program = client({ service: 'message', host: 'no such host', port: 51717 }, '')
    expect(await program.ended).toBe(1)
    expect(program.stderr).toMatch(/^ERROR, no such host\n {2}.*an address in numbers/)
  })

  test('an address that is not of this machine', async () => {
    await expect(serve({ service: 'echo', host: '192.0.2.1' })).rejects.toThrow(
      /ERROR on binding: Cannot assign requested address\n {2}.*address of this machine/,
    )
  })

  test('no socket file', async () => {
    const program = client({ service: 'echo', transport: 'unix', host: join(folder, 'none'), port: 0 }, '')
    expect(await program.ended).toBe(1)
    expect(program.stderr).toMatch(/^ERROR connecting: No such file or directory\n {2}.*start the server first/)
  })

  test('a path that is too long for a socket', async () => {
    await expect(serve({ service: 'echo', transport: 'unix', host: join(folder, 'x'.repeat(200)) })).rejects.toThrow(
      /ERROR, bad socket path/,
    )
  })

  test('a UDP port that nobody has, when the socket is connected', async () => {
    const program = client(
      { service: 'datagram', transport: 'udp', args: ['--connected'], host: '127.0.0.1', port: await freePort() },
      'anybody there?\n',
    )
    expect(await program.ended).toBe(1)
    expect(program.stderr).toMatch(/^ERROR in recv: Connection refused\n {2}.*ICMP/)
  })

  test('a datagram that is larger than there are', async () => {
    const server = await serve({ service: 'datagram', transport: 'udp' })
    const program = client(
      { service: 'datagram', transport: 'udp', host: server.host, port: server.port },
      `${'x'.repeat(66_000)}\n`,
    )
    expect(await program.ended).toBe(1)
    expect(program.stderr).toMatch(/^ERROR in sendto: Message too long\n {2}.*65507 bytes/)
    await stop(server)
  })

  test('the server that dies while its client has something to send', async () => {
    const server = await serve({ service: 'echo' })
    const program = client({ service: 'echo', host: server.host, port: server.port })
    program.process.stdin?.write('one\n')
    await until(() => program.stdout === 'one\n')
    await stop(server, 'SIGKILL')
    program.process.stdin?.write('two\n')
    expect(await program.ended).toBe(1)
    expect(program.stderr).toBe('server terminated prematurely\n')
  })
})

describe('addresses that were used before', () => {
  test('TIME_WAIT keeps a port only from a server without SO_REUSEADDR', async () => {
    const first = await serve({ service: 'message', args: ['--once'] })
    const program = client({ service: 'message', host: first.host, port: first.port }, 'the server closes first\n')
    expect(await program.ended).toBe(0)
    expect(await first.ended).toBe(0)

    const again = { service: 'message', port: first.port } as const
    await expect(serve({ ...again, args: ['--no-reuseaddr'] })).rejects.toThrow(/Address already in use/)
    const second = await serve(again)
    expect(second.port).toBe(first.port)
    await stop(second)
  })

  test('the socket file of a killed server is taken over; one that is answered, or no socket, is not', async () => {
    const host = join(folder, 'stale')
    await stop(await serve({ service: 'echo', transport: 'unix', host }), 'SIGKILL')
    expect(existsSync(host)).toBe(true)
    const server = await serve({ service: 'echo', transport: 'unix', host })
    await expect(serve({ service: 'echo', transport: 'unix', host })).rejects.toThrow(/Address already in use/)
    const program = client({ service: 'echo', transport: 'unix', host, port: 0 }, 'still there\n')
    expect(await program.ended).toBe(0)
    expect(program.stdout).toBe('still there\n')
    await stop(server)

    writeFileSync(host, 'precious')
    await expect(serve({ service: 'echo', transport: 'unix', host })).rejects.toThrow(/Address already in use/)
    expect(readFileSync(host, 'utf8')).toBe('precious')
  })
})

describe('signals reach a program that is blocked in a call', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a server in accept, and its socket file goes', async (signal) => {
    const host = join(folder, `signal-${signal}`)
    const server = await serve({ service: 'echo', transport: 'unix', host })
    expect(existsSync(host)).toBe(true)
    expect(await stop(server, signal)).toBe(0)
    expect(existsSync(host)).toBe(false)
  })

  test('a client in read, too, and the socket file it made for its answers', async () => {
    const server = await serve({ service: 'echo', transport: 'unix-datagram', host: join(folder, 'datagrams') })
    const program = client({ service: 'echo', transport: 'unix-datagram', host: server.host, port: 0 })
    program.process.stdin?.write('hello\n')
    await until(() => program.stdout === 'hello\n')
    const own = join(tmpdir(), `synopsis-${program.pid}.sock`)
    expect(existsSync(own)).toBe(true)
    expect(await stop(program)).toBe(0)
    expect(existsSync(own)).toBe(false)
    await stop(server)
  })

  test('SIGUSR2 shows the table of children', async () => {
    const server = await serve({ service: 'echo', model: 'fork' })
    const program = client({ service: 'echo', host: server.host, port: server.port })
    program.process.stdin?.write('hello\n')
    await until(() => program.stdout === 'hello\n')
    server.process.kill('SIGUSR2')
    await until(() => /\n +\d+ +\d\d:\d\d:\d\d +127\.0\.0\.1:\d+\n$/.test(server.stderr), 'a row for the child')
    program.process.stdin?.end()
    await program.ended
    await stop(server)
  })
})

describe('what a client sends is harmless on the terminal of the server', () => {
  test('escape sequences are shown, not carried out', async () => {
    const server = await serve({ service: 'message', args: ['--once'] })
    const program = client({ service: 'message', host: server.host, port: server.port }, 'a\x1b[2Jb\x07\u202ec\n')
    await program.ended
    await server.ended
    expect(server.stdout).toBe('Here is the message: a·[2Jb··c\n')
  })
})

function firstOrdinaryPort(): string {
  try {
    return readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')
  } catch {
    return '0'
  }
}
