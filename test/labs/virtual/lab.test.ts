/** The virtual lab as a user has it: up, status, exec, wire, down; also after a crash. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { labNamed, NODES, namespaceOf } from '../../../src/labs/virtual/names.js'
import { processesOn } from '../../../src/labs/virtual/nodes.js'
import { tellWire } from '../../../src/labs/virtual/wire.js'
import { SYNOPSIS, temporaryFolder, until } from '../support.js'
import { missing } from './virtual.js'

const name = `test-${process.pid}`
const lab = labNamed(name)

function synopsis(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SYNOPSIS, 'lab', ...words], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

function run(node: string, ...words: readonly string[]) {
  return synopsis('exec', '--name', name, node, '--', ...words)
}

/** Everything of a lab that can be left behind. */
function traces(of: string): string[] {
  const names = NODES.map((node) => namespaceOf(labNamed(of), node))
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns').filter((one) => names.includes(one)) : []
  const processes = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => commandOf(pid).includes(labNamed(of).folder) || names.some((one) => commandOf(pid).includes(one)))
    .map(commandOf)
  const devices = readdirSync('/sys/class/net').filter((device) => /^syn\d+[cs]$/.test(device))
  const files = existsSync(labNamed(of).folder) ? [labNamed(of).folder] : []
  return [...namespaces, ...processes, ...devices.filter(() => processes.length > 0), ...files]
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

