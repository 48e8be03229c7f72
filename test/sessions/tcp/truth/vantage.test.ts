/** Where a capture was taken, by each kind of evidence, and where the kinds disagree. */
import { describe, expect, test } from 'vitest'
import type { Vantage } from '../../../../src/sessions/tcp/truth/result.js'
import { observe } from './script.js'

function vantage(table: string): string {
  const { place, end } = observe(table).vantage
  return end === undefined ? place : `${place} ${end}`
}

function evidence({ evidence }: Vantage): string {
  return evidence.map(({ text, frames }) => `${text} ${frames.join(' ')}`).join('\n')
}

const cases: Record<string, readonly [table: string, place: string]> = {
  'the round trip lies between SYN and SYN/ACK: at the client': [
    `0      > SYN seq 0 ack 0
     20     < SYN/ACK seq 0 ack 1
     20.03  > ACK seq 1 ack 1`,
    'end 0',
  ],
  'the round trip lies between SYN/ACK and ACK: at the server': [
    `0      > SYN seq 0 ack 0
     0.03   < SYN/ACK seq 0 ack 1
     20     > ACK seq 1 ack 1`,
    'end 1',
  ],
  'both gaps are long: between': [
    `0      > SYN seq 0 ack 0
     12     < SYN/ACK seq 0 ack 1
     20     > ACK seq 1 ack 1`,
    'between',
  ],
  'a SYN/ACK sent again says nothing of how soon it was answered': [
    `0      > SYN seq 0 ack 0
     0.03   < SYN/ACK seq 0 ack 1
     1000   < SYN/ACK seq 0 ack 1
     1000.1 > ACK seq 1 ack 1`,
    'unknown',
  ],
  'a SYN that was sent again was answered no sooner than the last of them allows': [
    `0      > SYN seq 0 ack 0
     1000   > SYN seq 0 ack 0
     1020   < SYN/ACK seq 0 ack 1
     1020.1 > ACK seq 1 ack 1`,
    'end 0',
  ],
  'one end alone is heard to react, sooner than any wire lets it': [
    `0      > 1000:500 ack 1
     0.004  < ACK seq 1 ack 1500
     12     > 1500:500 ack 1
     12.005 < ACK seq 1 ack 2000`,
    'end 1',
  ],
  'no handshake: data and its acknowledgment, and timestamps that come back': [
    `0      > 1000:500 ack 1 ts 10/900
     0.02   < ACK seq 1 ack 1500 ts 930/10
     31     > 1500:500 ack 1 ts 41/930
     31.02  < ACK seq 1 ack 2000 ts 961/41`,
    'end 1',
  ],
  'it begins in the middle at the sender, which sends again what it had sent before: no gap that a network made': [
    `0      > 5000:500 ack 1 ts 10/900
     31     < ACK seq 1 ack 4000 sack 5000-5500 ts 930/10
     31.02  > 4000:500 ack 1 ts 41/930
     62     < ACK seq 1 ack 5500 ts 961/41
     62.02  > 5500:500 ack 1 ts 72/961`,
    'end 0',
  ],
  'a packet that passed all others does not make the far end near': [
    `0      > SYN seq 0 ack 0
     0.03   < SYN/ACK seq 0 ack 1
     20     > ACK seq 1 ack 1
     20.1   > 1:100
     20.11  < 1:100 ack 101
     20.13  > ACK seq 101 ack 101
     30     < 101:100 ack 101
     50     > 101:100 ack 201
     50.03  < 201:100 ack 201
     70     > 201:100 ack 301`,
    'end 1',
  ],
  'the capture says which packets left here': [
    `0      > SYN seq 0 ack 0 in
     12     < SYN/ACK seq 0 ack 1 out
     20     > ACK seq 1 ack 1 in`,
    'end 1',
  ],
  'packets of both directions come in and go out': [
    `0      > SYN seq 0 ack 0 out
     0.01   > SYN seq 0 ack 0 in
     0.02   < SYN/ACK seq 0 ack 1 out
     0.03   < SYN/ACK seq 0 ack 1 in`,
    'one host',
  ],
  'packets of both directions come in and go out a hop further': [
    `0      > SYN seq 0 ack 0 in ttl 64
     0.01   > SYN seq 0 ack 0 out ttl 63
     9.02   < SYN/ACK seq 0 ack 1 in ttl 60
     9.03   < SYN/ACK seq 0 ack 1 out ttl 59`,
    'between',
  ],
  'packets go out that have crossed routers: a router passes them on in the name of its own address': [
    `0      > SYN seq 0 ack 0 out ttl 63
     0.03   < SYN/ACK seq 0 ack 1 in ttl 64
     0.1    > ACK seq 1 ack 1 out ttl 63`,
    'between',
  ],
  'times to live outweigh answers that are all as quick as those of hosts': [
    `0      > SYN seq 0 ack 0 ttl 64
     0.07   < SYN/ACK seq 0 ack 1 ttl 63
     0.1    > ACK seq 1 ack 1 ttl 64
     0.15   > 1:100 ack 1 ttl 64
     0.157  < ACK seq 1 ack 101 ttl 63`,
    'end 0',
  ],
  'only the packets of the client have crossed no router': [
    `0      > SYN seq 0 ack 0 ttl 64
     5      < SYN/ACK seq 0 ack 1 ttl 52`,
    'end 0',
  ],
  'packets of both ends have crossed routers': [
    `0      > SYN seq 0 ack 0 ttl 60
     5      < SYN/ACK seq 0 ack 1 ttl 120`,
    'between',
  ],
  'checksums of the server are not filled in yet': [
    `0      > SYN seq 0 ack 0
     0.1    < SYN/ACK seq 0 ack 1 unfilled`,
    'end 1',
  ],
  'both ends answer a SYN as quickly as hosts do: what their applications take later is no way': [
    `0      > SYN seq 0 ack 0
     0.13   < SYN/ACK seq 0 ack 1
     0.32   > ACK seq 1 ack 1
     1      > 1:100
     120    < ACK seq 1 ack 101
     121    > 101:100
     240    < ACK seq 1 ack 201
     241    > 201:100
     370    < 1:100 ack 301
     372    > ACK seq 301 ack 101
     400    < 101:100 ack 301
     402    > ACK seq 301 ack 201
     420    < 201:100 ack 301
     422    > ACK seq 301 ack 301`,
    'unknown',
  ],
  'what takes no longer than hosts do is no round trip': [
    `0      > SYN seq 0 ack 0
     0.001  < SYN/ACK seq 0 ack 1
     0.013  > ACK seq 1 ack 1`,
    'unknown',
  ],
  'a way within one machine takes no longer than a host': [
    `0      > SYN seq 0 ack 0
     0.019  < SYN/ACK seq 0 ack 1
     0.031  > ACK seq 1 ack 1
     0.05   > 1:100
     0.07   < ACK ack 101`,
    'unknown',
  ],
  'a single packet': ['0 > SYN seq 0 ack 0', 'unknown'],
}

