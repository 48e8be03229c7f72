/** What made a sender send again, and whether it had to. */
import { describe, expect, test } from 'vitest'
import type { JudgedSegment } from '../../../../src/sessions/tcp/truth/judged.js'
import { observe } from './script.js'

const AT_CLIENT = `
   0    > SYN      id 9  seq 0 ack 0 ts 100/0
  20    < SYN/ACK  id 0  seq 0 ack 1 ts 510/100
  20.05 > ACK      id 10 seq 1 ack 1 ts 120/510
`
const AT_SERVER = `
   0    > SYN      id 9  seq 0 ack 0 ts 100/0
   0.05 < SYN/ACK  id 0  seq 0 ack 1 ts 500/100
  20.05 > ACK      id 10 seq 1 ack 1 ts 120/500
`

/** Of each retransmission: its frame, cause and need, and what they rest on. */
function causes(table: string): string[] {
  return observe(table)
    .segments.filter(({ verdict }) => verdict === 'retransmission')
    .map((segment) => {
      const { frame, cause, causeFrame, needed, needGround, needFrame } = segment as JudgedSegment
      const need = needed === undefined ? 'who knows' : needed ? 'needed' : 'needless'
      return `${frame} ${cause} (${causeFrame}) ${need}: ${needGround} (${needFrame})`
    })
}

