/** The lab's programs with programs that are not ours: nc, telnet, curl, and C as a student writes it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { client, serve, start, stop, temporaryFolder, until } from './support.js'

const folder = temporaryFolder()
const has = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0

/** A test that needs a tool, skipped aloud where it is absent. */
function testWith(tool: string) {
  return (title: string, body: () => Promise<void>) =>
    has(tool) ? test(title, body) : test.skip(`${title} (skipped: ${tool} is not installed)`, body)
}

const withNc = testWith('nc')
const withTelnet = testWith('telnet')
const withCurl = testWith('curl')
const withCompiler = testWith('cc')

describe('nc', () => {
  withNc('is answered by the message server, which closes first', async () => {
    const server = await serve({ service: 'message', args: ['--once'] })
    const nc = start(['nc', server.host, String(server.port)], undefined)
    nc.process.stdin?.write('from nc\n')
    // nc's standard input is still open: the server ends all the same, as it closes first
    expect(await server.ended).toBe(0)
    nc.process.stdin?.end()
    expect(await nc.ended).toBe(0)
    expect(nc.stdout).toBe('I got your message')
    expect(server.stdout).toBe('Here is the message: from nc\n')
  })

  withNc('gets back what it sends to the echo server, over TCP and a Unix-domain stream', async () => {
    for (const [options, args] of [
      [{}, []],
      [{ transport: 'unix', host: join(folder, 'nc') } as const, ['-U']],
    ] as const) {
      const server = await serve({ service: 'echo', model: 'select', ...options })
      const where = args.length > 0 ? [server.host] : [server.host, String(server.port)]
      const nc = start(['nc', '-N', ...args, ...where], 'one\ntwo\n')
      expect(await nc.ended).toBe(0)
      expect(nc.stdout).toBe('one\ntwo\n')
      await stop(server)
    }
  })

  withNc('is answered by the datagram server', async () => {
    const server = await serve({ service: 'datagram', transport: 'udp' })
    const nc = start(['nc', '-u', '-w', '1', server.host, String(server.port)], 'a datagram\n')
    await until(() => nc.stdout === 'Got your message\n')
    await nc.ended
    await stop(server)
    expect(server.stdout).toBe('Received a datagram: a datagram\n')
  })

  withNc('is a server to the message client', async () => {
    const nc = start(['nc', '-l', '-v', '-n', '127.0.0.1', '0'])
    await until(() => /Listening on 127\.0\.0\.1 \d+/.test(nc.stderr))
    const port = Number(/Listening on 127\.0\.0\.1 (\d+)/.exec(nc.stderr)?.[1])
    const program = client({ service: 'message', host: '127.0.0.1', port }, 'to nc\n')
    await until(() => nc.stdout === 'to nc\n')
    nc.process.stdin?.end('the answer of nc')
    expect(await program.ended).toBe(0)
    expect(program.stdout).toBe('Please enter the message: the answer of nc\n')
  })
})

describe('telnet', () => {
  withTelnet('makes every line one byte longer: it ends lines with CR LF', async () => {
    const server = await serve({ service: 'echo' })
    const telnet = start(['telnet', server.host, String(server.port)])
    await until(() => telnet.stdout.includes('Escape character'))
    telnet.process.stdin?.write('hello\n')
    await until(() => telnet.stdout.includes('hello'))
    telnet.process.stdin?.end()
    await telnet.ended
    await until(() => server.stdout.includes('server received 7 bytes\n'))
    await stop(server)
  })

  withTelnet('talks to the message server without its CR showing', async () => {
    const server = await serve({ service: 'message', args: ['--once'] })
    const telnet = start(['telnet', server.host, String(server.port)])
    await until(() => telnet.stdout.includes('Escape character'))
    telnet.process.stdin?.write('hello\n')
    await until(() => telnet.stdout.includes('I got your message'))
    await server.ended
    expect(server.stdout).toBe('Here is the message: hello\n')
    telnet.process.stdin?.end()
    await telnet.ended
  })
})

describe('curl', () => {
  for (const model of ['iterative', 'fork', 'threads'] as const) {
    withCurl(`gets the page of the ${model} http server`, async () => {
      const server = await serve({ service: 'http', model })
      const curl = start(['curl', '-sS', '-D', '-', `http://${server.host}:${server.port}/index.html`])
      expect(await curl.ended, curl.stderr).toBe(0)
      expect(curl.stdout).toMatch(/^HTTP\/1\.0 200 OK\r\nContent-Type: text\/html/)
      expect(curl.stdout).toMatch(/<h1>Hello, \S.* \(127\.0\.0\.1\)<\/h1>/)
      await until(() => server.stdout.endsWith('Read line from client: \n'))
      expect(server.stdout).toMatch(
        /^Got connection from \S.* \(127\.0\.0\.1\)\nRead line from client: GET \/index\.html HTTP\/1\.1\n/,
      )
      await stop(server)
    })
  }

  withCurl('accepts the bare page only when told that it is HTTP/0.9', async () => {
    const server = await serve({ service: 'http', args: ['--bare'] })
    const url = `http://${server.host}:${server.port}/`
    expect(await start(['curl', '-sS', url]).ended).not.toBe(0)
    const curl = start(['curl', '-sS', '--http0.9', url])
    expect(await curl.ended).toBe(0)
    expect(curl.stdout).toMatch(/^<html>/)
    await stop(server)
  })

  withCurl('learns of a method that the server does not have', async () => {
    const server = await serve({ service: 'http' })
    const curl = start([
      'curl',
      '-sS',
      '-X',
      'DELETE',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      `http://${server.host}:${server.port}/`,
    ])
    expect(await curl.ended).toBe(0)
    expect(curl.stdout).toBe('501')
    await stop(server)
  })

  test('the request line may go without its slash, as the course has it', async () => {
    const server = await serve({ service: 'http' })
    const program = client({ service: 'http', host: server.host, port: server.port, args: ['--path', 'index.html'] })
    expect(await program.ended).toBe(0)
    expect(program.stdout).toMatch(/^HTTP\/1\.0 200 OK\r\n/)
    await until(() => server.stdout.includes('Read line from client: GET index.html HTTP/1.0\n'))
    await stop(server)
  })
})

describe('C, as a student writes it', () => {
  const compile = (name: string) => {
    const source = fileURLToPath(new URL(`../support/c/${name}.c`, import.meta.url))
    const program = join(folder, name)
    execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-o', program, source])
    return program
  }

  withCompiler('a C client with the echo server under every model', async () => {
    const program = compile('lab-client')
    for (const model of ['iterative', 'fork', 'prefork', 'threads', 'select', 'inetd'] as const) {
      const server = await serve({ service: 'echo', model })
      const c = start([program, server.host, String(server.port)], 'one\nand two\n')
      expect(await c.ended, model).toBe(0)
      expect(c.stdout, model).toBe('answer: one\n\nanswer: and two\n\n')
      await stop(server)
    }
  })

  withCompiler('a C server with the echo client', async () => {
    const server = start([compile('lab-server')])
    await until(() => /^port \d+\n/.test(server.stdout))
    const port = Number(/\d+/.exec(server.stdout)?.[0])
    const program = client({ service: 'echo', host: '127.0.0.1', port }, 'to C\nand back\n')
    expect(await program.ended, program.stderr).toBe(0)
    expect(program.stdout).toBe('to C\nand back\n')
    expect(await server.ended).toBe(0)
    expect(server.stdout).toBe(`port ${port}\nread 5\nread 9\nend of file\n`)
  })
})
