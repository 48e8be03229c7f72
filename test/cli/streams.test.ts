/** Pipes, signals, terminals and locales. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { displayWidth } from '../../src/render/width.js'
import { inShell, root, synopsis } from './synopsis.js'

const MESSAGE = 'captures/message.pcapng'
const ESCAPE = '\x1b['

test('a file on standard input gives what the file gives', () => {
  const input = readFileSync(root + MESSAGE)
  for (const args of [['replay'], ['sessions', '--json'], ['packets', '-T', 'fields', '-e', 'tcp.completeness']]) {
    const named = synopsis([...args, MESSAGE]).stdout.replaceAll(MESSAGE, '-')
    expect(synopsis([...args, '-'], { input }).stdout).toBe(named)
    expect(synopsis([...args, '-r', MESSAGE]).stdout.replaceAll(MESSAGE, '-')).toBe(named)
  }
})

test('a reader that has seen enough ends it quietly', () => {
  const { stdout, stderr, status } = inShell(
    `set -o pipefail; synopsis packets ${'captures/message.pcapng '}| head -n 1; echo "\${PIPESTATUS[0]}"`,
  )
  expect(stdout.trimEnd().split('\n')).toHaveLength(2)
  expect(stdout).toMatch(/\n0\n$/)
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
})

const hasFull = existsSync('/dev/full')

test.skipIf(!hasFull)(`a full disk is one line, not a bug report${hasFull ? '' : ': needs /dev/full'}`, () => {
  for (const args of ['replay', 'packets', 'packets -T ndjson', 'sessions --json', 'explain']) {
    const { stderr, status } = inShell(`synopsis ${args} ${MESSAGE} >/dev/full`)
    expect(stderr).toBe('synopsis: cannot write the output: the disk is full: make room, or write elsewhere\n')
    expect(status).toBe(1)
  }
})

test('nothing on standard input is said to be that', () => {
  const { stderr, status } = synopsis(['packets', '-'], { input: new Uint8Array(0) })
  expect(stderr).toContain('standard input is empty')
  expect(status).toBe(2)
})

test('piped output is plain, unless colour is asked for', () => {
  expect(synopsis(['replay', MESSAGE]).stdout).not.toContain(ESCAPE)
  expect(synopsis(['replay', '--color=always', MESSAGE]).stdout).toContain(ESCAPE)
  expect(synopsis(['replay', MESSAGE], { env: { FORCE_COLOR: '1' } }).stdout).toContain(ESCAPE)
  expect(synopsis(['replay', MESSAGE], { env: { NO_COLOR: '1' } }).stdout).not.toContain(ESCAPE)
})

test('in a locale without UTF-8, everything is ASCII', () => {
  for (const args of [['replay'], ['sessions'], ['packets']]) {
    const { stdout } = synopsis([...args, MESSAGE], { env: { LANG: 'C' } })
    expect(stdout).toMatch(/^[\n\x20-\x7e]+$/)
  }
})

const hasScript = spawnSync('script', ['--version']).status === 0

test.skipIf(!hasScript)(
  `on a terminal there are colours, and its width is used${hasScript ? '' : ': needs script(1)'}`,
  () => {
    const { stdout } = inShell(`script -qec "stty cols 90; synopsis replay ${MESSAGE}" /dev/null`, { TERM: 'xterm' })
    expect(stdout).toContain(ESCAPE)
    const rule = stdout.split('\n').find((line) => line.includes('handshake')) ?? ''
    expect(rule.replace(/\x1b\[\d+m|\r/g, '')).toHaveLength(90)
  },
)

/** Processor time that a process has used, in the kernel's ticks; 0 where there is no /proc. */
function ticksOf(pid: number): number {
  if (!existsSync(`/proc/${pid}/stat`)) return 0
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13)
  return Number(user) + Number(system)
}

/** Waits until the process has begun, and then done nothing for a second. */
async function untilIdle(pid: number): Promise<void> {
  for (let before = -1, calm = 0, waited = 0; waited < 60 && calm < 4; waited++) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    const ticks = ticksOf(pid)
    calm = ticks === before && (ticks > 5 || waited > 6) ? calm + 1 : 0
    before = ticks
  }
}

test.each([
  ['sessions', /complete; the /],
  ['replay', /├─── PSH·ACK 1:23\(22\)/],
  ['packets', /\n +10 +2\.241826 /],
  ['explain', /EstimatedRTT is /],
])('Ctrl-C ends the reading of a pipe that goes on, and shows what came until then: %s', async (command, shown) => {
  const child = spawn(process.execPath, ['bin/synopsis.js', command, '-'], { cwd: root })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.write(readFileSync(root + MESSAGE))
  // it has read the packets when it sleeps, waiting for more
  await untilIdle(child.pid ?? 0)
  child.kill('SIGINT')
  const [status] = await new Promise<[number | null]>((resolve) => child.once('exit', (code) => resolve([code])))
  expect(stdout).toMatch(shown)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

describe.skipIf(!hasScript)(`on a terminal of 80 columns${hasScript ? '' : ': needs script(1)'}`, () => {
  const onTerminal = (args: string, columns = 80) =>
    inShell(`script -qec "stty cols ${columns}; synopsis ${args} --color=never" /dev/null`, { TERM: 'xterm' })
      .stdout.trimEnd()
      .split(/\r?\n/)

  test('a packet is one row of the table, cut at the edge; in a pipe it is whole', () => {
    const rows = onTerminal(`packets ${MESSAGE}`)
    expect(rows).toHaveLength(11)
    for (const row of rows) expect(displayWidth(row), row).toBeLessThanOrEqual(80)
    expect(rows[4]).toMatch(/^ 4 +2\.224028 192\.168\.56\.1 .* TCP +34452 → 51717 PSH·ACK 1:23\(…$/)
    expect(synopsis(['packets', MESSAGE], { env: { COLUMNS: '80' } }).stdout).toContain(
      'TCP         88 34452 → 51717 PSH·ACK 1:23(22) ack 1 win 64512\n',
    )
  })

  test('with more room, the whole segment stands beside the length of its frame', () => {
    const rows = onTerminal(`packets ${MESSAGE}`, 120)
    expect(rows[4]).toMatch(/ TCP +88 34452 → 51717 PSH·ACK 1:23\(22\) ack 1 win 64512/)
  })

  test.each([MESSAGE, 'captures/ipv6.pcapng'])('every field of a packet of %s fits, its words whole', (capture) => {
    const lines = onTerminal(`packet ${capture} 4`)
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(80)
    const words = new Set(lines.join(' ').split(/\s+/))
    const whole = synopsis(['packet', capture, '4'], { env: { COLUMNS: '200' } }).stdout
    const fields = whole
      .slice(0, whole.indexOf('Bytes of the frame'))
      .split('\n')
      .flatMap((line) => (line.startsWith(' ') ? [line.slice(33)] : []))
    for (const word of fields.join(' ').split(/\s+/)) expect(words).toContain(word)
  })

  test('verdicts of several files are broken at words', () => {
    expect(onTerminal('sessions captures/lossy-wire.pcapng captures/message.pcapng')).toEqual([
      'captures/lossy-wire.pcapng: complete; the client closed first; 2 segments',
      '    were sent again',
      'captures/message.pcapng: complete; the server closed first; nothing was lost',
    ])
  })
})
