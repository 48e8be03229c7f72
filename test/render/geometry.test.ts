/** Ladders of all widths: no text on another, on a lifeline, or on the cross of a segment that is lost. */
import { expect, test } from 'vitest'
import { SMALL_COLUMN } from '../../src/render/svg/columns.js'
import { drawLadder } from '../../src/render/svg/figure.js'
import { withCalls } from '../../src/timeline/calls/with-calls.js'
import type { Timeline } from '../../src/timeline/model.js'
import { lossy, message } from './timelines.js'

interface Text {
  readonly words: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** along an arrow */
  readonly isTurned: boolean
}

function textsOf(svg: string): Text[] {
  return [...svg.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)"([^>]*)>(.*?)<\/text>/g)].map(
    ([, x = '', y = '', style = '', inner = '']) => {
      const words = inner.replace(/<[^>]*>/g, '').replace(/&[^;]+;/g, '-')
      const width = words.length * SMALL_COLUMN
      const anchor = /text-anchor="(\w+)"/.exec(style)?.[1]
      const left = Number(x) - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0)
      const bottom = Number(y)
      return { words, left, right: left + width, top: bottom - 7, bottom, isTurned: style.includes('rotate') }
    },
  )
}

const slow: Timeline = {
  ...lossy,
  events: [
    ...lossy.events.slice(0, -3),
    { kind: 'silence', brokenBy: 'client', time: 300e6, gap: 1.2e9 },
    ...lossy.events.slice(-3),
  ],
}

/** Three months. */
const long: Timeline = {
  ...message,
  summary: { ...message.summary, duration: 8e15 },
  events: message.events.map((event) =>
    event.kind === 'packet' ? { ...event, frame: event.frame + 12_340, time: event.time + 7e15 } : event,
  ),
}

test.each([
  [860, long],
  [330, slow],
  [700, slow],
  [860, slow],
  [330, withCalls(message, message.events)],
  [860, withCalls(message, message.events)],
] as const)('at %i pixels no text stands on another, and none on a lifeline', (width, timeline) => {
  const svg = drawLadder(timeline, { rawNumbers: false, width, around: (_, shapes) => shapes.join('') })
  const texts = textsOf(svg).filter(({ isTurned, words }) => !isTurned && words !== '')
  for (const [index, a] of texts.entries()) {
    const under = texts
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
    expect(under.map((b) => `${a.words} on ${b.words}`)).toEqual([])
  }
  const lines = [...svg.matchAll(/<line x1="([\d.]+)" y1="([\d.]+)" x2="\1" y2="([\d.]+)"/g)].map((found) =>
    found.slice(1).map(Number),
  )
  for (const { words, left, right, bottom } of texts) {
    const crossed = lines.filter(([x = 0, from = 0, to = 0]) => left < x && x < right && from < bottom && bottom < to)
    expect(crossed, words).toEqual([])
  }
})

test('the label of a segment that is lost ends before the cross', () => {
  const events = lossy.events.filter((event) => event.kind === 'packet' && !event.received)
  for (const width of [330, 700, 860]) {
    const svg = drawLadder(
      { ...lossy, events: events.map((event) => ({ ...event, findings: [{ name: 'window_full' }] })) as typeof events },
      { rawNumbers: true, width, around: (_, shapes) => shapes.join('') },
    )
    const [crossAt = 0] = [...svg.matchAll(/<line x1="([\d.]+)" y1="[\d.]+" x2="([\d.]+)"[^>]*l-trouble/g)]
      .map(([, from, to]) => [Number(from), Number(to)] as const)
      .filter(([from, to]) => to - from === 10)
      .map(([from]) => from)
    expect(crossAt).toBeGreaterThan(0)
    for (const { words, right, isTurned } of textsOf(svg)) if (isTurned) expect(right, words).toBeLessThan(crossAt)
  }
})
