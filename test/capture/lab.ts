/**
 * Namespaces of their own with a veth pair between them, whose one end looks like VMware's host-only adapter; the built
 * program in there, and a sender. For the tests, and for the benchmark.
 */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Both are started from there. */
export const ROOT = process.cwd()
export const SYNOPSIS = join(ROOT, 'bin/synopsis.js')

/** Generous: machines are busy. Nothing is asserted about time. */
const PATIENCE = 40_000

/** A program that runs. */
export class Program {
  stdout = ''
  stderr = ''
  readonly process: ChildProcess
  /** the exit status, or the signal's name, once all its output is there */
  readonly ended: Promise<number | NodeJS.Signals>
  #changed = () => {}

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.process = spawn(command, args, { cwd: ROOT, ...options })
    this.process.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString('latin1')
      this.#changed()
    })
    this.process.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk
      this.#changed()
    })
    this.ended = new Promise((resolve) => {
      this.process.once('close', (status, signal) => {
        resolve(status ?? signal ?? -1)
        this.#changed()
      })
    })
  }

  get pid(): number {
    return this.process.pid ?? -1
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** Waits until `condition` holds, which may depend on its output. */
  async until(condition: (program: this) => boolean, what: string): Promise<void> {
    const deadline = performance.now() + PATIENCE
    while (!condition(this)) {
      const isOver = this.process.exitCode !== null || this.process.signalCode !== null
      if (isOver && !condition(this)) await this.ended
      if (condition(this)) return
      if (isOver || performance.now() > deadline) {
        throw new Error(`waited in vain for ${what}\nstdout: ${this.stdout.slice(-2000)}\nstderr: ${this.stderr}`)
      }
      await new Promise<void>((resolve) => {
        this.#changed = resolve
        setTimeout(resolve, 50)
      })
    }
  }

  /** Of `synopsis capture`: waits until it captures. */
  async ready(): Promise<this> {
    await this.until(({ stderr }) => stderr.includes('capturing on'), 'the capture to begin')
    return this
  }
}

let networks = 0

/** `host` has vmnet1, 192.168.56.1; `guest` has eth0, 192.168.56.10, at the other end of it. */
export class Network {
  readonly host: string
  readonly guest: string
  readonly #between: string
  #relay: Program | undefined

  constructor() {
    const name = `cap-${process.pid}-${++networks}`
    this.host = `${name}-h`
    this.guest = `${name}-g`
    this.#between = `${name}-w`
  }

  create(): void {
    this.#createSpaces(this.host, this.guest)
    this.connect()
  }

  /** Makes it with a relay between the two ends, from which frames come as from a real wire: see relay.c. */
  async createRelayed(): Promise<void> {
    this.#createSpaces(this.host, this.guest, this.#between)
    this.#plug('vmnet1', this.host, 'to-host', this.#between)
    this.#plug('eth0', this.guest, 'to-guest', this.#between)
    for (const end of ['to-host', 'to-guest']) ip('-n', this.#between, 'link', 'set', end, 'up')
    this.#address()
    this.#relay = new Program('ip', ['netns', 'exec', this.#between, compiled('relay'), 'to-host', 'to-guest'])
    await this.#relay.until(({ stdout }) => stdout.includes('ready'), 'the relay')
  }

  #createSpaces(...spaces: string[]): void {
    for (const space of spaces) {
      ip('netns', 'add', space)
      ip('-n', space, 'link', 'set', 'lo', 'up')
      // no frames but those of the test: neighbour discovery and the like stay away
      spawnSync('ip', ['netns', 'exec', space, 'sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1'])
    }
  }

  /** Makes the wire; again, where it was taken away. */
  connect(): void {
    this.#plug('vmnet1', this.host, 'eth0', this.guest)
    this.#address()
  }

  #plug(name: string, space: string, peer: string, peerSpace: string): void {
    const mac = name === 'vmnet1' ? ['address', '00:50:56:c0:00:01'] : []
    ip('link', 'add', name, 'netns', space, ...mac, 'type', 'veth', 'peer', 'name', peer, 'netns', peerSpace)
  }

  #address(): void {
    const { host, guest } = this
    ip('-n', host, 'addr', 'add', '192.168.56.1/24', 'dev', 'vmnet1')
    ip('-n', guest, 'addr', 'add', '192.168.56.10/24', 'dev', 'eth0')
    ip('-n', host, 'link', 'set', 'vmnet1', 'up')
    ip('-n', guest, 'link', 'set', 'eth0', 'up')
  }

  destroy(): void {
    this.#relay?.kill('SIGKILL')
    for (const space of [this.host, this.guest, this.#between]) spawnSync('ip', ['netns', 'del', space])
  }

  /** Starts a program on the host. */
  onHost(command: string, args: readonly string[], options: SpawnOptions = {}): Program {
    return new Program('ip', ['netns', 'exec', this.host, command, ...args], options)
  }

  onGuest(command: string, args: readonly string[], options: SpawnOptions = {}): Program {
    return new Program('ip', ['netns', 'exec', this.guest, command, ...args], options)
  }

  /** `synopsis` on the host. */
  synopsis(args: readonly string[], env: Readonly<Record<string, string>> = {}, options: SpawnOptions = {}): Program {
    const { PATH = '' } = process.env
    return this.onHost(process.execPath, [SYNOPSIS, ...args], {
      env: { PATH, LANG: 'C.UTF-8', ...env },
      ...options,
    })
  }

  /** `synopsis capture`, once it captures. */
  async capture(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Program> {
    return this.synopsis(['capture', ...args], env).ready()
  }

  /** tcpdump beside it, once it captures; in immediate mode, since it leaves behind what the kernel has when it is stopped. */
  async tcpdump(file: string, ...args: string[]): Promise<Program> {
    const options = ['-i', 'vmnet1', '--immediate-mode', '-U', '--time-stamp-precision=nano', '-w', file, ...args]
    const program = this.onHost('tcpdump', options)
    await program.until(({ stderr }) => stderr.includes('listening on'), 'tcpdump')
    return program
  }

  /** Sends frames from the guest; each of `interrupted` gets a SIGINT right after the last one. */
  async flood(count: number, { length = 60, rate = 0, interrupted = [] as readonly number[] } = {}): Promise<Flood> {
    const args = ['eth0', count, length, rate, ...interrupted].map(String)
    const program = this.onGuest(compiled('flood'), args)
    const status = await program.ended
    if (status !== 0) throw new Error(`flood ended with ${status}: ${program.stderr}`)
    return JSON.parse(program.stdout)
  }
}

export interface Flood {
  readonly sent: number
  readonly seconds: number
  /** frames a second */
  readonly rate: number
}

/** A capture filter for what `flood` sends. */
export const FLOOD = 'udp port 9'

export function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** A program of test/support, compiled once. */
function compiled(name: string): string {
  const source = join(ROOT, `test/support/${name}.c`)
  const folder = join(tmpdir(), 'synopsis-test-programs')
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const program = join(folder, `${name}-${version}`)
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true })
    execFileSync('gcc', ['-O2', '-Wall', '-o', `${program}.${process.pid}`, source])
    renameSync(`${program}.${process.pid}`, program)
  }
  return program
}
