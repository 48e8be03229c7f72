import { describe, expect, test } from 'vitest'
import { describeCapture, explainBlindness } from '../../src/explain/observations.js'
import { Observations } from '../../src/sessions/observations.js'
import type { InterfaceInfo, SourceInfo } from '../../src/source.js'
import { direction, lossyTruth, messageSummary } from '../render/timelines.js'

const one: InterfaceInfo = { id: 0, section: 0, linkType: 1, snapLength: 262_144, timeDigits: 6, comments: [] }

function info(...interfaces: InterfaceInfo[]): SourceInfo {
  return { name: 'lab.pcapng', format: 'pcapng', compressed: false, sections: [], interfaces, names: new Map() }
}

function observed(changed: Partial<Observations>): Observations {
  return Object.assign(new Observations(), { packets: 10 }, changed)
}

const nobody = { ...direction, packets: 0, segments: 0, bytes: 0, uniqueBytes: 0 }

describe('what a capture could not see', () => {
  test('nothing is said where nothing is known to be missing', () => {
    expect(explainBlindness(info(one), observed({}), [messageSummary])).toEqual([])
  })

  test('packets that were dropped', () => {
    const lossy = { ...one, statistics: { droppedByOs: 1234n, droppedByInterface: 5n } }
    expect(explainBlindness(info(lossy, { ...one, id: 1 }), observed({}), [])).toEqual([
      '1,234 packets on interface 0 were dropped: capturing was too slow',
      '5 packets were dropped by interface 0 itself',
    ])
  })

  test('packets that were cut', () => {
    const short = { ...one, snapLength: 96 }
    expect(explainBlindness(info(short), observed({ cut: 7, shortest: 96 }), [])).toEqual([
      '7 packets were cut short, down to 96 bytes (snap length 96): the rest of their payload is not here',
    ])
  })

  test('fragments of datagrams whose other pieces are missing', () => {
    expect(explainBlindness(info(one), observed({ incomplete: 2, firstIncomplete: 4 }), [])).toEqual([
      '2 fragmented datagrams could not be put together: pieces were lost, or not captured (from #4 on)',
    ])
  })

  test('a clock that stepped back', () => {
    const once = observed({ clockSteps: 1, largestStep: 2_500_000, largestStepFrame: 8 })
    expect(explainBlindness(info(one), once, [])).toEqual([
      'the clock stepped back once, by 2.50 ms at #8: times across that are wrong',
    ])
    const often = observed({ clockSteps: 12, largestStep: 2_500_000, largestStepFrame: 8 })
    expect(explainBlindness(info(one), often, [])[0]).toContain('12 times, by at most 2.50 ms at #8')
  })

  test('one direction only; a SYN without an answer is no sign of that', () => {
    const oneWay = { ...messageSummary, data: { client: direction, server: nobody } }
    const unanswered = { ...messageSummary, data: { client: { ...direction, packets: 1 }, server: nobody } }
    expect(explainBlindness(info(one), observed({}), [oneWay, unanswered])).toEqual([
      '1 TCP session was seen in one direction only: the other took another way',
    ])
  })

  test('frames captured twice, data that arrived unseen, packets that make no sense', () => {
    const truth = { ...lossyTruth, capturedTwice: [2, 4], server: { ...lossyTruth.server, missedBytes: 1448 } }
    expect(
      explainBlindness(info(one), observed({ malformed: 3, firstMalformed: 9 }), [{ ...messageSummary, truth }]),
    ).toEqual([
      '2 frames were captured twice: a second sight is no second packet',
      '1,448 B of TCP data arrived but were not captured: packets are missing here',
      '3 packets make no sense, the first is #9',
    ])
  })
})

test('a capture in one line', () => {
  const observations = observed({ firstSeconds: 10, lastSeconds: 12, lastNanoseconds: 500_000_000 })
  expect(describeCapture({ ...info(one), compressed: true }, observations)).toBe(
    'pcapng, gzip-compressed, 10 packets in 2.50 s',
  )
  expect(describeCapture(info(one), observed({ firstSeconds: 10, lastSeconds: 5 }))).toBe('pcapng, 10 packets')
})
