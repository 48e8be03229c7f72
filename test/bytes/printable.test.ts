import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable, printableJson } from '../../src/bytes/printable.js'

describe('printable', () => {
  test.each([
    ['plain text stays', 'GET / HTTP/1.0', 'GET / HTTP/1.0'],
    ['letters of any script stay', 'naïve Ω привет 日本語 مرحبا हिन्दी', 'naïve Ω привет 日本語 مرحبا हिन्दी'],
    ['so do emoji', '👋🏽', '👋🏽'],
    ['line breaks are seen', 'one\r\ntwo\nthree', 'one⏎two⏎three'],
    ['and tabs', 'a\tb', 'a⇥b'],
    ['an escape sequence loses its escape', '\u001b[2J\u001b]0;title\u0007', '·[2J·]0;title·'],
    ['C1 controls too', '\u009b31m', '·31m'],
    ['a carriage return alone cannot overwrite the line', 'safe\rrm', 'safe·rm'],
    ['nothing is turned round', '\u202egnp.exe\u202c\u2066x\u2069', '·gnp.exe··x·'],
    ['nothing hides', 'a\u200bb\u00adc\ufeffd\u{e0041}e', 'a·b·c·d·e'],
    ['spaces are plain', 'a\u00a0b\u3000c\u2028d', 'a·b·c·d'],
    ['what draws nothing is seen', '\u3164\u2800', '··'],
    ['marks do not pile up', 'z\u0301\u0302\u0303\u0304', 'z\u0301\u0302··'],
    ['half a surrogate pair', 'a\ud800b', 'a·b'],
  ])('%s', (_name, text, expected) => {
    expect(printable(text)).toBe(expected)
  })

  test('nothing of any text moves the cursor, and it stays as it is the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = printable(text)
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(printable(shown)).toBe(shown)
      }),
    )
  })
})

describe('printable JSON', () => {
  test('escapes what a terminal would obey or not show, and nothing else', () => {
    expect(printableJson({ text: 'naïve ⏎ 日本語 👋🏽' })).toBe('{"text":"naïve ⏎ 日本語 👋🏽"}')
    expect(printableJson(['\u001b[2J\u009b2J\u007f', '\u202egnp.exe\u2066', 'a\u{e0041}b\ud800'])).toBe(
      '["\\u001b[2J\\u009b2J\\u007f","\\u202egnp.exe\\u2066","a\\udb40\\udc41b\\ud800"]',
    )
  })

  test('says the same to a program', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = printableJson([text])
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(JSON.parse(shown)).toEqual([text])
      }),
    )
  })
})
