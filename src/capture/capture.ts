/**
 * A live capture, as a source of frames:
 *
 * ```ts
 * for await (const batch of capture({ interfaces: ['vmnet1'], file: 'lab.pcapng', packets: 100 })) {
 *   batch.forEach((packet) => …)
 * }
 * ```
 *
 * One thread captures, one writes the file, and the one that calls this looks at the frames. Where a file is written, it gets
 * every frame, and whoever looks may miss some when it can't keep up; `packet.number` then goes on past them, as in the file.
 * Without a file, the capture waits for whoever looks, and the kernel counts what it had to drop.
 */
import { setTimeout as rest, setImmediate as turn } from 'node:timers/promises'
import { Packet } from '../packet.js'
import type { Batch, FrameSource, SourceInfo } from '../source.js'
import { Counters } from './counters.js'
import type { CaptureInterface } from './interfaces.js'
import type { CaptureMemory } from './memory.js'
import { type CaptureCounts, type CaptureOptions, type CaptureResult, plan } from './options.js'
import { RecordBatch } from './records.js'
import { type Running, start } from './start.js'
import type { StopReason } from './stop-reason.js'
import { ViewerSide } from './viewer-side.js'

/** Begins to capture, at once. What keeps it from it is thrown by whoever awaits `ready`, `done` or the frames. */
export function capture(options: CaptureOptions): Capture {
  return new Capture(options)
}

/**
 * Milliseconds after which others get a turn, where frames never end. Who was passed over will be again, and leaves the
 * processor for as long to those that must not miss any.
 */
const TURN = 10

export class Capture implements FrameSource {
  readonly info: SourceInfo
  /**
   * Resolved once frames are being captured, and the file is open, with where they are; rejected with a CaptureError or a
   * UsageError.
   */
  readonly ready: Promise<readonly CaptureInterface[]>
  /** resolved when all is over: everything is written, the files are closed */
  readonly done: Promise<CaptureResult>
  #running: Running | undefined
  #memory: CaptureMemory | undefined
  #counters: Counters | undefined
  #stop: StopReason | undefined
  #shown = 0
  #skipped = 0
  #ring = () => {}
  /** the threads have ended, however they did */
  #over = false
  /** whoever looks has seen everything, or nobody looks */
  #viewed = Promise.resolve()

  constructor(options: CaptureOptions) {
    const name = options.interfaces?.join(', ') ?? ''
    this.info = { name, format: 'live', compressed: false, sections: [], interfaces: [], names: new Map() }
    const running = this.#start(options)
    this.ready = running.then(({ interfaces }) => interfaces)
    this.done = running.then(async ({ ended }) => {
      const ending = await ended
      await this.#viewed
      return { ...ending, ...this.counts() }
    })
    // who awaits one of them only must not be told of the other's rejection
    this.ready.catch(() => {})
    this.done.catch(() => {})
  }

  /** bytes that were written */
  get position(): number {
    return this.#counters?.bytes ?? 0
  }

  counts(): CaptureCounts {
    const counters = this.#counters
    const interfaces = this.info.interfaces.map(({ id, name = '' }) => ({
      name,
      ...(counters?.statistics(id) ?? { received: 0, droppedByKernel: 0, droppedByInterface: 0 }),
    }))
    return {
      captured: counters?.captured ?? 0,
      written: counters?.written ?? 0,
      bytes: counters?.bytes ?? 0,
      shown: this.#shown,
      skipped: this.#skipped,
      droppedByKernel: interfaces.reduce((sum, one) => sum + one.droppedByKernel, 0),
      droppedByInterface: interfaces.reduce((sum, one) => sum + one.droppedByInterface, 0),
      interfaces,
    }
  }

  /** Ends the capture once everything that the kernel has already is captured, which takes some 20 ms. */
  stop(): void {
    this.#end('stopped')
  }

  /** Ends it at once, and waits until the file is closed. */
  async close(): Promise<void> {
    this.#end('closed')
    await this.#running?.ended.catch(() => {})
  }

  #end(reason: StopReason): void {
    this.#stop = reason
    this.#running?.stop(reason)
  }

  async #start(options: CaptureOptions): Promise<Running> {
    const { signal } = options
    signal?.throwIfAborted()
    const running = await start(plan(options), this.info, () => this.#ring())
    this.#running = running
    this.#memory = running.memory
    this.#counters = new Counters(running.memory.counters)
    const stop = () => this.stop()
    signal?.addEventListener('abort', stop, { once: true })
    void running.ended
      .catch(() => {})
      .finally(() => {
        this.#over = true
        this.#ring()
        signal?.removeEventListener('abort', stop)
      })
    if (this.#stop !== undefined || signal?.aborted) running.stop(this.#stop ?? 'stopped')
    return running
  }

  /** The frames. They can be gone through once; leaving the loop closes the capture. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    let viewed = () => {}
    this.#viewed = new Promise((resolve) => {
      viewed = resolve
    })
    try {
      await this.ready
      if (this.#memory !== undefined) yield* this.#batches(new ViewerSide(this.#memory))
    } finally {
      await this.close()
      this.#skipped = this.counts().captured - this.#shown
      viewed()
    }
    await this.done
  }

  async *#batches(viewer: ViewerSide): AsyncGenerator<Batch> {
    const packet = new Packet()
    let lastTurn = performance.now()
    let skipped = this.#skipped
    for (;;) {
      const region = viewer.take()
      if (region !== undefined) {
        packet.number = viewer.number
        this.#skipped = viewer.number - this.#shown
        yield new RecordBatch(packet, this.info.interfaces, viewer.view(region.slot), region.start, region.end)
        this.#shown += region.count
        viewer.release(region)
      } else if (await this.#nothingMore(viewer)) {
        return
      }
      if (performance.now() - lastTurn > TURN) {
        await (this.#skipped > skipped && !viewer.ended ? rest(TURN) : turn())
        skipped = this.#skipped
        lastTurn = performance.now()
      }
    }
  }

  /** Waits for something new; true when there will be nothing. */
  async #nothingMore(viewer: ViewerSide): Promise<boolean> {
    const rung = new Promise<void>((resolve) => {
      this.#ring = resolve
    })
    viewer.askForBell()
    const over = this.#over || viewer.ended
    // what came before the bell was asked for did not ring it
    if (viewer.take() !== undefined) return false
    if (!over) await rung
    return over
  }
}
