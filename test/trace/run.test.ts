/** A traced program is the program it would be without: its output, its exit status, its signals; and nothing is left of it. */
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openCapture } from '../../src/files/open.js'
import {
  compiled,
  describeTraced,
  folderOf,
  freePort,
  has,
  mistakesIn,
  SYNOPSIS,
  synopsis,
  timelinesIn,
} from './support.js'

/** Processes that are traced by one, or stopped, of those whose command has this word. */
function processesWith(word: string): { pid: number; state: string; tracer: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      if (!readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0').includes(word)) return []
      const status = readFileSync(`/proc/${name}/status`, 'latin1')
      return [
        {
          pid: Number(name),
          state: /^State:\s+(\S)/m.exec(status)?.[1] ?? '',
          tracer: Number(/^TracerPid:\s+(\d+)/m.exec(status)?.[1] ?? 0),
        },
      ]
    } catch {
      return []
    }
  })
}

async function until(what: () => boolean, milliseconds = 15_000): Promise<void> {
  const end = performance.now() + milliseconds
  while (!what()) {
    if (performance.now() > end) throw new Error('it did not come to that')
    await pause(50)
  }
}

describeTraced('a traced program', () => {
  const folder = folderOf('trace-run')
  const server = compiled(folder, 'echo-server')
  const client = compiled(folder, 'echo-client')

  test('ends with its own status, and with 128 and the number of the signal that ended it', {
    timeout: 60_000,
  }, async () => {
    expect(await synopsis(['trace', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7'])).toMatchObject({ status: 7 })
    const killed = await synopsis(['trace', '--', 'sh', '-c', 'kill -TERM $$'])
    expect(killed.status).toBe(128 + 15)
    const missing = await synopsis(['trace', '--', './not-there'])
    expect(missing.status).toBe(127)
    expect(missing.stderr).toContain('there is no program ./not-there')
  })

  test('with --json, standard output has the JSON alone: its output goes to standard error', {
    timeout: 60_000,
  }, async () => {
    const port = String(await freePort())
    const says = ['sh', '-c', `echo said; exec ${client} ${port} 1`]
    const { stdout, stderr } = await synopsis(['trace', '--json', '--', server, port, '::', ...says])
    expect(stderr).toContain('said\n')
    const objects = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(objects.length).toBe(2)
    for (const { started, ended } of objects[1].processes)
      for (const time of [started, ended]) expect(time).toMatch(/^\d+\.\d{9}$/)
  })

  test('it runs as the user behind sudo, who owns nothing of ours', { timeout: 60_000 }, async () => {
    const sudo = { SUDO_USER: 'nobody', SUDO_UID: '65534', SUDO_GID: '65534' }
    const { stdout } = await synopsis(['trace', '--', 'sh', '-c', 'id -u; grep CapEff /proc/self/status'], sudo)
    expect(stdout).toMatch(/^65534\nCapEff:\t0+\n/)
  })

  test('without strace, it is said how to get it', async () => {
    const { status, stderr } = await synopsis(['trace', '--', '/bin/true'], { PATH: '/nonexistent' })
    expect(status).toBe(1)
    expect(stderr).toContain('apt install strace')
  })

  test('-w keeps what its sockets name, and nothing else', { timeout: 60_000 }, async () => {
    const file = join(folder, 'kept.pcapng')
    const [port, other] = [String(await freePort()), String(await freePort())]
    const stranger = spawn(server, [other])
    await pause(300)
    // the stranger's client runs meanwhile, outside of the trace
    const aside = spawn('sh', ['-c', `sleep 1; ${client} ${other} 3`])
    const ran = await synopsis([
      'trace',
      '-w',
      file,
      '--',
      server,
      port,
      '::',
      'sh',
      '-c',
      `sleep 2; exec ${client} ${port} 3`,
    ])
    expect(ran.status, ran.stderr).toBe(0)
    aside.kill()
    stranger.kill()
    const ports = new Set<number>()
    const source = await openCapture(file)
    let packets = 0
    for await (const batch of source) {
      batch.forEach(() => {
        packets++
      })
    }
    expect(packets).toBeGreaterThan(10)
    const replayed = await synopsis(['sessions', '--json', file])
    for (const line of replayed.stdout.trim().split('\n'))
      ports.add((JSON.parse(line) as { server: { port: number } }).server.port)
    expect([...ports]).toEqual([Number(port)])
  })

  test('kill -9 on us leaves neither it nor strace behind', { timeout: 60_000 }, async () => {
    const port = String(await freePort())
    const child = spawn(process.execPath, [SYNOPSIS, 'trace', '--', server, port], { stdio: 'ignore' })
    await until(() => processesWith(port).some(({ tracer, pid }) => tracer > 0 && pid !== child.pid))
    child.kill('SIGKILL')
    await until(() => processesWith(port).length === 0)
  })

  test('Ctrl-C ends it, as it would without us, and what it did is shown', { timeout: 60_000 }, async () => {
    const port = String(await freePort())
    const words = [process.execPath, SYNOPSIS, 'trace', '--', compiled(folder, 'fork-server'), port, '2']
    const terminal = spawn('script', ['-qfec', words.join(' '), '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] })
    let stdout = ''
    terminal.stdout.on('data', (data: Buffer) => {
      stdout += data.toString()
    })
    await until(() => readFileSync('/proc/net/tcp', 'utf8').includes(`:${Number(port).toString(16).toUpperCase()} `))
    expect(spawnSync(client, [port, '2']).status).toBe(0)
    terminal.stdin.write('\x03')
    const status = await new Promise((resolve) => terminal.once('close', resolve))
    expect(status).toBe(128 + 2)
    expect(stdout).toContain('killed by SIGINT')
    expect(stdout).toContain('session 0  TCP')
    expect(stdout).toContain('complete; the client closed first')
  })

  test('-p attaches to a server that runs, and lets go of it', { timeout: 60_000 }, async () => {
    const port = String(await freePort())
    const running = spawn(server, [port], { stdio: 'ignore' })
    await pause(300)
    const tracing = spawn(process.execPath, [SYNOPSIS, 'trace', '--json', '-p', String(running.pid)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    tracing.stdout.on('data', (data: Buffer) => {
      stdout += data.toString()
    })
    tracing.stderr.on('data', (data: Buffer) => {
      stderr += data.toString()
    })
    await until(() => stderr.includes('attached'))
    // the capture opens right after
    await pause(1500)
    const half = spawn('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port}; echo hello >&3; read -r line <&3; sleep 40`])
    await pause(2000)
    tracing.kill('SIGINT')
    const status = await new Promise((resolve) => tracing.once('close', resolve))
    expect({ status, stderr: stderr.replace(/.*attached.*\n/, '') }).toEqual({ status: 0, stderr: '' })
    // it goes on as before, and nobody traces it
    expect(processesWith(port).map(({ state, tracer }) => [state, tracer])).toEqual([['S', 0]])
    const [timeline] = timelinesIn(stdout)
    const named = timeline?.observed?.filter(({ on }) => on === 'socket').map(({ call }) => call)
    expect(named?.slice(0, 3)).toEqual(['accept', 'read', 'write'])
    half.kill()
    running.kill()
  })

  test('a connect that is refused stands beside the SYN that it sent and the reset that ended it', {
    timeout: 60_000,
  }, async () => {
    const traced = await synopsis(['trace', '--json', '--', client, String(await freePort()), '1'])
    const [timeline] = timelinesIn(traced.stdout)
    const connect = timeline?.calls.find(({ call }) => call === 'connect')
    expect(connect).toMatchObject({ by: 'client', errno: 'ECONNREFUSED' })
    // the sockets that its output goes through here are none of its sessions
    expect(traced.stdout).not.toContain('"protocol":"unix"')
  })

  test.skipIf(!has('/usr/bin/python3'))(
    'where no packet left, the call that failed says why',
    { timeout: 60_000 },
    async () => {
      // TCP has no broadcast
      const words = ['-c', 'import socket; socket.socket().connect(("255.255.255.255", 9))']
      const { stdout } = await synopsis(['trace', '--', '/usr/bin/python3', ...words])
      expect(stdout.replace(/\s+/g, ' ')).toContain('connect to 255.255.255.255:9 failed with ENETUNREACH')
    },
  )

  test('a fork server: parent and child are told apart, and the FIN is the child’s', { timeout: 60_000 }, async () => {
    const port = String(await freePort())
    const fork = compiled(folder, 'fork-server')
    const script = `${client} ${port} 2 & ${client} ${port} 2; wait`
    const { status, stdout } = await synopsis(['trace', '--json', '--', fork, port, '2', '::', 'sh', '-c', script])
    expect(status).toBe(0)
    expect(mistakesIn(stdout)).toEqual([])
    const timelines = timelinesIn(stdout)
    expect(timelines.length).toBe(2)
    for (const { events, observed = [], processes = [] } of timelines) {
      const own = processes.filter(({ by }) => by === 'server')
      const child = own.find(({ parent }) => own.some(({ pid }) => pid === parent))
      expect(child?.serves.length).toBe(1)
      const fin = events.find(
        (event) => event.kind === 'packet' && event.from === 'server' && event.tcp?.flags.includes('FIN'),
      )
      const closer = observed.find(
        ({ by, sends }) => by === 'server' && fin?.kind === 'packet' && sends.includes(fin.frame),
      )
      expect(closer?.pid).toBe(child?.pid)
      expect(observed.some(({ call, pid }) => call === 'fork' && pid === child?.parent)).toBe(true)
    }
  })

  const others: [string, string[]][] = [
    [
      'node',
      [
        '-e',
        'require("net").connect(+process.argv[1], "127.0.0.1").on("data", function () { this.end() }).write("hello\\n")',
      ],
    ],
    [
      'python3',
      [
        '-c',
        'import socket, sys\ns = socket.create_connection(("127.0.0.1", int(sys.argv[1])))\ns.sendall(b"hello\\n")\ns.recv(100)\ns.close()',
      ],
    ],
  ]
  test.each(others.filter(([program]) => has(program)))(
    'a client in %s',
    { timeout: 60_000 },
    async (program, words) => {
      const port = String(await freePort())
      const { status, stdout, stderr } = await synopsis([
        'trace',
        '--json',
        '--',
        server,
        port,
        '::',
        program,
        ...words,
        port,
      ])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      const [timeline] = timelinesIn(stdout)
      const { observed = [] } = timeline ?? {}
      const sent = observed.filter(({ by, sends, call }) => by === 'client' && sends.length > 0 && call !== 'connect')
      expect(sent.map(({ result }) => result)).toContain(6)
      const finFrames = timeline?.events.flatMap((event) =>
        event.kind === 'packet' && event.tcp?.flags.includes('FIN') ? [event.frame] : [],
      )
      for (const frame of finFrames ?? []) expect(observed.some(({ sends }) => sends.includes(frame))).toBe(true)
      expect(mistakesIn(stdout)).toEqual([])
    },
  )

  test('what sh sees is what the program does', () => {
    // the guard that waits beside strace must not hold a pipe open
    const out = spawnSync('sh', ['-c', `${process.execPath} ${SYNOPSIS} trace -- echo hello | head -1`], {
      timeout: 20_000,
    })
    expect(out.stdout.toString()).toBe('hello\n')
  })
})
