/** For tests against the real thing (lab.ts): skipped aloud where it cannot be had; and what is in the files that are made. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openCapture } from '../../src/files/open.js'
import { Network, type Program, ROOT } from './lab.js'

export * from './lab.js'

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

/** Why nothing live can be tested here; undefined where it can. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has network namespaces'
  if (process.getuid?.() !== 0) return 'only root can make network namespaces'
  for (const program of ['ip', 'gcc', 'tcpdump']) if (!has(program)) return `there is no ${program}`
  if (spawnSync('unshare', ['--net', 'true']).status !== 0) return 'this root may not make network namespaces'
  if (newest(join(ROOT, 'src/capture'), '.ts') > newest(join(ROOT, 'dist/capture'), '.js')) {
    throw new Error('dist/ is older than src/capture: run `npm run build` first, these tests start the built program')
  }
  return undefined
}

function newest(folder: string, suffix: string): number {
  if (!existsSync(folder)) return 0
  return Math.max(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(suffix))
      .map((name) => statSync(join(folder, name)).mtimeMs),
  )
}

const why = obstacle()

/** `describe`, skipped aloud where the real thing cannot be had, or one of `programs` is absent. */
export function describeLive(title: string, tests: () => void, programs: readonly string[] = []): void {
  const missing = programs.find((program) => !has(program))
  const reason = why ?? (missing && `there is no ${missing}`)
  describe.skipIf(reason !== undefined)(`${title}${reason ? ` (skipped: ${reason})` : ''}`, tests)
}

/** A folder for one test file, removed at its end. Everybody may write there: root is given up. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'capture-test-'))
  execFileSync('chmod', ['777', folder])
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A network for the tests of one `describe`; with a relay in it where `relayed`. */
export function network(relayed = false): Network {
  const made = new Network()
  beforeAll(() => (relayed ? made.createRelayed() : made.create()))
  afterAll(() => made.destroy())
  return made
}

export interface Frame {
  readonly time: string
  readonly originalLength: number
  readonly bytes: string
}

/** All that a file has: time to the nanosecond, length on the wire, bytes. */
export async function framesOf(file: string): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const batch of await openCapture(file)) {
    batch.forEach(({ seconds, nanoseconds, originalLength, frame, start, end }) => {
      const bytes = Buffer.from(frame.buffer, frame.byteOffset + start, end - start).toString('hex')
      frames.push({ time: `${seconds}.${String(nanoseconds).padStart(9, '0')}`, originalLength, bytes })
    })
  }
  return frames
}

export interface Sequences {
  /** frames of `flood` in the file */
  readonly count: number
  /** the first and the last one's sequence number */
  readonly first: number
  readonly last: number
  /** places where the next one is not the one after */
  readonly gaps: number
  /** what our reader says of the file's end */
  readonly damage: string | undefined
  /** what the file says was dropped by the kernel; undefined where it does not */
  readonly dropped: bigint | undefined
}

const SEQUENCE = 42

/** Which of `flood`'s frames a file has. */
export async function sequencesOf(file: string): Promise<Sequences> {
  let count = 0
  let first = -1
  let last = -1
  let gaps = 0
  const source = await openCapture(file)
  for await (const batch of source) {
    batch.forEach(({ frame, start }) => {
      const sequence = frame.getUint32(start + SEQUENCE)
      if (count++ === 0) first = sequence
      else if (sequence !== last + 1) gaps++
      last = sequence
    })
  }
  const { damage, interfaces } = source.info
  return { count, first, last, gaps, damage: damage?.message, dropped: interfaces[0]?.statistics?.droppedByOs }
}

export interface Counts {
  readonly captured: number
  readonly shown: number
  readonly kernel: number
  readonly interface: number
  readonly written: number
}

/** The counts that `synopsis capture` prints in the end. */
export function countsOf({ stderr }: Program): Counts {
  const read = (words: string) => {
    const found = new RegExp(`^(\\d+) packets ${words}`, 'm').exec(stderr)?.[1]
    if (found === undefined) throw new Error(`no count of packets ${words} in:\n${stderr}`)
    return Number(found)
  }
  return {
    captured: read('captured'),
    shown: read('shown'),
    kernel: read('dropped by kernel'),
    interface: read('dropped by interface'),
    written: stderr.includes('packets written') ? read('written') : 0,
  }
}
