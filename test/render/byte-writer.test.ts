import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteWriter } from '../../src/render/byte-writer.js'

test('what is written comes out, in order and whole, however it is cut into pieces', () => {
  const piece = fc.oneof(
    fc.record({ kind: fc.constant('text' as const), text: fc.string({ unit: 'binary', maxLength: 200_000 }) }),
    fc.record({ kind: fc.constant('ascii' as const), text: fc.string({ unit: 'grapheme-ascii', maxLength: 300 }) }),
    fc.record({ kind: fc.constant('number' as const), value: fc.integer({ min: 0, max: 0xffff_ffff }) }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const chunks: Buffer[] = []
      const out = new ByteWriter((bytes) => chunks.push(Buffer.from(bytes)))
      let expected = ''
      for (const one of pieces) {
        if (one.kind === 'number') {
          out.unsigned(one.value)
          expected += String(one.value)
        } else {
          out[one.kind](one.text)
          expected += one.text
        }
      }
      out.flush()
      expect(Buffer.concat(chunks).toString()).toBe(Buffer.from(expected).toString())
    }),
    { numRuns: 50 },
  )
})

test('a number is filled up with zeros', () => {
  let text = ''
  const out = new ByteWriter((bytes) => {
    text += Buffer.from(bytes).toString()
  })
  out.unsigned(42, 9)
  out.flush()
  expect(text).toBe('000000042')
})
