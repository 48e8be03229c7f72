/** Gets frames from handles into the shared memory: straight from one, merged by time from several. */
import type { Handle } from './handle.js'
import type { CaptureMemory } from './memory.js'
import { earliest, Stage } from './merge.js'
import type { Producer } from './producer.js'
import type { Target, TargetFactory } from './target.js'

/**
 * `empty`: the kernel has nothing more now. `more`: it has, but others should have a turn. `waiting`: there is something
 * that may be passed on a little later. `full`: there is no free slot. `limit`: all the frames that were wanted are there.
 */
export type Progress = 'empty' | 'more' | 'waiting' | 'full' | 'limit'

export interface Feed {
  pump(): Progress
  /** Passes on what waits for something older, as nothing more comes. */
  flush(): Progress
  /** The handle is not read any more. */
  drop(handle: Handle): void
  close(): void
}

export interface FeedOptions {
  readonly memory: CaptureMemory
  readonly producer: Producer
  /** frames wanted */
  readonly limit: number
  readonly createTarget: TargetFactory
  /** called when a handle cannot be read any more; the message is libpcap's */
  readonly failed: (handle: Handle) => void
}

/** Bytes between two looks at whether something else is to be done, and between two announcements to the readers. */
export const TURN = 2 << 20
const ANNOUNCE = 256 << 10

/** Room that one interface's records may take while they wait for the others': 200 MB/s for as long as they have to. */
const STAGE = 4 << 20

export class DirectFeed implements Feed {
  readonly #handle: Handle
  readonly #options: FeedOptions
  /** one a slot */
  readonly #targets: readonly Target[]
  #left: number
  #open = true

  constructor(handle: Handle, options: FeedOptions) {
    this.#handle = handle
    this.#options = options
    this.#left = options.limit
    this.#targets = options.memory.slots.map(options.createTarget)
  }

  pump(): Progress {
    const { memory, producer } = this.#options
    const pointer = this.#handle.pointer
    let turn = 0
    while (this.#open && turn < TURN) {
      const target = this.#target()
      if (target === undefined) return 'full'
      const begin = target.position
      let count = 0
      let read = 0
      let asked = 0
      do {
        asked = Math.min(memory.atOnce, this.#left)
        read = target.read(pointer, asked)
        if (read > 0) {
          count += read
          this.#left -= read
        }
      } while (
        read === asked &&
        this.#left > 0 &&
        target.position - begin < ANNOUNCE &&
        !producer.isFull(target.position)
      )
      turn += target.position - begin
      if (count > 0) producer.publish(target.position, count)
      if (this.#left === 0) return 'limit'
      if (read < 0) this.#options.failed(this.#handle)
      else if (read < asked) return 'empty'
    }
    return this.#open ? 'more' : 'empty'
  }

  /** The target of the slot to fill: another one when that is full. */
  #target(): Target | undefined {
    const { producer } = this.#options
    const target = this.#targets[producer.slot]
    if (target !== undefined && !producer.isFull(target.position)) return target
    if (!producer.turn()) return undefined
    const fresh = this.#targets[producer.slot]
    fresh?.rewind()
    return fresh
  }

  flush(): Progress {
    return 'empty'
  }

  drop(): void {
    this.#open = false
  }

  close(): void {
    for (const target of this.#targets) target.close()
  }
}

export class MergeFeed implements Feed {
  readonly #options: FeedOptions
  readonly #stages: Map<Handle, Stage>
  readonly #views: readonly DataView[]
  readonly #bytes: readonly Uint8Array[]
  #position = 0
  #left: number

  constructor(handles: readonly Handle[], options: FeedOptions) {
    this.#options = options
    this.#left = options.limit
    this.#views = options.memory.slots.map((slot) => new DataView(slot))
    this.#bytes = options.memory.slots.map((slot) => new Uint8Array(slot))
    const size = STAGE + (options.memory.slots[0]?.byteLength ?? 0)
    this.#stages = new Map(
      handles.map((handle, id) => {
        const memory = new SharedArrayBuffer(size)
        return [handle, new Stage(id, handle.timeDigits, memory, options.createTarget)]
      }),
    )
  }

  pump(): Progress {
    let more = false
    for (const [handle, stage] of this.#stages) more = this.#read(handle, stage) || more
    const passed = this.#pass(false)
    if (passed !== 'empty') return passed
    if ([...this.#stages.values()].every(({ empty }) => empty)) return 'empty'
    return more ? 'more' : 'waiting'
  }

  flush(): Progress {
    return this.#pass(true)
  }

  drop(handle: Handle): void {
    const stage = this.#stages.get(handle)
    if (stage !== undefined) stage.closed = true
  }

  close(): void {
    for (const { target } of this.#stages.values()) target.close()
  }

  /** True when the stage is full, and the kernel may have more. */
  #read(handle: Handle, stage: Stage): boolean {
    if (stage.closed) return false
    const { atOnce } = this.#options.memory
    const { target } = stage
    const wasEmpty = stage.empty
    let read = atOnce
    while (read === atOnce && target.position < STAGE) read = target.read(handle.pointer, atOnce)
    stage.cameIn(wasEmpty)
    if (read < 0) this.#options.failed(handle)
    return read === atOnce
  }

  #pass(atEnd: boolean): Progress {
    const { producer } = this.#options
    const stages = [...this.#stages.values()]
    let count = 0
    let progress: Progress = 'empty'
    for (;;) {
      if (this.#left === 0) progress = 'limit'
      else if (producer.slot < 0 || producer.isFull(this.#position)) {
        if (count > 0) producer.publish(this.#position, count)
        count = 0
        if (!producer.turn()) return 'full'
        this.#position = 0
      }
      const stage = progress === 'limit' ? undefined : earliest(stages, atEnd)
      const bytes = this.#bytes[producer.slot]
      const view = this.#views[producer.slot]
      if (stage === undefined || bytes === undefined || view === undefined) break
      this.#position = stage.pass(bytes, view, this.#position)
      this.#left--
      count++
    }
    if (count > 0) producer.publish(this.#position, count)
    return progress
  }
}
