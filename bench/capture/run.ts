/**
 * Live capture beside its peers: `npm run bench:capture`. Each captures a million frames, alone and then all of them at
 * once; the table has what each got, what it lost, and the processor time that it took. Root, Linux.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FLOOD, Network, type Program, ROOT, SYNOPSIS } from '../../test/capture/lab.js'

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '600000' },
    length: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '3' },
  },
})
const [frames, rate, length, rounds] = [values.frames, values.rate, values.length, values.rounds].map(Number) as [
  number,
  number,
  number,
  number,
]

interface Contestant {
  readonly name: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** what it says on standard error once it captures, and what it counted */
  readonly ready: string
  readonly counts: RegExp
}

const folder = mkdtempSync(join(tmpdir(), 'synopsis-bench-'))
const file = (name: string) => join(folder, name)
const busy = { NODE_OPTIONS: `--import=${join(ROOT, 'test/capture/busy.js')}` }

/** Frames written, and frames dropped. */
const TCPDUMP = /(\d+) packets? captured[\s\S]*?(\d+) packets? dropped by kernel/
const DUMPCAP = /received\/dropped on interface '.*': (\d+)\/(\d+)/
const OURS = /(\d+) packets captured[\s\S]*?(\d+) packets dropped by kernel/

function ours(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Contestant {
  const command = [process.execPath, SYNOPSIS, 'capture', '-i', 'vmnet1', '-f', FLOOD, ...args]
  return { name, command, env, ready: 'capturing on', counts: OURS }
}

const contestants: readonly Contestant[] = [
  {
    name: 'tcpdump -w',
    command: [
      'tcpdump',
      '-i',
      'vmnet1',
      '-B',
      '16384',
      '--time-stamp-precision=nano',
      '-w',
      file('tcpdump.pcap'),
      FLOOD,
    ],
    ready: 'listening on',
    counts: TCPDUMP,
  },
  {
    name: 'dumpcap -w',
    command: ['dumpcap', '-q', '-i', 'vmnet1', '-B', '16', '-f', FLOOD, '-w', file('dumpcap.pcapng')],
    ready: 'File:',
    counts: DUMPCAP,
  },
  ours('synopsis -q -w .pcap', ['-q', '-w', file('quiet.pcap')]),
  ours('synopsis -q -w .pcapng', ['-q', '-w', file('quiet.pcapng')]),
  ours('synopsis -w .pcapng, display', ['-w', file('display.pcapng')]),
  ours('the same, main thread busy', ['-w', file('busy.pcapng')], busy),
  ...capEngine(),
]

/** The cap engine, where it could be installed. */
function capEngine(): Contestant[] {
  try {
    createRequire(join(ROOT, 'package.json')).resolve('cap')
    return [ours('synopsis --engine cap -q -w', ['--engine', 'cap', '-q', '-w', file('cap.pcapng')])]
  } catch {
    console.log('without the cap engine: it is not installed')
    return []
  }
}

interface Outcome {
  readonly name: string
  readonly captured: number
  readonly dropped: number
  readonly seconds: number
  readonly megabytes: number
  /** frames a second that were sent */
  readonly rate: number
}

const TICKS = 100

/** Processor seconds of a process and of its children, and its peak of resident memory. */
function usage(pid: number): { seconds: number; megabytes: number } {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  const own = (Number(stat[11]) + Number(stat[12])) / TICKS
  const theirs = children.map((child) => usage(Number(child)))
  return {
    seconds: theirs.reduce((sum, { seconds }) => sum + seconds, own),
    megabytes: theirs.reduce((sum, { megabytes }) => sum + megabytes, Number(peak) / 1024),
  }
}

async function race(network: Network, racing: readonly Contestant[]): Promise<Outcome[]> {
  const programs = racing.map(({ command: [program = '', ...args], env }) =>
    network.onHost(program, args, { env: { ...process.env, ...env } }),
  )
  await Promise.all(
    programs.map((program, n) => program.until(({ stderr }) => stderr.includes(racing[n]?.ready ?? ''), 'it')),
  )
  const before = programs.map(({ pid }) => usage(pid))
  const flood = await network.flood(frames, { rate, length })
  await new Promise((resolve) => setTimeout(resolve, 500))
  const after = programs.map(({ pid }) => usage(pid))
  const outcomes: Outcome[] = []
  for (const [n, program] of programs.entries()) {
    program.kill('SIGINT')
    await program.ended
    outcomes.push({ ...read(racing[n], program), ...spent(before[n], after[n]), rate: flood.rate })
  }
  return outcomes
}

function read(contestant: Contestant | undefined, { stderr }: Program): Pick<Outcome, 'name' | 'captured' | 'dropped'> {
  const [, captured, dropped] = contestant?.counts.exec(stderr) ?? []
  return { name: contestant?.name ?? '', captured: Number(captured), dropped: Number(dropped) }
}

function spent(before = { seconds: 0, megabytes: 0 }, after = before): Pick<Outcome, 'seconds' | 'megabytes'> {
  return { seconds: after.seconds - before.seconds, megabytes: after.megabytes }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

function print(title: string, rows: readonly (readonly Outcome[])[]): void {
  console.log(`\n${title}\n`)
  console.log('| | sent/s | captured | dropped | CPU s | peak MiB |')
  console.log('|---|---|---|---|---|---|')
  for (const outcomes of rows) {
    const column = (read: (outcome: Outcome) => number, digits = 0) =>
      median(outcomes.map(read)).toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    const cells = [
      outcomes[0]?.name,
      column(({ rate }) => rate),
      column(({ captured }) => captured),
      column(({ dropped }) => dropped),
      column(({ seconds }) => seconds, 2),
      column(({ megabytes }) => megabytes),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

const network = new Network()
network.create()
try {
  const alone: Outcome[][] = contestants.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [n, contestant] of contestants.entries()) alone[n]?.push(...(await race(network, [contestant])))
  }
  console.log(`${frames.toLocaleString('en')} frames of ${length} bytes, median of ${rounds} rounds`)
  print('Each alone', alone)
  const together = [contestants[0], contestants[1], contestants[5]].filter((one) => one !== undefined)
  const rows: Outcome[][] = together.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [n, outcome] of (await race(network, together)).entries()) rows[n]?.push(outcome)
  }
  print('tcpdump, dumpcap and synopsis with display and a busy main thread, all at once', rows)
} finally {
  network.destroy()
  rmSync(folder, { recursive: true })
}
