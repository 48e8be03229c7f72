/** The last of a list by a moment, as a look at each finds it: times may run backwards. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByTime } from '../../src/timeline/calls/tie/by-time.js'

test('the last by a moment', () => {
  const times = fc.array(fc.record({ time: fc.nat(10) }), { maxLength: 20 })
  fc.assert(
    fc.property(times, fc.integer({ min: -1, max: 11 }), (list, limit) => {
      expect(new ByTime(list).last(limit)).toBe(list.findLast(({ time }) => time <= limit))
    }),
  )
})
