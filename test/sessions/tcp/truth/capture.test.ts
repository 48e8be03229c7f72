/** What is the capture's doing, not the network's: frames seen twice, packets missed, the network card's work. */
import { describe, expect, test } from 'vitest'
import { found, observe } from './script.js'

const AT_CLIENT = `
   0    > SYN      id 9  seq 0 ack 0
  20    < SYN/ACK  id 0  seq 0 ack 1
  20.05 > ACK      id 10 seq 1 ack 1
`
const AT_SERVER = `
   0    > SYN      id 9  seq 0 ack 0
   0.05 < SYN/ACK  id 0  seq 0 ack 1
  20.05 > ACK      id 10 seq 1 ack 1
`

describe('captured twice', () => {
  test('a second sight, a hop further on', () => {
    const truth = observe(`${AT_SERVER}
      21    > 1:1000 id 11 ttl 64
      21.01 > 1:1000 id 11 ttl 63`)
    expect(truth.capturedTwice).toEqual([5])
    expect(truth.segments).toEqual([])
  })

  test('a second sight on another interface of the capturing host', () => {
    const truth = observe(`${AT_SERVER}
      21    > 1:1000 id 11 in
      21.01 > 1:1000 id 11 out`)
    expect(truth.capturedTwice).toEqual([5])
  })

  test('a mirror that gives every packet twice', () => {
    const truth = observe(`${AT_SERVER}
      21    > 1:1000    id 11
      21.01 > 1:1000    id 11
      21.02 > 1001:1000 id 12
      21.03 > 1001:1000 id 12
      21.04 > 2001:1000 id 13
      21.05 > 2001:1000 id 13`)
    expect(truth.capturedTwice).toEqual([5, 7, 9])
    expect(truth.segments).toEqual([])
  })

  test('captures of both ends, put together, have each packet twice, a way through the network apart', () => {
    const truth = observe(`
      0     > SYN      id 9  seq 0 ack 0
      15    > SYN      id 9  seq 0 ack 0
      15.05 < SYN/ACK  id 5  seq 0 ack 1
      30    < SYN/ACK  id 5  seq 0 ack 1
      30.05 > ACK      id 10 seq 1 ack 1
      31    > 1:1000   id 11
      45    > ACK      id 10 seq 1 ack 1
      46    > 1:1000   id 11
      46.05 < ACK      id 6  seq 1 ack 1001
      61    < ACK      id 6  seq 1 ack 1001`)
    expect(truth.capturedTwice).toEqual([2, 4, 7, 8, 10])
    expect(truth.segments).toEqual([])
  })

  test('a SYN that is sent again and again is none of that, though each has the same number', () => {
    const truth = observe(`
      0     > SYN id 1 seq 0 ack 0
      1000  > SYN id 1 seq 0 ack 0
      3000  > SYN id 1 seq 0 ack 0
      7000  > SYN id 1 seq 0 ack 0`)
    expect(truth.capturedTwice).toEqual([])
  })

  test('its packets without data are second sights, too, and tell nothing of what is missing', () => {
    const truth = observe(`
      0     > SYN      id 9  seq 0 ack 0
      0.01  > SYN      id 9  seq 0 ack 0
      0.05  < SYN/ACK  id 0  seq 0 ack 1
      0.06  < SYN/ACK  id 0  seq 0 ack 1
      20    > ACK      id 10 seq 1 ack 1
      20.01 > ACK      id 10 seq 1 ack 1
      21    > 1:1000   id 11
      21.01 > 1:1000   id 11
      21.05 < ACK      id 0  seq 1 ack 1001
      21.06 < ACK      id 0  seq 1 ack 1001
      22    > RST      id 12 seq 1001 ack 1
      22.01 > RST      id 12 seq 1001 ack 1`)
    expect(truth.capturedTwice).toEqual([2, 4, 6, 8, 10, 12])
    expect(truth.segments).toEqual([])
  })

  test('what comes in and goes out again is captured between the two', () => {
    const passedOn = (line: string) => `${line} in\n${line} out`
    const truth = observe(
      `0 > SYN id 9 seq 0 ack 0
       0.05 < SYN/ACK id 0 seq 0 ack 1
       0.1 > ACK id 10 seq 1 ack 1
       21 > 1:1000 id 11`
        .split('\n')
        .map(passedOn)
        .join('\n'),
    )
    expect(truth.vantage.place).toBe('between')
  })

  test('an acknowledgment that repeats another is none, where nothing else comes twice', () => {
    const truth = observe(`${AT_SERVER}
      21    > 1:1000 id 11
      21.5  < ACK    id 0 seq 1 ack 1001
      21.51 < ACK    id 0 seq 1 ack 1001`)
    expect(truth.capturedTwice).toEqual([])
  })

  test('a first SYN echoes nothing, which does not make it later than what does', () => {
    const stamped = (ts: string, what: string) => `${what} ts ${ts}\n${what} ts ${ts}`
    const truth = observe(
      [
        stamped('100/0', '0 > SYN id 9 seq 0 ack 0 in'),
        stamped('3794599253/100', '0.05 < SYN/ACK id 0 seq 0 ack 1 in'),
        stamped('100/3794599253', '0.1 > ACK id 10 seq 1 ack 1 in'),
        stamped('100/3794599253', '0.2 > 1:7 id 11 in'),
      ].join('\n'),
    )
    expect(truth.segments).toEqual([])
  })

  test('a network that copies one of many', () => {
    const truth = observe(`${AT_SERVER}
      21    > 1:1000    id 11
      21.01 > 1:1000    id 11
      21.02 > 1001:1000 id 12
      21.04 > 2001:1000 id 13
      21.06 > 3001:1000 id 14`)
    expect(truth.capturedTwice).toEqual([])
    expect(found(truth)).toEqual(['5 duplicate: same identification (4)'])
  })

  test('at the sender no network has copied anything yet', () => {
    const truth = observe(`${AT_CLIENT}
      21    > 1:1000    id 11
      21.01 > 1:1000    id 11
      21.02 > 1001:1000 id 12
      21.04 > 2001:1000 id 13`)
    expect(truth.capturedTwice).toEqual([5])
  })

  test('nor has it sent a FIN again that follows at once with the same number, however few packets tell how it numbers them', () => {
    const truth = observe(`${AT_CLIENT}
      30     > FIN id 11 seq 1 ack 1
      30.001 > FIN id 11 seq 1 ack 1`)
    expect(truth.capturedTwice).toEqual([5])
    expect(truth.segments).toEqual([])
  })
})

