/** What the packets of a timeline are marked with. */
import { expect, test } from 'vitest'
import type { Timeline } from '../../src/timeline/model.js'
import { Conversation } from '../support/conversation.js'
import { Datagrams } from '../support/datagrams.js'
import { timelineOf } from '../support/timelines.js'

/** Frame and evidence of each packet that is marked for its checksum. */
function badChecksums({ events }: Timeline): (readonly [number, string])[] {
  return events.flatMap((event) => {
    const finding = event.kind === 'packet' ? event.findings.find(({ name }) => name === 'bad_checksum') : undefined
    return event.kind === 'packet' && finding !== undefined ? [[event.frame, finding.evidence ?? ''] as const] : []
  })
}

const bad = { badChecksum: true }

test('where no checksum of an end fits, and it is answered, its first packet says so for all of them', () => {
  const talk = new Conversation().client('S', bad).server('SA', bad).client('A', bad)
  for (let turn = 0; turn < 5; turn++) talk.client('PA', { text: 'hello', ...bad }).server('PA', { text: 'hello' })
  const [syn] = timelineOf(talk).events
  expect(syn).toMatchObject({ received: true })
  expect(badChecksums(timelineOf(talk))).toEqual([
    [1, expect.stringContaining('as in all packets of this end')],
    [2, expect.stringContaining('but #3 acknowledges')],
  ])
})

test('each packet that was damaged on the way is marked', () => {
  const talk = new Conversation()
    .handshake()
    .client('PA', { text: 'one', ...bad })
    .client('PA', { text: 'two', ...bad })
  expect(badChecksums(timelineOf(talk))).toEqual([
    [4, expect.stringContaining('the receiver drops it')],
    [5, expect.stringContaining('the receiver drops it')],
  ])
})

test('a datagram whose checksum does not fit, and that is answered, has arrived', () => {
  const talk = new Datagrams(7).client('0a', 1, 'dead').server('0a').client('0b', 1, 'dead')
  expect(badChecksums(talk.timeline())).toEqual([
    [1, expect.stringContaining('but #2 answers it')],
    [3, expect.stringContaining('who receives it so drops it')],
  ])
})
