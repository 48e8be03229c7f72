/**
 * Plays a scenario: sets the lab up, captures at both ends, has both ends act, samples what the kernels say, and takes all
 * of it down. What was seen is left in a folder.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../errors.js'
import { SYNOPSIS } from '../synopsis.js'
import { parsePick } from './impairment.js'
import { ADAPTERS, type Lab, NODES, type Node, namespaceOf, otherNode, PORT } from './names.js'
import { down, up } from './nodes.js'
import type { ListenOptions } from './operations.js'
import { Program } from './program.js'
import { Sampler } from './sampler.js'
import type { Connected, LabProgram, Scenario, Stage, Typed, WireChange } from './scenario.js'
import { tellWire } from './wire.js'

/** Milliseconds for what is still on its way when all is said. */
const AFTERGLOW = 250
/** Milliseconds after which something was waited for in vain: a scenario takes 20 s at the most, on a busy machine some more. */
const TOO_LONG = 120_000

/** The files that a scenario leaves. `capture` is the one of the two captures that shows it best. */
export interface Kept {
  readonly capture: string
  readonly captures: Readonly<Record<Node, string>>
  readonly calls: Readonly<Record<Node, string>>
  readonly wire: string
  readonly samples: string
}

export function keptIn(folder: string, { vantage = 'client' }: Scenario): Kept {
  const captures = { client: join(folder, 'capture.pcapng'), server: join(folder, 'capture.pcapng') }
  captures[otherNode(vantage)] = join(folder, `capture-${otherNode(vantage)}.pcapng`)
  return {
    capture: captures[vantage],
    captures,
    calls: { client: join(folder, 'calls-client.ndjson'), server: join(folder, 'calls-server.ndjson') },
    wire: join(folder, 'wire.ndjson'),
    samples: join(folder, 'sockets.ndjson'),
  }
}

export interface Performance {
  /** the same seed lets the wire's chance fall the same way */
  readonly seed: number
  /** the server's port instead of the scenario's usual one */
  readonly port?: number
}

/** Plays it in a lab of its own. */
export async function perform(
  scenario: Scenario,
  lab: Lab,
  folder: string,
  { seed, port = scenario.port ?? PORT }: Performance,
): Promise<Kept> {
  const kept = keptIn(folder, scenario)
  const { kernel } = scenario
  await up(lab, { seed, acquainted: true, owner: process.pid, ...(kernel && { kernel }) })
  const stage = new VirtualStage(lab, kept, port)
  try {
    await stage.open()
    await inTime(scenario.play(stage))
    await stage.close()
    copyFileSync(lab.wireLog, kept.wire)
  } finally {
    stage.abandon()
    await down(lab)
  }
  return kept
}

class VirtualStage implements Stage {
  readonly #lab: Lab
  readonly #kept: Kept
  readonly port: number
  readonly #programs: Program[] = []
  #isOver = false
  readonly #children: ChildProcess[] = []
  #captures: ChildProcess[] = []
  #sampler: Sampler | undefined
  readonly client: Program
  readonly server: Program

  constructor(lab: Lab, kept: Kept, port: number) {
    this.#lab = lab
    this.#kept = kept
    this.port = port
    for (const node of NODES) writeFileSync(kept.calls[node], '')
    this.client = this.another('client')
    this.server = this.another('server')
  }

  async open(): Promise<void> {
    this.#captures = NODES.map((node) =>
      this.#start(node, ['capture', '-q', '-Z', 'root', '-i', ADAPTERS[node].name, '-w', this.#kept.captures[node]]),
    )
    await Promise.all(this.#captures.map((capture) => said(capture, 'capturing on')))
    const [client, server] = this.#captures.map(({ pid = 0 }) => pid)
    this.#sampler = new Sampler({ client: client ?? 0, server: server ?? 0 })
  }

