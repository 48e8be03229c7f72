/** C programs from their source, and `synopsis trace` as a program: skipped aloud where there is no strace or no root. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe } from 'vitest'
import { type Call, parseCall } from '../../src/calls/call.js'
import type { Calls } from '../../src/timeline/calls/with-calls.js'
import type { Timeline } from '../../src/timeline/model.js'

export const SYNOPSIS = fileURLToPath(new URL('../../bin/synopsis.js', import.meta.url))
const C = fileURLToPath(new URL('./c', import.meta.url))

export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'strace is for Linux'
  if (process.getuid?.() !== 0) return 'only root may capture'
  return ['strace', 'gcc'].filter((program) => !has(program)).map((program) => `there is no ${program}`)[0]
}

const why = obstacle()

export function describeTraced(title: string, tests: () => void): void {
  describe.skipIf(why !== undefined)(`${title}${why ? ` (skipped: ${why})` : ''}`, tests)
}

export function folderOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Compiles test/trace/c/NAME.c. Returns the program's path. */
export function compiled(folder: string, name: string): string {
  const program = join(folder, name)
  execFileSync('gcc', ['-Wall', '-O1', '-pthread', '-o', program, join(C, `${name}.c`)])
  return program
}

/** A port that nobody has. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `synopsis` with these words. */
export function synopsis(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SYNOPSIS, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, COLUMNS: '140', ...env },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString()
    })
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString()
    })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, stdout, stderr }))
  })
}

export type TracedTimeline = Timeline & Calls

/** The timelines of `trace --json`, whatever the programs printed between them. */
export function timelinesIn(stdout: string): TracedTimeline[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"summary":'))
    .map((line) => JSON.parse(line) as TracedTimeline)
}

export function mistakesIn(stdout: string): string[] {
  const line = stdout.split('\n').find((one) => one.startsWith('{"processes":'))
  const { mistakes } = JSON.parse(line ?? '{}') as { mistakes?: { name: string }[] }
  return (mistakes ?? []).map(({ name }) => name)
}

export function callsIn(file: string): Call[] {
  return readFileSync(file, 'utf8').trim().split('\n').map(parseCall)
}
