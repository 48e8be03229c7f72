import { expect, test } from 'vitest'
import { append, lastUpTo, rangeOf } from '../../src/bytes/lists.js'

/** More than a call takes as arguments. */
const many = Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 300_007)

test('a list of any length has a range, and can be appended', () => {
  expect(rangeOf(many)).toEqual([0, 300_006])
  const list = [-1]
  append(list, many)
  expect(list).toHaveLength(300_001)
  expect(list.at(-1)).toBe(many.at(-1))
})

test('of a list in order, the last one up to a limit', () => {
  const tens = [10, 20, 20, 30].map((key, index) => ({ key, index }))
  const upTo = (limit: number) => lastUpTo(tens, limit, ({ key }) => key)?.index
  expect([9, 10, 19, 20, 29, 30, 99].map(upTo)).toEqual([undefined, 0, 0, 2, 2, 3, 3])
})
