/**
 * The thread that captures: opens the interfaces, and copies what comes into the shared memory, until it is told to stop.
 *
 * It never blocks in libpcap, as nothing could then be told to it, and the process could not end. It waits for the handles'
 * descriptors instead, where the platform has them; where not, and to see what the descriptors don't tell, it looks every
 * few milliseconds.
 */
import type { MessagePort } from 'node:worker_threads'
import { parentPort, workerData } from 'node:worker_threads'
import { Counters } from './counters.js'
import { listDevices } from './device-list.js'
import { type PlainError, toPlain } from './errors.js'
import { DirectFeed, type Feed, MergeFeed, type Progress, TURN } from './feed.js'
import { Handle, type HandleOptions, READ_TIMEOUT } from './handle.js'
import { type Libpcap, loadLibpcap } from './libpcap.js'
import { type InterfaceState, Line } from './line.js'
import type { CaptureMemory } from './memory.js'
import type { Account } from './privileges.js'
import { Producer } from './producer.js'
import type { StopReason } from './stop-reason.js'
import { targetFactory } from './target.js'

export interface CaptureThreadData {
  readonly memory: CaptureMemory
  readonly interfaces: readonly HandleOptions[]
  /** frames after which it stops by itself; Infinity: never */
  readonly packets: number
  /** seconds after which it does; Infinity: never */
  readonly duration: number
  /** who to go on as; threads become it together with the main one, other processes must by themselves */
  readonly account: Account | undefined
}

export interface OpenedInterface {
  readonly linkType: number
  readonly timeDigits: 6 | 9
  readonly warning?: string
}

/** From the thread. */
export type CaptureMessage =
  | { readonly type: 'opened'; readonly interfaces: readonly OpenedInterface[] }
  | { readonly type: 'failed'; readonly error: PlainError }
  | { readonly type: 'state'; readonly id: number; readonly state: InterfaceState; readonly message: string }
  /** the viewer asked to be told of something new, and here it is */
  | { readonly type: 'bell' }
  | { readonly type: 'ended'; readonly reason: StopReason }

/** To the thread. */
export interface StopMessage {
  readonly type: 'stop'
  readonly reason: StopReason
}

/** Milliseconds between two looks where descriptors tell most of it, and where they don't. */
const SLOW_TICK = 100
const FAST_TICK = READ_TIMEOUT
/** Milliseconds until a free slot is looked for again. */
const RETRY = 2
/** What the kernel has is handed over after the read timeout; this much later it is there. */
const SLACK = 10

class CaptureThread {
  readonly #port: MessagePort
  readonly #pcap: Libpcap
  readonly #options: CaptureThreadData
  readonly #counters: Counters
  readonly #producer: Producer
  readonly #lines: readonly Line[]
  readonly #feed: Feed
  readonly #ticker: NodeJS.Timeout
  #timer: NodeJS.Timeout | undefined
  #resting = false
  #stopping: StopReason | undefined
  /** what is still to be captured is what the kernel had when this was set */
  #draining = false
  #ended = false
  #ticks = 0

  constructor(port: MessagePort, pcap: Libpcap, options: CaptureThreadData, handles: readonly Handle[]) {
    this.#port = port
    this.#pcap = pcap
    this.#options = options
    this.#counters = new Counters(options.memory.counters)
    this.#producer = new Producer(options.memory, () => this.#tell({ type: 'bell' }))
    const feed = {
      memory: options.memory,
      producer: this.#producer,
      limit: options.packets,
      createTarget: targetFactory(pcap),
      failed: (handle: Handle) => this.#lost(handle, pcap.errorText(handle.pointer)),
    }
    const [only] = handles
    this.#feed = handles.length === 1 && only !== undefined ? new DirectFeed(only, feed) : new MergeFeed(handles, feed)
    this.#lines = handles.map((handle, id) => new Line(id, handle, pcap, () => this.#pump()))
    const waited = handles.every((handle) => handle.descriptor !== undefined)
    this.#ticker = setInterval(() => this.#tick(), waited ? SLOW_TICK : FAST_TICK)
    if (Number.isFinite(options.duration)) setTimeout(() => this.stop('duration'), options.duration * 1000).unref()
  }

