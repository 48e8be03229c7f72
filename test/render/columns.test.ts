/** What a page carries of timelines, column by column: nothing is lost on the way. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsOf, rowsOf } from '../../src/render/html/columns.js'
import { homeOf, stretchesOf } from '../../src/render/html/homes.js'
import type { Timeline } from '../../src/timeline/model.js'
import { lossy } from './timelines.js'

const through = (rows: readonly object[]) => rowsOf(JSON.parse(JSON.stringify(columnsOf(rows))))

test('a timeline comes out as it went in', () => {
  expect(through(lossy.events)).toEqual(lossy.events)
})

const value = fc.letrec((tie) => ({
  row: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'kinds', 'at'), tie('value'), { maxKeys: 4 }),
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom('SYN', 'ACK', '<', '\\', '', null, true),
    fc.array(tie('value'), { maxLength: 2 }),
    tie('row'),
  ),
}))

test('so do any rows: of different shapes, with few values and many', () => {
  fc.assert(
    fc.property(fc.array(value.row as fc.Arbitrary<object>, { maxLength: 40 }), (rows) => {
      const plain = JSON.parse(JSON.stringify(rows))
      expect(through(plain)).toEqual(plain)
    }),
  )
})

test('two hundred values of few kinds, and of so many that they stand as they are', () => {
  for (const kinds of [1, 2, 40, 92, 93, 200]) {
    const rows = Array.from({ length: 400 }, (_, i) => ({ text: `kind ${i % kinds}`, number: (i % kinds) * 1e15 }))
    expect(through(rows)).toEqual(rows)
  }
})

test('each frame is found in the session that tells it, and the others nowhere', () => {
  const frames = [[2, 3, 7, 8], [4, 5, 9_000_000], []]
  const timelines = frames.map((numbers) => ({ events: numbers.map((frame) => ({ kind: 'packet', frame })) }))
  const stretches = stretchesOf(timelines as unknown as Timeline[])
  for (const frame of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8_999_999, 9_000_000, 9_000_001]) {
    const home = frames.findIndex((numbers) => numbers.includes(frame))
    expect([frame, homeOf(stretches, frame)]).toEqual([frame, home < 0 ? undefined : home])
  }
  expect(homeOf(stretchesOf([]), 1)).toBeUndefined()
})
