/** `sessions --json` of a large file, whose lines are written in a thread of their own. */
import { existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCapture } from '../../bench/generator/capture.js'
import { profiles } from '../../bench/generator/profiles.js'
import { inShell } from './synopsis.js'

/** The file's size from which on there is a thread. */
const LARGE = 8 * 1024 * 1024

const folder = mkdtempSync(join(tmpdir(), 'synopsis-large-'))
const large = join(folder, 'large.pcap')

beforeAll(() => {
  makeCapture(large, profiles.small, 7, 0.02)
  expect(statSync(large).size).toBeGreaterThan(LARGE)
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each(['', '-c 40000', '-s 7 -s udp:3', '--analysis', '--analysis -c 40000', '--analysis -s 7 -s udp:3'])(
  'gives what it gives of a pipe, where there is none: %s',
  (options) => {
    const { stdout, stderr, status } = inShell(
      `synopsis sessions --json ${options} ${large} >${folder}/threads; echo $?
     synopsis sessions --json ${options} - <${large} >${folder}/thread; echo $?
     cmp ${folder}/threads ${folder}/thread && wc -l <${folder}/thread`,
    )
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const [one, other, lines] = stdout.trim().split('\n').map(Number)
    expect([one, other]).toEqual([0, 0])
    expect(lines).toBeGreaterThan(options.includes('-s ') ? 1 : 1000)
  },
)

test('lines that are very long come whole', () => {
  const file = join(folder, 'bulk.pcap')
  makeCapture(file, profiles.bulk, 3, 0.05)
  const { stdout, status } = inShell(
    `synopsis sessions --json --analysis ${file} >${folder}/threads
     synopsis sessions --json --analysis - <${file} >${folder}/thread
     cmp ${folder}/threads ${folder}/thread && wc -L <${folder}/thread; rm ${file}`,
  )
  expect(status).toBe(0)
  expect(Number(stdout)).toBeGreaterThan(32 * 1024)
})

test('of a file that is cut, all lines come before the warning', () => {
  truncateSync(large, statSync(large).size - 3)
  const { stdout, status } = inShell(
    `synopsis sessions --json ${large} 2>&1 >${folder}/lines; s=$?; wc -l <${folder}/lines; exit $s`,
  )
  const [warning, lines] = stdout.split('\n')
  expect(warning).toContain('in the middle of the record')
  expect(Number(lines)).toBeGreaterThan(1000)
  expect(status).toBe(2)
})

test.each(['', '--analysis', '--analysis - <'])('a reader that has seen enough ends it quietly: %s', (options) => {
  const { stdout, stderr, status } = inShell(
    `set -o pipefail; timeout 60 synopsis sessions --json ${options} ${large} | head -n 1; echo "\${PIPESTATUS[0]}"`,
  )
  expect(stdout).toMatch(/^\{"protocol":"\w+","session":0,.*\}\n0\n$/)
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
})

const hasFull = existsSync('/dev/full')

test.skipIf(!hasFull)(`a full disk is one line, not a bug report${hasFull ? '' : ': needs /dev/full'}`, () => {
  const { stderr, status } = inShell(`synopsis sessions --json ${large} >/dev/full`)
  expect(stderr).toBe('synopsis: cannot write the output: the disk is full: make room, or write elsewhere\n')
  expect(status).toBe(1)
})
