/**
 * What the sender's kernel says of why it sends again: its counters (/proc/net/netstat), looked at all the time. A stretch in
 * which only those of one cause have grown tells the cause of each retransmission in it.
 */
import { readFileSync } from 'node:fs'

/** Linux's counters (include/uapi/linux/snmp.h) and the cause that each stands for. What follows a timeout is counted apart. */
const CAUSES = {
  TCPTimeouts: 'timeout',
  TCPSlowStartRetrans: 'timeout',
  TCPFastRetrans: 'fast retransmit',
  TCPLossProbes: 'tail loss probe',
} as const

export type KernelCause = (typeof CAUSES)[keyof typeof CAUSES]

/** Between two looks, in seconds since 1970, the counters of so many retransmissions grew. */
export interface Growth {
  readonly from: number
  readonly until: number
  readonly counts: Readonly<Record<KernelCause, number>>
}

/** Milliseconds between two looks. */
const EVERY = 1

export class Counters {
  readonly growths: Growth[] = []
  readonly #file: string
  readonly #timer: NodeJS.Timeout
  #looked: number
  #counts: Record<KernelCause, number>

  /** `process`: one on the sender's node, that stays. */
  constructor(process: number) {
    this.#file = `/proc/${process}/net/netstat`
    this.#looked = clock()
    this.#counts = this.#read()
    this.#timer = setInterval(() => this.#lookOrStop(), EVERY)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#look()
  }

  /** The process is gone when the transfer has failed, which is told elsewhere. */
  #lookOrStop(): void {
    try {
      this.#look()
    } catch {
      clearInterval(this.#timer)
    }
  }

  #look(): void {
    const from = this.#looked
    const before = this.#counts
    const looked = clock()
    const after = this.#read()
    const counts = { ...after }
    for (const cause of Object.values(CAUSES)) counts[cause] = after[cause] - before[cause]
    if (Object.values(counts).some((count) => count > 0)) this.growths.push({ from, until: clock(), counts })
    this.#looked = looked
    this.#counts = after
  }

  #read(): Record<KernelCause, number> {
    const [names = '', values = ''] = readFileSync(this.#file, 'latin1')
      .split('\n')
      .filter((line) => line.startsWith('TcpExt:'))
    const numbers = values.split(' ')
    const counts = { timeout: 0, 'fast retransmit': 0, 'tail loss probe': 0 }
    for (const [index, name] of names.split(' ').entries()) {
      const cause = CAUSES[name as keyof typeof CAUSES]
      if (cause !== undefined) counts[cause] += Number(numbers[index])
    }
    return counts
  }
}

/** CLOCK_REALTIME, as the capture stamps, in seconds. */
function clock(): number {
  return (performance.timeOrigin + performance.now()) / 1000
}

/** The cause of what was sent again at these times, one for each; undefined where the counters do not tell. */
export function causesAt(times: readonly number[], growths: readonly Growth[]): (KernelCause | undefined)[] {
  const causes = new Array<KernelCause | undefined>(times.length).fill(undefined)
  for (const { from, until, counts } of growths) {
    const within = [...times.keys()].filter((index) => {
      const time = times[index] ?? 0
      return time >= from && time <= until
    })
    const [only, another] = (Object.keys(counts) as KernelCause[]).filter((cause) => counts[cause] > 0)
    if (only === undefined || another !== undefined || counts[only] !== within.length) continue
    for (const index of within) causes[index] = only
  }
  return causes
}
