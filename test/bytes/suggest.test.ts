import { expect, test } from 'vitest'
import { didYouMean, suggest } from '../../src/bytes/suggest.js'
import { packetFieldNames } from '../../src/render/packet-fields.js'

test('a name that is nearly right is found', () => {
  const names = ['tcp.seq', 'tcp.seq_raw', 'tcp.analysis.retransmission', 'ip.src', 'frame.number']
  expect(suggest('tcp.analysis.retransmision', names)).toEqual(['tcp.analysis.retransmission'])
  expect(suggest('tcp.sequ', names)[0]).toBe('tcp.seq')
  expect(suggest('number', names)).toContain('frame.number')
  expect(suggest('zzzzzzzz', names)).toEqual([])
})

test.each([
  ['tcp.sequence', 'tcp.seq'],
  ['tcp.window', 'tcp.window_size'],
  ['ip.source', 'ip.src'],
  ['ip.destination', 'ip.dst'],
  ['frame.length', 'frame.len'],
  ['tcp.sport', 'tcp.srcport'],
  ['tcp.syn', 'tcp.flags.syn'],
  ['tcp.rtt', 'tcp.analysis.ack_rtt'],
  ['synopsis.state', 'synopsis.state.client'],
  ['IP.SRC', 'ip.src'],
  ['tpc.seq', 'tcp.seq'],
  ['window', 'tcp.window_size'],
])('a field by its whole word, the wrong way round or in capitals: %s', (wrong, right) => {
  expect(suggest(wrong, packetFieldNames)[0]).toBe(right)
})

test('another protocol is not suggested where the right one has such a field', () => {
  expect(suggest('tcp.length', packetFieldNames)).toEqual(['tcp.len'])
  expect(suggest('tcp.sequence', packetFieldNames)).not.toContain('ah.sequence')
})

test('a sentence ends with a question, or with where to look', () => {
  expect(didYouMean('mesage', ['message', 'echo'], 'look')).toBe('did you mean message?')
  expect(didYouMean('chat', ['message', 'echo'], 'look')).toBe('look')
})
