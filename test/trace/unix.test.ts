/** Sessions over Unix-domain sockets have calls and no packets: both ends are drawn from them, and it is said why. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { UnixTimeline } from '../../src/timeline/unix/model.js'
import { compiled, describeTraced, folderOf, has, mistakesIn, synopsis } from './support.js'

const WHY = "a Unix-domain socket's bytes never leave the kernel"

function unixIn(stdout: string): UnixTimeline[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"summary":{"protocol":"unix"'))
    .map((line) => JSON.parse(line) as UnixTimeline)
}

/** Every call that carried data, and the messages it is tied to. */
function tiesOf({ observed = [] }: UnixTimeline) {
  return observed
    .filter(({ on, call }) => on === 'socket' && /^(?:connect|accept|read|write|send|recv)/.test(call))
    .map(({ by, call, sends, takes }) => [by, call, [...sends, ...takes]])
}

describeTraced('a session over Unix-domain sockets', () => {
  const folder = folderOf('trace-unix')
  const path = join(folder, 'socket')
  const calls = join(folder, 'calls.ndjson')
  const streams = compiled(folder, 'unix-pair')
  const datagrams = compiled(folder, 'unix-datagrams')
  let traced = ''

  beforeAll(async () => {
    const words = ['trace', '--keep-calls', calls, '--', streams, 'server', path, '::', streams, 'client', path]
    const { status, stdout } = await synopsis(words)
    expect(status).toBe(0)
    traced = stdout
  }, 60_000)

  test('a stream: each call is tied to what it handed over or waited for', async () => {
    expect(traced).toContain(WHY)
    expect(traced).toMatch(/accept(?:\(3\))? = 4/)
    expect(traced).toMatch(/├─── 5 B {2}"hello" ─+▶│/)
    expect(traced).toMatch(/│◀── 3 B {2}"you" ─+┤/)
    const { stdout } = await synopsis(['replay', '--json', '--calls', calls])
    const [session, another] = unixIn(stdout)
    expect(another).toBeUndefined()
    if (session === undefined) throw new Error('no session')
    expect(session.summary).toMatchObject({ kind: 'stream', messages: 5, untaken: 0 })
    expect(session.summary.server.name).toBe(path)
    expect(tiesOf(session)).toEqual(
      expect.arrayContaining([
        ['client', 'connect', [1]],
        ['server', 'accept', [1]],
        ['client', 'write', [2]],
        ['server', 'read', [2]],
        ['server', 'write', [3]],
        ['client', 'read', [3]],
      ]),
    )
    expect(mistakesIn(stdout)).toEqual([])
  })

  test('datagrams: each pair of sockets is a session, and those of unnamed senders are told apart', {
    timeout: 60_000,
  }, async () => {
    const at = join(folder, 'datagrams')
    const clients = `${datagrams} client ${at} ${at}-client; ${datagrams} client ${at}; ${datagrams} client ${at}`
    const { stdout } = await synopsis([
      'trace',
      '--json',
      '--',
      datagrams,
      'server',
      at,
      '5',
      '::',
      'sh',
      '-c',
      clients,
    ])
    expect(mistakesIn(stdout)).toEqual([])
    const [named, ...unnamed] = unixIn(stdout)
    expect(named?.summary).toMatchObject({
      kind: 'datagram',
      messages: 2,
      untaken: 0,
      client: { name: `${at}-client` },
    })
    expect((named ? tiesOf(named) : []).map(String).sort()).toEqual([
      'client,recv,2',
      'client,sendto,1',
      'server,recvfrom,1',
      'server,sendto,2',
    ])
    expect(unnamed.map(({ summary }) => [summary.messages, summary.untaken])).toEqual([
      [2, 0],
      [2, 0],
    ])
  })

  test('both ends in one process', { timeout: 60_000 }, async () => {
    const own = join(folder, 'alone')
    const { stdout } = await synopsis([
      'trace',
      '--json',
      '--',
      'python3',
      '-c',
      `
import os, socket
s = socket.socket(socket.AF_UNIX); s.bind(${JSON.stringify(own)}); s.listen()
c = socket.socket(socket.AF_UNIX); c.connect(${JSON.stringify(own)}); c.send(b'one')
a = s.accept()[0]; a.recv(10); a.send(b'two'); c.recv(10)`,
    ])
    const [session] = unixIn(stdout)
    expect(session?.summary).toMatchObject({ untaken: 0, data: { client: { bytes: 3 }, server: { bytes: 3 } } })
  })

  test('every kind of report draws it, without a capture', { timeout: 120_000 }, async () => {
    const made = async (name: string) => {
      const file = join(folder, name)
      const { status, stderr } = await synopsis(['report', '--calls', calls, '-o', file])
      expect({ status, stderr: stderr.includes('written') }).toEqual({ status: 0, stderr: true })
      return readFileSync(file, 'utf8')
    }
    expect(await made('r.md')).toMatch(/!\[Figure 1\]\(r-unix0\.svg\)[\s\S]*bytes never leave the kernel/)
    const svg = readFileSync(join(folder, 'r-unix0.svg'), 'utf8')
    for (const words of ['Unix-domain stream', 'accept(3)', '&quot;hello&quot;|"hello"', 'end of file'])
      expect(svg).toMatch(new RegExp(words.replace(/[()]/g, '\\$&')))
    expect(await made('r.mmd')).toMatch(/C->>S: #35;2 5 B/)
    expect(await made('r.svg')).toContain('Unix-domain stream')
    expect(await made('r.tex')).toMatch(/\\begin\{tikzpicture\}[\s\S]*end of file/)
    expect(await made('r.html')).toContain('"protocol":"unix"')
  })

  test.skipIf(!has('chromium'))(
    `the page shows it${has('chromium') ? '' : ' (skipped: no chromium)'}`,
    {
      timeout: 60_000,
    },
    async () => {
      const file = join(folder, 'page.html')
      await synopsis(['report', '--calls', calls, '-o', file])
      const words = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=5000', '--dump-dom']
      const dom = execFileSync('chromium', [...words, `file://${file}`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      expect(dom).toMatch(/<svg[\s\S]*connects[\s\S]*hello[\s\S]*end of file/)
      expect(dom).toContain('This run proves none.')
    },
  )
})

describe('names and text of a log are harmless', () => {
  const folder = folderOf('trace-unix-hostile')

  test('a path with an escape sequence and markup reaches no terminal', async () => {
    const file = join(folder, 'hostile.ndjson')
    const path = '/tmp/\u001b[31m<script>alert(1)</script>'
    const call = (name: string, more: object) =>
      JSON.stringify({ pid: 1, thread: 1, call: name, arguments: [], entered: '1.0', returned: '1.1', ...more })
    const lines = [
      call('socket', { arguments: ['AF_UNIX', 'SOCK_STREAM', '0'], result: 3, transport: 'unix' }),
      call('connect', { result: 0, descriptor: 3, transport: 'unix', peer: path }),
      call('write', { result: 5, descriptor: 3, transport: 'unix', arguments: ['3', '"\\33[2J<b>"', '5'] }),
    ]
    writeFileSync(file, `${lines.join('\n')}\n`)
    const { status, stdout } = await synopsis(['replay', '--calls', file])
    expect(status).toBe(0)
    expect(stdout).toContain("the server's process was not traced")
    expect(stdout.includes('\u001b')).toBe(false)
    const report = join(folder, 'r.svg')
    expect((await synopsis(['report', '--calls', file, '-o', report])).status).toBe(0)
    expect(readFileSync(report, 'utf8')).not.toMatch(/<script|<b>/)
  })
})
