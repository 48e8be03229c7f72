/**
 * Boxes of shared memory that go round between two threads: one fills them, the other empties them, in the same order. Both wait
 * without their event loop, so that neither has to give way in the middle of its work.
 */
import { Box } from '../bytes/box.js'

const BOXES = 4
/** Milliseconds that a thread may take to begin. One that has begun is waited for: it may print to a pipe that nobody reads for long. */
const PATIENCE = 60_000
/** bytes before the first box: the words of `Control` */
const CONTROL = 64
/** words before a box's contents: where they end, or `END`; floats begin at even ones */
const HEADER = 2
/** stands in a box after which no other follows */
const END = 0

/** Words that both threads read, and one of them writes. */
const Control = {
  /** boxes filled so far */
  filled: 0,
  /** boxes emptied so far */
  emptied: 1,
  /** 1: no box will be taken any more */
  refused: 2,
  /** 1: the thread that empties them runs */
  begun: 3,
} as const

export class BoxSender {
  readonly memory: SharedArrayBuffer
  readonly #control: Int32Array
  readonly #boxes: readonly Box[]
  /** the one to be filled */
  box: Box

  /** @param bytes of each box, a multiple of 8 */
  constructor(bytes: number) {
    this.memory = new SharedArrayBuffer(CONTROL + bytes * BOXES)
    this.#control = new Int32Array(this.memory, 0, CONTROL >> 2)
    this.#boxes = boxesOf(this.memory)
    this.box = this.#next()
  }

  /** After this box, one would have to wait for the next. */
  get isFull(): boolean {
    return this.#onTheWay >= BOXES - 1
  }

  /** The other thread has nothing to do. */
  get isEmpty(): boolean {
    return this.#onTheWay === 0
  }

  get #onTheWay(): number {
    const control = this.#control
    return Atomics.load(control, Control.filled) - Atomics.load(control, Control.emptied)
  }

  /** Sends the box, and waits for the next one. False: nobody takes them any more. */
  send(): boolean {
    this.box.ints[0] = this.box.at
    Atomics.add(this.#control, Control.filled, 1)
    Atomics.notify(this.#control, Control.filled)
    this.box = this.#next()
    return !this.#isRefused
  }

  /** Sends the last box, and waits until all are emptied. False: not all were taken. */
  end(): boolean {
    this.send()
    this.box.at = END
    this.send()
    this.#waitFor(0)
    return !this.#isRefused
  }

  #next(): Box {
    this.#waitFor(BOXES - 1)
    const box = boxAt(this.#boxes, Atomics.load(this.#control, Control.filled))
    box.at = HEADER
    return box
  }

  /** Waits until no more than so many boxes are with the other thread. */
  #waitFor(most: number): void {
    const control = this.#control
    for (;;) {
      const emptied = Atomics.load(control, Control.emptied)
      if (this.#isRefused || Atomics.load(control, Control.filled) - emptied <= most) return
      const outcome = Atomics.wait(control, Control.emptied, emptied, PATIENCE)
      if (outcome === 'timed-out' && Atomics.load(control, Control.begun) === 0) {
        throw new Error('the thread that is to take the boxes did not begin')
      }
    }
  }

  get #isRefused(): boolean {
    return Atomics.load(this.#control, Control.refused) !== 0
  }
}

export class BoxReceiver {
  readonly #control: Int32Array
  readonly #boxes: readonly Box[]

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL >> 2)
    this.#boxes = boxesOf(memory)
    Atomics.store(this.#control, Control.begun, 1)
  }

  /** Calls `empty` for each box in turn, which reads on until the box is at its `end`, in words. After the last one, call `done`. */
  forEach(empty: (box: Box, end: number) => void): void {
    const control = this.#control
    for (let emptied = 0; ; emptied++) {
      while (Atomics.load(control, Control.filled) === emptied) Atomics.wait(control, Control.filled, emptied)
      const box = boxAt(this.#boxes, emptied)
      box.at = HEADER
      const end = box.ints[0] ?? END
      if (end === END) return
      empty(box, end)
      this.#emptied()
    }
  }

  /** Whatever was to be done with what the boxes held is done: the sender waits for it. */
  done(): void {
    this.#emptied()
  }

  /** No more boxes are taken: whoever sends them need not wait. */
  refuse(): void {
    Atomics.store(this.#control, Control.refused, 1)
    // the sender waits for this to change
    this.#emptied()
  }

  #emptied(): void {
    Atomics.add(this.#control, Control.emptied, 1)
    Atomics.notify(this.#control, Control.emptied)
  }
}

function boxesOf(memory: SharedArrayBuffer): readonly Box[] {
  const bytes = (memory.byteLength - CONTROL) / BOXES
  return Array.from({ length: BOXES }, (_, index) => new Box(memory, CONTROL + index * bytes, bytes))
}

function boxAt(boxes: readonly Box[], count: number): Box {
  const box = boxes[count % BOXES]
  if (box === undefined) throw new Error(`no box ${count}`)
  return box
}