describe('missed', () => {
  test('bytes that were acknowledged, never seen, and never sent again', () => {
    const truth = observe(`${AT_CLIENT}
      21 > 1:1000    id 11
      22 > 2001:1000 id 13
      42 < ACK       id 5 seq 1 ack 3001
      43 < ACK       id 6 seq 1 ack 4001`)
    expect(truth.missed).toEqual([
      { direction: 0, sequence: 1001, length: 1000, frame: 6 },
      { direction: 0, sequence: 3001, length: 1000, frame: 7 },
    ])
    expect(truth.directions[0]?.missedBytes).toBe(2000)
    expect(truth.segments).toEqual([])
  })

  test('stretches that touch are one', () => {
    const truth = observe(`${AT_CLIENT}
      42 < ACK id 5 seq 1 ack 1001
      43 < ACK id 6 seq 1 ack 2001`)
    expect(truth.missed).toEqual([{ direction: 0, sequence: 1, length: 2000, frame: 4 }])
  })

  test('lost in the network is something else: it comes again', () => {
    const truth = observe(`${AT_SERVER}
      21 > 1:1000    id 11
      22 > 2001:1000 id 13
      42 > 1001:1000 id 14
      43 < ACK       id 5 seq 1 ack 3001`)
    expect(truth.missed).toEqual([])
    expect(truth.directions[0]?.retransmissions).toBe(1)
  })

  test('captured just after its own acknowledgment, it was not missed, and not late', () => {
    const truth = observe(`${AT_SERVER}
      21    > 1:1000    id 11
      22.01 < ACK       id 5 seq 1 ack 2001
      22.02 > 1001:1000 id 12
      22.03 > 2001:1000 id 13`)
    expect(truth.missed).toEqual([])
    expect(truth.segments).toEqual([])
  })
})

describe('the network card', () => {
  test('segments longer than the other end takes are said once', () => {
    const truth = observe(`
       0    > SYN      seq 0 ack 0 mss 1400
      20    < SYN/ACK  seq 0 ack 1 mss 1300
      20.05 > 1:1300
      20.06 > 1301:2600
      20.07 > 3901:65200
      40    < 1:1400   ack 69101`)
    expect(truth.directions[0]?.offload).toEqual({ segments: 2, frame: 4, longest: 65_200, mss: 1300 })
    expect(truth.directions[1]?.offload).toBeUndefined()
    expect(truth.segments).toEqual([])
  })

  test('checksums not filled in are counted', () => {
    const truth = observe(`
       0    > SYN      seq 0 ack 0 unfilled
      20    < SYN/ACK  seq 0 ack 1
      20.05 > ACK seq 1 ack 1 unfilled`)
    expect(truth.directions[0]?.partialChecksums).toEqual({ packets: 2, frame: 1 })
    expect(truth.directions[1]?.partialChecksums).toBeUndefined()
  })
})
