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

test('a page that begins with a call or a silence goes on in the phase that there was', () => {
  const data = message.events.filter((event) => event.kind === 'packet' && event.length > 0).slice(0, 1)
  const call = {
    kind: 'call',
    by: 'server',
    moment: 'returns',
    call: 'read',
    inferred: true,
    time: 2e9,
    gap: 0,
  } as const
  const silence = { kind: 'silence', brokenBy: 'client', time: 2e9, gap: 1e9 } as const
  // whatever a page has room for, some begin with each of them
  const middle = Array.from({ length: 60 }, () => [...data, call, silence, call, call]).flat()
  const pictures = ladderTikz({ ...message, events: [...message.events.slice(0, 3), ...middle] }, false)
  expect(pictures.length).toBeGreaterThan(5)
  for (const picture of pictures.slice(1)) {
    expect(picture).not.toContain('{}before}')
    expect(picture).toContain('{}data}')
  }
})