  readonly another = (node: Node): Program => {
    const program = new Program(namespaceOf(this.#lab, node), this.#kept.calls[node])
    this.#programs.push(program)
    return program
  }

  readonly connected = async (options: ListenOptions = {}): Promise<Connected> => {
    const { address } = ADAPTERS.server
    const listening = await this.server.do('listen', address, this.port, options)
    const atClient = await this.client.do('connect', address, this.port)
    const atServer = await this.server.do('accept', listening)
    return { listening, atClient, atServer }
  }

  readonly serve = async (...words: readonly string[]): Promise<LabProgram> => {
    const child = this.#start('server', ['lab', 'serve', ...words, '--calls', this.#kept.calls.server])
    const ended = once(child, 'close').then(() => {})
    await said(child, 'listens on')
    const stop = async (signal: NodeJS.Signals = 'SIGINT') => {
      child.kill(signal)
      await ended
    }
    return { ended, stop }
  }

  readonly talk = async (words: readonly string[], lines: readonly Typed[] = []): Promise<void> => {
    const child = this.#start('client', ['lab', 'client', ...words, '--calls', this.#kept.calls.client])
    const ended = once(child, 'close')
    child.stdout?.resume()
    child.stdin?.on('error', () => {})
    // the user begins once the client is there
    while (lines.length > 0 && !hasEnded(child) && !this.#withSockets().has(child.pid)) await this.pause(POLL)
    for (const [when, line] of lines) {
      await (typeof when === 'number' ? this.pause(when) : when)
      child.stdin?.write(line)
    }
    if (lines.length > 0) await this.pause(LAST_LINE)
    child.stdin?.end()
    await ended
  }

  readonly clients = async (count: number): Promise<void> => {
    while (!this.#isOver && this.#withSockets().size < count) await this.pause(POLL)
  }

  /** The clients of the lab that have connected, or have their socket for datagrams: their calls say so. */
  #withSockets(): Set<number | undefined> {
    const calls = readFileSync(this.#kept.calls.client, 'utf8').matchAll(
      /^\{"pid":(\d+),.*(?:"call":"connect"|"SOCK_DGRAM")/gm,
    )
    return new Set(Array.from(calls, ([, pid]) => Number(pid)))
  }

  readonly wire = async ({ to, picks, ...rest }: WireChange): Promise<void> => {
    const impairment = { ...rest, ...(picks && { picks: picks.map(parsePick) }) }
    await tellWire(this.#lab, { change: { ...(to && { to }), impairment } })
  }

  readonly pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

  /** Ends what still runs, in order: the programs' own ends are part of the story. */
  async close(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.finish()))
    await this.pause(AFTERGLOW)
    this.#sampler?.save(this.#kept.samples)
    const ends = this.#captures.map((capture) => (hasEnded(capture) ? undefined : once(capture, 'close')))
    for (const capture of this.#captures) capture.kill('SIGINT')
    await Promise.all(ends)
    for (const file of Object.values(this.#kept.captures)) {
      if (!existsSync(file)) throw new LabError('NO_CAPTURE', 'a capture failed', 'see synopsis doctor')
    }
    await tellWire(this.#lab, { end: true })
  }

  /** Nothing is waited for any more. */
  abandon(): void {
    this.#isOver = true
    this.#sampler?.end()
    for (const child of this.#children) child.kill('SIGKILL')
  }

  #start(node: Node, words: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespaceOf(this.#lab, node), process.execPath, SYNOPSIS, ...words], {
      stdio: 'pipe',
    })
    this.#children.push(child)
    return child
  }
}

/** @throws LabError when it takes too long, as when a client fails for whom a server waits */
async function inTime(play: Promise<void>): Promise<void> {
  const over = new AbortController()
  const late = sleep(TOO_LONG, undefined, { signal: over.signal }).then(() => {
    throw new LabError('TOO_LONG', 'the scenario did not come to its end', 'try it again when the machine is less busy')
  })
  try {
    await Promise.race([play, late])
  } finally {
    late.catch(() => {})
    over.abort()
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** Milliseconds between two looks whether something has happened. */
const POLL = 20

/** Milliseconds between a user's last line and end of file: time for the answer. */
const LAST_LINE = 400

/** Waits until a program says on standard error what it says when it is ready. @throws LabError when it ends before */
function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.resume()
    if (child.stderr) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        text += `${line}\n`
        if (line.includes(words)) resolve()
      })
    }
    child.once('close', () =>
      reject(new LabError('NOT_READY', `a program of the scenario failed: ${text}`, 'see there')),
    )
  })
}
