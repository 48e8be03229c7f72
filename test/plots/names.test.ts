/** The frames named in a plot: each is readable, and what tells most has its name. */
import { describe, expect, test } from 'vitest'
import type { PlotName } from '../../src/plots/model.js'
import { plotsOf } from '../../src/plots/plots.js'
import type { Pen, Point2 } from '../../src/render/pen.js'
import { drawPanel } from '../../src/render/plots/panel.js'
import { tikzPen } from '../../src/render/tikz/pen.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

const SIZE = 1460
const SEGMENTS = 60
/** Pixels of the small type: a column of it, and how high a number rises. */
const [COLUMN, HEIGHT] = [5.73, 7]

interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Every second segment of a burst is lost, and all of those are sent again within a moment. */
function crowded(): Conversation {
  const talk = new Conversation().handshake()
  const text = 'x'.repeat(SIZE)
  const first = 1001
  for (let i = 0; i < SEGMENTS; i++) talk.client('A', { at: 20 + i * 0.05, text })
  for (let i = 1; i < SEGMENTS; i += 2) talk.server('A', { at: 40 + i * 0.05, ack: first })
  for (let i = 0; i < SEGMENTS; i += 2) talk.client('A', { at: 45 + i * 0.02, seq: first + i * SIZE, text, ack: 5001 })
  for (let i = 0; i < SEGMENTS; i += 2) talk.server('A', { at: 65 + i * 0.02, ack: first + (i + 2) * SIZE })
  return talk
}

/** What a panel has drawn: its texts' boxes, and all points of its lines and marks. */
function drawn(name: PlotName, width: number) {
  const [plot] = plotsOf(timelineOf(crowded()), [name], ['client'])
  if (plot === undefined) throw new Error('nothing is plotted')
  const texts: { readonly words: string; readonly box: Box }[] = []
  const ink: Point2[] = []
  const pen: Pen = {
    ...tikzPen,
    text(x, y, spans, { className = '', anchor = 'start', rotate } = {}) {
      const words = typeof spans === 'string' ? spans : spans.map(({ text }) => text).join('')
      const long = words.length * COLUMN
      const left = { start: x, middle: x - long / 2, end: x - long }[anchor]
      if (rotate === undefined && className.includes('small'))
        texts.push({ words, box: { left, top: y - HEIGHT, right: left + long, bottom: y } })
      else if (rotate === undefined) texts.push({ words, box: { left: 0, top: y, right: 0, bottom: y } })
      return ''
    },
    line(x1, y1, x2, y2, className) {
      if (!className.includes('grid')) ink.push(...along([x1, y1], [x2, y2]))
      return ''
    },
    strokes(lines) {
      for (const line of lines) for (const [i, point] of line.entries()) ink.push(...along(line[i - 1] ?? point, point))
      return ''
    },
    dots(at) {
      ink.push(...at)
      return ''
    },
  }
  drawPanel(pen, plot, 0, 0, { captions: false, title: true, width })
  const marks = plot.series
    .filter(({ key }) => ['retransmission', 'lost'].includes(key))
    .reduce((sum, { points }) => sum + points.length, 0)
  return { plot, texts, ink, marks, names: texts.filter(({ words }) => words.startsWith('#')) }
}

function along([x1, y1]: Point2, [x2, y2]: Point2): Point2[] {
  const steps = Math.ceil(Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1), 1))
  return Array.from(
    { length: steps + 1 },
    (_, i): Point2 => [x1 + ((x2 - x1) * i) / steps, y1 + ((y2 - y1) * i) / steps],
  )
}

describe.each([
  ['time-sequence', 860],
  ['tcptrace', 860],
  ['tcptrace', 330],
] as const)('a crowded %s graph, %i pixels wide', (name, width) => {
  const { plot, texts, ink, marks, names } = drawn(name, width)

  test('no name stands on a mark, a line, an axis or another text', () => {
    expect(names.length).toBeGreaterThan(5)
    for (const { words, box } of names) {
      const covered = ink.filter(([x, y]) => x > box.left && x < box.right && y > box.top && y < box.bottom)
      expect(covered, words).toEqual([])
      const others = texts.filter((other) => other.words !== words && overlap(other.box, box))
      expect(others.map((other) => `${words} on ${other.words}`)).toEqual([])
      expect(box.left).toBeGreaterThan(0)
      expect(box.right).toBeLessThanOrEqual(width)
    }
  })

  test('retransmissions are named from the first to the last, and those without a name are counted', () => {
    const again = plot.series.find(({ key }) => key === 'retransmission')?.points ?? []
    const named = names.map(({ words }) => Number(words.slice(1)))
    const places = again.flatMap(({ frame = 0 }, i) => (named.includes(frame) ? [i / again.length] : []))
    expect(places.length).toBeGreaterThan(5)
    expect(Math.min(...places)).toBeLessThan(0.2)
    expect(Math.max(...places)).toBeGreaterThan(0.8)
    const told = texts.map(({ words }) => words).join(' ')
    expect(told).toContain(`Of ${marks} marks that stand out, ${names.length} are named by their frame.`)
  })
})

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
