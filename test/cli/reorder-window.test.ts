import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReorderWindow } from '../../src/cli/reorder-window.js'

/** The numbers that come out, for numbers that go in. */
function reorder(numbers: readonly number[], width?: number): number[] {
  const out: number[] = []
  const window = new ReorderWindow((line) => out.push(Number(Buffer.from(line))), width)
  for (const number of numbers) window.add('tcp', number, Buffer.from(String(number)))
  window.finish()
  return out
}

const shuffled = fc.integer({ min: 1, max: 200 }).chain((n) =>
  fc.shuffledSubarray(
    Array.from({ length: n }, (_, i) => i),
    { minLength: 1 },
  ),
)

test('sessions come out in the order of their numbers, also where some are missing', () => {
  fc.assert(
    fc.property(shuffled, (numbers) => {
      expect(reorder(numbers)).toEqual([...numbers].sort((a, b) => a - b))
    }),
  )
})

test('beyond its width it gives up the order, and never a session', () => {
  fc.assert(
    fc.property(shuffled, fc.integer({ min: 0, max: 10 }), (numbers, width) => {
      expect(reorder(numbers, width).sort((a, b) => a - b)).toEqual([...numbers].sort((a, b) => a - b))
    }),
  )
  expect(reorder([5, 4, 3, 2, 1, 0], 2)).toEqual([3, 4, 5, 2, 1, 0])
})

test('one long session does not hold up the others for ever', () => {
  const others = Array.from({ length: 100 }, (_, i) => i + 1)
  expect(reorder([...others, 0], 10)).toEqual([...others, 0])
})

test('numbers that never come hold nothing up, and take no memory', () => {
  const far = 300_000_000
  expect(reorder([2, 1, far, far + 2, 3, far + 1])).toEqual([1, 2, 3, far, far + 1, far + 2])
})

test('a session that comes again, since it went on, comes out again', () => {
  expect(reorder([0, 0, 2, 2, 1])).toEqual([0, 0, 2, 1, 2])
})

test('TCP and UDP are counted apart', () => {
  const out: string[] = []
  const window = new ReorderWindow((line) => out.push(String(Buffer.from(line))))
  for (const [protocol, number] of [
    ['udp', 1],
    ['tcp', 0],
    ['udp', 0],
    ['tcp', 1],
  ] as const) {
    window.add(protocol, number, Buffer.from(protocol + number))
  }
  expect(out).toEqual(['tcp0', 'udp0', 'udp1', 'tcp1'])
})
