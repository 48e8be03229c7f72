import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const synopsis = join(root, 'bin/synopsis.js')
const capture = join(root, 'captures/echo.pcapng')

it('a pipe is read twice: it shows what the file shows, and leaves nothing behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'))
  const fromFile = spawnSync('node', [synopsis, 'replay', capture], { encoding: 'utf8' })
  const fromPipe = spawnSync('node', [synopsis, 'replay', '-'], {
    encoding: 'utf8',
    input: readFileSync(capture),
    env: { ...process.env, TMPDIR: folder },
  })
  expect(fromPipe.stderr).toBe('')
  expect(fromPipe.stdout.split('\n').slice(1)).toEqual(fromFile.stdout.split('\n').slice(1))
  expect(fromPipe.stdout).toContain('SYN·ACK')
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

it('where it cannot be kept, says so and what to do', () => {
  const { stderr, status } = spawnSync('node', [synopsis, 'replay', '-'], {
    encoding: 'utf8',
    input: readFileSync(capture),
    env: { ...process.env, TMPDIR: '/nonexistent' },
  })
  expect(stderr).toContain('set TMPDIR')
  expect(status).toBe(2)
})
