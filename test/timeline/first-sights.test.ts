import { expect, test } from 'vitest'
import { firstSights } from '../../src/timeline/first-sights.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

test('of a gap that is cut into more pieces than are kept, the highest are still told from what was seen', () => {
  const cut = new Conversation()
    .handshake()
    .client('A', { seq: 1001, text: 'x' })
    .client('A', { seq: 41_001, text: 'x' })
  for (let piece = 1; piece < 5000; piece++) cut.client('A', { seq: 1001 + 4 * piece, text: 'x' })
  // between the last pieces, and once more
  cut.client('A', { seq: 20_999, text: 'x' }).client('A', { seq: 20_999, text: 'x' })
  const { events } = timelineOf(cut)
  const packets = events.filter((event) => event.kind === 'packet')
  const fresh = new Set(firstSights(packets, 'client').map(({ frame }) => frame))
  expect([fresh.has(packets.length - 1), fresh.has(packets.length)]).toEqual([true, false])
})
