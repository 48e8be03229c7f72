/** Servers that wait with select, poll or epoll: where they waited is seen, and each wait is tied to what ended it. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compiled, describeTraced, folderOf, freePort, mistakesIn, synopsis, timelinesIn } from './support.js'

const SERVERS = fileURLToPath(new URL('../explain/mistakes/c', import.meta.url))

describeTraced('a wait for several descriptors', () => {
  const folder = folderOf('trace-waits')
  const client = compiled(folder, 'echo-client')
  const built = (name: string) => {
    const program = join(folder, name)
    execFileSync('gcc', ['-w', '-pthread', '-o', program, join(SERVERS, `${name}.c`)])
    return program
  }

  test.each([
    ['select', 'select'],
    ['poll', 'poll'],
    ['epoll', 'epoll_wait'],
  ])('in a %s server', { timeout: 60_000 }, async (name, call) => {
    const port = String(await freePort())
    const words = [built(name), port, '::', 'sh', '-c', `sleep 0.3; exec ${client} ${port} 3`]
    const { stdout } = await synopsis(['trace', '--json', '--', ...words])
    const [timeline] = timelinesIn(stdout)
    expect(mistakesIn(stdout)).toEqual([])
    const { summary, observed = [] } = timeline ?? {}
    if (summary?.protocol !== 'tcp') throw new Error('no session')
    const waits = observed.filter((one) => one.call === call)
    // once for the connection, for each of three lines, and for the end; a program that reads on until there is nothing may
    // find the next line without
    if (name === 'epoll') expect(waits.length).toBeGreaterThan(1)
    else expect(waits.length).toBe(5)
    const [first] = waits
    expect(first).toMatchObject({ on: 'listener', by: 'server', takes: [summary.handshake.ack?.frame] })
    expect(first?.waited).toBeGreaterThan(100e6)
    const accept = observed.find((one) => one.call.startsWith('accept') && (one.result ?? -1) >= 0)
    expect(accept?.waited).toBeUndefined()
    // what a wait announces is what the read after it takes
    const reads = observed.filter((one) => one.by === 'server' && one.call === 'read' && (one.result ?? -1) >= 0)
    for (const { takes, entered } of waits.slice(1)) {
      expect(takes.length).toBe(1)
      expect(takes).toEqual(reads.find((read) => read.entered > entered)?.takes)
    }

    const shown = await synopsis(['trace', '--', ...words])
    expect(shown.stdout).toMatch(new RegExp(`┌ ${call}\\(3\\)`))
    expect(shown.stdout).toMatch(new RegExp(`└ ${call} = 1: 3 readable`))
  })
})
