/** What a person sees on a terminal while a capture goes on. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { describeLive, FLOOD, type Network, network, ROOT, SYNOPSIS, temporaryFolder } from './live.js'

/** A terminal of 110 columns, with `synopsis` in it. */
class Terminal {
  readonly #socket: string

  constructor(socket: string) {
    this.#socket = socket
  }

  start({ host }: Network, args: readonly string[]): void {
    const words = ['ip', 'netns', 'exec', host, process.execPath, SYNOPSIS, ...args].map((word) => `'${word}'`)
    // the shell stays, so that what was shown stays as well
    const command = `cd '${ROOT}'; unset COLUMNS; LANG=C.UTF-8 ${words.join(' ')}; echo "ended: $?"; sleep 60`
    this.#tmux('new-session', '-d', '-x', '110', '-y', '200', command)
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
  }

  /** What is on the screen; with colours as escape sequences. */
  screen(colours = false): string {
    return this.#tmux('capture-pane', '-p', '-S', '-2000', ...(colours ? ['-e'] : []))
  }

  keys(...keys: string[]): void {
    this.#tmux('send-keys', ...keys)
  }

  async until(condition: (screen: string) => boolean, what: string): Promise<string> {
    for (let tries = 0; tries < 400; tries++) {
      const screen = this.screen()
      if (condition(screen)) return screen
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`waited in vain for ${what}:\n${this.screen()}`)
  }

  kill(): void {
    this.#tmux('kill-server')
  }
}

describeLive('on a terminal', () => {
  const folder = temporaryFolder()
  const lab = network()
  const terminals: Terminal[] = []
  afterAll(() => {
    for (const made of terminals) made.kill()
  })
  function terminal(): Terminal {
    const made = new Terminal(join(folder, `tmux${terminals.length}`))
    terminals.push(made)
    return made
  }

  test('the timeline grows while the session goes on, and Ctrl-C ends it with the counts', async () => {
    const shown = terminal()
    shown.start(lab, ['capture', '--host-only', '-f', 'tcp'])
    await shown.until((screen) => screen.includes('capturing on vmnet1'), 'the capture')
    const server = lab.onGuest('nc', ['-l', '-N', '192.168.56.10', '7007'])
    await new Promise((resolve) => setTimeout(resolve, 300))
    const client = lab.onHost('nc', ['-N', '192.168.56.10', '7007'])
    client.process.stdin?.write('are you there?\n')
    // the connection is open, and its beginning is on the screen
    const open = await shown.until((screen) => screen.includes('"are you there?⏎"'), 'the data')
    expect(open).toMatch(/ESTABLISHED/)
    expect(open).not.toMatch(/teardown/)
    client.process.stdin?.end()
    server.process.stdin?.end()
    await shown.until((screen) => screen.includes('nothing was lost'), 'the verdict')
    shown.keys('C-c')
    const ended = await shown.until((screen) => screen.includes('ended: '), 'the end')
    expect(ended).toMatch(/ended: 0/)
    expect(ended).toMatch(
      /\d+ packets captured\n\d+ packets shown\n0 packets dropped by kernel\n0 packets dropped by interface/,
    )
    // nothing is wider than the terminal
    for (const line of ended.split('\n')) expect([...line].length).toBeLessThanOrEqual(110)
  })

  test('sessions at the same time: each line under its number and in its colour, and the lines of one together', async () => {
    const shown = terminal()
    shown.start(lab, ['capture', '-i', 'vmnet1', '-f', 'tcp', '--color', 'always'])
    await shown.until((screen) => screen.includes('capturing on vmnet1'), 'the capture')
    const ports = [7101, 7102, 7103]
    const servers = ports.map((port) => lab.onGuest('nc', ['-lvn', '-N', '192.168.56.10', String(port)]))
    for (const server of servers) await server.until(({ stderr }) => /listening on/i.test(stderr), 'the server')
    const clients = ports.map((port) => lab.onHost('nc', ['-N', '192.168.56.10', String(port)]))
    for (let round = 0; round < 8; round++) {
      for (const client of clients) client.process.stdin?.write(`round ${round}\n`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    for (const client of clients) client.process.stdin?.end()
    for (const server of servers) server.process.stdin?.end()
    const done = (screen: string) => (screen.match(/nothing was lost/g) ?? []).length === 3
    const screen = await shown.until(done, 'three verdicts')
    const owners = screen.split('\n').flatMap((line) => /^(tcp:\d)/.exec(line)?.[1] ?? [])
    expect(new Set(owners)).toEqual(new Set(['tcp:0', 'tcp:1', 'tcp:2']))
    // 24 times a line of another session came: the floor did not change as often
    const changes = owners.filter((owner, index) => index > 0 && owner !== owners[index - 1]).length
    expect(changes).toBeLessThan(12)
    const colours = new Set(shown.screen(true).match(/\x1b\[3\dm(?=tcp:\d)/g))
    expect(colours.size).toBe(3)
    shown.keys('C-c')
    await shown.until((text) => text.includes('ended: 0'), 'the end')
  })

  test('--quiet: the counts, on one line that refreshes', async () => {
    const shown = terminal()
    shown.start(lab, ['capture', '-i', 'vmnet1', '-f', FLOOD, '--quiet'])
    await shown.until((screen) => screen.includes('capturing on vmnet1'), 'the capture')
    await lab.flood(1234)
    await shown.until((screen) => screen.includes('1,234 packets'), 'the count')
    await lab.flood(1000)
    const screen = await shown.until((text) => text.includes('2,234 packets'), 'the next count')
    expect(screen).not.toContain('1,234')
    expect(screen).not.toContain('udp:0')
    shown.keys('C-c')
    expect(await shown.until((text) => text.includes('ended: 0'), 'the end')).toContain('2234 packets captured')
  })

  test('a terminal that is stopped with Ctrl-S stops the display, not the capture, and Ctrl-C is heard', async () => {
    const file = join(folder, 'stopped.pcapng')
    const shown = terminal()
    shown.start(lab, ['capture', '-i', 'vmnet1', '-f', FLOOD, '-w', file])
    await shown.until((screen) => screen.includes('capturing on vmnet1'), 'the capture')
    shown.keys('C-s')
    const { sent } = await lab.flood(60_000)
    shown.keys('C-q')
    shown.keys('C-c')
    const screen = await shown.until((text) => text.includes('ended: 0'), 'the end')
    expect(screen).toContain(`${sent} packets written`)
  })

  describe('what comes from the wire', () => {
    test('cannot move the cursor, or colour the screen', async () => {
      const shown = terminal()
      shown.start(lab, ['capture', '-i', 'vmnet1', '-f', 'udp port 7200'])
      await shown.until((screen) => screen.includes('capturing on vmnet1'), 'the capture')
      const evil = lab.onHost('nc', ['-u', '-w', '1', '192.168.56.10', '7200'])
      evil.process.stdin?.end('a line of plain text, and then \x1b[2J\x1b]0;title\x07\u202eevil')
      const screen = await shown.until((text) => text.includes('evil'), 'the payload')
      expect(screen).toContain('capturing on vmnet1')
      expect(shown.screen(true)).not.toMatch(/\x1b\[2J|\x1b\]0|\x07|\u202e/)
      shown.keys('C-c')
      await shown.until((text) => text.includes('ended: 0'), 'the end')
    })
  })
}, ['tmux', 'nc'])