  /** Stops once all that the kernel has is taken; at once where nobody wants it any more. */
  stop(reason: StopReason): void {
    if (reason === 'closed') {
      this.#stopping = reason
      this.#end()
    }
    if (this.#stopping !== undefined) return
    this.#stopping = reason
    if (reason === 'packets' || reason === 'interface-gone') this.#drain(0)
    else setTimeout(() => this.#drain(this.#turnsToDrain()), READ_TIMEOUT + SLACK)
  }

  #tell(message: CaptureMessage): void {
    this.#port.postMessage(message)
  }

  #pump(): void {
    if (this.#ended || this.#draining) return
    clearTimeout(this.#timer)
    const progress = this.#feed.pump()
    this.#counters.captured = this.#producer.count
    if (progress === 'full') this.#rest()
    else this.#attend()
    if (progress === 'limit') this.stop('packets')
    else if (progress === 'more') setImmediate(() => this.#pump())
    else if (progress === 'full') this.#timer = setTimeout(() => this.#pump(), RETRY)
    else if (progress === 'waiting') this.#timer = setTimeout(() => this.#pump(), FAST_TICK)
  }

  /** Without a free slot the descriptors would only go on saying that there is something to read. */
  #rest(): void {
    if (this.#resting) return
    this.#resting = true
    for (const line of this.#lines) line.rest()
  }

  #attend(): void {
    if (!this.#resting) return
    this.#resting = false
    for (const line of this.#lines) line.attend()
  }

  /** Turns of the feed in which it takes what the kernel's buffers can hold, and not what goes on coming. */
  #turnsToDrain(): number {
    return this.#options.interfaces.reduce((sum, { bufferSize }) => sum + 1 + Math.ceil(bufferSize / TURN), 0)
  }

  #drain(turns: number): void {
    if (this.#ended) return
    this.#draining = true
    clearTimeout(this.#timer)
    this.#rest()
    let progress: Progress = turns > 0 ? this.#feed.pump() : 'empty'
    if (progress === 'more' && turns > 1) {
      setImmediate(() => this.#drain(turns - 1))
      return
    }
    if (progress !== 'full') progress = this.#feed.flush()
    if (progress === 'full') this.#timer = setTimeout(() => this.#drain(turns), RETRY)
    else this.#end()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    clearInterval(this.#ticker)
    clearTimeout(this.#timer)
    this.#count()
    this.#producer.end()
    this.#feed.close()
    for (const line of this.#lines) {
      line.close()
      line.handle.close()
    }
    this.#tell({ type: 'ended', reason: this.#stopping ?? 'stopped' })
    this.#port.close()
  }

  #tick(): void {
    const requested = this.#producer.stopRequested
    if (requested !== undefined) this.stop(requested)
    const suspects = this.#lines.filter(({ suspect }) => suspect)
    if (++this.#ticks % 5 === 0) this.#count()
    if (suspects.length > 0 || (this.#ticks % 5 === 0 && this.#lines.some(({ state }) => state === 'down')))
      this.#inspect()
    if (!this.#resting) for (const line of suspects) line.attend()
    this.#pump()
  }

  #count(): void {
    this.#counters.captured = this.#producer.count
    for (const { id, handle } of this.#lines) this.#counters.setStatistics(id, handle.statistics())
  }

  /** Looks which interfaces are up, which the descriptors of those that are down do not tell. */
  #inspect(): void {
    const devices = listDevices(this.#pcap)
    for (const line of this.#lines) {
      if (line.state === 'gone') continue
      const device = devices.find(({ name }) => name === line.handle.name)
      if (device === undefined) this.#lost(line.handle, 'it is gone')
      else this.#becomes(line, device.up ? 'up' : 'down', device.up ? 'up again' : 'down')
    }
  }

  #lost(handle: Handle, message: string): void {
    const line = this.#lines.find((one) => one.handle === handle)
    if (line === undefined || line.state === 'gone') return
    this.#feed.drop(handle)
    line.rest()
    this.#becomes(line, 'gone', message)
    // not from within the feed, which may be what noticed
    if (this.#lines.every(({ state }) => state === 'gone')) setImmediate(() => this.stop('interface-gone'))
  }

  #becomes(line: Line, state: InterfaceState, message: string): void {
    if (line.state === state) return
    line.state = state
    this.#tell({ type: 'state', id: line.id, state, message })
  }
}

function openAll(pcap: Libpcap, interfaces: readonly HandleOptions[]): Handle[] {
  const handles: Handle[] = []
  try {
    for (const options of interfaces) handles.push(new Handle(pcap, options))
    return handles
  } catch (error) {
    for (const handle of handles) handle.close()
    throw error
  }
}

async function main(port: MessagePort, options: CaptureThreadData): Promise<void> {
  try {
    const pcap = await loadLibpcap()
    const handles = openAll(pcap, options.interfaces)
    const interfaces = handles.map(({ linkType, timeDigits, warning }) => ({
      linkType,
      timeDigits,
      ...(warning !== undefined && { warning }),
    }))
    port.postMessage({ type: 'opened', interfaces } satisfies CaptureMessage)
    const thread = new CaptureThread(port, pcap, options, handles)
    port.on('message', ({ reason }: StopMessage) => thread.stop(reason))
  } catch (error) {
    port.postMessage({ type: 'failed', error: toPlain(error) } satisfies CaptureMessage)
  }
}

if (parentPort !== null) await main(parentPort, workerData as CaptureThreadData)
