/** `synopsis lab`, as a user types it. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { catalog } from '../../src/labs/catalog.js'
import { readCalls, start, stop, temporaryFolder, until } from './support.js'

const SYNOPSIS = fileURLToPath(new URL('../../bin/synopsis.js', import.meta.url))
const folder = temporaryFolder()
const lab = (args: readonly string[], input?: string) => start([process.execPath, SYNOPSIS, 'lab', ...args], input)

async function serve(...args: string[]) {
  const server = lab(['serve', ...args], '')
  await until(() => server.stderr.includes('listens on'), server.stderr)
  return Object.assign(server, { port: /:(\d+)\n/.exec(server.stderr)?.[1] ?? '' })
}

describe('serve and client', () => {
  test('a session on loopback, and the calls of both ends', async () => {
    const calls = join(folder, 'calls')
    const server = await serve('message', '0', '--calls', calls)
    expect(server.stderr).toMatch(/127\.0\.0\.1:/)
    const client = lab(['client', 'message', 'localhost', server.port, '--calls', calls], 'by hand\n')
    expect(await client.ended, client.stderr).toBe(0)
    expect(client.stdout).toBe('Please enter the message: I got your message\n')
    expect(await server.ended).toBe(0)
    expect(server.stdout).toBe('Here is the message: by hand\n')
    expect(new Set(readCalls(calls).map(({ pid }) => pid))).toEqual(new Set([server.pid, client.pid]))
  })

  test('--forever, a host, a model, a backlog', async () => {
    const calls = join(folder, 'options')
    const server = await serve(
      ...['message', '::1', '0', '--forever', '--model', 'fork', '--backlog', '7'],
      '--calls',
      calls,
    )
    for (const line of ['one', 'two']) {
      const client = lab(['client', 'message', '::1', server.port], `${line}\n`)
      expect(await client.ended, client.stderr).toBe(0)
    }
    await until(() => server.stdout.includes('Here is the message: two'))
    expect(await stop(server)).toBe(0)
    expect(readCalls(calls).find(({ call }) => call === 'listen')?.arguments[1]).toBe('7')
  })

  test('the datagram service is UDP without being told', async () => {
    const server = await serve('datagram', '0')
    const client = lab(['client', 'datagram', '127.0.0.1', server.port], 'hello\n')
    expect(await client.ended, client.stderr).toBe(0)
    await stop(server)
  })

  test('a socket file; a program for inetd', async () => {
    const path = join(folder, 'socket')
    const server = await serve('echo', '--transport', 'unix', path, '--model', 'inetd', '--program', 'tr a-z A-Z')
    // tr answers only at the end of its input, as it buffers: the client's last line has no newline, and is not waited for
    const client = lab(['client', 'echo', '--transport', 'unix', path], 'shout')
    expect(await client.ended, client.stderr).toBe(0)
    expect(client.stdout).toBe('SHOUT')
    await stop(server)
  })
})

describe('what is wrong with a command line', () => {
  test.each([
    ['ERROR, no port provided', ['serve', 'message']],
    ['ERROR, no port provided', ['client', 'message', 'localhost']],
    ['ERROR, bad port: "70000"', ['serve', 'echo', '70000']],
    ['synopsis: no service is called finger', ['serve', 'finger', '79']],
    [
      'synopsis: echo over udp goes with --model iterative',
      ['serve', 'echo', '--transport', 'udp', '--model', 'select'],
    ],
    ['synopsis: an address is a host and a port', ['serve', 'echo', '127.0.0.1', '7', '8']],
    ['synopsis: where?', ['serve', 'echo', '--transport', 'unix']],
    ['synopsis: --program goes with --model inetd', ['serve', 'echo', '7', '--program', 'cat']],
    ["synopsis: option '--model <model>' argument 'poll' is invalid", ['serve', 'echo', '7', '--model', 'poll']],
  ])('%s', async (message, args) => {
    const program = lab(args, '')
    expect(await program.ended).toBe(1)
    expect(program.stderr.slice(0, message.length)).toBe(message)
    expect(program.stdout).toBe('')
  })
})

describe('list', () => {
  test('shows every service and model, and what each teaches', async () => {
    const program = lab(['list'])
    expect(await program.ended).toBe(0)
    for (const { service, model, does, serves, teaches } of catalog()) {
      for (const text of [service, model, does, serves, ...teaches]) expect(program.stdout).toContain(text)
    }
  })

  test('--json has one object for each combination', async () => {
    const program = lab(['list', '--json'])
    expect(await program.ended).toBe(0)
    expect(
      program.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(catalog())
  })

  test('has the combinations that the course asks for', () => {
    const cells = new Set(catalog().map(({ service, model, transport }) => `${service} ${model} ${transport}`))
    const models = ['iterative', 'fork', 'prefork', 'threads', 'select', 'inetd']
    const wanted = [
      ...['message', 'echo'].flatMap((service) =>
        models.flatMap((model) => [`${service} ${model} tcp`, `${service} ${model} unix`]),
      ),
      ...['echo', 'daytime', 'time', 'datagram'].map((service) => `${service} iterative udp`),
      ...['iterative', 'fork', 'threads'].map((model) => `http ${model} tcp`),
    ]
    expect(wanted.filter((cell) => !cells.has(cell))).toEqual([])
  })
})
