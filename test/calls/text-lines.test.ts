/** Lines out of chunks: wherever these are cut, and whatever becomes of a chunk once it was taken. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextLines } from '../../src/calls/text-lines.js'

function lines(text: string, size: number, most?: number): (string | undefined)[] {
  const reader = new TextLines(most)
  const bytes = Buffer.from(text)
  const buffer = Buffer.alloc(size)
  const found: (string | undefined)[] = []
  for (let at = 0; at < bytes.length; at += size) {
    const read = bytes.copy(buffer, 0, at)
    found.push(...reader.take(buffer.subarray(0, read)))
    buffer.fill('#')
  }
  return [...found, ...reader.end()]
}

test('are the same in chunks of any size, with letters of several bytes', () => {
  const piece = fc.constantFrom('\n', '\r\n', 'read(3)', 'é', '€', '𝄞', ' ')
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 20 }), (pieces, size) => {
      const text = pieces.join('')
      const whole = text.split(/\r?\n/)
      if (whole.at(-1) === '') whole.pop()
      expect(lines(text, size)).toEqual(whole)
    }),
  )
})

test('that are too long are named and not held, and those after them are read', () => {
  expect(lines('a\n12345\n123456\nb\n1234567', 3, 5)).toEqual(['a', '12345', undefined, 'b', undefined])
})
