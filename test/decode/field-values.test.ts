import { describe, expect, test } from 'vitest'
import { fieldKeys, fieldReader, values } from '../../src/decode/field-values.js'
import { NO_TIME } from '../../src/packet.js'
import { decoded, ethernet, fromHex, ipv4 } from './support.js'

const packet = decoded(fromHex(`${ethernet('0800')} ${ipv4(17, 12)} c351 0007 000c 1234 6563686f`), 1, 60)

test('every name that is listed has a reader, and no other', () => {
  for (const key of fieldKeys) expect(fieldReader(key), key).toBeTypeOf('function')
  expect(fieldReader('ip.nonsense')).toBeUndefined()
  expect(fieldReader('')).toBeUndefined()
  expect(new Set(fieldKeys).size).toBe(fieldKeys.length)
})

describe('the frame', () => {
  test('number, lengths, layers', () => {
    expect(values(packet, 'frame.number')).toEqual(['1'])
    expect(values(packet, 'frame.len')).toEqual(['60'])
    expect(values(packet, 'frame.cap_len')).toEqual(['46'])
    expect(values(packet, 'frame.protocols')).toEqual(['eth:ethertype:ip:udp:data'])
  })

  test('time to the nanosecond, and none where the record has none', () => {
    packet.seconds = 1_700_000_000
    packet.nanoseconds = 5
    expect(values(packet, 'frame.time_epoch')).toEqual(['1700000000.000000005'])
    packet.timeDigits = NO_TIME
    expect(values(packet, 'frame.time_epoch')).toEqual([])
  })
})

test('a reader appends, and gives nothing for what is not there', () => {
  const out = ['before']
  fieldReader('udp.port')?.(packet, out)
  fieldReader('tcp.port')?.(packet, out)
  expect(out).toEqual(['before', '50001', '7'])
})
