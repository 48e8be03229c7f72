/** Every service × model × transport, each served by a real process to the lab's own client in another. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catalog } from '../../src/labs/catalog.js'
import { childrenOf, client, serve, start, stop, temporaryFolder, until } from './support.js'

const linux = process.platform === 'linux'

interface Expected {
  readonly input: string
  /** what the client prints */
  readonly client: RegExp
  /** what the server prints; an internet client's name and address come as NAME (ADDRESS) */
  readonly server: RegExp
  readonly options?: object
}

const EXPECTED: Record<string, Expected> = {
  message: {
    input: 'hello from the client\nnever read\n',
    client: /^Please enter the message: I got your message\n$/,
    server: /^Here is the message: hello from the client\n$/,
  },
  datagram: {
    input: 'hello by datagram\n',
    client: /^Please enter the message: Got an ack: Got your message\n$/,
    server: /^Received a datagram: hello by datagram\n$/,
  },
  echo: {
    input: 'one\nand two\nno newline at the end',
    client: /^one\nand two\nno newline at the end$/,
    server: /server received 4 bytes\nserver received 8 bytes\nserver received 21 bytes\n$/,
  },
  daytime: { input: '', client: /^\w{3} \w{3} \d\d \d\d:\d\d:\d\d \d{4}\r\n$/, server: /^$/ },
  time: { input: '', client: /^\d{10} seconds since 1900: .* GMT\n$/, server: /^$/ },
  http: {
    input: '',
    client: /^HTTP\/1\.0 200 OK\r\n[\s\S]*\r\n\r\n<html>[\s\S]*Hello, \S+.* \(.*\)<\/h1>[\s\S]*<\/html>\n$/,
    server:
      /^Got connection from .* \(.*\)\nRead line from client: GET \/index\.html HTTP\/1\.0\nRead line from client: \n$/,
  },
  discard: { input: 'into the void\n', client: /^$/, server: /^$/ },
  // a datagram has as many characters as the server likes
  chargen: { input: '', client: /^( !"#\$%&'| ?!?"?#?\$?%?&?$)/, server: /^$/ },
}

const folder = temporaryFolder()

describe.concurrent('every service under every model over every transport', () => {
  for (const { service, model, transport } of catalog()) {
    test(`${service}, ${model}, ${transport}`, async () => {
      const expected = EXPECTED[service]
      if (!expected) throw new Error(`what ${service} should do is not in the table`)
      const path = join(folder, `${service}-${model}-${transport}`)
      const unix = transport.startsWith('unix')
      const goesOn = service === 'message' ? ['--forever'] : []
      const server = await serve({ service, model, transport, args: goesOn, ...(unix && { host: path }) })

      // twice: a server goes on after its first client
      for (let round = 1; round <= 2; round++) {
        const program = client({ service, transport, host: server.host, port: server.port }, expected.input)
        expect(await program.ended, program.stderr).toBe(0)
        expect(program.stdout).toMatch(expected.client)
      }
      const printed = () => server.stdout.slice(server.stdout.length / 2)
      await until(() => expected.server.test(printed()), `${expected.server} in ${JSON.stringify(server.stdout)}`)
      if (service === 'echo' && !transport.endsWith('datagram') && transport !== 'udp') {
        expect(server.stdout).toMatch(
          unix
            ? /^server connected to this machine \(unnamed socket\)\n/
            : /^server connected to \S.* \(127\.0\.0\.1\), port \d+\n/,
        )
      }
      if (linux && (model === 'fork' || model === 'inetd')) await until(() => childrenOf(server.pid).length === 0)
      if (linux && model === 'prefork') expect(childrenOf(server.pid)).toHaveLength(5)

      expect(await stop(server)).toBe(0)
      if (unix) expect(existsSync(path)).toBe(false)
      if (linux && model === 'prefork') expect(childrenOf(server.pid)).toHaveLength(0)
    })
  }
})

describe('a server that is done after one client', () => {
  test.each(['iterative', 'fork', 'prefork', 'threads', 'select', 'inetd'] as const)(
    '%s ends by itself',
    async (model) => {
      const server = await serve({ service: 'message', model, args: ['--once'] })
      const program = client({ service: 'message', host: server.host, port: server.port }, 'the only one\n')
      expect(await program.ended).toBe(0)
      expect(await server.ended).toBe(0)
      expect(server.stdout).toBe('Here is the message: the only one\n')
    },
  )
})

describe('IPv6', () => {
  test.each(['tcp', 'udp'] as const)('echo over %s on ::1', async (transport) => {
    const server = await serve({ service: 'echo', transport, host: '::1' })
    expect(server.host).toBe('::1')
    const program = client({ service: 'echo', transport, host: '::1', port: server.port }, 'six\n')
    expect(await program.ended, program.stderr).toBe(0)
    expect(program.stdout).toBe('six\n')
    const connected = /^server connected to \S.* \(::1\), port \d+\n/
    if (transport === 'tcp') await until(() => connected.test(server.stdout))
    await stop(server)
  })
})

describe('inetd starts any program', () => {
  test('cat is an echo server', async () => {
    const server = await serve({ service: 'echo', model: 'inetd', args: ['--program', 'cat'] })
    const program = client({ service: 'echo', host: server.host, port: server.port }, 'through cat\n')
    expect(await program.ended).toBe(0)
    expect(program.stdout).toBe('through cat\n')
    await stop(server)
  })

  test('the program has the connection as descriptors 0, 1 and 2, and no other socket', async () => {
    const script =
      'readlink /proc/self/fd/0; readlink /proc/$$/fd/1; readlink /proc/$$/fd/2 >&2; ls -l /proc/self/fd | grep -c socket'
    const server = await serve({ service: 'discard', model: 'inetd', args: ['--program', script] })
    const program = start(['nc', '-N', server.host, String(server.port)], '')
    await program.ended
    const lines = program.stdout.trim().split('\n')
    expect(lines).toHaveLength(4)
    expect(new Set(lines.slice(0, 3)).size).toBe(1)
    expect(lines[0]).toMatch(/^socket:/)
    // ls itself writes into a pipe
    expect(lines[3]).toBe('2')
    await stop(server)
  })
})
