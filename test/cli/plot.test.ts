/** `synopsis plot`, as a user runs it. */
import { expect, test } from 'vitest'
import { Conversation } from '../support/conversation.js'
import { synopsis } from './synopsis.js'

/** A pcap file (microseconds, Ethernet). */
function pcap({ frames }: Conversation): Uint8Array {
  const header = Buffer.alloc(24)
  for (const [at, value] of [
    [0, 0xa1b2c3d4],
    [16, 65_535],
    [20, 1],
  ] as const)
    header.writeUInt32LE(value, at)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  const records = frames.map(({ bytes, time }) => {
    const record = Buffer.alloc(16)
    for (const [i, value] of [
      Math.floor(time / 1e9),
      Math.floor((time % 1e9) / 1000),
      bytes.length,
      bytes.length,
    ].entries())
      record.writeUInt32LE(value, 4 * i)
    return Buffer.concat([record, bytes])
  })
  return Buffer.concat([header, ...records])
}

test('where one end was not captured, that is why there is no window to be plotted', () => {
  const talk = new Conversation().client('S').client('A')
  for (let i = 0; i < 6; i++) talk.client('A', { text: 'hello' })
  const { status, stderr } = synopsis(['plot', '-', '-k', 'rtt,window'], { input: pcap(talk) })
  expect([status, stderr]).toEqual([
    1,
    'synopsis: TCP session 0 has nothing to plot: no packet of the server was captured, and without its ACKs there is no rtt, window\n',
  ])
})

test('what UDP has is not said to be missing where only the replies are', () => {
  const { status, stderr } = synopsis(['plot', 'captures/udp-refused.pcapng', '-k', 'rtt'])
  expect([status, stderr]).toEqual([1, 'synopsis: UDP session 0 has nothing to plot: not enough packets for rtt\n'])
})
