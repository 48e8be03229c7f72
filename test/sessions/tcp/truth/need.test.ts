/** Whether what was sent again had to be. */
import { describe, expect, test } from 'vitest'
import { AT_CLIENT, AT_SERVER, observe, retransmissions } from './script.js'

describe('need', () => {
  const lost = `${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 1001-2001 ts 531/100
        41.2 > 1:1000    id 13 ts 141/531`

  test('the receiver reports the bytes twice', () => {
    expect(
      retransmissions(`${lost}
        61.1 < ACK seq 1 ack 2001 id 6 ts 551/141
        66.2 < ACK seq 1 ack 2001 id 7 sack 1-1001 ts 551/141`),
    ).toEqual(['7 fast retransmit (6) needless: reported twice (9)'])
  })

  test('the report that they came twice is the first: their acknowledgment was lost', () => {
    expect(retransmissions(`${lost}\n 61.2 < ACK seq 1 ack 2001 id 7 sack 1-1001 ts 551/141`)).toEqual([
      '7 fast retransmit (6) needless: reported twice (8)',
    ])
  })

  test('of a long segment, that the network card cuts up, only a part came twice', () => {
    const long = `${AT_CLIENT}
        21   > 1:2896    id 11 ts 121/510
        21.1 > 2897:1448 id 13 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 2897-4345 ts 531/100
        41.2 > 1:2896    id 14 ts 141/531
        61.1 < ACK       seq 1 ack 1449 id 6 sack 2897-4345 ts 551/141
        61.2 < ACK       seq 1 ack 4345 id 7 sack 1449-2897 ts 551/141`
    expect(retransmissions(long)).toEqual(['7 fast retransmit (6) needed: echoed (9)'])
    expect(
      retransmissions(`${long}
 61.3 < ACK seq 1 ack 4345 id 8 sack 1-1449 ts 551/141`),
    ).toEqual(['7 fast retransmit (6) needless: reported twice (10)'])
  })

  test('a copy of it, right behind, is no original, where the network copies what is sent once too', () => {
    const twice = `
        61.1 < ACK seq 1 ack 2001 id 6 ts 551/141
        61.2 < ACK seq 1 ack 2001 id 7 sack 1-1001 ts 551/141`
    const other = `
        70   > 2001:1000 id 14 ts 170/551
        90   < ACK seq 1 ack 3001 id 8 ts 580/170
        90.1 < ACK seq 1 ack 3001 id 9 sack 2001-3001 ts 580/170`
    expect(retransmissions(`${lost}${twice}${other}`)).toEqual(['7 fast retransmit (6) needed: echoed (8)'])
    expect(retransmissions(`${lost}${twice}`)).toEqual(['7 fast retransmit (6) needless: reported twice (9)'])
    // data may have been on its way with that acknowledgment already
    const withData = twice.replace('ACK seq 1 ', '1:500 ').replace('ACK seq 1 ', 'ACK seq 501 ')
    expect(retransmissions(`${lost}${withData}${other.replaceAll('seq 1 ', 'seq 501 ')}`)).toEqual([
      '7 fast retransmit (6) needless: reported twice (9)',
    ])
  })

  test('where answers take no longer than copies: as many as come twice are no copies', () => {
    const at = (time: number) => time / 20
    const near = (table: string) =>
      table.replaceAll(/^( *)(\d+\.?\d*)/gm, (_, space, time) => `${space}${at(Number(time))}`)
    const again = (first: number, time: number) => `
        ${time}      > ${first}:1000 seq 1
        ${time + 0.1}  > ${first + 1000}:1000
        ${time + 20.1} < ACK seq 1 ack ${first} sack ${first + 1000}-${first + 2000}
        ${time + 20.2} > ${first}:1000
        ${time + 40.3} < ACK seq 1 ack ${first + 2000}
        ${time + 40.4} < ACK seq 1 ack ${first + 2000} sack ${first}-${first + 1000}`
    const other = (first: number, time: number) => `
        ${time}      > ${first}:1000
        ${time + 20}   < ACK seq 1 ack ${first + 1000}
        ${time + 20.1} < ACK seq 1 ack ${first + 1000} sack ${first}-${first + 1000}`
    const bare = AT_CLIENT.replaceAll(/(id|ts) \S+/g, '')
    const found = retransmissions(
      near(`${bare}${other(1, 21)}${again(1001, 50)}${again(3001, 100)}${again(5001, 150)}`),
    )
    expect(found.map((line) => line.split(') ')[1])).toEqual(
      Array(3)
        .fill('needless: reported twice (8)')
        .map(() => expect.stringContaining('needless: reported twice')),
    )
  })

  test('it brought them, and a copy of it came with it, as one acknowledgment says: others had said that the original had not', () => {
    const told = `${lost}
        42   > 2001:1000 id 14 ts 142/531
        60   < ACK seq 1 ack 1 id 6 sack 1001-3001 ts 550/100
        62.3 < ACK seq 1 ack 3001 id 8 sack 1-1001 ts 552/141`
    const other = `
        70   > 3001:1000 id 15 ts 170/552
        90   < ACK seq 1 ack 4001 id 9 ts 580/170
        90.1 < ACK seq 1 ack 4001 id 10 sack 3001-4001 ts 580/170`
    expect(retransmissions(`${told}${other}`)).toEqual(['7 fast retransmit (6) needed: echoed (10)'])
    expect(retransmissions(told)).toEqual(['7 fast retransmit (6) needless: reported twice (10)'])
  })

  test('the original would have been dropped: an acknowledgment without it echoed a newer timestamp', () => {
    const overtaken = (echo: number) =>
      retransmissions(`${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        31   > 2001:1000 id 13 ts 131/510
        51   < ACK       seq 1 ack 1 id 5 sack 2001-3001 ts 541/100
        51.1 > 1:1000    id 14 ts 151/541
        51.2 > 1001:1000 id 15 ts 151/541
        71.1 < ACK       seq 1 ack 1001 id 6 sack 2001-3001 ts 561/${echo}
        71.2 < ACK       seq 1 ack 3001 id 7 ts 561/${echo}`)
    expect(overtaken(151)).toContain('9 fast retransmit (7) needed: echoed (11)')
    const [, late] = retransmissions(`${AT_CLIENT}
        21   > 1:1000    id 11 ts 121/510
        21.1 > 1001:1000 id 12 ts 121/510
        21.2 > 2001:1000 id 13 ts 121/510
        41.1 < ACK       seq 1 ack 1 id 5 sack 2001-3001 ts 531/100
        41.2 > 1:1000    id 14 ts 141/531
        41.3 > 1001:1000 id 15 ts 141/531
        61.3 < ACK       seq 1 ack 1001 id 6 sack 2001-3001 ts 551/141
        61.4 < ACK       seq 1 ack 1001 id 7 sack 1001-3001 ts 551/141
        61.5 < ACK       seq 1 ack 3001 id 8 ts 551/141`)
    expect(late).toBe('9 fast retransmit (7) needed: too old before it (10)')
  })

  test('its report was sent so soon that it was for the original, however late it came', () => {
    expect(
      retransmissions(`${AT_CLIENT}
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
    expect(retransmissions(table)).toEqual(['8 fast retransmit (7) needed: dropped (6)'])
  })

  test('at the receiver: what came behind a gap and was dropped is not among what it acknowledges selectively', () => {
    const table = `${AT_SERVER}
        21    > 1:1000    id 11 ts 125/500
        21.01 < ACK       seq 1 ack 1001 ts 521/125
        21.5  > 2001:1000 id 10 ts 121/500
        21.51 < ACK       seq 1 ack 1001 ts 521/125
        21.6  > 3001:1000 id 13 ts 126/500
        21.61 < ACK       seq 1 ack 1001 sack 3001-4001 ts 521/125
        41.7  > 2001:1000 id 14 ts 142/521
        41.71 < ACK       seq 1 ack 1001 sack 2001-4001 ts 541/125
        61.9  > 2001:1000 id 15 ts 162/541
        61.91 < ACK       seq 1 ack 1001 sack 2001-3001,2001-4001 ts 561/125`
    expect(retransmissions(table)).toEqual([
      '10 fast retransmit (9) needed: dropped (6)',
      '12 fast retransmit (9) needless: had arrived (6)',
    ])
  })

  test('the acknowledgment comes sooner than one of the retransmission could', () => {
    expect(
      retransmissions(
        `${lost}
        44   < ACK seq 1 ack 2001 id 6 ts 533/121`.replaceAll(/ ts \S+/g, ''),
      ),
    ).toEqual(['7 fast retransmit (6) needless: acknowledged too soon (8)'])
  })

  test('without timestamps, acknowledged a round trip later', () => {
    expect(
      retransmissions(
        `${lost}
        61.2 < ACK seq 1 ack 2001 id 6 ts 551/141`.replaceAll(/ ts \S+/g, ''),
      ),
    ).toEqual(['7 fast retransmit (6) needed: acknowledged in turn (8)'])
  })

  test('the acknowledgment echoes the original', () => {
    expect(
      retransmissions(`${lost}
        61.2 < ACK seq 1 ack 2001 id 6 ts 551/121`),
    ).toEqual(['7 fast retransmit (6) needless: echo of the original (8)'])
  })

  test('without selective acknowledgments: one that leaps over it, and beyond, tells that it had arrived', () => {
    const sent = (last: number) => `
         0   > 1:1000    id 11
        20   < ACK       seq 1 ack 1001 id 5
        20.1 > 1001:1000 id 12
        20.2 > 2001:1000 id 13
        20.3 > 3001:1000 id 14
       300   > 1001:1000 id 15
       300.1 > 2001:1000 id 16
       320   < ACK       seq 1 ack ${last} id 6`
    // the first to come filled the gap before what had come; or both came, and were acknowledged at once
    expect(retransmissions(sent(4001))[1]).toBe('7 timeout (0) needless: leapt over (8)')
    expect(retransmissions(sent(3001))[1]).toBe('7 timeout (0) needed: acknowledged in turn (8)')
  })

  test('a report without the block around it, behind which one tells of more that has come', () => {
    const sent = [0, 1, 2, 3, 4, 5].map((n) => `21.${n} > ${1000 * n + 1}:1000 id ${11 + n}`).join('\n')
    expect(
      retransmissions(`${AT_CLIENT.replaceAll(/ ts \S+/g, '')}${sent}
         41.1 < ACK       seq 1 ack 1 id 5 sack 2001-3001
         41.2 > 1001:1000 id 17
         41.3 < ACK       seq 1 ack 1 id 6 sack 1001-3001
         61.4 < ACK       seq 1 ack 1 id 7 sack 1001-2001,4001-5001`),
    ).toEqual(['11 fast retransmit (10) needless: reported twice (13)'])
  })

  test('an acknowledgment that others have overtaken repeats what they said: it reports nothing twice', () => {
    expect(
      retransmissions(`${AT_CLIENT.replaceAll(/ ts \S+/g, '')}
        21   > 1:1000    id 11
        21.1 > 1001:1000 id 12
        21.2 > 2001:1000 id 13
        21.3 > 3001:1000 id 14
        21.4 > 4001:1000 id 15
        41.1 < ACK       seq 1 ack 1001 id 6 sack 2001-3001
        41.2 < ACK       seq 1 ack 1 id 5
        41.4 > 1001:1000 id 16
        41.5 > 4001:1000 id 17
        61.6 < ACK       seq 1 ack 1001 id 8 sack 2001-5001
        61.7 < ACK       seq 1 ack 1001 id 7 sack 4001-5001,2001-3001
        61.8 < ACK       seq 1 ack 5001 id 9`),
    ).toEqual([
      '11 fast retransmit (9) needed: acknowledged in turn (15)',
      '12 fast retransmit (9) needed: acknowledged in turn (13)',
    ])
  })

  describe('behind a gap a report that it came twice may be missing, where nearly all that is sent again does: when is it acknowledged?', () => {
    const needless = Array.from({ length: 9 }, (_, n) => {
      const [at, first] = [100 * n, 1000 * n + 1]
      return `
        ${at + 21}   > ${first}:1000 id ${11 + 2 * n}
        ${at + (n === 0 ? 31.1 : 41.1)} < ACK seq 1 ack ${first + 1000} id ${5 + 2 * n}
        ${at + 41.2} > ${first}:1000 id ${12 + 2 * n}
        ${at + 61.3} < ACK seq 1 ack ${first + 1000} id ${6 + 2 * n} sack ${first}-${first + 1000}`
    })
    /** Sent again at one time, and acknowledged at another; then the segment before it, too. */
    const acknowledged = (again: number, at: number) =>
      retransmissions(`${AT_CLIENT.replaceAll(/ ts \S+/g, '')}${needless.join('')}
        921   > 9001:1000 id 29
        921.1 > 10001:1000 id 30
        921.2 > 11001:1000 id 31
        941.3 < ACK seq 1 ack 9001 id 25 sack 11001-12001
        ${again} > 10001:1000 id 32
        ${at} < ACK seq 1 ack 9001 id 26 sack 10001-12001
       1106   > 9001:1000 id 33
       1126.1 < ACK seq 1 ack 12001 id 27
       1127   > 12001:1000 id 34
       1147.1 < ACK seq 1 ack 13001 id 28`).slice(-2)

    test('when answers to it are due, and long after those to the original', () => {
      expect(acknowledged(985, 1005.1)[0]).toMatch(/^44 .* needed: acknowledged in turn/)
    })

    test('soon after it, when answers to the original are due', () => {
      expect(acknowledged(945, 957)[0]).toMatch(/^44 .* needless: due before/)
    })

    test('late for both', () => {
      expect(acknowledged(985, 1020)[0]).toMatch(/^44 .* needless: mostly twice/)
    })

    test('of what is acknowledged in order it would be reported', () => {
      expect(acknowledged(985, 1005.1)[1]).toMatch(/^46 .* needed: acknowledged in turn/)
    })
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
    const [, second] = retransmissions(`${reporting}
       140.1 < ACK       seq 1 ack 4001 id 9
       141   > 4001:1000 id 17
       161   < ACK       seq 1 ack 5001 id 10`)
    expect(second).toBe('13 fast retransmit (12) needed: acknowledged in turn (14)')
  })

  test('it was not heard for long enough, and acknowledges late: nobody knows', () => {
    const [, second] = retransmissions(`${reporting}
       150   < ACK       seq 1 ack 4001 id 9`)
    expect(second).toBe('13 fast retransmit (12) who knows: not heard out (14)')
  })

  test('acknowledged sooner than anything else, too late for the one before, and not reported twice', () => {
    const [, second] = retransmissions(`${reporting}
       133   < ACK       seq 1 ack 4001 id 9
       141   > 4001:1000 id 17
       161   < ACK       seq 1 ack 5001 id 10`)
    expect(second).toBe('13 fast retransmit (12) needed: passed others (14)')
  })

  test('never acknowledged: nobody knows', () => {
    expect(retransmissions(lost)).toEqual(['7 fast retransmit (6) who knows: never acknowledged (0)'])
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
    expect(retransmissions(table)).toEqual(['2 SYN again (0) needed: not taken (1)'])
    expect(lost).toEqual([1])
  })

  test('a reset has no timestamps, so that it echoes neither of two SYNs', () => {
    const refused = (ts: number) =>
      retransmissions(`
         0    > SYN     id 9  seq 0 ack 0 ts ${ts}/0
      1000    > SYN     id 10 seq 0 ack 0 ts ${ts + 1000}/0
      1003    < RST     id 0  seq 0 ack 1`)
    // by the times alone
    expect(refused(100)).toEqual(['2 SYN again (0) needed: acknowledged in turn (3)'])
    expect(refused(3_000_000_000)).toEqual(refused(100))
  })

  test('at the receiver a SYN that was answered in vain has not', () => {
    const table = `
         0    > SYN      id 9  seq 0 ack 0 ts 100/0
         0.05 < SYN/ACK  id 0  seq 0 ack 1 ts 500/100
      1000    > SYN      id 10 seq 0 ack 0 ts 1100/0
      1000.05 < SYN/ACK  id 0  seq 0 ack 1 ts 1500/1100
      1020.05 > ACK      id 11 seq 1 ack 1 ts 1120/1500`
    expect(retransmissions(table)[0]).toBe('3 SYN again (0) needless: had arrived (1)')
    expect(observe(table).lost, 'the SYN/ACK was').toEqual([2])
  })

  test('what had been acknowledged when it passed had arrived, wherever that is seen', () => {
    const between = `
         0 > SYN      id 9  seq 0 ack 0
        10 < SYN/ACK  id 0  seq 0 ack 1
        20 > ACK      id 10 seq 1 ack 1
        30 > 1:1000   id 11
        40 < ACK      id 5  seq 1 ack 1001
        41 > 1:1000   id 12`
    expect(retransmissions(between)[0]).toMatch(/needless: had arrived \(4\)$/)
    expect(retransmissions(`${between}\n 51 < ACK id 6 seq 1 ack 1001`)[0]).toMatch(/needless: had arrived \(4\)$/)
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
  expect(retransmissions(crossing)).toEqual([])
  // this one is sent again
  expect(retransmissions(`${crossing}\n 1000 > SYN/ACK seq 0 ack 1 ts 1100/500`)).toHaveLength(1)
})
