/** What made a sender send again. */
import { describe, expect, test } from 'vitest'
import { AT_CLIENT, AT_SERVER, found, observe, retransmissions } from './script.js'

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

  test('of two lost segments, each names the selective acknowledgments that told of bytes behind it', () => {
    const { segments } = observe(`${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        21.2 > 2001:1000 id 13 ts 121/510
        21.3 > 3001:1000 id 14 ts 121/510
        21.4 > 4001:1000 id 15 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 1001-2001 ts 531/100
        41.3 < ACK       seq 1 ack 1 id 6 sack 3001-4001,1001-2001 ts 531/100
        41.4 < ACK       seq 1 ack 1 id 7 sack 3001-5001,1001-2001 ts 531/100
        41.5 > 1:1000    id 16 ts 141/531
        41.6 > 2001:1000 id 17 ts 141/531
        61.5 < ACK       seq 1 ack 2001 id 8 sack 3001-5001 ts 551/141
        61.6 < ACK       seq 1 ack 5001 id 9 ts 551/141`)
    const causes = segments.map(({ evidence }) => evidence[1])
    expect(causes).toMatchObject([
      {
        text: expect.stringContaining('SACKs told its sender that 3,000 B behind these bytes had come'),
        frames: [9, 10, 11],
      },
      {
        text: expect.stringContaining('SACKs told its sender that 2,000 B behind these bytes had come'),
        frames: [10, 11],
      },
    ])
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

  test('fast retransmit after a wait for what may have been overtaken: on a long way no timer has run out by then', () => {
    expect(
      retransmissions(`
           0     > SYN      id 9  seq 0 ack 0 ts 100/0
         600     < SYN/ACK  id 0  seq 0 ack 1 ts 510/100
         600.05  > ACK      id 10 seq 1 ack 1 ts 700/510
         610     > 1:1000    id 11 ts 710/510
         610.1   > 1001:1000 id 12 ts 710/510
        1210.1   < ACK       seq 1 ack 1 id 5 sack 1001-2001 ts 1120/700
        1370     > 1:1000    id 13 ts 1470/1120
        1970     < ACK       seq 1 ack 2001 id 6 ts 1880/1470`),
    ).toEqual(['7 fast retransmit (6) needed: echoed (8)'])
  })

  test('before an end has sent anything no acknowledgment is a duplicate, whatever its numbers', () => {
    const table = `
      0.02  < SYN/ACK seq 0 ack 1
      0.024 > ACK     seq 1 ack 1
      1.001 < 1:1     seq 1 ack 1 id 60001
      2.001 < ACK     seq 2 ack 1 id 60002
      3.001 > 1:1     seq 1 ack 1
      5.997 > ACK     seq 2 ack 1
      6.001 > 1:1     seq 1 ack 1`
    for (const client of [0, -2]) {
      expect(found(observe(table, { client }))).toEqual([
        '7 retransmission: captured at the sender (5) tail loss probe',
      ])
    }
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

  test('a tail loss probe, though a loss was told of after its bytes had been sent: that was of others, and is mended', () => {
    const found = retransmissions(`${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 1001-2001 ts 531/100
        41.2 > 1:1000    id 13 ts 141/531
        41.3 > 2001:1000 id 14 ts 141/531
        41.4 > 3001:1000 id 15 ts 141/531
        42   < ACK       seq 1 ack 1 id 6 sack 1001-2001 ts 532/100
        61.2 < ACK       seq 1 ack 2001 id 7 ts 551/141
       103   > 3001:1000 id 16 ts 203/551
       123   < ACK       seq 1 ack 2001 id 8 sack 3001-4001 ts 613/141`)
    expect(found[1]).toContain('12 tail loss probe (0)')
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

  const causes = (table: string) => retransmissions(table).map((one) => one.split(/ \(| need/)[0])

  test('the first word that it is missing has just come, though it was sent long before: the probe was new data', () => {
    expect(
      causes(`${AT_CLIENT}
         21    > 1:700    id 11 ts 121/510
        261    > 701:1400 id 12 ts 361/510
        281    < ACK      seq 1 ack 1 id 5 sack 701-2101 ts 771/100
        281.05 > 1:700    id 13 ts 381/771
        301    < ACK      seq 1 ack 2101 id 6 ts 791/381`),
    ).toEqual(['7 fast retransmit'])
  })

  test('a probe comes two round trips after what was sent or acknowledged last: other packets do not put it off', () => {
    expect(
      causes(`${AT_CLIENT}
         21    > 1:700    id 11 ts 121/510
         41    < ACK      seq 1 ack 701 id 5 ts 531/121
         61    > 701:700  id 12 ts 161/531
        280    < 1:100    ack 701 id 6 ts 770/121
        281    > 701:700  id 13 ts 381/770
        301    < ACK      seq 101 ack 1401 id 7 ts 791/381`),
    ).toEqual(['8 tail loss probe'])
  })

  test('a probe before a typical round trip is over, where acknowledgments were mostly delayed: nobody had asked for it', () => {
    expect(
      causes(`${AT_CLIENT}
         21    > 1:700    id 11 ts 121/510
         81    < ACK      seq 1 ack 701 id 5 ts 571/121
        101    > 701:700  id 12 ts 201/571
        161    < ACK      seq 1 ack 1401 id 6 ts 651/201
        181    > 1401:700 id 13 ts 281/651
        241    < ACK      seq 1 ack 2101 id 7 ts 731/281
        261    > 2101:700 id 14 ts 361/731
        279    > 2101:700 id 15 ts 379/731
        321    < ACK      seq 1 ack 2801 id 8 sack 2101-2801 ts 811/361`),
    ).toEqual(['11 tail loss probe'])
  })

  const probed = `${AT_CLIENT}
         21    > 1:700    id 11 ts 121/510
        261    > 1:700    id 12 ts 361/510
        281    < ACK      seq 1 ack 701 id 5 ts 771/361`
  test('no second probe while it is open what became of the first', () => {
    const next = `
        282    > 701:700  id 13 ts 382/771
        522    > 701:700  id 14 ts 622/771
        542    < ACK      seq 1 ack 1401 id 6 ts 1032/622`
    expect(causes(`${probed}${next}`)).toEqual(['5 tail loss probe', '8 timeout'])
    const needless = '\n 281.1 < ACK seq 1 ack 701 id 8 sack 1-701 ts 771/361'
    expect(causes(`${probed}${needless}${next}`)).toEqual(['5 tail loss probe', '9 tail loss probe'])
  })

  test('after a timeout, when what was sent again is reported lost, its sender goes by what it is told', () => {
    expect(
      causes(`${AT_CLIENT}
         21    > 1:1000    id 11 ts 121/510
         21.1  > 1001:1000 id 12 ts 121/510
         21.2  > 2001:1000 id 13 ts 121/510
         21.3  > 3001:1000 id 14 ts 121/510
        261    > 1:1000    id 15 ts 361/510
        281    < ACK       seq 1 ack 1001 id 5 ts 771/361
        281.1  > 1001:1000 id 16 ts 381/771
        281.2  > 2001:1000 id 17 ts 381/771
        301.2  < ACK       seq 1 ack 1001 id 6 sack 2001-3001 ts 791/361
        301.25 > 1001:1000 id 18 ts 401/791
        321.25 < ACK       seq 1 ack 3001 id 7 ts 811/401
        321.3  > 3001:1000 id 19 ts 421/811
        341.3  < ACK       seq 1 ack 4001 id 8 ts 831/421`),
    ).toEqual(['8 timeout', '10 timeout', '11 timeout', '13 fast retransmit', '15 fast retransmit'])
  })

  test('a timeout of what is sent again begins anew: all that had been sent by then is gone through', () => {
    expect(
      causes(`${AT_CLIENT}
         21    > 1:1000    id 11 ts 121/510
         21.1  > 1001:1000 id 12 ts 121/510
        261    > 1:1000    id 13 ts 361/510
        281    < ACK       seq 1 ack 1001 id 5 ts 771/361
        281.1  > 1001:1000 id 14 ts 381/771
        281.2  > 2001:1000 id 15 ts 381/771
        521    > 1001:1000 id 16 ts 621/771
        541    < ACK       seq 1 ack 2001 id 6 ts 1031/621
        541.1  > 2001:1000 id 17 ts 641/1031
        561    < ACK       seq 1 ack 3001 id 7 ts 1051/641`),
    ).toEqual(['6 timeout', '8 timeout', '10 timeout', '12 timeout'])
  })

  test('at the sender, whose application is slow, its host is not', () => {
    expect(
      causes(`${AT_CLIENT}
         21    > 1:1000    id 11 ts 121/510
         41    < ACK       seq 1 ack 1001 id 5 ts 531/121
        721    > 1001:1000 id 12 ts 821/531
        741    < ACK       seq 1 ack 2001 id 6 ts 1231/821
       1421    > 2001:1000 id 13 ts 1521/1231
       1441    < ACK       seq 1 ack 3001 id 7 ts 1931/1521
       2121    > 3001:1000 id 14 ts 2221/1931
       2141    < ACK       seq 1 ack 4001 id 8 ts 2631/2221
       2821    > 4001:1000 id 15 ts 2921/2631
       2821.1  > 5001:1000 id 16 ts 2921/2631
       2871    > 5001:1000 id 17 ts 2971/2631
       2891    < ACK       seq 1 ack 6001 id 9 ts 3381/2921`),
    ).toEqual(['14 tail loss probe'])
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

  test('a SYN comes again since it was not answered, though an answer has passed here', () => {
    const { segments } = observe(`
         0    > SYN     seq 0 ack 0
         1    < SYN/ACK seq 0 ack 1
      1000    > SYN     seq 0 ack 0
      1001    < SYN/ACK seq 0 ack 1
      1005    > ACK     seq 1 ack 1`)
    expect(segments.map(({ frame, evidence }) => `${frame} ${evidence[1]?.text}`)).toEqual([
      '3 no answer had come for 1.00 s',
      '4 no answer had come for 1.00 s',
    ])
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
