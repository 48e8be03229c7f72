/** Runs a program to its end and says what it took. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Measurement {
  readonly seconds: number
  /** of all its threads and processes; undefined where the system does not tell */
  readonly cpuSeconds: number | undefined
  /** largest resident set, in bytes; undefined where the system does not tell */
  readonly peakBytes: number | undefined
}

/** What /proc counts processor time in: USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS_A_SECOND = 100

const POLL_MILLISECONDS = 5

/**
 * Runs it with its output thrown away. Throws, with what it said, when it fails or cannot be started. Only one may run
 * at a time: processor time is read from what the kernel has added up over all children of this process.
 */
export async function measure(command: string, args: readonly string[]): Promise<Measurement> {
  const ticks = childrenTicks()
  const start = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, 1_000)
  })
  // the high-water mark only grows, so that the last reading is the highest, and short by what a few milliseconds add
  let peakBytes: number | undefined
  const poll = setInterval(() => {
    peakBytes = highWaterMark(child.pid) ?? peakBytes
  }, POLL_MILLISECONDS)
  try {
    const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve(signal ?? code))
    })
    if (status !== 0) throw new Error(`${command} ended with ${status}: ${said.trim()}`)
  } finally {
    clearInterval(poll)
  }
  const seconds = (performance.now() - start) / 1000
  const ticksAfter = childrenTicks()
  const hasTicks = ticks !== undefined && ticksAfter !== undefined
  return { seconds, cpuSeconds: hasTicks ? (ticksAfter - ticks) / TICKS_A_SECOND : undefined, peakBytes }
}

/** VmHWM of proc(5). */
function highWaterMark(pid: number | undefined): number | undefined {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`))?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

/** cutime and cstime of proc(5): the processor time of all children that have ended. */
function childrenTicks(): number | undefined {
  // the second field, a name in parentheses, may hold anything
  const fields = readProc('/proc/self/stat').split(') ').at(-1)?.split(' ') ?? []
  const [user, system] = [fields[13], fields[14]]
  return user === undefined || system === undefined ? undefined : Number(user) + Number(system)
}

/** Nothing where there is no such file: the process is gone, or the system is not Linux. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