describe('causes', () => {
  test('fast retransmit on selective acknowledgments', () => {
    expect(
      causes(`${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 1001-2001 ts 531/100
        41.2 > 1:1000    id 13 ts 141/531
        61.2 < ACK       seq 1 ack 2001 id 6 ts 551/141`),
    ).toEqual(['7 fast retransmit (6) needed: echoed (8)'])
  })

  test('fast retransmit on duplicate acknowledgments', () => {
    expect(
      causes(`${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        21.2 > 2001:1000 id 13 ts 121/510
        21.3 > 3001:1000 id 14 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 ts 531/100
        41.2 < ACK       seq 1 ack 1 id 6 ts 531/100
        41.3 < ACK       seq 1 ack 1 id 7 ts 531/100
        41.4 > 1:1000    id 15 ts 141/531
        61.4 < ACK       seq 1 ack 4001 id 8 ts 551/141`),
    ).toEqual(['11 fast retransmit (8) needed: echoed (12)'])
  })

  test('a timeout, and what the sender goes on with from there', () => {
    expect(
      causes(`${AT_CLIENT}
         21   > 1:1000    id 11 ts 121/510
         21.1 > 1001:1000 id 12 ts 121/510
         21.2 > 2001:1000 id 13 ts 121/510
        261   > 1:1000    id 14 ts 361/510
        281   < ACK       seq 1 ack 1001 id 5 ts 771/361
        281.1 > 1001:1000 id 15 ts 381/771
        281.2 > 2001:1000 id 16 ts 381/771
        301.3 < ACK       seq 1 ack 3001 id 6 ts 791/381`),
    ).toEqual([
      '7 timeout (0) needed: echoed (8)',
      '9 timeout (0) needed: echoed (11)',
      '10 timeout (0) needed: acknowledged in turn (11)',
    ])
  })

  test('a tail loss probe: the last segment only, once, and a timeout after it', () => {
    expect(
      causes(`${AT_CLIENT}
         21   > 1:1000    id 11 ts 121/510
         21.1 > 1001:1000 id 12 ts 121/510
         41.1 < ACK       seq 1 ack 1001 id 5 ts 531/121
         82   > 1001:1000 id 13 ts 182/531
        300   > 1001:1000 id 14 ts 400/531
        320   < ACK       seq 1 ack 2001 id 6 ts 810/400`),
    ).toEqual(['7 tail loss probe (0) needed: echoed (9)', '8 timeout (0) needed: echoed (9)'])
  })

  test('at the receiver: what was lost behind all that it had seen at the timeout had been sent before that', () => {
    expect(
      causes(`${AT_SERVER}
         21   > 1:1000    id 11 ts 121/500
         21.1 > 3001:1000 id 14 ts 121/500
         21.2 < ACK       seq 1 ack 1001 id 1 sack 3001-4001 ts 521/121
        261   > 1001:2000 id 17 ts 361/521
        261.1 < ACK       seq 1 ack 4001 id 2 ts 761/361
        281   > 6001:1000 id 18 ts 381/761
        281.1 < ACK       seq 1 ack 4001 id 3 sack 6001-7001 ts 781/361
        301.2 > 4001:1000 id 19 ts 401/781
        301.3 < ACK       seq 1 ack 5001 id 4 sack 6001-7001 ts 801/401
        301.4 > 5001:1000 id 20 ts 401/781
        301.5 < ACK       seq 1 ack 7001 id 5 ts 801/401`).map((one) => one.split(' needed')[0]),
    ).toEqual(['7 timeout (0)', '11 timeout (0)', '13 timeout (0)'])
  })

  test('at the receiver: what had been acknowledged comes again, so the sender has heard nothing since', () => {
    const [, second] = causes(`${AT_SERVER}
         21   > 1:1000    id 11 ts 121/500
         21.1 < ACK       seq 1 ack 1001 id 1 ts 521/121
        700   > 1:1000    id 12 ts 800/500
        700.1 < ACK       seq 1 ack 1001 id 2 sack 1-1001 ts 1200/121
        720   > 2001:1000 id 14 ts 820/1200
        720.1 < ACK       seq 1 ack 1001 id 3 sack 2001-3001 ts 1220/121
        740   > 1001:1000 id 15 ts 840/1220
        740.1 < ACK       seq 1 ack 3001 id 4 ts 1240/840`)
    expect(second).toContain('10 fast retransmit (9)')
  })

  test('hosts without selective acknowledgments do not probe', () => {
    const [only] = causes(`
         0    > 1:1000 id 11
        20    < ACK id 3 seq 1 ack 1001
        20.1  > 1001:1000 id 12
       260    > 1001:1000 id 13`)
    expect(only).toContain('timeout')
  })

  test('after a shut window', () => {
    expect(
      causes(`${AT_CLIENT}
         21   > 1:1000    id 11 ts 121/510
         41   < ACK       seq 1 ack 1 id 5 win 0 ts 531/100
        261   > 1:1000    id 12 ts 361/531
        281   < ACK       seq 1 ack 1001 id 6 ts 771/361`),
    ).toEqual(['6 zero window (5) needed: echoed (7)'])
  })

  test('a keep-alive', () => {
    const [only] = causes(`${AT_CLIENT}
           21 > 1:1000 id 11 ts 121/510
           41 < ACK    seq 1 ack 1001 id 5 ts 531/121
        75000 > 1000:1 id 12 ts 75100/531
        75020 < ACK    seq 1 ack 1001 id 6 sack 1000-1001 ts 75510/121`)
    expect(only).toBe('6 keep-alive (0) needless: reported twice (7)')
  })
})

