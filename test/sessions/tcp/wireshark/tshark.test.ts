/** The same analysis as the real tshark's, field by field, over captures that are made up from a seed. */
import { describe, expect, test } from 'vitest'
import { captureOf, type Segment } from '../../../support/tcp-segments.js'
import { transfers } from '../../../support/tcp-transfer.js'
import { walk } from '../../../support/tcp-walk.js'
import { hasTshark, tsharkFields } from '../../../support/tshark.js'
import { plainRow, wiresharkFields } from '../../../support/wireshark-fields.js'
import { segmentRows } from '../../../support/wireshark-pass.js'
import { linesOf, ruleCases } from './rule-cases.js'
import { segmentsOf } from './story.js'

/** The fields that differ, by frame: at most the first few. */
async function differences(segments: readonly Segment[]): Promise<string[]> {
  const theirs = await tsharkFields(captureOf(segments), ['frame.number', ...wiresharkFields])
  expect(theirs).toHaveLength(segments.length)
  const found: string[] = []
  segmentRows(segments).forEach((ours, index) => {
    const row = plainRow((theirs[index] ?? []).slice(1))
    wiresharkFields.forEach((field, column) => {
      if (ours[column] === row[column] || found.length >= 5) return
      found.push(`frame ${index + 1}, ${field}: tshark ${row[column]}, here ${ours[column]}`)
    })
  })
  return found
}

/** More segments without an ACK than are kept; then ACKs of them. */
function unanswered(): Segment[] {
  const segments: Segment[] = []
  const add = (source: number, sequence: number, acknowledgment: number, length: number, flags = 0x10) => {
    segments.push({
      time: BigInt(segments.length + 1) * 100_000n,
      source,
      sourcePort: source,
      destination: 3 - source,
      destinationPort: 3 - source,
      sequence,
      acknowledgment,
      flags,
      window: 500,
      length,
    })
  }
  for (let index = 0; index < 10_050; index++) add(1, index * 10, 1, 10, index > 10_020 ? 0x11 : 0x10)
  for (let index = 0; index <= 20; index++) add(2, 1, index * 5024, 0)
  return segments
}

describe.skipIf(!hasTshark)(`as tshark 4.0 has it${hasTshark ? '' : ' (skipped: there is no tshark 4.0)'}`, () => {
  test('the table of rules', async () => {
    const segments = ruleCases.flatMap((ruleCase, host) => segmentsOf(linesOf(ruleCase), host))
    expect(await differences(segments)).toEqual([])
  })

  test.each([1, 2, 3, 4, 5, 6])('random walks, seed %i', async (seed) => {
    expect(await differences(walk(seed, 4000, seed))).toEqual([])
  })

  test.each([1, 2, 3, 4, 5, 6])('transfers over a bad network, seed %i', async (seed) => {
    expect(await differences(transfers(seed, 8))).toEqual([])
  })

  test('more segments in flight than are kept', async () => {
    expect(await differences(unanswered())).toEqual([])
  })
})
