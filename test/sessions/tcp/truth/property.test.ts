/** What must hold of any session: nothing that is in order is accused, and where numbers begin does not matter. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packetsOf } from '../../../../src/sessions/tcp/truth/offload.js'
import { found, observe } from './script.js'

/** As the SYNs of `orderly` offer it: script.ts. */
const MSS = 1460

const segment = fc.record({
  fromClient: fc.boolean(),
  /** 0: an acknowledgment only */
  length: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 })),
  /** ms after the one before */
  gap: fc.oneof(fc.double({ min: 0.001, max: 0.05, noNaN: true }), fc.double({ min: 1, max: 900, noNaN: true })),
  /** whether it acknowledges all that has come, or nothing new */
  acknowledges: fc.boolean(),
})

const host = fc.constantFrom('counts', 'numbers at random', 'numbers nothing', 'is on IPv6')

/** A session in which nothing is lost, overtaken or sent again, as its table. */
function orderly(
  segments: readonly { fromClient: boolean; length: number; gap: number; acknowledges: boolean }[],
  hosts: readonly string[],
  hasTimestamps: boolean,
): string {
  const sent = [1, 1]
  const acknowledged = [1, 1]
  const number = [100, 60_000]
  let time = 0
  const rows = ['0 > SYN seq 0 ack 0', '0.02 < SYN/ACK seq 0 ack 1']
  for (const { fromClient, length, gap, acknowledges } of segments) {
    const me = fromClient ? 0 : 1
    const other = 1 - me
    time += gap
    if (acknowledges) acknowledged[me] = sent[other] ?? 1
    const kind = hosts[me]
    const counter = ((number[me] ?? 0) + 1) & 0xffff
    // what a network card is to cut up takes a number for each packet
    number[me] = counter + packetsOf(length, MSS, hasTimestamps) - 1
    const id =
      kind === 'is on IPv6'
        ? ''
        : `id ${kind === 'counts' ? counter || 1 : kind === 'numbers nothing' ? 0 : (counter * 40_503) & 0xffff}`
    const ts = hasTimestamps ? `ts ${Math.floor(1000 + time)}/${Math.floor(1000 + time - gap)}` : ''
    const what = length === 0 ? 'ACK' : `${sent[me]}:${length}`
    rows.push(`${time} ${fromClient ? '>' : '<'} ${what} seq ${sent[me]} ack ${acknowledged[me]} ${id} ${ts}`)
    sent[me] = (sent[me] ?? 1) + length
  }
  return rows.join('\n')
}

describe('any session', () => {
  test('in which everything comes in order has nothing to accuse', () => {
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 80 }),
        fc.tuple(host, host),
        fc.boolean(),
        (segments, hosts, hasTimestamps) => {
          const truth = observe(orderly(segments, hosts, hasTimestamps))
          expect(truth.segments).toEqual([])
          expect(truth.lost).toEqual([])
          expect(truth.capturedTwice).toEqual([])
          expect(truth.missed).toEqual([])
        },
      ),
      { numRuns: 500 },
    )
  })

  test('reads the same wherever its sequence numbers, timestamps and times begin', () => {
    const disorder = fc.record({
      table: fc.array(segment, { minLength: 5, maxLength: 40 }),
      hosts: fc.tuple(host, host),
      hasTimestamps: fc.boolean(),
      /** which lines are taken out, moved further down, or written twice */
      edits: fc.array(fc.tuple(fc.constantFrom('lose', 'delay', 'copy'), fc.nat(39), fc.nat(8)), { maxLength: 12 }),
      shift: fc.record({
        client: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        server: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        timestamps: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        time: fc.integer({ min: 0, max: 1e6 }),
      }),
    })
    fc.assert(
      fc.property(disorder, ({ table, hosts, hasTimestamps, edits, shift }) => {
        const rows = orderly(table, hosts, hasTimestamps).split('\n')
        for (const [kind, at, by] of edits) {
          const row = rows[at]
          if (row === undefined) continue
          if (kind !== 'copy') rows.splice(at, 1)
          if (kind !== 'lose') rows.splice(at + by, 0, row)
        }
        // lines that were moved come when their place comes
        let last = 0
        const moved = rows.map((row) => {
          const [time = '0', ...rest] = row.split(' ')
          last = Math.max(last + 0.004, Number(time))
          return [last.toFixed(6), ...rest].join(' ')
        })
        const text = moved.join('\n')
        const here = observe(text)
        const there = observe(text, shift)
        expect(found(there)).toEqual(found(here))
        expect(there.vantage).toEqual(here.vantage)
        expect(there.lost).toEqual(here.lost)
      }),
      { numRuns: 500 },
    )
  })
})
