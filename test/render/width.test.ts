import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable } from '../../src/bytes/printable.js'
import { toAscii } from '../../src/render/ascii.js'
import { displayWidth, padEnd, truncate, wrap } from '../../src/render/width.js'

describe('columns that a text takes', () => {
  test.each([
    ['ASCII', 'SYN 0:0(0)', 10],
    ['what ladders are drawn with', '├──▶│◀─┤═✗…⏎⇥·┊↳', 16],
    ['micro and multiplication signs', '62 µs ×128', 10],
    ['CJK', '日本語', 6],
    ['full-width letters', 'ＡＢ', 4],
    ['a letter with a combining accent', 'e\u0301a', 2],
    ['emoji', '👍', 2],
    ['Devanagari: the vowel sign takes a column, the virama none', 'क्षि', 3],
  ])('%s', (_, text, width) => {
    expect(displayWidth(text)).toBe(width)
  })
})

test('a text is cut between characters, never through one', () => {
  expect(truncate('日本語のテキスト', 7)).toBe('日本語…')
  expect(truncate('👍👍', 3)).toBe('👍…')
  expect(truncate('short', 5)).toBe('short')
})

test('words are kept whole where they fit, and broken where they cannot', () => {
  expect(wrap('the server closed first', 10)).toEqual(['the server', 'closed', 'first'])
  expect(wrap('10 packets  4.01 s, 8 % sent again', 16)).toEqual(['10 packets ', '4.01 s, 8 % sent', 'again'])
  expect(wrap('2001:db8:85a3:1319:8a2e:370:7344:17', 16)).toEqual(['2001:db8:85a3:13', '19:8a2e:370:7344', ':17'])
  expect(wrap('ACK 2897:4345(1448) ack 1', 14)).toEqual(['ACK', '2897:4345', '(1448) ack 1'])
  expect(wrap('', 10)).toEqual([''])
})

test('a word without end takes time by its length, not by its square', () => {
  expect(wrap('w'.repeat(1_000_000), 4)).toHaveLength(250_000)
})

/** Anything that a packet may hold, as it is shown. */
const shown = fc.string({ unit: 'binary', maxLength: 60 }).map(printable)

test('whatever the wire holds, it is padded, cut and wrapped to the width asked for', () => {
  fc.assert(
    fc.property(shown, fc.integer({ min: 2, max: 40 }), (text, width) => {
      expect(displayWidth(padEnd(truncate(text, width), width))).toBe(width)
      for (const line of wrap(text, width)) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    }),
  )
})

test('in ASCII, every text keeps its width', () => {
  expect(toAscii('├─── SYN ──▶│  62 µs ⏎')).toBe('+--- SYN -->|  62 us $')
  fc.assert(
    fc.property(shown, (text) => {
      const ascii = toAscii(text)
      expect(ascii).toMatch(/^[\x20-\x7e]*$/)
      expect(ascii.length).toBe(displayWidth(text))
    }),
  )
})
