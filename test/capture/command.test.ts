/** `synopsis capture … -- COMMAND`, signals, filters, and what is said where. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { countsOf, describeLive, FLOOD, framesOf, network, ROOT, temporaryFolder } from './live.js'

describeLive('the capture command', () => {
  const folder = temporaryFolder()
  const lab = network()

  describe('with a program', () => {
    test('captures from its first packet to its last, and passes its output and its exit status on', async () => {
      const file = join(folder, 'ping.pcapng')
      const script = 'ping -c 3 -i 0.2 -q 192.168.56.10 | grep transmitted; echo to stderr >&2; exit 7'
      const capture = lab.synopsis(['capture', '-i', 'vmnet1', '-f', 'icmp', '-w', file, '--', 'sh', '-c', script])
      expect(await capture.ended).toBe(7)
      expect(capture.stdout).toContain('3 packets transmitted, 3 received')
      expect(capture.stderr).toContain('to stderr')
      expect(await framesOf(file)).toHaveLength(6)
      expect(countsOf(capture)).toMatchObject({ captured: 6, written: 6 })
    })

    test('that ends by a signal: the status that a shell would give', async () => {
      const capture = lab.synopsis(['capture', '-i', 'vmnet1', '--', 'sh', '-c', 'kill -KILL $$'])
      expect(await capture.ended).toBe(137)
    })

    test('that is not there: 127, as a shell has it', async () => {
      const capture = lab.synopsis(['capture', '-i', 'vmnet1', '--', 'no-such-program'])
      expect(await capture.ended).toBe(127)
      expect(capture.stderr).toContain('cannot start no-such-program: there is no such program')
    })

    test('whose output would get between the packets: it goes to standard error', async () => {
      const capture = lab.synopsis(['capture', '-i', 'vmnet1', '-w', '-', '--', 'echo', 'something'])
      expect(await capture.ended).toBe(0)
      expect(capture.stderr).toContain('something')
      expect(Buffer.from(capture.stdout, 'latin1').readUInt32BE(0)).toBe(0x0a0d0d0a)
    })

    test('is not started when the capture cannot be', async () => {
      const capture = lab.synopsis(['capture', '-i', 'nowhere', '--', 'echo', 'started'])
      expect(await capture.ended).toBe(1)
      expect(capture.stdout).not.toContain('started')
    })

    test('a filter in its place is told where it belongs', async () => {
      const capture = lab.synopsis(['capture', '-i', 'vmnet1', 'tcp', 'port', '80'])
      expect(await capture.ended).toBe(1)
      expect(capture.stderr).toContain('tcp: a filter comes after -f, a program to run after --')
    })
  })

  test('where nothing came, it is said what to check; where something did, nothing', async () => {
    const capture = await lab.capture(['-i', 'vmnet1', '-f', 'tcp port 1'])
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    expect(capture.stderr).toMatch(
      /nothing came on vmnet1: was anything sent .*synopsis interfaces .*«tcp port 1» let it through/,
    )
    const other = await lab.capture(['-i', 'vmnet1', '-f', FLOOD])
    await lab.flood(1)
    await other.until(({ stdout }) => stdout.includes('udp:0'), 'the frame')
    other.kill('SIGINT')
    await other.ended
    expect(other.stderr).not.toContain('nothing came')
  })

  test('a filter is checked before anything is opened, by libpcap', async () => {
    const file = join(folder, 'never.pcapng')
    const capture = lab.synopsis(['capture', '-i', 'vmnet1', '-f', 'tcp prt 80', '-w', file])
    expect(await capture.ended).toBe(1)
    expect(capture.stderr).toMatch(/the filter «tcp prt 80» cannot be used: .*syntax error/)
    expect(spawnSync('ls', [file]).status).not.toBe(0)
  })

  test('a filter that fits no Ethernet is an error of the same kind', async () => {
    const capture = lab.synopsis(['capture', '-i', 'vmnet1', '-f', 'wlan type mgt'])
    expect(await capture.ended).toBe(1)
    expect(capture.stderr).toMatch(/the filter «wlan type mgt» cannot be used/)
  })

  test('ip broadcast knows the network mask', async () => {
    const file = join(folder, 'broadcast.pcapng')
    const capture = await lab.capture(['-i', 'vmnet1', '-f', 'ip broadcast', '-w', file])
    await lab.onHost('ping', ['-b', '-c', '1', '-W', '1', '-q', '192.168.56.255']).ended
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    expect(await framesOf(file)).toHaveLength(1)
  })

  test('-s keeps the beginning, and the length that there was', async () => {
    const file = join(folder, 'short.pcapng')
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-s', '60', '-w', file])
    await lab.flood(3, { length: 1000 })
    capture.kill('SIGINT')
    await capture.ended
    const frames = await framesOf(file)
    expect(frames.map(({ bytes, originalLength }) => [bytes.length / 2, originalLength])).toEqual(
      Array(3).fill([60, 1000]),
    )
  })

  test('-p leaves promiscuous mode alone', async () => {
    const promiscuity = () =>
      /promiscuity (\d)/.exec(spawnSync('ip', ['-n', lab.host, '-d', 'link', 'show', 'vmnet1']).stdout.toString())?.[1]
    for (const [args, expected] of [
      [['-p'], '0'],
      [[], '1'],
    ] as const) {
      const capture = await lab.capture(['-i', 'vmnet1', ...args])
      expect(promiscuity()).toBe(expected)
      capture.kill('SIGINT')
      await capture.ended
    }
  })

  test('an interface that is down says so, and how to change it', async () => {
    spawnSync('ip', ['-n', lab.host, 'link', 'set', 'vmnet1', 'down'])
    const capture = lab.synopsis(['capture', '--host-only'])
    const status = await capture.ended
    spawnSync('ip', ['-n', lab.host, 'link', 'set', 'vmnet1', 'up'])
    expect(status).toBe(1)
    expect(capture.stderr).toBe('synopsis: vmnet1 is down\n  → sudo ip link set vmnet1 up\n')
  })

  test('SIGUSR1 prints the counts, and the capture goes on', async () => {
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD])
    await lab.flood(42)
    await capture.until(({ stdout }) => stdout.includes('udp:0'), 'the frames')
    capture.kill('SIGUSR1')
    await capture.until(({ stderr }) => stderr.includes('42 packets captured, '), 'the counts')
    await lab.flood(8)
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    expect(countsOf(capture).captured).toBe(50)
  })

  test('SIGUSR1 counts as shown only what was shown: nothing, with --quiet', async () => {
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '--quiet', '-w', join(folder, 'quiet.pcapng')])
    await lab.flood(42)
    await capture.until(({ stderr }) => {
      capture.kill('SIGUSR1')
      return stderr.includes('42 packets captured, ')
    }, 'the counts')
    capture.kill('SIGINT')
    await capture.ended
    expect(capture.stderr).toContain('42 packets captured, 0 packets shown, ')
  })

  test('SIGUSR1 never opens the debugger of Node: the program listens for it before it loads anything', async () => {
    const env = { NODE_OPTIONS: `--import=${join(ROOT, 'test/capture/usr1.js')}` }
    for (const delay of [0, 20, 60, 120, 250]) {
      const capture = lab.synopsis(['capture', '-i', 'vmnet1'], env)
      await capture.until(({ stderr }) => stderr.includes('listening '), 'a listener')
      expect(capture.stderr).toMatch(/^listening .*bin\/synopsis\.js/)
      await new Promise((resolve) => setTimeout(resolve, delay))
      capture.kill('SIGUSR1')
      await capture.ready()
      capture.kill('SIGUSR1')
      capture.kill('SIGINT')
      await capture.ended
      expect(capture.stderr).not.toContain('Debugger')
    }
  })

  test('--json: events, endings, and errors as objects', async () => {
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '--json'])
    await lab.flood(3)
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    const lines = capture.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.slice(0, 3).map(({ kind, protocol, session, frame }) => [kind, protocol, session, frame])).toEqual([
      ['packet', 'udp', 0, 1],
      ['packet', 'udp', 0, 2],
      ['packet', 'udp', 0, 3],
    ])
    expect(lines[3]).toMatchObject({ kind: 'ending', protocol: 'udp', session: 0, packets: 3 })
    const beside = lab.synopsis(['capture', '-i', 'vmnet1', '--json', '--', 'echo', 'said'])
    expect(await beside.ended).toBe(0)
    expect(beside.stderr).toContain('said\n')
    expect(beside.stdout).not.toContain('said')
    const failed = lab.synopsis(['capture', '-i', 'nowhere', '--json'])
    expect(await failed.ended).toBe(1)
    expect(JSON.parse(failed.stdout)).toMatchObject({
      error: { code: 'NO_SUCH_INTERFACE', remedy: ['synopsis interfaces'] },
    })
  })
})
