/** Pipes, signals, terminals and locales. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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

test('Ctrl-C ends the reading of a pipe that goes on, and shows what came until then', async () => {
  const child = spawn(process.execPath, ['bin/synopsis.js', 'sessions', '-'], { cwd: root })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.write(readFileSync(root + MESSAGE))
  // it is certain to have read the packets when it has had time to wait for more
  await new Promise((resolve) => setTimeout(resolve, 1500))
  child.kill('SIGINT')
  const [status] = await new Promise<[number | null]>((resolve) => child.once('exit', (code) => resolve([code])))
  expect(stdout).toContain('complete; the ')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
