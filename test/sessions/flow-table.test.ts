import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AddressTable } from '../../src/sessions/address-table.js'
import { FlowTable } from '../../src/sessions/flow-table.js'

it('finds every flow that was put in, as a Map does, through growth', () => {
  const key = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), fc.nat(500))
  fc.assert(
    fc.property(fc.integer(), fc.array(key, { maxLength: 2000 }), (seed, keys) => {
      const table = new FlowTable(seed | 0, 16)
      const naive = new Map<string, number>()
      for (const [a, b, ports] of keys) {
        const at = table.find(a, b, ports)
        const name = `${a} ${b} ${ports}`
        expect(table.streamAt(at)).toBe(naive.get(name) ?? -1)
        if (!naive.has(name)) {
          table.set(at, a, b, ports, naive.size)
          naive.set(name, naive.size)
        }
      }
    }),
    { numRuns: 30 },
  )
})

it('gives equal IPv6 addresses one number, others another, and writes them back', () => {
  const table = new AddressTable(7)
  const view = new DataView(new ArrayBuffer(16))
  const numbers = new Set<number>()
  for (let i = 0; i < 1000; i++) {
    view.setUint32(0, 0x20010db8)
    view.setUint32(12, i)
    const number = table.internIpv6(view, 0)
    expect(table.internIpv6(view, 0)).toBe(number)
    numbers.add(number)
  }
  expect(numbers.size).toBe(1000)
  expect(table.format(6, table.internIpv6(view, 0))).toBe('2001:db8::3e7')
  expect(table.format(4, 0xc0a83801 | 0)).toBe('192.168.56.1')
})
