import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Clock, writeTimestamp } from '../../src/files/clock.js'

/** The obvious way: what a timestamp means, in BigInt. */
function naive(resolution: number, ticks: bigint): [seconds: number, nanoseconds: number] {
  const units = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f)
  return [Number(ticks / units), Number(((ticks % units) * 1_000_000_000n) / units)]
}

function viewOf(ticks: bigint, little: boolean): DataView {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, Number(ticks >> 32n), little)
  view.setUint32(4, Number(ticks & 0xffff_ffffn), little)
  return view
}

const anyTicks = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })

describe('a clock', () => {
  test('reads any timestamp of any resolution as BigInt does, wherever the one before was', () => {
    const resolution = fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 255 }))
    // steps about as long as seconds and as 2^32, so that both boundaries are crossed and met
    const step = fc.oneof(
      anyTicks,
      fc.bigInt({ min: -3n, max: 3n }),
      fc.constantFrom(2n ** 32n, -(2n ** 32n), 10n ** 9n, -(10n ** 9n), 10n ** 6n, 999_999n, 1n - 2n ** 32n),
    )
    fc.assert(
      fc.property(
        resolution,
        anyTicks,
        fc.array(step, { maxLength: 10 }),
        fc.boolean(),
        (resolution, first, steps, little) => {
          const clock = new Clock(resolution)
          let ticks = first
          for (const each of [0n, ...steps]) {
            ticks = BigInt.asUintN(64, ticks + each)
            clock.read(viewOf(ticks, little), 0, little)
            expect([clock.seconds, clock.nanoseconds]).toEqual(naive(resolution, ticks))
          }
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('meets every boundary of a second and of 2^32', () => {
    for (const resolution of [6, 9]) {
      const clock = new Clock(resolution)
      const units = 10n ** BigInt(resolution)
      const wrap = 2n ** 32n
      for (const high of [0n, 1n, 395_812n]) {
        const second = (high * wrap) / units
        for (let index = -2n; index <= 3n; index++) {
          for (const delta of [-1n, 0n, 1n]) {
            for (const ticks of [(second + index) * units + delta, (high + 1n) * wrap + delta]) {
              if (ticks < 0n) continue
              clock.read(viewOf(ticks, true), 0, true)
              expect([clock.seconds, clock.nanoseconds]).toEqual(naive(resolution, ticks))
            }
          }
        }
      }
    }
  })
})

test('a timestamp is written as BigInt writes it', () => {
  const seconds = fc.nat({ max: 2 ** 34 })
  fc.assert(
    fc.property(seconds, fc.nat({ max: 999_999_999 }), fc.nat({ max: 9 }), (seconds, nanoseconds, digits) => {
      const view = new DataView(new ArrayBuffer(8))
      writeTimestamp(view, 0, seconds, nanoseconds, digits)
      const ticks = BigInt(seconds) * 10n ** BigInt(digits) + BigInt(nanoseconds) / 10n ** BigInt(9 - digits)
      const written = (BigInt(view.getUint32(0, true)) << 32n) | BigInt(view.getUint32(4, true))
      expect(written).toBe(ticks)
    }),
    { numRuns: 3000 },
  )
})
