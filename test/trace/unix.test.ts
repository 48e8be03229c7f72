/** A Unix-domain connection has calls and no packets: both ends are drawn from them, and it is said why. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compiled, describeTraced, folderOf, synopsis } from './support.js'

describeTraced('a Unix-domain connection', () => {
  test('is drawn from the calls of both ends', { timeout: 60_000 }, async () => {
    const folder = folderOf('trace-unix')
    const program = compiled(folder, 'unix-pair')
    const path = join(folder, 'socket')
    const { status, stdout } = await synopsis(['trace', '--', program, 'server', path, '::', program, 'client', path])
    expect(status).toBe(0)
    expect(stdout).toContain(`Unix-domain socket ${path}`)
    expect(stdout).toContain('its bytes never leave the kernel')
    expect(stdout).toMatch(/write\(\d\) = 5[^│]*│─ 5 B "hello" ─+▶│/)
    expect(stdout).toMatch(/│◀─ 3 B "you" ─+│ \d+ write\(\d\) = 3/)
  })
})
