/** Several interfaces, one order of time. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { earliest, Stage } from '../../src/capture/merge.js'
import { interfaceOf, LITTLE, RecordHeader } from '../../src/capture/records.js'
import type { Target } from '../../src/capture/target.js'

const LENGTH = 20

/** A stage, and a way to let records come into it, each known by its time. */
function stageOf(id: number, timeDigits: 6 | 9 = 9) {
  const memory = new SharedArrayBuffer(1 << 20)
  const view = new DataView(memory)
  const target: Target = { position: 0, read: () => 0, rewind: () => (target.position = 0), close: () => {} }
  const stage = new Stage(id, timeDigits, memory, () => target)
  const come = (...nanoseconds: number[]) => {
    const wasEmpty = stage.empty
    for (const time of nanoseconds) {
      const fraction = timeDigits === 9 ? time % 1e9 : Math.floor((time % 1e9) / 1000)
      view.setUint32(target.position + RecordHeader.seconds, Math.floor(time / 1e9), LITTLE)
      view.setUint32(target.position + RecordHeader.fraction, fraction, LITTLE)
      view.setUint32(target.position + RecordHeader.capturedLength, LENGTH, LITTLE)
      target.position += RecordHeader.data + LENGTH
    }
    stage.cameIn(wasEmpty)
  }
  return { stage, come }
}

const bytes = new Uint8Array(1 << 20)
const view = new DataView(bytes.buffer)

/** Passes on all that may be; which interface each came from, and when. */
function passAll(stages: readonly Stage[], atEnd = false): [number, number][] {
  const passed: [number, number][] = []
  for (let stage = earliest(stages, atEnd); stage !== undefined; stage = earliest(stages, atEnd)) {
    const time = stage.seconds * 1e9 + stage.nanoseconds
    expect(stage.pass(bytes, view, 0)).toBe(RecordHeader.data + LENGTH)
    passed.push([interfaceOf(view, 0), time])
  }
  return passed
}

describe('merging', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  test('a record goes on once every interface has shown something newer', () => {
    const [a, b] = [stageOf(0), stageOf(1)]
    const stages = [a.stage, b.stage]
    a.come(10, 30)
    expect(passAll(stages)).toEqual([])
    b.come(20, 40)
    expect(passAll(stages)).toEqual([
      [0, 10],
      [1, 20],
      [0, 30],
    ])
  })

  test('or once it has been there for so long that nothing older can come', () => {
    const [a, b] = [stageOf(0), stageOf(1)]
    const stages = [a.stage, b.stage]
    a.come(10)
    expect(passAll(stages)).toEqual([])
    vi.advanceTimersByTime(25)
    a.come()
    vi.advanceTimersByTime(25)
    a.come(50)
    expect(passAll(stages)).toEqual([[0, 10]])
    expect(passAll(stages, true)).toEqual([[0, 50]])
  })

  test('an interface that is gone keeps nobody waiting', () => {
    const [a, b] = [stageOf(0), stageOf(1)]
    a.come(10, 30)
    b.come(20)
    b.stage.closed = true
    expect(passAll([a.stage, b.stage])).toEqual([
      [0, 10],
      [1, 20],
      [0, 30],
    ])
  })

  test('clocks of different resolution, and times a nanosecond apart, in seconds of our days', () => {
    const now = 1_800_000_000
    const [a, b] = [stageOf(0, 6), stageOf(1)]
    a.come(now * 1e9 + 5000)
    // numbers of this size are even: written as seconds and the rest
    b.come(now * 1e9)
    expect(passAll([a.stage, b.stage], true).map(([id]) => id)).toEqual([1, 0])
  })

  test('any streams that are each in order come out in order, with nothing lost', () => {
    const stream = fc.array(fc.nat(1e6), { maxLength: 30 }).map((times) => [...times].sort((x, y) => x - y))
    fc.assert(
      fc.property(stream, stream, stream, (...streams) => {
        const made = streams.map((_, id) => stageOf(id))
        for (const [id, times] of streams.entries()) if (times.length > 0) made[id]?.come(...times)
        const passed = passAll(
          made.map(({ stage }) => stage),
          true,
        )
        expect(passed.map(([, time]) => time)).toEqual(streams.flat().sort((x, y) => x - y))
        for (const [id, times] of streams.entries()) {
          expect(passed.filter(([from]) => from === id).map(([, time]) => time)).toEqual(times)
        }
      }),
    )
  })
})