describe.skipIf(missing)(`the virtual lab${missing ? ` (skipped: ${missing})` : ''}`, () => {
  afterAll(() => void synopsis('down', '--name', name))

  test('up makes two nodes that reach each other over IPv4 and IPv6', () => {
    expect(synopsis('up', '--name', name)).toMatchObject({ status: 0 })
    expect(run('client', 'ping', '-qc2', '-i0.2', '192.168.56.10')).toMatchObject({ status: 0 })
    expect(run('server', 'ping', '-qc2', '-i0.2', 'fd00:56::1')).toMatchObject({ status: 0 })
  })

  test('the adapters have VMware’s MACs', () => {
    const { stdout } = run('client', 'ip', '-br', 'link', 'show', 'vmnet1')
    expect(stdout).toContain('00:50:56:c0:00:01')
    expect(run('server', 'ip', '-br', 'link').stdout).toContain('00:0c:29:')
  })

  test('up again says that it is up already', () => {
    expect(synopsis('up', '--name', name)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('synopsis lab down --name '),
    })
  })

  test('the nodes see nothing of this machine’s network', () => {
    expect(run('client', 'ip', 'route').stdout.trim().split('\n')).toHaveLength(1)
  })

  test('exec ends with the status of the program', () => {
    expect(run('server', 'sh', '-c', 'exit 7').status).toBe(7)
    expect(run('nobody', 'true')).toMatchObject({ status: 1, stderr: expect.stringContaining('no node') })
  })

  test('a server of the lab on one node answers a client on the other', async () => {
    const server = spawn(process.execPath, [
      ...[SYNOPSIS, 'lab', 'exec', '--name', name, 'server', '--'],
      ...[process.execPath, SYNOPSIS, 'lab', 'serve', 'echo', '--once', '9877'],
    ])
    const ended = new Promise((resolve) => server.on('exit', resolve))
    let said = ''
    server.stderr.on('data', (chunk) => {
      said += chunk
    })
    await until(() => said.includes('listens on'))
    const exec = [SYNOPSIS, 'lab', 'exec', '--name', name, 'client', '--', process.execPath]
    const client = spawnSync(process.execPath, [...exec, SYNOPSIS, 'lab', 'client', 'echo', '192.168.56.10', '9877'], {
      encoding: 'utf8',
      input: 'over the wire\n',
    })
    expect(client.stdout).toContain('over the wire')
    expect(await ended).toBe(0)
  })

  test('the wire does what it is told, and tells what it did', () => {
    expect(synopsis('wire', '--name', name, '--to', 'server', '--pick', 'drop the 2nd icmp').stderr).toContain(
      'to server: drops the 2nd icmp',
    )
    const { stdout } = run('client', 'ping', '-c3', '-i0.2', '-W1', '192.168.56.10')
    expect([...stdout.matchAll(/icmp_seq=(\d)/g)].map(([, n]) => n)).toEqual(['1', '3'])
    const dropped = readFileSync(lab.wireLog, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"did":["drop"]'))
    expect(dropped.map((line) => JSON.parse(line))).toMatchObject([
      { to: 'server', kinds: ['frame', 'icmp'], arrived: [] },
    ])
    expect(synopsis('wire', '--name', name, '--clean', '--delay', '30ms').stderr).toContain('delays by 30 ms')
    const slow = run('client', 'ping', '-c1', '192.168.56.10').stdout
    expect(Number(/time=([\d.]+)/.exec(slow)?.[1])).toBeGreaterThan(60)
    expect(synopsis('wire', '--name', name, '--loss', 'often')).toMatchObject({ status: 1 })
    expect(synopsis('wire', '--name', name, '--clean').stderr).toContain('to client: perfect')
  })

  test('who is not root is told to say sudo, not that there is no wire', async () => {
    process.seteuid?.(65_534)
    try {
      await expect(tellWire(lab, {})).rejects.toMatchObject({ code: 'RIGHTS', remedy: 'say sudo before it' })
    } finally {
      process.seteuid?.(0)
    }
  })

  test('status shows the nodes, the programs on them and the wire', async () => {
    const sleeping = spawn(process.execPath, [SYNOPSIS, 'lab', 'exec', '--name', name, 'server', '--', 'sleep', '60'])
    await until(() => synopsis('status').stdout.includes('sleep 60'))
    const { stdout } = synopsis('status')
    expect(stdout).toContain(`lab ${name}`)
    expect(stdout).toContain('192.168.56.10')
    sleeping.kill('SIGKILL')
  })

  test('down removes all of it, the programs on its nodes too; again is no mistake', () => {
    expect(traces(name)).not.toEqual([])
    expect(synopsis('down', '--name', name)).toMatchObject({ status: 0, stderr: `removed lab ${name}\n` })
    expect(traces(name)).toEqual([])
    expect(synopsis('down', '--name', name)).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/no lab|not up/),
    })
    const remedy = `set it up first: synopsis lab up --name ${name}`
    expect(run('client', 'true')).toMatchObject({ status: 1, stderr: `no such lab is up\n  ${remedy}\n` })
    expect(synopsis('wire', '--name', name).stderr).toBe(`there is no wire\n  ${remedy}\n`)
  })

  test('down after kill -9 of a scenario leaves nothing behind', async () => {
    const playing = spawn(process.execPath, [SYNOPSIS, 'lab', 'run', 'keep-alive', '--no-timeline'], { stdio: 'pipe' })
    const own = `run-${playing.pid}`
    const programs = () => NODES.flatMap((node) => processesOn(labNamed(own), node))
    // both captures, and both programs that make the calls
    await until(() => programs().length === 4)
    const pids = programs()
    await killed(playing)
    expect(synopsis('status').stdout).toMatch(new RegExp(`lab ${own}.*left over`))
    expect(synopsis('down', '--name', name)).toMatchObject({ status: 0 })
    expect(pids.filter((pid) => commandOf(String(pid)) !== '')).toEqual([])
    expect(traces(own)).toEqual([])
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s in the middle of a scenario: nothing is left behind, and nothing more is said',
    async (signal, status) => {
      const TMPDIR = temporaryFolder()
      const words = [SYNOPSIS, 'lab', 'run', 'keep-alive', '--no-timeline']
      // as from a terminal: the signal goes to all of them
      const playing = spawn(process.execPath, words, { env: { ...process.env, TMPDIR }, detached: true })
      let said = ''
      playing.stderr.setEncoding('utf8').on('data', (text) => {
        said += text
      })
      const own = `run-${playing.pid}`
      await until(() => NODES.flatMap((node) => processesOn(labNamed(own), node)).length === 4)
      process.kill(-(playing.pid ?? 0), signal)
      expect(await once(playing, 'close')).toEqual([status, null])
      expect(said).toBe('keep-alive: keep-alive on an idle session\n')
      expect(readdirSync(TMPDIR)).toEqual([])
      expect(traces(own)).toEqual([])
    },
  )

  test('a wire that was killed is said to be gone, and down still removes the rest', async () => {
    synopsis('up', '--name', name)
    const pid = execFileSync('pgrep', ['-f', `wire-process.js.*${lab.control}`], { encoding: 'utf8' }).trim()
    process.kill(Number(pid), 'SIGKILL')
    await until(() => !traces(name).some((trace) => trace.includes('wire-process')))
    const remedy = `set it up anew: synopsis lab down --name ${name}, then synopsis lab up --name ${name}`
    expect(synopsis('wire', '--name', name)).toMatchObject({ status: 1, stderr: `there is no wire\n  ${remedy}\n` })
    expect(synopsis('down', '--name', name)).toMatchObject({ status: 0 })
    expect(traces(name)).toEqual([])
  })
})

test('without root, it says so, and what can be had without', () => {
  if (process.geteuid?.() !== 0) {
    expect(synopsis('up', '--name', name)).toMatchObject({ status: 1, stderr: expect.stringContaining('needs root') })
    return
  }
  const { status, stderr } = spawnSync(process.execPath, [SYNOPSIS, 'lab', 'up', '--name', name], {
    encoding: 'utf8',
    uid: 65_534,
  })
  expect(status).toBe(1)
  expect(stderr).toMatch(/needs root.*\n.*loopback/)
})

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  // what it started holds its standard error open
  child.stdout?.destroy()
  child.stderr?.destroy()
  await ended
}
