/** A program that a signal ends leaves nothing in the folder for temporary files. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { until } from '../labs/support.js'
import { root } from './synopsis.js'

const folder = mkdtempSync(join(tmpdir(), 'synopsis-ending-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s while a picture is converted', async (signal, status) => {
  const [bin, TMPDIR] = [join(folder, `bin-${signal}`), join(folder, `tmp-${signal}`)]
  mkdirSync(bin)
  mkdirSync(TMPDIR)
  const begun = join(bin, 'begun')
  writeFileSync(join(bin, 'rsvg-convert'), `#!/bin/sh\n: > '${begun}'\nexec sleep 60\n`)
  chmodSync(join(bin, 'rsvg-convert'), 0o755)
  const words = ['bin/synopsis.js', 'packet', 'captures/message.pcapng', '1', '--diagram', '-o', join(bin, 'syn.png')]
  const env = { ...process.env, PATH: `${bin}:${dirname(process.execPath)}:${process.env['PATH']}`, TMPDIR }
  const program = spawn(process.execPath, words, { cwd: root, env, stdio: 'ignore' })
  await until(() => existsSync(begun))
  expect(readdirSync(TMPDIR)).toHaveLength(1)
  program.kill(signal)
  expect(await once(program, 'close')).toEqual([status, null])
  expect(readdirSync(TMPDIR)).toEqual([])
})
