/** Wireshark's conversation completeness, and which SYN begins a new conversation. */
import { describe, expect, test } from 'vitest'
import { Packet } from '../../../../src/packet.js'
import { Completeness } from '../../../../src/sessions/tcp/wireshark/completeness.js'
import { isNewConversation } from '../../../../src/sessions/tcp/wireshark/new-conversation.js'
import { fillPacket } from '../../../support/tcp-segments.js'
import { flagsOf, HANDSHAKE, type Line, newAnalysis, run, segmentsOf } from './story.js'

const { syn, synAck, ack, data, fin, rst } = Completeness

describe('completeness', () => {
  test.each<[string, Line[], number]>([
    ['a handshake', [...HANDSHAKE], syn | synAck | ack],
    ['data', [...HANDSHAKE, ['c', { seq: 1, length: 5 }]], syn | synAck | ack | data],
    ['a FIN', [...HANDSHAKE, ['c', { flags: 'FA', seq: 1 }]], syn | synAck | ack | fin],
    ['a FIN without ACK is none', [...HANDSHAKE, ['c', { flags: 'F', seq: 1 }]], syn | synAck | ack],
    [
      'a reset, with or without ACK',
      [
        ['c', { flags: 'S', seq: 0 }],
        ['s', { flags: 'R' }],
      ],
      syn | rst,
    ],
    [
      'refused: the reset has an ACK',
      [
        ['c', { flags: 'S', seq: 0 }],
        ['s', { flags: 'RA', ack: 1 }],
      ],
      syn | ack | rst,
    ],
    ['data in the SYN, if it is the first', [['c', { flags: 'S', seq: 0, length: 9 }]], syn | data],
    ['a capture that begins in the middle never has the first segment', [['c', { seq: 9, length: 5 }]], 0],
    [
      'nor a SYN that comes later',
      [
        ['c', { seq: 9 }],
        ['c', { flags: 'S', seq: 8 }],
      ],
      0,
    ],
    [
      'nor a SYN/ACK that comes first',
      [
        ['s', { flags: 'SA', seq: 0, ack: 1 }],
        ['c', { seq: 1 }],
      ],
      ack,
    ],
  ])('%s', (_, lines, expected) => {
    expect(run(lines, () => {}).conversation.completeness).toBe(expected)
  })

  test('each packet shows it as it was before', () => {
    const seen: number[] = []
    run(HANDSHAKE, (result) => seen.push(result.completeness))
    expect(seen).toEqual([0, syn, syn | synAck])
  })

  test('a stream that another connection announced has no first segment', () => {
    const analysis = newAnalysis()
    analysis.reset(false, true)
    expect(run(HANDSHAKE, () => {}, analysis).conversation.completeness).toBe(synAck | ack)
  })

  test('a stream on used ports says so, and has its SYN', () => {
    const analysis = newAnalysis()
    analysis.reset(true)
    const flags: string[] = []
    run(HANDSHAKE, (result) => flags.push(flagsOf(result)), analysis)
    expect(flags).toEqual(['reusedPorts', '', ''])
    expect(analysis.conversation.completeness).toBe(syn | synAck | ack)
  })
})

describe('a new stream between known endpoints', () => {
  const packet = new Packet()
  test.each<[string, Line[], Line, boolean]>([
    ['begins with a SYN of another sequence number', [...HANDSHAKE], ['c', { flags: 'S', seq: 70_000 }], true],
    ['not with the same SYN again', [...HANDSHAKE], ['c', { flags: 'S', seq: 0 }], false],
    ['even after a reset', [...HANDSHAKE, ['c', { flags: 'R', seq: 1 }]], ['c', { flags: 'S', seq: 0 }], false],
    ['not with a SYN/ACK', [...HANDSHAKE], ['s', { flags: 'SA', seq: 70_000, ack: 1 }], false],
    ['not with data', [...HANDSHAKE], ['c', { seq: 70_000, length: 4 }], false],
    [
      'with a SYN in the other direction, if what it acknowledged is known',
      [...HANDSHAKE],
      ['s', { flags: 'S', seq: 70_000 }],
      true,
    ],
    [
      'not where nothing was known of its sender',
      [['c', { flags: 'S', seq: 0 }]],
      ['s', { flags: 'S', seq: 70_000 }],
      false,
    ],
    ['whatever its other flags', [...HANDSHAKE], ['c', { flags: 'SFRP', seq: 70_000 }], true],
  ])('%s', (_, before, line, expected) => {
    const { numbering } = run(before, () => {}).conversation
    const [segment] = segmentsOf([line])
    if (segment === undefined) throw new Error('no segment')
    fillPacket(packet, segment, before.length + 1)
    const { isBaseKnown, base } = numbering[line[0] === 'c' ? 0 : 1]
    expect(isNewConversation(packet.tcp, isBaseKnown !== 0, base)).toBe(expected)
  })
})
