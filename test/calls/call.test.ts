/** The record of a call, written and read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Call, formatCall, parseCall } from '../../src/calls/call.js'
import { FileError } from '../../src/errors.js'

const moment = fc.record({
  seconds: fc.integer({ min: 0, max: 2 ** 40 }),
  nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
})
const call: fc.Arbitrary<Call> = fc.record(
  {
    pid: fc.nat(),
    thread: fc.nat(),
    call: fc.string(),
    arguments: fc.array(fc.string({ unit: 'binary' })),
    result: fc.integer(),
    errno: fc.string(),
    descriptor: fc.nat(),
    transport: fc.constantFrom('tcp', 'udp', 'unix', 'unix-datagram'),
    local: fc.string(),
    peer: fc.string(),
    peerProcess: fc.nat(),
    inode: fc.nat(),
    peerInode: fc.nat(),
    object: fc.string(),
    by: fc.string(),
    detail: fc.string(),
    status: fc.oneof(fc.record({ exited: fc.nat() }), fc.record({ signal: fc.string() })),
    entered: moment,
    returned: moment,
  },
  { requiredKeys: ['pid', 'thread', 'call', 'arguments', 'entered'] },
)

const LINE =
  '{"pid":7,"thread":8,"call":"accept","arguments":["3"],"result":4,"entered":"1763635000.000000042","returned":"1763635001.5"}'

describe('a line of the calls file', () => {
  test('is one line, and gives the call back', () => {
    fc.assert(
      fc.property(call, (original) => {
        const line = formatCall(original)
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(parseCall(line)).toEqual(original)
      }),
    )
  })

  test('has its times to the nanosecond', () => {
    expect(parseCall(LINE)).toMatchObject({
      entered: { seconds: 1763635000, nanoseconds: 42 },
      returned: { seconds: 1763635001, nanoseconds: 500_000_000 },
    })
  })

  test.each([
    ['nothing', ''],
    ['no JSON', 'accept(3) = 4'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no pid', LINE.replace('"pid":7,', '')],
    ['a pid that is no number', LINE.replace('7', '"7"')],
    ['arguments that are no strings', LINE.replace('["3"]', '[3]')],
    ['an unknown transport', LINE.replace('"result"', '"transport":"sctp","result"')],
    ['a time that is none', LINE.replace('1763635000.000000042', 'yesterday')],
    ['a time as a number', LINE.replace('"1763635000.000000042"', '1763635000.000000042')],
    ['a status that is none', LINE.replace('"result"', '"status":{},"result"')],
  ])('with %s is refused', (_, line) => {
    expect(() => parseCall(line)).toThrow(FileError)
  })
})
