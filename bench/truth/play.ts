/** Makes one transfer on a lab of its own, captured at both ends, and keeps what is known of it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ADAPTERS, labNamed, NODES, type Node, namespaceOf, otherNode } from '../../src/labs/virtual/names.js'
import { setKernel } from '../../src/labs/virtual/nodes.js'
import { Counters, type Growth } from './counters.js'
import type { Bursts, Transfer } from './mixes.js'
import { plugInOffload } from './offload.js'

const SYNOPSIS = programAbove(dirname(fileURLToPath(import.meta.url)))
/** Of the first session's server; those of others follow. Below the ports that a kernel gives to clients. */
const SERVER_PORT = 20_000
const MOST_SESSIONS = 100
/** Milliseconds until all is acknowledged that still was on its way. */
const AFTERGLOW = 1500
/** Milliseconds that the longest transfer may take. */
const LONGEST = 180_000

/** The files of a transfer. */
export interface Files {
  readonly captures: Readonly<Record<Node, string>>
  /** what the wire did to every frame */
  readonly wire: string
  /** what the sender's kernel counted */
  readonly counters: string
  readonly transfer: string
}

export function filesOf(folder: string): Files {
  return {
    captures: { client: join(folder, 'client.pcapng'), server: join(folder, 'server.pcapng') },
    wire: join(folder, 'wire.ndjson'),
    counters: join(folder, 'counters.json'),
    transfer: join(folder, 'transfer.json'),
  }
}

export function readTransfer({ transfer }: Files): Transfer {
  return JSON.parse(readFileSync(transfer, 'utf8')) as Transfer
}

export function readGrowths({ counters }: Files): Growth[] {
  return JSON.parse(readFileSync(counters, 'utf8')) as Growth[]
}

export function isServerPort(port: number): boolean {
  return port >= SERVER_PORT && port < SERVER_PORT + MOST_SESSIONS
}

const run = promisify(execFile)

/** @throws Error when a part of it fails */
export async function play(transfer: Transfer, folder: string): Promise<Files> {
  mkdirSync(folder, { recursive: true })
  const files = filesOf(folder)
  const name = `truth-${process.pid}-${transfer.seed}`
  const lab = labNamed(name)
  const children: ChildProcess[] = []
  const synopsis = (...words: string[]) => run(process.execPath, [SYNOPSIS, ...words])
  const start = (node: Node, ...words: string[]) => {
    const child = spawn('ip', ['netns', 'exec', namespaceOf(lab, node), process.execPath, SYNOPSIS, ...words], {
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    children.push(child)
    return child
  }
  await synopsis('lab', 'up', '--name', name, '--seed', String(transfer.seed))
  try {
    for (const node of NODES) {
      if (transfer.mix.offload === true) await plugInOffload(lab, node)
      setKernel(lab, node, { ...transfer.mix.kernel, 'ipv4.tcp_timestamps': transfer.timestamps ? 1 : 0 })
      if (transfer.mix.mtu > 0) {
        const device = ['dev', ADAPTERS[node].name, 'mtu', String(transfer.mix.mtu)]
        await run('ip', ['-n', namespaceOf(lab, node), 'link', 'set', ...device])
      }
    }
    const receiver = otherNode(transfer.sender)
    await synopsis('lab', 'wire', '--name', name, '--to', receiver, ...transfer.mix.data)
    await synopsis('lab', 'wire', '--name', name, '--to', transfer.sender, ...transfer.mix.acknowledgments)
    const captures = NODES.map((node) =>
      start(node, 'capture', '-q', '-Z', 'root', '-i', ADAPTERS[node].name, '-f', 'tcp', '-w', files.captures[node]),
    )
    await Promise.all(captures.map((capture) => said(capture, 'capturing on')))
    const host = transfer.version === 6 ? ADAPTERS.server.address6 : ADAPTERS.server.address
    const { bursts } = transfer.mix
    const service = serviceOf(transfer)
    const ports = Array.from({ length: transfer.mix.sessions ?? 1 }, (_, index) => String(SERVER_PORT + index))
    const servers = ports.map((port) => start('server', 'lab', 'serve', service, '--once', host, port))
    await Promise.all(servers.map((server) => said(server, 'listens on')))
    const counters = new Counters(captures[NODES.indexOf(transfer.sender)]?.pid ?? 0)
    const each = Math.ceil(transfer.bytes / ports.length)
    const bytes = bursts === undefined ? ['--bytes', String(each)] : []
    const clients = ports.map((port) => start('client', 'lab', 'client', service, ...bytes, host, port))
    if (bursts !== undefined) await Promise.all(clients.map(({ stdin }) => stdin && speak(stdin, bursts, each)))
    const readers = transfer.sender === 'client' ? servers : clients
    const { naps } = transfer.mix
    const timers = naps === undefined ? [] : readers.map((reader) => napAgainAndAgain(reader, naps))
    // whoever sends has handed all to its kernel long before the other end has it
    await Promise.all([...clients, ...servers].map((one) => ended(one, LONGEST)))
    for (const timer of timers) clearInterval(timer)
    await pause(AFTERGLOW)
    counters.end()
    const closed = captures.map((capture) => ended(capture, 10_000))
    for (const capture of captures) capture.kill('SIGINT')
    await Promise.all(closed)
    writeFileSync(files.counters, JSON.stringify(counters.growths))
    writeFileSync(files.transfer, JSON.stringify(transfer))
    // the wire's last lines wait for a moment
    await pause(100)
    copyFileSync(lab.wireLog, files.wire)
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await synopsis('lab', 'down', '--name', name)
  }
  return files
}

/** This file runs as it is written, and as it was compiled, from further down. */
function programAbove(folder: string): string {
  const program = join(folder, 'bin', 'synopsis.js')
  return existsSync(program) ? program : programAbove(dirname(folder))
}

/** What comes from the server in bursts, is what the client has sent it. */
function serviceOf({ sender, mix }: Transfer): string {
  if (sender === 'client') return 'discard'
  return mix.bursts === undefined ? 'chargen' : 'echo'
}

/** Lines, one a burst. */
async function speak(input: Writable, { bytes, apart }: Bursts, all: number): Promise<void> {
  const line = `${'x'.repeat(bytes - 1)}\n`
  for (let left = all; left > 0; left -= bytes) {
    input.write(line)
    await pause(apart)
  }
  input.end()
}

/** The reader sleeps for so many milliseconds of each half as many more. */
function napAgainAndAgain(reader: ChildProcess, milliseconds: number): NodeJS.Timeout {
  return setInterval(() => {
    reader.kill('SIGSTOP')
    setTimeout(() => reader.kill('SIGCONT'), milliseconds)
  }, 1.5 * milliseconds)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    if (child.stderr) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        text += `${line}\n`
        if (line.includes(words)) resolve()
      })
    }
    child.once('close', () => reject(new Error(`a program failed: ${text}`)))
  })
}

function ended(child: ChildProcess, longest: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    const timer = setTimeout(() => reject(new Error('it does not come to its end')), longest)
    child.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
