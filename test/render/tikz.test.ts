/** The ladder in LaTeX. */
import { expect, test } from 'vitest'
import { MOST_EVENTS } from '../../src/render/svg/figure.js'
import { ladderTikz } from '../../src/render/tikz/ladder.js'
import { message } from './timelines.js'

test('a ladder longer than anybody reads ends, and says how much is left out', () => {
  const packet = message.events.find((event) => event.kind === 'packet' && event.length > 0)
  if (packet === undefined) throw new Error('there is no data in it')
  const events = Array.from({ length: MOST_EVENTS + 600 }, () => packet)
  const pictures = ladderTikz({ ...message, events, leftOut: 34 }, false)
  expect(pictures.length).toBeLessThan(40)
  expect(pictures.at(-1)).toContain('634 packets more not drawn')
  expect(pictures.filter((picture) => picture.includes('more not drawn'))).toHaveLength(1)
})
