/**
 * What both nodes' kernels say of their TCP sockets, looked at all the time while a scenario runs: /proc/net/tcp and tcp6,
 * which netstat -a shows. Written down when something has changed (NDJSON), with the moments of the first and the last
 * look at which it was so.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { KernelSocket, SocketTable } from '../../calls/socket-table.js'
import { now } from '../call-log.js'
import type { Node } from './names.js'

/** include/net/tcp_states.h, from 1 on, in netstat's words */
const STATES = [
  'CLOSED',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RCVD',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'TIME_WAIT',
  'CLOSED',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'SYN_RCVD',
]

/** Milliseconds that a look may take. */
const LONGEST_LOOK = 10
/** Milliseconds between two looks. */
const EVERY = 5

interface Changing {
  text: string
  sample: SocketTable
  /** performance.now() of the latest look */
  looked: number
}

export class Sampler {
  readonly #samples: SocketTable[] = []
  readonly #latest = new Map<Node, Changing>()
  readonly #timer: NodeJS.Timeout

  /** `processes`: one on each node that stays as long as the sampler does. */
  constructor(processes: Readonly<Record<Node, number>>) {
    const look = () => {
      this.#look('client', processes.client)
      this.#look('server', processes.server)
    }
    look()
    this.#timer = setInterval(look, EVERY)
  }

  end(): void {
    clearInterval(this.#timer)
  }

  /** Writes what it saw to a file, and ends. */
  save(file: string): void {
    this.end()
    this.#samples.push(...[...this.#latest.values()].map(({ sample }) => sample))
    this.#samples.sort((a, b) => (a.from < b.from ? -1 : 1))
    writeFileSync(file, this.#samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''))
  }

  #look(node: Node, pid: number): void {
    const began = performance.now()
    const from = moment()
    const text = table(pid, 'tcp') + table(pid, 'tcp6')
    const until = moment()
    const looked = performance.now()
    // interrupted in it: when it was so cannot be told
    if (looked - began > LONGEST_LOOK) return
    const latest = this.#latest.get(node)
    if (latest) {
      const gap = Math.max(latest.sample.gap, Math.ceil(looked - latest.looked))
      latest.sample = { ...latest.sample, gap }
      latest.looked = looked
      if (latest.text === text) {
        latest.sample = { ...latest.sample, until }
        return
      }
      this.#samples.push(latest.sample)
    }
    this.#latest.set(node, { text, looked, sample: { node, from, until, gap: 0, sockets: socketsOf(text) } })
  }
}

/** The lines of a table, as far as they tell who and which state: timers and queues change all the time. */
function table(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/net/${name}`, 'latin1').replace(/^(.{0,120}?: \S+ \S+ \S+).*$/gm, '$1')
  } catch {
    return ''
  }
}

function socketsOf(text: string): KernelSocket[] {
  return [...text.matchAll(/^\s*\d+: (\S+) (\S+) (\w\w)/gm)].map(([, local = '', remote = '', state = '']) => ({
    local: endpoint(local),
    remote: endpoint(remote),
    state: STATES[Number.parseInt(state, 16)] ?? state,
  }))
}

/** `0138A8C0:2694` is 192.168.56.1:9876: words in the order of this machine's bytes, which is little-endian. */
function endpoint(text: string): string {
  const [words = '', port = ''] = text.split(':')
  const bytes = [...words.matchAll(/.{8}/g)].flatMap(([word]) => [...Buffer.from(word, 'hex')].reverse())
  const number = Number.parseInt(port, 16)
  if (bytes.length === 4) return `${bytes.join('.')}:${number}`
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  )
  return `[${new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)}]:${number}`
}

function moment(): string {
  const { seconds, nanoseconds } = now()
  return `${seconds}.${String(nanoseconds).padStart(9, '0')}`
}
