import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBytes, formatIpv4, formatIpv6, formatMac } from '../../src/bytes/addresses.js'

function view(...bytes: number[]): DataView {
  return new DataView(Uint8Array.from([0xff, ...bytes]).buffer)
}

function ipv6(...groups: number[]): string {
  return formatIpv6(view(...groups.flatMap((group) => [group >> 8, group & 0xff])), 1)
}

test('IPv4', () => {
  expect(formatIpv4(view(192, 168, 56, 1), 1)).toBe('192.168.56.1')
  expect(formatIpv4(view(0, 0, 0, 0), 1)).toBe('0.0.0.0')
})

describe('IPv6', () => {
  test.each([
    ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 1]],
    ['1::', [1, 0, 0, 0, 0, 0, 0, 0]],
    ['2001:db8::1', [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]],
    ['fe80::20c:29ff:fe5e:100a', [0xfe80, 0, 0, 0, 0x20c, 0x29ff, 0xfe5e, 0x100a]],
    ['1:2:3:4:5:6:7:8', [1, 2, 3, 4, 5, 6, 7, 8]],
    // RFC 5952 §4.2.2 and §4.2.3: one group is not left out; the first of the longest runs is
    ['2001:db8:0:1:1:1:1:1', [0x2001, 0xdb8, 0, 1, 1, 1, 1, 1]],
    ['2001:0:0:1::1', [0x2001, 0, 0, 1, 0, 0, 0, 1]],
    ['2001:db8::1:0:0:1', [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1]],
    ['::ffff:192.0.2.1', [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201]],
    ['::192.0.2.1', [0, 0, 0, 0, 0, 0, 0xc000, 0x201]],
    ['64:ff9b::c000:201', [0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x201]],
  ] as const)('%s', (text, groups) => {
    expect(ipv6(...groups)).toBe(text)
  })

  test('is what the URL parser makes of it, where no IPv4 address is embedded', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const text = ipv6(...groups)
        if (text.includes('.')) return
        const long = groups.map((value) => value.toString(16)).join(':')
        expect(`[${text}]`).toBe(new URL(`http://[${long}]/`).hostname)
      }),
    )
  })
})

test('hardware addresses and bytes', () => {
  expect(formatMac(view(0x00, 0x50, 0x56, 0xc0, 0x00, 0x01), 1)).toBe('00:50:56:c0:00:01')
  expect(formatBytes(view(0, 10, 255), 1, 3)).toBe('000aff')
  expect(formatBytes(view(), 1, 0)).toBe('')
})
