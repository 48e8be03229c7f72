/** What strace itself wrote, with the options that people give it, beside one capture of all these runs: recorded here and now. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiled, describeTraced, folderOf, freePort, has, mistakesIn, synopsis, timelinesIn } from './support.js'

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  full: ['-f', '-ttt', '-T', '-yy'],
  'one file a thread': ['-ff', '-ttt', '-T', '-yy'],
  nanoseconds: ['-f', '--absolute-timestamps=unix,ns', '--syscall-times=ns', '-yy'],
  'time of day, no names': ['-f', '-tt', '-T'],
  'no durations, no names': ['-f', '-ttt'],
  'all calls, short strings': ['-f', '-ttt', '-T', '-yy', '-s', '4', '-v'],
}

const noCapture = has('tcpdump') ? '' : ' (skipped: no tcpdump)'

describeTraced("strace's own logs", () => {
  describe.skipIf(noCapture !== '')(`beside a capture${noCapture}`, () => {
    const folder = folderOf('strace-logs')
    const server = compiled(folder, 'fork-server')
    const client = compiled(folder, 'echo-client')
    const capture = join(folder, 'capture.pcap')
    let tcpdump: ChildProcess
    const logOf = (name: string, end: string) => join(folder, `${name.replaceAll(/\W+/g, '-')}-${end}`)

    beforeAll(async () => {
      const port = String(await freePort())
      tcpdump = spawn('tcpdump', ['-i', 'lo', '--immediate-mode', '-U', '-w', capture, 'tcp', 'port', port])
      await new Promise<void>((resolve) => {
        tcpdump.stderr?.on('data', (data: Buffer) => data.includes('listening on') && resolve())
      })
      for (const [name, options] of Object.entries(FORMATS)) {
        const serving = spawn('strace', [...options, '-o', logOf(name, 'server'), server, port], { stdio: 'ignore' })
        const ended = new Promise((resolve) => serving.once('exit', resolve))
        while (
          !readFileSync('/proc/net/tcp', 'latin1').includes(
            `:${Number(port).toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`,
          )
        )
          await pause(20)
        expect(spawnSync('strace', [...options, '-o', logOf(name, 'client'), client, port, '3']).status).toBe(0)
        await ended
      }
      await pause(200)
      tcpdump.kill('SIGINT')
      await new Promise((resolve) => tcpdump.once('exit', resolve))
    }, 120_000)
    afterAll(() => void tcpdump?.kill('SIGKILL'))

    async function merged(...logs: string[]) {
      const words = ['replay', '--json', capture, ...logs.flatMap((log) => ['--calls', log])]
      const { status, stdout, stderr } = await synopsis(words)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      const told = timelinesIn(stdout).filter(({ observed }) => observed !== undefined)
      return { told: told as ((typeof told)[number] & { remarks?: string[] })[], mistakes: mistakesIn(stdout) }
    }

    test.each(Object.keys(FORMATS))('%s', { timeout: 60_000 }, async (name) => {
      const { told, mistakes } = await merged(logOf(name, 'server'), logOf(name, 'client'))
      expect(mistakes).toEqual([])
      // of all the sessions, its own
      expect(told.length).toBe(1)
      const [{ summary, observed = [], disagreements, remarks = [] } = { summary: undefined }] = told
      expect(disagreements).toEqual([])
      if (summary?.protocol !== 'tcp') throw new Error('no session')
      const own = observed.filter(({ on }) => on === 'socket')
      const of = (by: string, call: string) => own.filter((one) => one.by === by && one.call === call)
      for (const by of ['client', 'server']) {
        expect(of(by, 'write').map(({ sends }) => sends.length)).toEqual([1, 1, 1])
        for (const { takes } of of(by, 'read')) expect(takes.length).toBe(1)
      }
      expect(of('server', 'accept')[0]?.waited).toBeGreaterThan(1e6)
      const closes = own.filter(({ call, sends }) => call === 'close' && sends.length > 0)
      const fins = [summary.teardown.clientFin?.frame, summary.teardown.serverFin?.frame]
      expect(closes.flatMap(({ sends }) => sends).sort()).toEqual(fins.sort())
      expect(remarks.some((remark) => remark.includes('strace -T does'))).toBe(name.startsWith('no durations'))
    })

    test('files of one thread each, named one by one', { timeout: 60_000 }, async () => {
      const names = spawnSync('sh', ['-c', `ls ${folder}/one-file-a-thread-*`])
        .stdout.toString()
        .trim()
        .split('\n')
      expect(names.length).toBe(3)
      const { told, mistakes } = await merged(...names)
      expect([told.length, mistakes]).toEqual([1, []])
      expect(new Set(told[0]?.observed?.map(({ pid }) => pid)).size).toBe(3)
    })

    test("another machine's clock: 3.2 s ahead, and faster", { timeout: 60_000 }, async () => {
      const right = await merged(logOf('full', 'server'), logOf('full', 'client'))
      const [file, log] = [logOf('full', 'server-moved'), readFileSync(logOf('full', 'server'), 'latin1')]
      let first: number | undefined
      // 40 ms in the time that its session lasts
      const seconds = (right.told[0]?.summary.duration ?? 1) / 1e9
      const moved = log.replaceAll(/^(\d+ +)(\d+\.\d+)/gm, (_, thread: string, time: string) => {
        first ??= Number(time)
        return `${thread}${(Number(time) + 3.2 + (0.04 * (Number(time) - first)) / Math.max(seconds, 1)).toFixed(6)}`
      })
      writeFileSync(file, moved)
      const { told, mistakes } = await merged(file, logOf('full', 'client'))
      expect(mistakes).toEqual([])
      expect(told[0]?.remarks?.[0]).toMatch(/is 3\.\d\d? s ahead of the capture's/)
      const ties = (one = right.told[0]) =>
        one?.observed?.map(({ by, call, sends, takes }) => `${by} ${call} ${sends} ${takes}`).sort()
      expect(ties(told[0])).toEqual(ties())
    })
  })
})