describe('need', () => {
  const lost = `${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 1001-2001 ts 531/100
        41.2 > 1:1000    id 13 ts 141/531`

  test('the receiver reports the bytes twice', () => {
    expect(
      causes(`${lost}
        61.1 < ACK seq 1 ack 2001 id 6 ts 551/141
        66.2 < ACK seq 1 ack 2001 id 7 sack 1-1001 ts 551/141`),
    ).toEqual(['7 fast retransmit (6) needless: reported twice (9)'])
  })

  test('the report that they came twice is the first: their acknowledgment was lost', () => {
    expect(causes(`${lost}\n 61.2 < ACK seq 1 ack 2001 id 7 sack 1-1001 ts 551/141`)).toEqual([
      '7 fast retransmit (6) needless: reported twice (8)',
    ])
  })

  test('a copy of it, right behind, is no original, where the network copies what is sent once too', () => {
    const twice = `
        61.1 < ACK seq 1 ack 2001 id 6 ts 551/141
        61.2 < ACK seq 1 ack 2001 id 7 sack 1-1001 ts 551/141`
    const other = `
        70   > 2001:1000 id 14 ts 170/551
        90   < ACK seq 1 ack 3001 id 8 ts 580/170
        90.1 < ACK seq 1 ack 3001 id 9 sack 2001-3001 ts 580/170`
    expect(causes(`${lost}${twice}${other}`)).toEqual(['7 fast retransmit (6) needed: echoed (8)'])
    expect(causes(`${lost}${twice}`)).toEqual(['7 fast retransmit (6) needless: reported twice (9)'])
  })

  test('its report was sent so soon that it was for the original, however late it came', () => {
    expect(
      causes(`${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        21.2 > 2001:1000 id 13 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 2001-3001 ts 531/100
        41.2 > 1001:1000 id 14 ts 141/531
        75   < ACK       seq 1 ack 1 id 6 sack 1001-3001 ts 532/100`),
    ).toEqual(['8 fast retransmit (7) needless: acknowledged too soon (9)'])
  })

  test('at the receiver: what came and was dropped, as its acknowledgments show, had to be sent again', () => {
    const table = `
         0    > SYN      id 9  seq 0 ack 0 ts 100/0
         0.05 < SYN/ACK  id 0  seq 0 ack 1 ts 500/100
        20.05 > ACK      id 10 seq 1 ack 1 ts 120/500
        21    > 1:1000    id 12 ts 125/500
        21.01 < ACK       id 0 seq 1 ack 1001 ts 521/125
        21.5  > 1001:1000 id 11 ts 121/500
        21.51 < ACK       id 0 seq 1 ack 1001 ts 521/125
        41.7  > 1001:1000 id 13 ts 142/521
        41.71 < ACK       id 0 seq 1 ack 2001 ts 541/142`
    expect(causes(table)).toEqual(['8 fast retransmit (7) needed: dropped (6)'])
  })

  test('the acknowledgment comes sooner than one of the retransmission could', () => {
    expect(
      causes(
        `${lost}
        44   < ACK seq 1 ack 2001 id 6 ts 533/121`.replaceAll(/ ts \S+/g, ''),
      ),
    ).toEqual(['7 fast retransmit (6) needless: acknowledged too soon (8)'])
  })

  test('without timestamps, acknowledged a round trip later', () => {
    expect(
      causes(
        `${lost}
        61.2 < ACK seq 1 ack 2001 id 6 ts 551/141`.replaceAll(/ ts \S+/g, ''),
      ),
    ).toEqual(['7 fast retransmit (6) needed: acknowledged in turn (8)'])
  })

  test('the acknowledgment echoes the original', () => {
    expect(
      causes(`${lost}
        61.2 < ACK seq 1 ack 2001 id 6 ts 551/121`),
    ).toEqual(['7 fast retransmit (6) needless: echo of the original (8)'])
  })

  test('a report without the block around it, behind which one tells of more that has come', () => {
    const sent = [0, 1, 2, 3, 4, 5].map((n) => `21.${n} > ${1000 * n + 1}:1000 id ${11 + n}`).join('\n')
    expect(
      causes(`${AT_CLIENT.replaceAll(/ ts \S+/g, '')}${sent}
         41.1 < ACK       seq 1 ack 1 id 5 sack 2001-3001
         41.2 > 1001:1000 id 17
         41.3 < ACK       seq 1 ack 1 id 6 sack 1001-3001
         61.4 < ACK       seq 1 ack 1 id 7 sack 1001-2001,4001-5001`),
    ).toEqual(['11 fast retransmit (10) needless: reported twice (13)'])
  })

  const reporting = `${AT_CLIENT.replaceAll(/ ts \S+/g, '')}
        21   > 1:1000    id 11
        21.1 > 1001:1000 id 12
        41.1 < ACK       seq 1 ack 1 id 5 sack 1001-2001
        41.2 > 1:1000    id 13
        41.3 < ACK       seq 1 ack 2001 id 6
        61.3 < ACK       seq 1 ack 2001 id 7 sack 1-1001
        70   > 2001:1000 id 14
        70.1 > 3001:1000 id 15
        90.2 < ACK       seq 1 ack 2001 id 8 sack 3001-4001
       120   > 2001:1000 id 16`

  test('a receiver that reports what comes twice says nothing, though it was heard for long enough', () => {
    const [, second] = causes(`${reporting}
       140.1 < ACK       seq 1 ack 4001 id 9
       141   > 4001:1000 id 17
       161   < ACK       seq 1 ack 5001 id 10`)
    expect(second).toBe('13 fast retransmit (12) needed: acknowledged in turn (14)')
  })

  test('it was not heard for long enough: nobody knows', () => {
    const [, second] = causes(`${reporting}
       140.1 < ACK       seq 1 ack 4001 id 9`)
    expect(second).toBe('13 fast retransmit (12) who knows: not heard out (14)')
  })

  test('acknowledged too soon for it, too late for the one before: nobody knows', () => {
    const [, second] = causes(`${reporting}
       126   < ACK       seq 1 ack 4001 id 9
       141   > 4001:1000 id 17
       161   < ACK       seq 1 ack 5001 id 10`)
    expect(second).toBe('13 fast retransmit (12) who knows: too soon for it (14)')
  })

  test('never acknowledged: nobody knows', () => {
    expect(causes(lost)).toEqual(['7 fast retransmit (6) who knows: never acknowledged (0)'])
  })

  test('what had to be sent again was lost; what did not was not', () => {
    expect(observe(`${lost}\n 61.2 < ACK seq 1 ack 2001 id 6 ts 551/141`).lost).toEqual([4])
    expect(observe(`${lost}\n 44 < ACK seq 1 ack 2001 id 6 ts 533/121`).lost).toEqual([])
  })

  test('at the receiver a SYN that came and was not answered has been dropped', () => {
    const table = `
         0    > SYN      id 9  seq 0 ack 0 ts 100/0
      1000    > SYN      id 10 seq 0 ack 0 ts 1100/0
      1000.05 < SYN/ACK  id 0  seq 0 ack 1 ts 500/1100
      1020.05 > ACK      id 11 seq 1 ack 1 ts 1120/500`
    const { vantage, lost } = observe(table)
    expect(vantage).toMatchObject({ place: 'end', end: 1 })
    expect(causes(table)).toEqual(['2 SYN again (0) needed: not taken (1)'])
    expect(lost).toEqual([1])
  })

  test('at the receiver a SYN that was answered in vain has not', () => {
    const table = `
         0    > SYN      id 9  seq 0 ack 0 ts 100/0
         0.05 < SYN/ACK  id 0  seq 0 ack 1 ts 500/100
      1000    > SYN      id 10 seq 0 ack 0 ts 1100/0
      1000.05 < SYN/ACK  id 0  seq 0 ack 1 ts 1500/1100
      1020.05 > ACK      id 11 seq 1 ack 1 ts 1120/1500`
    expect(causes(table)[0]).toBe('3 SYN again (0) needless: had arrived (1)')
    expect(observe(table).lost, 'the SYN/ACK was').toEqual([2])
  })

  test('at the receiver nothing that was captured was lost', () => {
    const truth = observe(`${AT_SERVER}
        21   > 1:1000    id 11 ts 121/500
        21.1 > 2001:1000 id 13 ts 121/500
        41.2 > 1001:1000 id 14 ts 141/522
        60   > 1:1000    id 15 ts 160/522`)
    expect(truth.lost).toEqual([])
    expect(truth.directions[0]).toMatchObject({ retransmissions: 2, needless: 1 })
  })
})

test('ends that open at once answer each other with their SYN, acknowledging: nothing is sent again', () => {
  const crossing = `
     0   > SYN     seq 0 ack 0 ts 100/0
     0.1 < SYN     seq 0 ack 0 ts 500/0
     0.2 > SYN/ACK seq 0 ack 1 ts 100/500
     0.3 < SYN/ACK seq 0 ack 1 ts 500/100`
  expect(causes(crossing)).toEqual([])
  // this one is sent again
  expect(causes(`${crossing}\n 1000 > SYN/ACK seq 0 ack 1 ts 1100/500`)).toHaveLength(1)
})
