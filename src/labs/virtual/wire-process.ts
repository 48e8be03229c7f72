/**
 * The wire between the two nodes: a process that holds both adapters' TAP devices and carries the frames across. It is
 * told what to do over a Unix-domain socket, one JSON object a line, and answers each; it writes what it did to every
 * frame (NDJSON). Its devices, and so the adapters, are gone when it ends, however it does.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { now } from '../call-log.js'
import { type Fate, Lane } from './lane.js'
import { ADAPTERS, type Lab, NODES, type Node, namespaceOf } from './names.js'
import { Tap } from './tap.js'
import type { WireAnswer, WireOrder } from './wire.js'

/** Milliseconds that lines of the log may wait. */
const LOG_EVERY = 50

class WireProcess {
  readonly #log: number
  #lines: string[] = []
  readonly #lanes: Readonly<Record<Node, Lane>>
  /** CLOCK_REALTIME in ms, less performance.now(): the log's times are the capture's */
  readonly #epoch: number

  constructor(lab: Lab, seed: number) {
    this.#log = openSync(lab.wireLog, 'a')
    const { seconds, nanoseconds } = now()
    this.#epoch = seconds * 1000 + nanoseconds / 1e6 - performance.now()
    // names of their own until they are where they belong: this namespace may have a vmnet1
    const taps = {
      client: new Tap(`syn${process.pid}c`),
      server: new Tap(`syn${process.pid}s`),
    }
    this.#lanes = {
      client: new Lane(
        seed,
        (frame) => taps.client.send(frame),
        (fate) => this.#tell('client', fate),
      ),
      server: new Lane(
        seed ^ 0x5eed,
        (frame) => taps.server.send(frame),
        (fate) => this.#tell('server', fate),
      ),
    }
    for (const node of NODES) {
      const device = `syn${process.pid}${node[0]}`
      execFileSync('ip', ['link', 'set', device, 'netns', namespaceOf(lab, node), 'name', ADAPTERS[node].name])
    }
    taps.client.listen(
      (frame) => this.#lanes.server.take(frame),
      () => this.end(),
    )
    taps.server.listen(
      (frame) => this.#lanes.client.take(frame),
      () => this.end(),
    )
    setInterval(() => this.#flush(), LOG_EVERY)
  }

  obey(order: WireOrder): WireAnswer {
    if (order.change) {
      const { to, impairment } = order.change
      for (const node of to ? [to] : NODES) this.#lanes[node].change(impairment)
    }
    return { client: this.#lanes.client.impairment, server: this.#lanes.server.impairment }
  }

  end(): never {
    this.#flush()
    closeSync(this.#log)
    process.exit()
  }

  #tell(to: Node, { frame, kinds, length, sent, arrived, did }: Fate): void {
    const times = { sent: this.#time(sent), arrived: arrived.map((time) => this.#time(time)) }
    this.#lines.push(`${JSON.stringify({ to, frame, kinds, length, ...times, did })}\n`)
  }

  /** Seconds since 1970, to the microsecond: what comes out of performance.now() is no finer. */
  #time(milliseconds: number): string {
    return ((milliseconds + this.#epoch) / 1000).toFixed(6)
  }

  #flush(): void {
    if (this.#lines.length > 0) writeSync(this.#log, this.#lines.join(''))
    this.#lines = []
  }
}

function listen(wire: WireProcess, path: string): void {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    createInterface({ input: socket }).on('line', (line) => {
      const order = JSON.parse(line) as WireOrder
      socket.write(`${JSON.stringify(wire.obey(order))}\n`, () => {
        if (order.end) wire.end()
      })
    })
  })
  server.listen(path, () => process.stdout.write('ready\n'))
}

const [, , description = ''] = process.argv
const { lab, seed } = JSON.parse(description) as { lab: Lab; seed: number }
const wire = new WireProcess(lab, seed)
process.on('SIGTERM', () => wire.end())
// Ctrl-C is for the command that started it, which ends it in its own time
process.on('SIGINT', () => {})
listen(wire, lab.control)
