import { expect, test } from 'vitest'
import { hexDump } from '../../src/bytes/hex.js'

test('sixteen bytes a line, the last one padded', () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, index) => 0x30 + index * 2)
  const lines = [...hexDump(new DataView(bytes.buffer), 4, 23)]
  expect(lines).toEqual([
    '0000  38 3a 3c 3e 40 42 44 46  48 4a 4c 4e 50 52 54 56   8:<>@BDFHJLNPRTV',
    '0010  58 5a 5c                                           XZ\\',
  ])
})

test('what cannot be printed is a dot', () => {
  const bytes = Uint8Array.of(0, 0x1b, 0x7f, 0x80, 0xff, 0x20, 0x7e)
  expect([...hexDump(new DataView(bytes.buffer), 0, 7)][0]?.slice(-7)).toBe('..... ~')
})

test('nothing has no lines', () => {
  expect([...hexDump(new DataView(new ArrayBuffer(4)), 2, 2)]).toEqual([])
})
