/** The shared memory: the writer gets all of it, the viewer never sees what is overwritten, nobody waits for the viewer. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CaptureMemory, createMemory } from '../../src/capture/memory.js'
import { Producer } from '../../src/capture/producer.js'
import { LITTLE, nextRecord, RecordHeader } from '../../src/capture/records.js'
import { ViewerSide } from '../../src/capture/viewer-side.js'
import { WriterSide } from '../../src/capture/writer-side.js'

/** Frames of this size fill a slot of 2 MiB with nine of them. */
const LENGTH = 250_000
const SLOTS = 4

/** Plays all three roles in one thread, in whatever order it is told. */
class Play {
  readonly #memory: CaptureMemory
  readonly #views: DataView[]
  readonly #producer: Producer
  readonly #writer: WriterSide
  readonly #viewer: ViewerSide
  #position = 0
  rings = 0
  produced = 0
  stalls = 0
  readonly written: number[] = []
  readonly viewed: number[] = []
  #held: ReturnType<ViewerSide['take']>

  constructor(written: boolean) {
    this.#memory = createMemory({ snapLength: LENGTH, interfaces: 1, written }, SLOTS)
    this.#views = this.#memory.slots.map((slot) => new DataView(slot))
    this.#producer = new Producer(this.#memory, () => this.rings++)
    this.#writer = new WriterSide(this.#memory)
    this.#viewer = new ViewerSide(this.#memory)
  }

  produce(): void {
    const producer = this.#producer
    if (producer.slot < 0 || producer.isFull(this.#position)) {
      if (!producer.turn()) {
        this.stalls++
        return
      }
      this.#position = 0
    }
    const view = this.#views[producer.slot]
    view?.setUint32(this.#position + RecordHeader.seconds, this.produced++, LITTLE)
    view?.setUint32(this.#position + RecordHeader.capturedLength, LENGTH, LITTLE)
    this.#position += RecordHeader.data + LENGTH
    producer.publish(this.#position, 1)
  }

  write(): void {
    const region = this.#writer.next(0)
    if (region === undefined) return
    this.written.push(...this.#read(region))
    this.#writer.done(region)
  }

  take(): void {
    if (this.#held !== undefined) return
    this.#held = this.#viewer.take()
    // what it is told to be the number of frames before is so
    if (this.#held !== undefined) expect(this.#read(this.#held)[0]).toBe(this.#viewer.number)
  }

  release(): void {
    if (this.#held === undefined) return
    this.viewed.push(...this.#read(this.#held))
    this.#viewer.release(this.#held)
    this.#held = undefined
  }

  end(): void {
    this.release()
    this.#producer.end()
    while (!this.#writer.finished && this.#memory.written) this.write()
    for (this.take(); this.#held !== undefined; this.take()) this.release()
  }

  askForBell(): void {
    this.#viewer.askForBell()
  }

  #read({ slot, start, end }: { slot: number; start: number; end: number }): number[] {
    const found: number[] = []
    const view = this.#views[slot]
    if (view === undefined) throw new RangeError('no slot')
    for (let at = start; at < end; at = nextRecord(view, at)) found.push(view.getUint32(at, LITTLE))
    return found
  }
}

const steps = fc.array(fc.constantFrom('produce', 'produce', 'produce', 'write', 'take', 'release'), { maxLength: 400 })
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index)

describe('in any order of steps', () => {
  test('the writer gets every frame, once and in order; the viewer an ordered part, unharmed', () => {
    fc.assert(
      fc.property(steps, (order) => {
        const play = new Play(true)
        for (const step of order) play[step]()
        play.end()
        expect(play.written).toEqual(upTo(play.produced))
        expect(play.viewed).toEqual([...new Set(play.viewed)].sort((a, b) => a - b))
        expect(play.viewed.at(-1)).toBe(play.produced === 0 ? undefined : play.produced - 1)
      }),
      { numRuns: 60 },
    )
  })

  test('without a writer, the viewer gets every frame, once and in order', () => {
    fc.assert(
      fc.property(steps, (order) => {
        const play = new Play(false)
        for (const step of order) if (step !== 'write') play[step]()
        play.end()
        expect(play.viewed).toEqual(upTo(play.produced))
      }),
      { numRuns: 60 },
    )
  })
})

test('a viewer that holds on to its frames keeps nobody from writing', () => {
  const play = new Play(true)
  play.produce()
  play.take()
  for (let i = 0; i < 200; i++) {
    play.produce()
    play.write()
  }
  expect(play.stalls).toBe(0)
  play.end()
  expect(play.written).toEqual(upTo(201))
  expect(play.viewed[0]).toBe(0)
  expect(play.viewed.length).toBeLessThan(201)
})

test('a writer that stands still stops the capture, and loses nothing', () => {
  const play = new Play(true)
  for (let i = 0; i < 200; i++) play.produce()
  expect(play.stalls).toBeGreaterThan(0)
  expect(play.produced).toBe(9 * SLOTS)
  play.end()
  expect(play.written).toEqual(upTo(play.produced))
})

test('the bell rings once for whoever asked, and not for others', () => {
  const play = new Play(true)
  play.produce()
  expect(play.rings).toBe(0)
  play.askForBell()
  play.produce()
  play.produce()
  expect(play.rings).toBe(1)
})
