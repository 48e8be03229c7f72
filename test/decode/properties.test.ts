/** What must hold of any bytes at all. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decoded, ETHERNET, everything, expectInside, fromHex } from './support.js'
import { tables } from './tables/all.js'

const linkTypes = [0, ETHERNET, 12, 101, 108, 113, 147, 228, 229, 276]
const packets = Object.values(tables)
  .flat()
  .filter(({ linkType = ETHERNET }) => linkType >= 0)
  .map(({ bytes, linkType = ETHERNET }) => ({ bytes: fromHex(bytes), linkType }))

/** Random bytes of a random link. */
const noise = fc.record({
  bytes: fc.uint8Array({ maxLength: 200 }),
  linkType: fc.constantFrom(...linkTypes),
  missing: fc.oneof(fc.constant(0), fc.nat(70_000)),
})

/** A real packet with some of its bytes changed, and perhaps its end cut off. */
const mutant = fc
  .record({
    packet: fc.constantFrom(...packets),
    changes: fc.array(fc.record({ at: fc.nat(120), value: fc.integer({ min: 0, max: 255 }) }), { maxLength: 4 }),
    kept: fc.nat(200),
    missing: fc.constantFrom(0, 0, 1, 40, 70_000),
  })
  .map(({ packet, changes, kept, missing }) => {
    const bytes = packet.bytes.slice(0, Math.max(14, kept))
    for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value
    return { bytes, linkType: packet.linkType, missing }
  })

describe.each([
  ['random bytes', noise],
  ['packets with bytes changed', mutant],
] as const)('%s', (_name, arbitrary) => {
  test('never throw, never give anything outside the frame, and do not depend on what lies around them', () => {
    fc.assert(
      fc.property(arbitrary, ({ bytes, linkType, missing }) => {
        const packet = decoded(bytes, linkType, bytes.length + missing, 0x00)
        expectInside(packet)
        const other = decoded(bytes, linkType, bytes.length + missing, 0xff)
        expect(everything(other)).toEqual(everything(packet))
      }),
      { numRuns: 1000 },
    )
  })

  test('leave nothing in the record for the next packet', () => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (first, second) => {
        const { bytes, linkType, missing } = second
        const reused = decoded(first.bytes, first.linkType, first.bytes.length + first.missing)
        decoded(bytes, linkType, bytes.length + missing, 0, reused)
        expect(everything(reused)).toEqual(everything(decoded(bytes, linkType, bytes.length + missing)))
      }),
      { numRuns: 300 },
    )
  })
})

test('each kind of packet leaves nothing in the record for each other kind', () => {
  const fresh = packets.map(({ bytes, linkType }) => everything(decoded(bytes, linkType)))
  const fullest = [...tables['TCP options'], ...tables.ICMP, ...tables['VLAN tags'].slice(0, 2)]
  for (const first of fullest) {
    const reused = decoded(fromHex(first.bytes))
    for (const [index, { bytes, linkType }] of packets.entries()) {
      decoded(fromHex(first.bytes), ETHERNET, fromHex(first.bytes).length, 0, reused)
      decoded(bytes, linkType, bytes.length, 0, reused)
      expect(everything(reused), `packet ${index} after ${first.name}`).toEqual(fresh[index])
    }
  }
})
