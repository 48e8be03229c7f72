import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelOf, previewOf } from '../../src/decode/application.js'
import { readDns } from '../../src/decode/dns.js'
import { EchoWatch } from '../../src/decode/echo.js'
import { decoded, ethernet, fromHex, ipv4, word } from './support.js'

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex')

function tcp(text: string, ports = 'c351 0050'): string {
  return `${ethernet('0800')} ${ipv4(6, 20 + text.length)} ${ports} 00000001 00000002 5018 01f5 0000 0000 ${hex(text)}`
}

function udp(payload: string, ports = 'c351 0035'): string {
  const length = fromHex(payload).length
  return `${ethernet('0800')} ${ipv4(17, 8 + length)} ${ports} ${word(8 + length)} 0000 ${payload}`
}

/** A name as DNS writes it, labels with their lengths. */
function name(text: string): string {
  return `${text
    .split('.')
    .map((label) => word(label.length).slice(2) + hex(label))
    .join('')}00`
}

const query = `abcd 0100 0001 0000 0000 0000 ${name('www.example.org')} 0001 0001`
const answer = `abcd 8180 0001 0002 0000 0000 ${name('www.example.org')} 0001 0001
  c00c 0005 0001 00000e10 0007 04 ${hex('real')} c010
  c02d 0001 0001 00000e10 0004 c0000201`

describe('HTTP', () => {
  test.each([
    ['a request', 'GET /index.html HTTP/1.1\r\nHost: example.org\r\n\r\n', 'GET /index.html HTTP/1.1'],
    ['a request whose line ends with the segment', 'GET / HTTP/1.0', 'GET / HTTP/1.0'],
    ['a status line', 'HTTP/1.1 404 Not Found\r\n', 'HTTP/1.1 404 Not Found'],
    ['an escape sequence in a request', 'GET /\u001b[2J HTTP/1.0\r\n', 'GET /·[2J HTTP/1.0'],
    ['text that is no request', 'GET me a coffee\r\n', undefined],
    ['what begins like a status line', 'HTTP/1.1 is a protocol', undefined],
    ['no payload', '', undefined],
  ])('%s', (_name, text, expected) => {
    expect(labelOf(decoded(fromHex(tcp(text))))).toBe(expected)
  })
})

describe('DNS', () => {
  test('a query', () => {
    expect(labelOf(decoded(fromHex(udp(query))))).toBe('DNS query A www.example.org')
  })

  test('an answer, its names compressed', () => {
    expect(labelOf(decoded(fromHex(udp(answer, '0035 c351'))))).toBe('DNS answer A www.example.org: 192.0.2.1')
  })

  test('the message, to tie a look-up to a session', () => {
    const bytes = fromHex(answer)
    expect(readDns(new DataView(bytes.buffer), 0, bytes.length)).toEqual({
      id: 0xabcd,
      response: true,
      truncated: false,
      answers: 2,
      code: 0,
      name: 'www.example.org',
      type: 1,
      addresses: [{ version: 4, at: 64, text: '192.0.2.1' }],
    })
  })

  test('IPv6 addresses, and no such name', () => {
    const six = `abcd 8180 0001 0001 0000 0000 ${name('a')} 001c 0001
      c00c 001c 0001 00000e10 0010 20010db8000000000000000000000001`
    expect(labelOf(decoded(fromHex(udp(six))))).toBe('DNS answer AAAA a: 2001:db8::1')
    const none = `abcd 8183 0001 0000 0000 0000 ${name('a')} 0001 0001`
    expect(labelOf(decoded(fromHex(udp(none))))).toBe('DNS answer A a: no such name')
  })

  test('an answer that had no room says that it is to be asked again, and none at all is no error', () => {
    const cut = `abcd 8380 0001 0000 0000 0000 ${name('a')} 0010 0001`
    expect(labelOf(decoded(fromHex(udp(cut))))).toBe(
      'DNS answer TXT a: nothing (truncated: to be asked again over TCP)',
    )
    const none = `abcd 8180 0001 0000 0000 0000 ${name('a')} 001c 0001`
    expect(labelOf(decoded(fromHex(udp(none))))).toBe('DNS answer AAAA a: nothing')
  })

  test('over TCP, after its length', () => {
    const bytes = fromHex(query)
    const text = String.fromCharCode(0, bytes.length, ...bytes)
    expect(labelOf(decoded(fromHex(tcp(text, 'c351 0035'))))).toBe('DNS query A www.example.org')
  })

  test.each([
    ['a pointer to itself', 'abcd 0100 0001 0000 0000 0000 c00c 0001 0001'],
    ['two pointers to each other', 'abcd 0100 0001 0000 0000 0000 c00e c00c 0001 0001'],
    ['a pointer forwards', 'abcd 0100 0001 0000 0000 0000 c020 0001 0001'],
    ['a label past the end', 'abcd 0100 0001 0000 0000 0000 3f 61'],
    ['a label of a reserved kind', 'abcd 0100 0001 0000 0000 0000 41 61 00 0001 0001'],
    ['no question', 'abcd 8180 0000 0000 0000 0000'],
  ])('%s is no message', (_name, bytes) => {
    expect(labelOf(decoded(fromHex(udp(bytes))))).toBeUndefined()
  })

  test('any bytes end, and nothing outside them is read', () => {
    const pointers = fc.oneof(fc.constantFrom(0xc0, 0x0c, 0x01, 0x00, 0x3f), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(pointers, { maxLength: 120 }), (rest) => {
        const bytes = Uint8Array.of(0xab, 0xcd, 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, ...rest)
        const around = (value: number) => {
          const buffer = new Uint8Array(bytes.length + 400).fill(value)
          buffer.set(bytes, 200)
          return readDns(new DataView(buffer.buffer), 200, 200 + bytes.length)
        }
        expect(around(0xc0)).toEqual(around(0x00))
      }),
      { numRuns: 1000 },
    )
  })
})

