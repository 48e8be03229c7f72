/** Plots as pictures: what a reader would stumble over. */
import { expect, test } from 'vitest'
import { plotsOf } from '../../src/plots/plots.js'
import { drawPlots } from '../../src/render/plots/svg.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

/** Pixels that a character of a legend takes in DejaVu Sans, the widest of the fonts that it may be set in. */
const CHARACTER = 7.2

test('a legend keeps its labels apart, in wide fonts too', () => {
  const talk = new Conversation().handshake()
  for (let i = 0; i < 6; i++) talk.client('A', { text: 'x'.repeat(1460) }).server('A', { window: 3000 })
  const svg = drawPlots(plotsOf(timelineOf(talk), ['tcptrace'], ['client']), { heading: '', captions: false })
  const labels = ['segment', 'acknowledged', "edge of the receiver's window"]
  const texts = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</g)]
  const places = labels.map((label) => {
    const [, x, y] = texts.find(([, , , words]) => words?.replace('&#39;', "'") === label) ?? []
    return { x: Number(x), y: Number(y), end: Number(x) + label.length * CHARACTER }
  })
  for (const [i, { x, y }] of places.entries()) {
    const before = places[i - 1]
    // its mark takes 28 pixels before it
    if (before !== undefined && before.y === y) expect(x - 28).toBeGreaterThan(before.end + 8)
    expect(x).toBeGreaterThan(0)
  }
})
