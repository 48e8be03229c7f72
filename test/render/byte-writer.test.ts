import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printableJson } from '../../src/bytes/printable.js'
import { ByteBuffer, ByteWriter, Fragment } from '../../src/render/byte-writer.js'

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

/** What is written into a small buffer, which has to grow. */
function written(write: (out: ByteBuffer) => void): string {
  const out = new ByteBuffer(8)
  write(out)
  return Buffer.from(out.take()).toString()
}

test('a string is what printableJson makes of it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => {
      expect(written((out) => out.json(text))).toBe(printableJson(text))
    }),
  )
  expect(written((out) => out.json('a"b\\c\u001b\u007f'))).toBe('"a\\"b\\\\c\\u001b\\u007f"')
})

test('numbers are what JSON.stringify makes of them, of any size', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(9, 10, 99, 100, 1e9, 2 ** 31 - 1, 2 ** 31)),
      (n) => {
        expect(written((out) => out.integer(n))).toBe(JSON.stringify(n))
      },
    ),
  )
})

test('constant text of any length is followed by what comes next', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), fc.nat(255), (text, octet) => {
      const fragment = new Fragment(text)
      const address = (octet << 24) | (255 - octet)
      const line = written((out) => {
        out.fragment(fragment)
        out.ipv4(address)
        out.fragment(fragment)
      })
      expect(line).toBe(`${text}${octet}.0.0.${255 - octet}${text}`)
    }),
  )
})