test('daytime is known by its port', () => {
  expect(labelOf(decoded(fromHex(tcp('Thu Nov 20 10:42:00 2025\r\n', '000d c351'))))).toBe('daytime')
})

describe('a preview', () => {
  const preview = (bytes: Uint8Array, length = 60) =>
    previewOf(new DataView(bytes.slice().buffer), 0, bytes.length, length)
  const utf8 = (text: string) => new TextEncoder().encode(text)

  test.each([
    ['text', utf8('hello\n'), 'hello⏎'],
    ['text of another script', utf8('grüße, 世界'), 'grüße, 世界'],
    ['an odd byte in much text', utf8('a line with one \u0001 in it'), 'a line with one · in it'],
    ['bytes', Uint8Array.of(0, 1, 2, 3, 0x41, 0xff, 0xfe), undefined],
    ['nothing', new Uint8Array(0), undefined],
  ])('of %s', (_name, bytes, expected) => {
    expect(preview(bytes)).toBe(expected)
  })

  test('does not show half a character', () => {
    expect(preview(utf8('aé'), 2)).toBe('a')
  })
})

describe('daytime', () => {
  test.each([
    ['as ctime() prints it, on any port', 'Fri Nov 20 13:03:05 2026\r\n', 'c351 0514', 'daytime'],
    ['the day of the month padded', 'Sun Nov  1 03:03:05 2026\n', 'c351 0514', 'daytime'],
    ['in another form, from its port', '61364 26-11-20 13:03:05 00 0 0 50.0 UTC(NIST) *', '000d c351', 'daytime'],
    ['a date within a text is none', 'Fri Nov 20 13:03:05 2026 it rained', 'c351 0514', undefined],
  ])('%s', (_name, text, ports, expected) => {
    expect(labelOf(decoded(fromHex(tcp(text, ports))))).toBe(expected)
  })
})

describe('an echo', () => {
  const watch = (...payloads: (readonly [0 | 1, string])[]) => {
    const echo = new EchoWatch()
    return payloads.map(([side, text]) => {
      const bytes = new TextEncoder().encode(`..${text}..`)
      return echo.see(side, new DataView(bytes.buffer), 2, bytes.length - 2)
    })
  }

  test('repeats what the other side sent last', () => {
    expect(watch([0, 'hello'], [1, 'hello'], [0, 'again'], [1, 'again'])).toEqual([false, true, false, true])
  })

  test('is not the same side saying it twice, nor part of it, nor something else', () => {
    expect(watch([0, 'hello'], [0, 'hello'], [1, 'hell'], [1, 'Hello'])).toEqual([false, false, false, false])
  })

  test('may come after an acknowledgment, which says nothing', () => {
    expect(watch([0, 'hello'], [1, ''], [1, 'hello'])).toEqual([false, false, true])
  })

  test('is not looked for in long payloads', () => {
    const long = 'x'.repeat(5000)
    expect(watch([0, long], [1, long])).toEqual([false, false])
  })
})