describe('the vantage', () => {
  for (const [name, [table, place]] of Object.entries(cases)) {
    test(name, () => {
      expect(vantage(table)).toBe(place)
    })
  }

  test('is said with its evidence', () => {
    const { vantage } = observe(`
      0      > SYN seq 0 ack 0 ttl 64
      0.03   < SYN/ACK seq 0 ack 1 ttl 57
      20.03  > ACK seq 1 ack 1 ttl 64
      40     < 1:100 ack 1 ttl 57`)
    // the reactions speak for the server, the times to live for the client: the reactions weigh more, and only they are quoted
    expect(vantage.end).toBe(1)
    expect(evidence(vantage)).toBe(
      'answers of one end take 30 µs here, those of the other 20 ms: that is the round trip, and the one end is here 1 2 2 3',
    )
  })

  test('cites the frames whose times it says: those of the handshake, if that decides', () => {
    const { vantage } = observe(`
      0      > SYN seq 0 ack 0
      20     < SYN/ACK seq 0 ack 1
      20.1   > ACK seq 1 ack 1
      21     > 1:100
      21.12  < ACK seq 1 ack 101`)
    expect(evidence(vantage)).toBe(
      'in the handshake, one end answers after 100 µs here, the other after 20 ms: that is the round trip, and the one end is here 2 3 1 2',
    )
  })

  test('cites no frames for what answers usually take: that no two of them show', () => {
    const { vantage } = observe(`
      0      > 1:100 ack 1
      0.1    < 1:100 ack 101
      0.25   > ACK seq 101 ack 101
      1      > 101:100 ack 101
      21     < 101:100 ack 201
      21.2   > ACK seq 201 ack 201
      22     > 201:100 ack 201
      42     < 201:100 ack 301
      42.2   > ACK seq 301 ack 301
      43     > 301:100 ack 301
      63     < 301:100 ack 401
      63.2   > ACK seq 401 ack 401
      64     > 401:100 ack 401
      84     < 401:100 ack 501
      84.2   > ACK seq 501 ack 501`)
    expect(evidence(vantage)).toBe(
      'most answers of one end take 200 µs or more here, most of the other 20 ms or more: that is the round trip, and the one end is here ',
    )
  })

  test('cites the frame with each time to live in the order in which it says them', () => {
    const { vantage } = observe(`
      0      > SYN seq 0 ack 0 ttl 52
      0.0300 < SYN/ACK seq 0 ack 1 ttl 64`)
    expect(evidence(vantage)).toBe(
      'a time to live of 64 is one that a host begins with, 52 one that routers have counted down 2 1',
    )
  })

  test('does not speak of packets of an end that has sent none', () => {
    expect(evidence(observe('0 > SYN seq 0 ack 0 in').vantage)).toBe(
      'the capture itself marks the packets of one end as received here 1',
    )
  })

  test('gaps that are filled later refute that their sender is here', () => {
    const lossless = `
      0      > SYN seq 0 ack 0
      20     < SYN/ACK seq 0 ack 1
      20.03  > ACK seq 1 ack 1
      21     > 1:100
      21.01  > 201:100
      21.02  > 101:100`
    expect(vantage(lossless)).not.toBe('end 0')
  })
})
