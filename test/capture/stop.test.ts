/** Every way to end a capture leaves a readable file with all that was captured, and the counts. */
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { countsOf, describeLive, FLOOD, ip, network, sequencesOf, temporaryFolder } from './live.js'

describeLive('the end of a capture', () => {
  const folder = temporaryFolder()
  const lab = network()
  let files = 0
  const newFile = (suffix = 'pcapng') => join(folder, `${++files}.${suffix}`)

  test('SIGINT right after the last packet, a hundred times: all packets are in the file', {
    timeout: 200_000,
  }, async () => {
    const FRAMES = 200
    const AT_ONCE = 5
    for (let round = 0; round < 100 / AT_ONCE; round++) {
      const paths = Array.from({ length: AT_ONCE }, () => newFile())
      const captures = await Promise.all(
        paths.map((path) => lab.capture(['-q', '-i', 'vmnet1', '-f', FLOOD, '-w', path])),
      )
      await lab.flood(FRAMES, { interrupted: captures.map(({ pid }) => pid) })
      for (const [index, capture] of captures.entries()) {
        expect(await capture.ended).toBe(0)
        expect(await sequencesOf(paths[index] ?? '')).toEqual({
          count: FRAMES,
          first: 0,
          last: FRAMES - 1,
          gaps: 0,
          damage: undefined,
          dropped: 0n,
        })
      }
    }
  })

  describe('on its own', () => {
    test('after -c packets, exactly', async () => {
      const file = newFile()
      const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-c', '1234', '-w', file])
      await lab.flood(5000)
      expect(await capture.ended).toBe(0)
      expect(await sequencesOf(file)).toMatchObject({ count: 1234, last: 1233, gaps: 0, damage: undefined })
      expect(countsOf(capture)).toMatchObject({ captured: 1234, written: 1234 })
    })

    test('after -a packets, with a pcap', async () => {
      const file = newFile('pcap')
      const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-a', 'packets:77', '-w', file])
      await lab.flood(100)
      expect(await capture.ended).toBe(0)
      expect(await sequencesOf(file)).toMatchObject({ count: 77, gaps: 0, damage: undefined })
      expect(execFileSync('od', ['-An', '-tx4', '-N4', file]).toString().trim()).toBe('a1b23c4d')
    })

    test('after a duration', async () => {
      const file = newFile()
      const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-a', 'duration:1.2', '-w', file])
      await lab.flood(100)
      expect(await capture.ended).toBe(0)
      expect(await sequencesOf(file)).toMatchObject({ count: 100, gaps: 0, damage: undefined })
    })

    test('when the file is as large as it may be, and no larger', async () => {
      const file = newFile()
      const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-a', 'filesize:64K', '-w', file])
      await lab.flood(5000)
      expect(await capture.ended).toBe(0)
      const { count, gaps, damage } = await sequencesOf(file)
      expect({ gaps, damage }).toEqual({ gaps: 0, damage: undefined })
      expect(countsOf(capture).written).toBe(count)
      expect(statSync(file).size).toBeLessThanOrEqual(65_536)
      expect(statSync(file).size).toBeGreaterThan(65_000)
    })
  })

  test('SIGTERM is as good as SIGINT', async () => {
    const file = newFile()
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-w', file])
    await lab.flood(300)
    capture.kill('SIGTERM')
    expect(await capture.ended).toBe(0)
    expect(await sequencesOf(file)).toMatchObject({ count: 300, gaps: 0, damage: undefined })
  })

  test('the interface is deleted: said, and everything before it is kept', async () => {
    const file = newFile()
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-w', file])
    await lab.flood(300)
    await capture.until(({ stdout }) => stdout.includes('udp:0'), 'the frames')
    ip('-n', lab.host, 'link', 'del', 'vmnet1')
    expect(await capture.ended).toBe(1)
    lab.connect()
    expect(capture.stderr).toMatch(/vmnet1: The interface disappeared/)
    expect(await sequencesOf(file)).toMatchObject({ count: 300, gaps: 0, damage: undefined })
    expect(countsOf(capture)).toMatchObject({ captured: 300, written: 300 })
  })

  test('one of two interfaces is deleted: the other goes on', async () => {
    const file = newFile()
    const capture = await lab.capture(['-i', 'vmnet1', '-i', 'lo', '-f', `${FLOOD} or icmp`, '-w', file])
    await lab.flood(10)
    await capture.until(({ stdout }) => stdout.includes('udp:0'), 'the frames')
    ip('-n', lab.host, 'link', 'del', 'vmnet1')
    await capture.until(({ stderr }) => stderr.includes('vmnet1: '), 'the notice')
    expect(await lab.onHost('ping', ['-c', '1', '-q', '127.0.0.1']).ended).toBe(0)
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    lab.connect()
    expect(countsOf(capture).written).toBe(12)
  })

  test('the interface is set down and up again: the capture goes on', async () => {
    const file = newFile()
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-w', file])
    await lab.flood(100)
    await capture.until(({ stdout }) => stdout.includes('udp:0'), 'the frames')
    ip('-n', lab.host, 'link', 'set', 'vmnet1', 'down')
    await capture.until(({ stderr }) => stderr.includes('vmnet1: down'), 'the notice')
    ip('-n', lab.host, 'link', 'set', 'vmnet1', 'up')
    await capture.until(({ stderr }) => stderr.includes('vmnet1: up again'), 'the notice')
    await lab.flood(100)
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    expect(await sequencesOf(file)).toMatchObject({ count: 200, damage: undefined })
  })

  test('the disk is full: whole records are left, and said how many', async () => {
    const disk = join(folder, 'disk')
    execFileSync('mkdir', [disk])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk])
    try {
      for (const suffix of ['pcapng', 'pcap']) {
        const file = join(disk, `full.${suffix}`)
        const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-w', file])
        await lab.flood(50_000)
        expect(await capture.ended).toBe(1)
        expect(capture.stderr).toContain(`there is no space left for ${file}`)
        const { count, first, last, gaps, damage } = await sequencesOf(file)
        expect({ first, gaps, damage }).toEqual({ first: 0, gaps: 0, damage: undefined })
        expect(last).toBe(count - 1)
        expect(countsOf(capture).written).toBe(count)
        expect(count).toBeGreaterThan(10_000)
        execFileSync('tcpdump', ['-r', file, '-w', '/dev/null'], { stdio: 'ignore' })
        execFileSync('rm', [file])
      }
    } finally {
      execFileSync('umount', [disk])
    }
  })

  test('kill -9 in the middle: the whole records before it can be read', async () => {
    const file = newFile()
    const capture = await lab.capture(['-q', '-i', 'vmnet1', '-f', FLOOD, '-w', file])
    const flooding = lab.flood(400_000)
    await capture.until(() => existsSync(file) && statSync(file).size > 2_000_000, 'some records')
    capture.kill('SIGKILL')
    expect(await capture.ended).toBe('SIGKILL')
    await flooding
    const { count, first, gaps } = await sequencesOf(file)
    expect({ first, gaps }).toEqual({ first: 0, gaps: 0 })
    expect(count).toBeGreaterThan(20_000)
  })

  test('the reader of the pipe is gone: a quiet end', async () => {
    const script = `"$0" bin/synopsis.js capture -i vmnet1 -f '${FLOOD}' -w - 2>"$1" | head -c 100000 >"$2"; echo "\${PIPESTATUS[0]}"`
    const [said, kept] = [newFile('txt'), newFile()]
    const pipe = lab.onHost('bash', ['-c', script, process.execPath, said, kept])
    await pipe.until(
      () => existsSync(said) && execFileSync('cat', [said]).includes('capturing on'),
      'the capture to begin',
    )
    await lab.flood(20_000)
    await pipe.ended
    expect(pipe.stdout.trim()).toBe('0')
    expect(execFileSync('cat', [said]).toString()).not.toMatch(/Error|at .*\.js/)
    expect((await sequencesOf(kept)).count).toBeGreaterThan(1000)
  })

  test('nobody reads the timelines any more: a quiet end', async () => {
    const pipe = lab.onHost('bash', [
      '-c',
      `"$0" bin/synopsis.js capture -i vmnet1 -f '${FLOOD}' | head -1; echo "\${PIPESTATUS[0]}"`,
      process.execPath,
    ])
    await pipe.until(({ stderr }) => stderr.includes('capturing on'), 'the capture to begin')
    while (pipe.process.exitCode === null) {
      await lab.flood(100)
      await Promise.race([pipe.ended, new Promise((resolve) => setTimeout(resolve, 200))])
    }
    expect(pipe.stdout.trim()).toBe('0')
  })

  test('a second SIGINT ends it at once, even where the pipe is stuck', async () => {
    const capture = lab.synopsis(['capture', '-i', 'vmnet1', '-f', FLOOD, '-w', '-'])
    capture.process.stdout?.pause()
    await capture.ready()
    await lab.flood(20_000)
    capture.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(capture.process.exitCode).toBe(null)
    capture.kill('SIGINT')
    await capture.until(({ process }) => process.exitCode !== null, 'the end')
    expect(capture.process.exitCode).toBe(130)
    expect(capture.stderr).toMatch(/\d+ packets captured/)
    capture.process.stdout?.resume()
    await capture.ended
  })
})
