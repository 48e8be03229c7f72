/** What made a sender send again. */
import { describe, expect, test } from 'vitest'
import { AT_CLIENT, AT_SERVER, observe, retransmissions } from './script.js'

describe('causes', () => {
  test('fast retransmit on selective acknowledgments', () => {
    expect(
      retransmissions(`${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 1001-2001 ts 531/100
        41.2 > 1:1000    id 13 ts 141/531
        61.2 < ACK       seq 1 ack 2001 id 6 ts 551/141`),
    ).toEqual(['7 fast retransmit (6) needed: echoed (8)'])
  })

  test('fast retransmit on duplicate acknowledgments', () => {
    expect(
      retransmissions(`${AT_CLIENT}
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
      retransmissions(`${AT_CLIENT}
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
      retransmissions(`${AT_CLIENT}
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
      retransmissions(`${AT_SERVER}
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
    const [, second] = retransmissions(`${AT_SERVER}
         21   > 1:1000    id 11 ts 121/500
         21.1 < ACK       seq 1 ack 1001 id 1 ts 521/121
        400   > 1:1000    id 12 ts 500/500
        400.1 < ACK       seq 1 ack 1001 id 2 sack 1-1001 ts 900/121
        420   > 2001:1000 id 14 ts 520/900
        420.1 < ACK       seq 1 ack 1001 id 3 sack 2001-3001 ts 920/121
        440   > 1001:1000 id 15 ts 540/920
        440.1 < ACK       seq 1 ack 3001 id 4 ts 940/540`)
    expect(second).toContain('10 fast retransmit (9)')
  })

  test('at the receiver: the first of a burst was lost, after a pause in which nothing was outstanding: no timer ran', () => {
    const [only] = retransmissions(`${AT_SERVER}
         21   > 1:1000    id 11 ts 121/500
         21.1 < ACK       seq 1 ack 1001 id 1 ts 521/121
        500   > 2001:1000 id 13 ts 600/521
        500.1 < ACK       seq 1 ack 1001 id 2 sack 2001-3001 ts 1000/121
        520.2 > 1001:1000 id 14 ts 620/1000`)
    expect(only).toContain('8 fast retransmit (7)')
  })

  test('at the receiver: the clock of its sender tells how long it had waited', () => {
    const comesAgain = (first: number, timestamp: number) => `${AT_SERVER}
         21   > 1:1000    id 11 ts 121/500
        340   > 1001:1000 id 12 ts 130/500
        340.1 > 2001:1000 id 13 ts 130/500
        340.2 < ACK       seq 1 ack 3001 id 1 ts 840/130
        355   > ${first}:1000 id 14 ts ${timestamp}/500
       9000   > ACK seq 3001 id 15 ts 9100/840`
    // the last again two round trips after it was sent; and one before, when a timer had run out, with nothing heard meanwhile
    expect(retransmissions(comesAgain(2001, 180))).toEqual(['8 tail loss probe (0) needless: had arrived (6)'])
    expect(retransmissions(comesAgain(1001, 430))).toEqual(['8 timeout (0) needless: had arrived (5)'])
    const { evidence } = observe(comesAgain(1001, 430)).segments[0] ?? {}
    expect(evidence?.[1]?.text).toMatch(/heard nothing for 300/)
  })

  test('at the receiver: what comes later than the first timer runs out is no probe', () => {
    const [only] = retransmissions(`${AT_SERVER.replaceAll(/ ts \S+/g, '')}
         21   > 1:1000 id 11
         21.1 < ACK    seq 1 ack 1001 id 1
       1700   > 1:1000 id 15`)
    expect(only).toContain('6 timeout (0)')
  })

  test('hosts without selective acknowledgments do not probe', () => {
    const [only] = retransmissions(`
         0    > 1:1000 id 11
        20    < ACK id 3 seq 1 ack 1001
        20.1  > 1001:1000 id 12
       260    > 1001:1000 id 13`)
    expect(only).toContain('timeout')
  })

  test('after a shut window', () => {
    expect(
      retransmissions(`${AT_CLIENT}
         21   > 1:1000    id 11 ts 121/510
         41   < ACK       seq 1 ack 1 id 5 win 0 ts 531/100
        261   > 1:1000    id 12 ts 361/531
        281   < ACK       seq 1 ack 1001 id 6 ts 771/361`),
    ).toEqual(['6 zero window (5) needed: echoed (7)'])
  })

  test('a keep-alive', () => {
    const [only] = retransmissions(`${AT_CLIENT}
           21 > 1:1000 id 11 ts 121/510
           41 < ACK    seq 1 ack 1001 id 5 ts 531/121
        75000 > 1000:1 id 12 ts 75100/531
        75020 < ACK    seq 1 ack 1001 id 6 sack 1000-1001 ts 75510/121`)
    expect(only).toBe('6 keep-alive (0) needless: reported twice (7)')
  })
})
