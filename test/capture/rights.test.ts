/** Root is given up, in every thread; who has no rights is told how to get them. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeLive, FLOOD, network, type Program, SYNOPSIS, sequencesOf, temporaryFolder } from './live.js'

/** `nobody` of every Linux; its group differs in name. */
const UID = 65534
const GID = Number(/^nobody:[^:]*:\d+:(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[1] ?? UID)
const SUDO = { SUDO_USER: 'nobody', SUDO_UID: String(UID), SUDO_GID: String(GID) }

describeLive('rights', () => {
  const folder = temporaryFolder()
  const lab = network()
  let files = 0
  const newFile = (name = `${++files}.pcapng`) => join(folder, name)

  /** Of each thread: its name, its user IDs, its capabilities. */
  function threads({ pid }: Program): { uids: string; gids: string; capabilities: string[] }[] {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')
      const read = (key: string) => new RegExp(`^${key}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? ''
      return {
        uids: read('Uid'),
        gids: read('Gid'),
        capabilities: ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].map((set) => read(set)),
      }
    })
  }

  test.each([
    ['the user behind sudo', [], SUDO],
    ['-Z', ['-Z', 'nobody'], {}],
  ] as const)('%s: no thread keeps a capability, and the capture goes on', async (_how, args, env) => {
    const file = newFile()
    const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-w', file, ...args], env)
    await lab.flood(100)
    const found = threads(capture)
    // the main thread, libuv's and V8's, the one that captures, the one that writes, the one that prints
    expect(found.length).toBeGreaterThan(8)
    const ids = (id: number) => Array(4).fill(id).join('\t')
    for (const { uids, gids, capabilities } of found) {
      expect(uids).toBe(ids(UID))
      expect(gids).toBe(ids(GID))
      expect(capabilities).toEqual(Array(4).fill('0000000000000000'))
    }
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    expect(await sequencesOf(file)).toMatchObject({ count: 100, gaps: 0 })
    expect(statSync(file)).toMatchObject({ uid: UID, gid: GID })
  })

  test('all files of a rotation belong to the user', async () => {
    const capture = await lab.capture(
      ['-i', 'vmnet1', '-f', FLOOD, '-w', newFile('rotated.pcapng'), '--rotate', 'filesize:20K'],
      SUDO,
    )
    await lab.flood(1000)
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    const owners = readdirSync(folder)
      .filter((name) => name.startsWith('rotated_'))
      .map((name) => statSync(join(folder, name)).uid)
    expect(owners.length).toBeGreaterThan(3)
    expect(new Set(owners)).toEqual(new Set([UID]))
  })

  describe("a file is opened with the user's rights", () => {
    test('where the user may not write, a new file is made for them, and their own overwritten', async () => {
      const closed = newFile('closed')
      mkdirSync(closed, { mode: 0o700 })
      const file = join(closed, 'lab.pcapng')
      for (const frames of [50, 20]) {
        const capture = await lab.capture(['-i', 'vmnet1', '-f', FLOOD, '-w', file], SUDO)
        await lab.flood(frames)
        capture.kill('SIGINT')
        expect(await capture.ended).toBe(0)
        expect(statSync(file).uid).toBe(UID)
        expect(await sequencesOf(file)).toMatchObject({ count: frames, damage: undefined })
      }
    })

    test("nobody else's file is overwritten, not even by way of a link", async () => {
      const closed = newFile('guarded')
      mkdirSync(closed, { mode: 0o700 })
      const precious = join(closed, 'precious')
      writeFileSync(precious, 'precious')
      const link = newFile('link.pcapng')
      symlinkSync(precious, link)
      for (const path of [precious, link]) {
        const capture = lab.synopsis(['capture', '-i', 'vmnet1', '-w', path], SUDO)
        expect(await capture.ended).toBe(1)
        expect(capture.stderr).toContain(`${path} cannot be written`)
      }
      expect(readFileSync(precious, 'utf8')).toBe('precious')
      expect(statSync(precious).uid).toBe(0)
    })
  })

  test('a user that there is not', async () => {
    const capture = lab.synopsis(['capture', '-i', 'vmnet1', '-Z', 'no-such-user'])
    expect(await capture.ended).toBe(1)
    expect(capture.stderr).toBe('synopsis: there is no user no-such-user\n')
  })

  /** Runs as nobody, with the capabilities given and no others. */
  function unprivileged(args: readonly string[], capabilities = ''): Program {
    const sets = [`--inh-caps=-all${capabilities}`, `--ambient-caps=-all${capabilities}`]
    const identity = ['--reuid', String(UID), '--regid', String(GID), '--clear-groups']
    return lab.onHost('setpriv', [...identity, ...sets, process.execPath, SYNOPSIS, ...args])
  }

  test('without rights: what gives them, and no stack trace', async () => {
    const capture = unprivileged(['capture', '-i', 'vmnet1'])
    expect(await capture.ended).toBe(1)
    const [what, ...steps] = capture.stderr.trimEnd().split('\n')
    expect(what).toBe('synopsis: no right to capture on vmnet1')
    expect(steps.some((step) => /→ once.*: sudo .*node.* capture -i vmnet1$/.test(step))).toBe(true)
    expect(steps.some((step) => /→ for good.*: sudo setcap cap_net_raw\+ep \/\S+$/.test(step))).toBe(true)
    expect(steps.every((step) => step.startsWith('  → '))).toBe(true)
  })

  test('an interface that there is not, is not said to be a matter of rights', async () => {
    const capture = unprivileged(['capture', '-i', 'vmnet7'])
    expect(await capture.ended).toBe(1)
    expect(capture.stderr).toContain('there is no interface vmnet7; there are vmnet1')
  })

  test('CAP_NET_RAW alone is enough, in promiscuous mode, too', async () => {
    const file = newFile()
    writeFileSync(file, '')
    chownSync(file, UID, GID)
    const capture = await unprivileged(['capture', '-i', 'vmnet1', '-f', FLOOD, '-w', file], ',+net_raw').ready()
    await lab.flood(100)
    const link = execFileSync('ip', ['-n', lab.host, '-d', 'link', 'show', 'vmnet1']).toString()
    expect(link).toMatch(/promiscuity 1/)
    capture.kill('SIGINT')
    expect(await capture.ended).toBe(0)
    expect(await sequencesOf(file)).toMatchObject({ count: 100, gaps: 0 })
  })
}, ['setpriv'])
