import { describe, expect, test } from 'vitest'
import { optionName } from '../../src/decode/tcp-options.js'
import { decoded, fromHex } from './support.js'
import { segment } from './tables/tcp.js'

describe('what the capture cut', () => {
  const whole = fromHex(segment('0101 080a 0000000a 0000000b', '68656c6c6f', '018'))

  test('a segment whose options were cut keeps its sequence numbers and its length', () => {
    const packet = decoded(whole.subarray(0, 14 + 20 + 24), 1, whole.length)
    expect(packet).toMatchObject({ transportProtocol: 6, payloadLength: 5, problem: { kind: 1, field: 'tcp.options' } })
    expect(packet.tcp).toMatchObject({ sequence: 0x8badf00d | 0, length: 5, lengthKnown: true, hasTimestamps: false })
  })

  test('a segment that ends after the window still counts', () => {
    const packet = decoded(whole.subarray(0, 14 + 20 + 16), 1, whole.length)
    expect(packet).toMatchObject({ transportProtocol: 6, problem: { kind: 1 } })
    expect(packet.tcp).toMatchObject({ window: 501, urgent: 0, length: 5 })
  })

  test('less than that does not', () => {
    const packet = decoded(whole.subarray(0, 14 + 20 + 15), 1, whole.length)
    expect(packet).toMatchObject({ transportProtocol: 0, transport: 98, sourcePort: 50001, problem: { kind: 1 } })
  })

  test('the payload is as long as was sent, and as far as it was captured', () => {
    const packet = decoded(whole.subarray(0, whole.length - 3), 1, whole.length)
    expect(packet).toMatchObject({ payloadLength: 5, payload: 130, payloadEnd: 132, problem: { kind: 0 } })
  })

  test('a record that kept more than it says was sent is wrong about what was sent', () => {
    for (const said of [whole.length - 3, 0]) {
      const packet = decoded(whole, 1, said)
      expect(packet).toMatchObject({ payloadLength: 5, payload: 130, payloadEnd: 135, problem: { kind: 0 } })
      expect(packet.tcp).toMatchObject({ length: 5, lengthKnown: true })
    }
  })
})

test('options have names', () => {
  expect(optionName(2)).toBe('Maximum segment size')
  expect(optionName(200)).toBe('Unknown option (200)')
})
