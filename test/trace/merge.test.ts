/** A log made elsewhere is laid over a capture: strace's output in each of its formats, the lab's, and another clock's. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { formatCall } from '../../src/calls/call.js'
import { later } from '../../src/calls/moment.js'
import { callsIn, compiled, describeTraced, folderOf, freePort, synopsis, timelinesIn } from './support.js'

describeTraced('a log made elsewhere', () => {
  const folder = folderOf('trace-merge')
  const capture = join(folder, 'lab.pcapng')
  const calls = join(folder, 'calls.ndjson')
  const log = (name: string) => join(folder, name)

  beforeAll(async () => {
    const server = compiled(folder, 'echo-server')
    const client = compiled(folder, 'echo-client')
    const port = String(await freePort())
    const words = ['trace', '-w', capture, '--keep-calls', calls, '--', server, port, '::', client, port, '5']
    expect((await synopsis(words)).status).toBe(0)
  }, 180_000)

  async function merged(file: string, ...logs: string[]) {
    const { status, stdout, stderr } = await synopsis([
      'replay',
      '--json',
      file,
      ...logs.flatMap((one) => ['--calls', one]),
    ])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const [timeline] = timelinesIn(stdout)
    if (timeline === undefined) throw new Error('no session')
    return timeline as typeof timeline & { remarks?: string[] }
  }

  test('the calls that trace kept give the same ties again', async () => {
    const { observed = [], disagreements, remarks } = await merged(capture, calls)
    expect(remarks).toBeUndefined()
    expect(disagreements).toEqual([])
    const writes = observed.filter(({ call, on }) => call === 'write' && on === 'socket')
    expect(writes.length).toBe(10)
    for (const { sends } of writes) expect(sends.length).toBe(1)
  })

  test.each([3600.25, -7.5, 0.3])('a clock that is %d s off is found, and said', async (seconds) => {
    const whole = Math.floor(seconds)
    const rest = Math.round((seconds - whole) * 1e9)
    const moved = callsIn(calls).map((call) => ({
      ...call,
      entered: later(call.entered, whole, rest),
      ...(call.returned && { returned: later(call.returned, whole, rest) }),
    }))
    const file = log(`moved${seconds}.ndjson`)
    writeFileSync(file, moved.map(formatCall).join(''))
    const right = await merged(capture, calls)
    const { observed = [], remarks } = await merged(capture, file)
    expect(remarks?.[0]).toMatch(seconds > 0 ? /ahead of the capture's/ : /behind the capture's/)
    expect(observed.map(({ call, sends, takes }) => [call, sends, takes])).toEqual(
      right.observed?.map(({ call, sends, takes }) => [call, sends, takes]),
    )
    // as near as the calls and packets tell: within the shortest exchange
    const off = observed.map(({ entered }, index) => Math.abs(entered - (right.observed?.[index]?.entered ?? 0)))
    expect(Math.max(...off)).toBeLessThan(2e6)
  })

  /** strace's lines from the calls that were kept, as strace spells them. */
  test.each([
    ['-f -ttt -T', (seconds: string) => `77    ${seconds} `],
    [
      '-f -tt -T',
      (seconds: string) =>
        `77    ${new Date(Number(seconds) * 1000).toISOString().slice(11, 19)}${seconds.slice(seconds.indexOf('.'), -3)} `,
    ],
  ])("strace's own output: %s", async (_, prefix) => {
    const file = log('own.log')
    const [kept = []] = [
      callsIn(calls).filter(
        ({ local, peer, transport }) => transport === 'tcp' && local && peer && !local.startsWith('0.'),
      ),
    ]
    // the first to write is the client
    const client = kept.find(({ call }) => call === 'write')
    const lines = kept
      .filter(({ pid }) => pid === client?.pid)
      .map(({ call, local, peer, entered, returned, result, arguments: given }) => {
        const took =
          ((returned?.seconds ?? 0) - entered.seconds) * 1e9 + (returned?.nanoseconds ?? 0) - entered.nanoseconds
        const time = `${entered.seconds}.${String(entered.nanoseconds).padStart(9, '0')}`
        const [, ...rest] = given
        return `${prefix(time)}${call}(${[`3<TCP:[${local}->${peer}]>`, ...rest].join(', ')}) = ${result} <${(took / 1e9).toFixed(9)}>`
      })
    writeFileSync(file, `${lines.join('\n')}\n`)
    const { observed = [] } = await merged(capture, file)
    const writes = observed.filter(({ call }) => call === 'write')
    expect(writes.length).toBe(5)
    for (const { by, sends } of writes) expect([by, sends.length]).toEqual(['client', 1])
  })

  test('--calls is a log or stands alone before the capture: the content tells', async () => {
    const { status, stdout } = await synopsis(['replay', '--calls', capture])
    expect(status).toBe(0)
    expect(stdout).toContain('≈ connect()')
  })

  test('what is no log, or says no time, is refused with the reason', async () => {
    const text = log('text.log')
    writeFileSync(text, 'nothing of the kind\n')
    const none = await synopsis(['replay', capture, '--calls', text])
    expect(none).toMatchObject({ status: 2 })
    expect(none.stderr).toMatch(/text\.log is no log of calls/)
    const relative = log('relative.log')
    const out = execFileSync('strace', ['-r', '-o', relative, 'true'])
    expect(out.length).toBe(0)
    const refused = await synopsis(['replay', capture, '--calls', relative])
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(/-r.*count from one line to the next.*strace -f -ttt -T -yy/)
  })
})
