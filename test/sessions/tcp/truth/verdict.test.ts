/** Small sessions, and what each of their segments must be found to be, on what ground. */
import { describe, expect, test } from 'vitest'
import { ChecksumStatus } from '../../../../src/decode/checksums.js'
import { AT_CLIENT, AT_SERVER, expected, found, lines, observe } from './script.js'

/** The handshake of hosts that stamp and number nothing, at the server. */
const BARE_AT_SERVER = `
   0    > SYN      id 0 seq 0 ack 0
   0.05 < SYN/ACK  id 0 seq 0 ack 1
  20.05 > ACK      id 0 seq 1 ack 1
`

const ACKNOWLEDGMENTS = Array.from(
  { length: 10 },
  (_, n) => `
  20.1  > ACK id ${11 + n} seq 1 ack 1 ts 120/500`,
).join('')

/** A sender that has numbered some packets, one by one: a number that was never seen is of a packet that was lost. */
const COUNTED = `${AT_SERVER}${ACKNOWLEDGMENTS}
`

/** The same, of a receiver that has room for no more than a segment: its sender halves it, and a network card puts the halves together. */
const NARROW = `
   0    > SYN      id 9  seq 0 ack 0 ts 100/0 mss 1460
   0.05 < SYN/ACK  id 0  seq 0 ack 1 ts 500/100 mss 1460 win 1448
  20.05 > ACK      id 10 seq 1 ack 1 ts 120/500
${ACKNOWLEDGMENTS}
`

/** So many times a segment overtakes the one before it. */
function overtaken(times: number): string {
  return Array.from({ length: times }, (_, n) => {
    const [at, first] = [21 + 30 * n, 2000 * n + 1]
    return `
    ${at}        > ${first + 1000}:1000 id 0
    ${at + 0.01} < ACK id 0 seq 1 ack ${first} sack ${first + 1000}-${first + 2000}
    ${at + 2}    > ${first}:1000 id 0 = out-of-order: too soon for an answer (${4 * n + 5})
    ${at + 2.01} < ACK id 0 seq 1 ack ${first + 2000}`
  }).join('')
}

const sessions: Record<string, string> = {
  'a gap filled by a segment with a higher identification than what showed it: sent again': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 1001:1000 id 14 ts 141/522 = retransmission: later identification (6) fast retransmit, needed
    41.41 < ACK       id 0 seq 1 ack 3001 ts 542/141`,

  'a gap filled by a segment with a lower identification: overtaken': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    21.9  > 1001:1000 id 12 ts 121/500 = out-of-order: earlier identification (5)`,

  'the identification wraps around': `${AT_SERVER.replace('id 10', 'id 65534')}
    21    > 1:1000    id 65535 ts 121/500
    21.2  > 2001:1000 id 1 ts 121/500
    21.3  > 3001:1000 id 2 ts 121/500
    21.9  > 1001:1000 id 3 ts 121/500 = retransmission: later identification (5) fast retransmit, needed`,

  'the same identification twice: copied by the network': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
    21.02 > 1:1000    id 11 ts 121/500 = duplicate: same identification (4)`,

  'all bytes had come, and it has an identification of its own: sent again, for nothing': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
    90    > 1:1000    id 12 ts 189/500 = retransmission: later identification (4) tail loss probe, needless
    90.01 < ACK       id 0 seq 1 ack 1001 sack 1-1001 ts 590/121`,

  'the original comes after what was sent again in its place': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 1001:1000 id 14 ts 141/522 = retransmission: later identification (5) fast retransmit, needless
    41.5  > 1001:1000 id 12 ts 121/500 = out-of-order: earlier identification (7)`,

  'IPv6 has no identification: a newer timestamp tells': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    21.2  > 2001:1000 ts 121/500
    21.21 < ACK       seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 1001:1000 ts 141/522 = retransmission: newer timestamps (5) fast retransmit, needed`,

  'within one tick of the clock the echo goes on telling': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    21.2  > 2001:1000 ts 141/522
    41.4  > 1001:1000 ts 141/523 = retransmission: newer timestamps (5) fast retransmit, needed`,

  'what came first with the next bytes, and what was sent before it comes later: the tail had been lost, behind an open gap': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 3001:1000 id 18 ts 141/522 = retransmission: later identification (9) fast retransmit, needed
    41.41 < ACK       id 0 seq 1 ack 1001 sack 2001-4001 ts 542/121
    41.5  > 4001:1000 id 15 ts 121/500
    41.51 < ACK       id 0 seq 1 ack 1001 sack 2001-5001 ts 542/121
    41.6  > 1001:1000 id 17 ts 141/522 = retransmission: later identification (5) fast retransmit, needed
    41.61 < ACK       id 0 seq 1 ack 5001 ts 542/141`,

  'the same by timestamps, and then the late original of what came first': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    21.2  > 2001:1000 ts 121/500
    21.21 < ACK       seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 3001:1000 ts 141/522 = retransmission: newer timestamps (9) fast retransmit, needless
    41.41 < ACK       seq 1 ack 1001 sack 2001-4001 ts 542/121
    41.6  > 3001:1000 ts 121/500 = out-of-order: older timestamps (7)
    41.61 < ACK       seq 1 ack 1001 sack 2001-4001 ts 542/121`,

  'an older timestamp than what overtook it: late': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    24.2  > 2001:1000 ts 124/500
    45    > 1001:1000 ts 122/500 = out-of-order: older timestamps (5)`,

  'the same timestamp as what overtook it, and the clock ticks 20 times a round trip: late': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    24.2  > 2001:1000 ts 121/500
    55    > 1001:1000 ts 121/500 = out-of-order: same tick (5)
    56    > ACK seq 3001 ts 156/500`,

  'the same timestamps twice: copied': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    21.04 > 1:1000    ts 121/500 = duplicate: same timestamps (4)
    56    > ACK seq 1001 ts 156/500`,

  'no timestamps: it acknowledges what came in since, so it was sent again': `${BARE_AT_SERVER}
    21    > 1:1000    id 0 ack 1
    21.1  > 2001:1000 id 0 ack 1
    21.11 < 1:300     id 0 ack 1001
    41.2  > 1001:1000 id 0 ack 301 = retransmission: newer acknowledgment (5) fast retransmit, needed`,

  'nothing but times: sooner than anyone could have asked': `${BARE_AT_SERVER}
    21    > 1:1000    id 0
    21.2  > 2001:1000 id 0
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001
    23    > 1001:1000 id 0 = out-of-order: too soon for an answer (6)`,

  'nothing but times: as late as an answer': `${BARE_AT_SERVER}
    21    > 1:1000    id 0
    21.2  > 2001:1000 id 0
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001
    42    > 1001:1000 id 0 = retransmission: late enough for an answer (6) fast retransmit, needed`,

  'nothing but times: sooner than an answer, but behind what shows the gap the rest has come: nothing overtakes': `${BARE_AT_SERVER}
    21    > 1:1000    id 0
    21.1  > 2001:1000 id 0
    21.11 < ACK       id 0 seq 1 ack 1001 sack 2001-3001
    21.2  > 3001:1000 id 0
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-4001
    33    > 1001:1000 id 0 = retransmission: order is kept (6) fast retransmit, needed`,

  'nothing but times: as late as an answer, but what shows the gap came alone, where others are overtaken': `${BARE_AT_SERVER}
    ${overtaken(4)}
   143.2  > 8001:1000  id 0
   143.3  > 10001:1000 id 0
   143.31 < ACK        id 0 seq 1 ack 9001 sack 10001-11001
   175    > 9001:1000  id 0 = out-of-order: overtaken by one (${3 + 16 + 3})`,

  'nothing but times: two that ran ahead of a whole flight leave one gap, however many fill it': `${BARE_AT_SERVER}
    ${overtaken(2)}
    83    > 8001:1000 id 0
    83.01 < ACK       id 0 seq 1 ack 4001 sack 8001-9001
    83.1  > 9001:1000 id 0
    83.11 < ACK       id 0 seq 1 ack 4001 sack 8001-10001
    85    > 4001:1000 id 0 = out-of-order: too soon for an answer (13)
    85.1  > 5001:1000 id 0 = out-of-order: too soon for an answer (13)
    85.2  > 6001:1000 id 0 = out-of-order: too soon for an answer (13)
    85.3  > 7001:1000 id 0 = out-of-order: too soon for an answer (13)`,

  'nothing but times: about as late as an answer, and it comes again, where others are overtaken': `${BARE_AT_SERVER}
    21    > 1:1000    id 0
    21.2  > 2001:1000 id 0
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001
    23    > 1001:1000 id 0 = out-of-order: too soon for an answer (6)
    23.01 < ACK       id 0 seq 1 ack 3001
    43.2  > 3001:1000 id 0
    43.3  > 5001:1000 id 0
    43.31 < ACK       id 0 seq 1 ack 4001 sack 5001-6001
    43.4  > 6001:1000 id 0
    61.3  > 4001:1000 id 0 = out-of-order: sent again later (14)
    70    > 4001:1000 id 0 = retransmission: late enough for an answer (11) fast retransmit, needless`,

  'nothing but times: right behind itself': `${BARE_AT_SERVER}
    21    > 1:1000    id 0
    21.01 < ACK       id 0 seq 1 ack 1001
    21.02 > 1:1000    id 0 = duplicate: right behind (4)`,

  'nothing but times: a while after itself, and still before anyone could have asked': `${BARE_AT_SERVER}
    21    > 1:1000    id 0
    21.01 < ACK       id 0 seq 1 ack 1001
    23    > 1:1000    id 0 = duplicate: too soon for an answer (4)`,

  'IPv6: a copy of what was sent again': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    21.2  > 2001:1000 ts 121/500
    41.4  > 1001:1000 ts 141/522 = retransmission: newer timestamps (5) fast retransmit, needed
    41.42 > 1001:1000 ts 141/522 = duplicate: same timestamps (6)
    56    > ACK seq 3001 ts 156/500`,

  'IPv6: sent again twice within one tick': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    21.2  > 2001:1000 ts 121/500
    41.4  > 1001:1000 ts 141/522 = retransmission: newer timestamps (5) fast retransmit, needed
    42    > 1001:1000 ts 141/522 = retransmission: newer timestamps (5) fast retransmit, needless
    56    > ACK seq 3001 ts 156/500`,

  'nothing but times: a round trip after itself': `${BARE_AT_SERVER}
    21    > 1:1000    id 0
    21.01 < ACK       id 0 seq 1 ack 1001
    80    > 1:1000    id 0 = retransmission: late enough for an answer (4) tail loss probe, needless`,

  'the sender captures itself: no reordering, whatever it looks like': `${AT_CLIENT}
    21    > 1:1000    id 11 ts 121/510
    21.1  > 1001:1000 id 12 ts 121/510
    21.2  > 2001:1000 id 13 ts 121/510
    41.1  < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 532/121
    41.2  > 1001:1000 id 14 ts 141/532 = retransmission: captured at the sender (5) fast retransmit, needed
    61.2  < ACK       id 0 seq 1 ack 3001 ts 552/141`,

  'a tail of two that was lost: both come again, right behind each other, and then new data': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
   280    > 1001:1000 id 15 ts 380/522 = retransmission: packets missing before it timeout, needed
   280.01 < ACK       id 0 seq 1 ack 2001 ts 781/380
   300.1  > 2001:1000 id 16 ts 400/781 = retransmission: packets missing before it timeout, needed
   300.2  > 3001:1000 id 17 ts 400/781`,

  'a tail of four packets that was lost: two long segments have them, and what follows is new': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
   280    > 1001:2800 id 17 ts 380/522 = retransmission: packets missing before it timeout, needed
   280.01 < ACK       id 0 seq 1 ack 3801 ts 781/380
   300.1  > 3801:2800 id 19 ts 400/781 = retransmission: packets missing before it timeout, needed
   300.11 < ACK       id 0 seq 1 ack 6601 ts 801/400
   320.1  > 6601:2800 id 21 ts 420/801
   320.11 < ACK       id 0 seq 1 ack 9401 ts 821/420
   340.1  > 9401:2800 id 23 ts 440/821`,

  'the probe for a lost tail shows a gap, and was itself sent before': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
    62    > 2001:1000 id 14 ts 162/522 = retransmission: packets missing before it tail loss probe, needed
    62.01 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 563/121
    82.2  > 1001:1000 id 15 ts 182/563 = retransmission: later identification (6) fast retransmit, needed
    82.21 < ACK       id 0 seq 1 ack 3001 ts 583/182`,

  'a tail that was lost while a gap was being filled': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.1  > 1001:1000 id 12 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.4  > 4001:1000 id 15 ts 121/500
    21.41 < ACK       id 0 seq 1 ack 3001 sack 4001-5001 ts 522/121
    41.5  > 3001:1000 id 17 ts 141/522 = retransmission: later identification (7) fast retransmit, needed
    41.51 < ACK       id 0 seq 1 ack 5001 ts 542/141
    61.6  > 5001:1000 id 18 ts 161/542 = retransmission: packets missing before it fast retransmit, needed
    61.61 < ACK       id 0 seq 1 ack 6001 ts 562/161`,

  'a tail that was lost before the first try of one gap: nothing unseen before that was a try of a gap behind it': `${COUNTED}
    21    > 1:1000    id 21 ts 121/500
    21.2  > 2001:1000 id 23 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    24    > 4001:1000 id 25 ts 121/500
    24.01 < ACK       id 0 seq 1 ack 1001 sack 4001-5001,2001-3001 ts 525/121
    41.3  > 1001:1000 id 27 ts 141/522 = retransmission: later identification (15) fast retransmit, needed
    41.31 < ACK       id 0 seq 1 ack 3001 sack 4001-5001 ts 542/141
    64    > 3001:1000 id 28 ts 164/525 = retransmission: later identification (17) fast retransmit, needed
    64.01 < ACK       id 0 seq 1 ack 5001 ts 565/164
    84    > 5001:1000 id 29 ts 184/565 = retransmission: packets missing before it fast retransmit, needed
    84.01 < ACK       id 0 seq 1 ack 6001 ts 585/184`,

  'the same while the gap behind is still open: one of the two that were never seen was the tail': `${COUNTED}
    21    > 1:1000    id 21 ts 121/500
    21.2  > 2001:1000 id 23 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    22    > 4001:1000 id 25 ts 121/500
    22.01 < ACK       id 0 seq 1 ack 1001 sack 4001-5001,2001-3001 ts 523/121
    41.3  > 1001:1000 id 27 ts 141/522 = retransmission: later identification (15) fast retransmit, needed
    41.31 < ACK       id 0 seq 1 ack 3001 sack 4001-5001 ts 542/141
    61.4  > 5001:1000 id 29 ts 161/542 = retransmission: packets missing before it fast retransmit, needed
    61.41 < ACK       id 0 seq 1 ack 3001 sack 4001-6001 ts 562/141
    61.5  > 3001:1000 id 30 ts 161/542 = retransmission: later identification (17) fast retransmit, needed`,

  'new data while a gap is open, and one packet that was never seen: that was the try to fill it': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 3001:1000 id 15 ts 141/522
    41.41 < ACK       id 0 seq 1 ack 1001 sack 2001-4001 ts 542/121
    61.5  > 1001:1000 id 16 ts 161/542 = retransmission: later identification (5) fast retransmit, needed
    61.51 < ACK       id 0 seq 1 ack 4001 ts 562/161`,

  'of a tail of three the second is lost again: the third comes behind that gap': `${COUNTED}
    21    > 1:1000    id 21 ts 121/500
    21.2  > 2001:1000 id 23 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.3  > 1001:1000 id 27 ts 141/522 = retransmission: later identification (15) fast retransmit, needed
    41.31 < ACK       id 0 seq 1 ack 3001 ts 542/141
    61.4  > 3001:1000 id 28 ts 161/542 = retransmission: packets missing before it fast retransmit, needed
    61.41 < ACK       id 0 seq 1 ack 4001 ts 562/161
    61.5  > 5001:1000 id 30 ts 161/542 = retransmission: packets missing before it fast retransmit, needed
    61.51 < ACK       id 0 seq 1 ack 4001 sack 5001-6001 ts 562/161
    81.6  > 4001:1000 id 31 ts 181/562 = retransmission: later identification (21) fast retransmit, needed`,

  'a lost tail and new data right behind it, late: what was sent again after the tail has told that it was lost, and no timer ran': `${COUNTED}
    21    > 1:1000    id 21 ts 121/500
    21.2  > 2001:1000 id 23 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.3  > 1001:1000 id 25 ts 141/522 = retransmission: later identification (15) fast retransmit, needed
    41.31 < ACK       id 0 seq 1 ack 3001 ts 542/141
    82    > 3001:1000 id 26 ts 161/542 = retransmission: packets missing before it fast retransmit, needed
    82.1  > 4001:1000 id 27 ts 161/542
    82.11 < ACK       id 0 seq 1 ack 5001 ts 583/161`,

  'a copy of what was sent again, not quite at once: sooner than it can have been sent twice in one tick': `${AT_SERVER.replaceAll(/id \d+/g, '')}
    21    > 1:1000    ts 121/500
    21.2  > 2001:1000 ts 121/500
    21.21 < ACK       seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 1001:1000 ts 141/522 = retransmission: newer timestamps (5) fast retransmit, needed
    41.41 < ACK       seq 1 ack 3001 ts 542/141
    41.55 > 1001:1000 ts 141/522 = duplicate: same timestamps (7)
    41.61 < ACK       seq 1 ack 3001 sack 1001-2001 ts 542/141`,

  'a host that numbers the packets of all its sessions in one: those that are missing may be of others': `${AT_SERVER}
    21    > 1:1000    id 12 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
   280    > 1001:1000 id 15 ts 380/522
   280.01 < ACK       id 0 seq 1 ack 2001 ts 781/380
   500    > 2001:1000 id 19 ts 600/781
   500.01 < ACK       id 0 seq 1 ack 3001 ts 1001/600`,

  'new data, after a gap that it took two tries to fill: the one that is missing was the first try': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
   270    > 1001:1000 id 15 ts 370/522 = retransmission: later identification (5) timeout, needed
   270.01 < ACK       id 0 seq 1 ack 3001 ts 771/370
   290.2  > 3001:1000 id 16 ts 390/771`,

  'a pause, packets missing before it, and all else acknowledged: what was lost comes again as the next': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
   280    > 1001:1000 id 13 ts 380/522 = retransmission: packets missing before it tail loss probe, needed
   280.01 < ACK       id 0 seq 1 ack 2001 ts 780/380
   301    > 2001:1000 id 14 ts 400/780`,

  'a tail of one that it took a probe and two timers to bring: the rest that was never seen were tries, not new data': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
   960    > 1001:1000 id 15 ts 1060/522 = retransmission: packets missing before it timeout, needed
   960.01 < ACK       id 0 seq 1 ack 2001 ts 1461/1060
   980.1  > 2001:1000 id 16 ts 1080/1461
   980.2  > 3001:1000 id 17 ts 1080/1461`,

  'a gap that it took two timers to fill, and then new data': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
   960    > 1001:1000 id 16 ts 1060/522 = retransmission: later identification (5) timeout, needed
   960.01 < ACK       id 0 seq 1 ack 3001 ts 1461/1060
   980.1  > 3001:1000 id 17 ts 1080/1461`,

  'a tail of one behind a gap that was filled, for which timers ran longer than they mostly do': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 1001:1000 id 14 ts 141/522 = retransmission: later identification (5) fast retransmit, needed
    41.41 < ACK       id 0 seq 1 ack 3001 ts 542/141
  8000    > 3001:1000 id 17 ts 8100/542 = retransmission: packets missing before it timeout, needed
  8000.01 < ACK       id 0 seq 1 ack 4001 ts 8501/8100
  8020.1  > 4001:1000 id 18 ts 8120/8501
  8020.2  > 5001:1000 id 19 ts 8120/8501`,

  'new data after a pause, behind a tail that was lost and probed for in vain': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
   500    > 2001:1000 id 14 ts 600/522
   500.01 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 1001/121
   520.1  > 1001:1000 id 15 ts 620/1001 = retransmission: later identification (6) fast retransmit, needed`,

  'new data after a pause, and more right behind it, which no timer sends: what is missing before was a probe in vain': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
   280    > 1001:1000 id 13 ts 380/522
   280.01 < ACK       id 0 seq 1 ack 2001 ts 780/380
   280.1  > 2001:1000 id 14 ts 380/522`,

  'what was missing before it is only late': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
   280    > 1001:1000 id 13 ts 380/522
   280.01 < ACK       id 0 seq 1 ack 2001 ts 780/380
   280.02 > ACK       id 12 seq 1001 ts 380/522
   301    > 2001:1000 id 14 ts 400/780`,

  'new data after a pause, when acknowledgments of the other end may have been lost': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < 1:300     id 0 ack 1001 ts 522/121
   280    > 1001:1000 id 13 ack 301 ts 380/522
   280.01 < ACK       id 0 seq 301 ack 2001 ts 780/380`,

  'a segment that its receiver drops for its checksum does not count as arrived': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.1  > 1001:1000 id 12 ts 121/500 bad
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.4  > 1001:1000 id 14 ts 141/522 = retransmission: later identification (6) fast retransmit, needed`,

  'put together by the network card, of which the second packet comes once more: copied by the network': `${AT_SERVER}
    21    > 1:2896    id 11 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 2897 ts 522/121
    21.3  > 1449:1448 id 12 ts 121/500 = duplicate: same identification (4)
    21.31 < ACK       id 0 seq 1 ack 2897 sack 1449-2897 ts 522/121
    90    > 1449:1448 id 13 ts 189/500 = retransmission: later identification (6) tail loss probe, needless`,

  'copies that the network card has put together': `${BARE_AT_SERVER}
    21    > 1:1460    id 0
    21.01 > 1461:1460 id 0
    21.02 < ACK       id 0 seq 1 ack 2921
    21.05 > 1:2920    id 0 = duplicate: right behind (5)`,

  'packets that the network card has put together have a number each: none is missing': `${AT_SERVER}
    21    > 1:1448     id 11 ts 121/500
    21.1  > 1449:1448  id 12 ts 121/500
    21.2  > 2897:1448  id 13 ts 121/500
    21.3  > 4345:4000  id 14 ts 121/500
    21.31 < ACK        id 0 seq 1 ack 8345 ts 522/121
   280    > 8345:1448  id 17 ts 380/522
   280.1  > 9793:2000  id 18 ts 380/522
   280.11 < ACK        id 0 seq 1 ack 11793 ts 781/380
   500    > 13241:1000 id 21 ts 600/781
   500.01 < ACK        id 0 seq 1 ack 11793 sack 13241-14241 ts 1001/380
   520.1  > 11793:1448 id 22 ts 620/1001 = retransmission: later identification (12) fast retransmit, needed`,

  'a window of two small segments, which the network card has put together: none is missing': `${NARROW}
  20.2  > 1:1448    id 21 ts 120/500
  41    < ACK       id 0 seq 1 ack 1449 ts 540/120 win 724
  41.05 > 1449:724  id 23 ts 141/540
  61    < ACK       id 0 seq 1 ack 2173 ts 560/141 win 1448
  61.05 > 2173:1448 id 24 ts 161/560
  81    < ACK       id 0 seq 1 ack 3621 ts 580/161 win 724
  81.05 > 3621:724  id 26 ts 181/580`,

  'a window that was small, and has grown: what is missing now was lost': `${NARROW}
  20.2  > 1:1448    id 21 ts 120/500
  20.25 < ACK       id 0 seq 1 ack 1449 ts 520/120 win 28960
  41.2  > 1449:1448 id 23 ts 141/520
  41.25 < ACK       id 0 seq 1 ack 2897 ts 541/141 win 28960
 270    > 2897:724  id 25 ts 370/541 = retransmission: packets missing before it tail loss probe, needed
 270.01 < ACK       id 0 seq 1 ack 3621 ts 770/370 win 28960`,

  'a segment without data is numbered beyond what was seen: what was lost before it comes again': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < 1:500     id 0 ack 1001 ts 522/121
    41    > ACK       id 13 seq 1501 ack 501 ts 141/522
   270    > 1001:500  id 14 ack 501 ts 370/522 = retransmission: later identification (6) tail loss probe, needed
   270.01 < ACK       id 0 seq 501 ack 1501 ts 771/370`,

  'the same, where only times tell': `${BARE_AT_SERVER}
    21    > 1:1000    id 0
    21.01 < 1:500     id 0 ack 1001
    41    > ACK       id 0 seq 1501 ack 501
   270    > 1001:500  id 0 ack 501 = retransmission: late enough for an answer (6) tail loss probe, needed
   270.01 < ACK       id 0 seq 501 ack 1501
   290    > 1501:500  id 0 ack 501`,

  'a try that the second one overtook: one without data, sent before both, shows that its bytes had been sent': `${COUNTED}
    21    > 1:1000    id 21 ts 121/500
    21.01 < ACK       id 0 seq 1 ack 1001 ts 522/121
    61    > 1001:1000 id 25 ts 161/500 = retransmission: later identification (18) fast retransmit, needless
    61.01 < ACK       id 0 seq 1 ack 2001 ts 562/161
    61.1  > ACK       id 23 seq 2001 ts 121/500
    61.2  > 1001:1000 id 24 ts 141/500 = retransmission: later identification (18) fast retransmit, needless
    61.21 < ACK       id 0 seq 1 ack 2001 sack 1001-2001 ts 562/161`,

  'a segment without data has overtaken what was sent before it: the data is in order': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < 1:500     id 0 ack 1001 ts 522/121
    41    > ACK       id 13 seq 1501 ack 501 ts 141/522
    41.1  > 1001:500  id 12 ack 501 ts 141/522`,

  'it has overtaken two segments, and then one of these the other: that one is late': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.01 < 1:500     id 0 ack 1001 ts 522/121
    41    > ACK       id 14 seq 3001 ack 501 ts 141/522
    41.1  > 2001:1000 id 13 ack 501 ts 141/522
    41.2  > 1001:1000 id 12 ack 501 ts 141/522 = out-of-order: earlier identification (6)`,

  'a gap is filled late, and nothing of what is missing just before can have been a try for it: it was new data': `${AT_SERVER}
    21    > 1:500     id 11 ts 121/500
    21.1  > 501:500   id 12 ts 121/500
    21.2  > 2001:1000 id 14 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    21.3  > 3001:1000 id 15 ts 121/500
    21.31 < ACK       id 0 seq 1 ack 1001 sack 2001-4001 ts 522/121
    62    > 1001:1000 id 17 ts 162/522 = retransmission: later identification (6) fast retransmit, needed
    62.01 < ACK       id 0 seq 1 ack 4001 ts 563/162
    82.1  > 4001:1000 id 18 ts 182/563 = retransmission: packets missing before it fast retransmit, needed
    82.11 < ACK       id 0 seq 1 ack 5001 ts 583/182`,

  'the same with one in between, that told of the first try: it may have been that': `${AT_SERVER}
    21    > 1:500     id 11 ts 121/500
    21.1  > 501:500   id 12 ts 121/500
    21.2  > 2001:1000 id 14 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    41.5  > 3001:1000 id 16 ts 141/522
    41.51 < ACK       id 0 seq 1 ack 1001 sack 2001-4001 ts 542/121
    62    > 1001:1000 id 17 ts 162/542 = retransmission: later identification (6) fast retransmit, needed
    62.01 < ACK       id 0 seq 1 ack 4001 ts 563/162
    82.1  > 4001:1000 id 18 ts 182/563`,

  'new data, behind one that was only late: what is missing before it was a try for that': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.2  > 2001:1000 id 13 ts 121/500
    21.21 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    40    > 1001:1000 id 12 ts 121/500 = out-of-order: earlier identification (5)
    40.01 < ACK       id 0 seq 1 ack 3001 ts 541/121
    41    > 3001:1000 id 14 ts 141/522
    41.01 < ACK       id 0 seq 1 ack 4001 ts 542/141
    70    > 4001:1000 id 16 ts 170/541`,

  'a capture that begins in the middle: the gap that there was is filled by what was late, and by what was sent again': `
     0    > 3001:1000 id 14 ts 121/500
     0.01 < ACK       id 0 seq 1 ack 1001 sack 3001-4001 ts 522/121
     3    > 2001:1000 id 13 ts 121/500 = out-of-order: earlier identification (1)
     3.01 < ACK       id 0 seq 1 ack 1001 sack 2001-4001 ts 525/121
    20    > 1001:1000 id 15 ts 141/522 = retransmission: later identification (1) fast retransmit, needed
    20.01 < ACK       id 0 seq 1 ack 4001 ts 542/141
    40    > 1:1000    id 16 ts 161/542 = retransmission: later identification (1) fast retransmit, needless`,

  'a capture that begins in the middle: numbered before what came first, but too close to it for what lies between': `
     0    > 5001:1000 id 16 ts 121/500
     0.01 < ACK       id 0 seq 1 ack 1 sack 2001-4001,5001-6001 ts 522/121
     3    > 1:1000    id 14 ts 121/500 = retransmission: no numbers left (1) fast retransmit, needed
     3.01 < ACK       id 0 seq 1 ack 1001 sack 2001-4001,5001-6001 ts 525/121`,

  'the same, far enough from it: late': `
     0    > 5001:1000 id 16 ts 121/500
     0.01 < ACK       id 0 seq 1 ack 1001 sack 2001-4001,5001-6001 ts 522/121
     4    > 1001:1000 id 12 ts 121/500 = out-of-order: earlier identification (1)
     4.01 < ACK       id 0 seq 1 ack 4001 sack 5001-6001 ts 526/121`,

  'what was acknowledged and never captured is what is missing just before the next: that is new': `${COUNTED}
    21    > 1:1000    id 21 ts 121/500
    21.2  < ACK       id 0 seq 1 ack 2001 ts 522/121
    60    > 2001:1000 id 23 ts 160/500
    60.01 < ACK       id 0 seq 1 ack 3001 ts 561/160`,

  'the same, and one more is missing: that was the next, sent before': `${COUNTED}
    21    > 1:1000    id 21 ts 121/500
    21.2  < ACK       id 0 seq 1 ack 2001 ts 522/121
    60    > 2001:1000 id 24 ts 160/500 = retransmission: packets missing before it fast retransmit, needed
    60.01 < ACK       id 0 seq 1 ack 3001 ts 561/160`,

  'an answer that comes later than a timer runs, and a packet missing before it, from a host that seldom acknowledges alone': `${AT_SERVER}
    20.1  < 1:100     id 0 ack 1 ts 521/120
    40    > 1:100     id 11 ack 101 ts 140/521
    40.1  < 101:100   id 0 ack 101 ts 541/140
    60    > 101:100   id 12 ack 201 ts 160/541
    60.1  < 201:100   id 0 ack 201 ts 561/160
   300    > 201:100   id 14 ack 301 ts 400/561 = retransmission: packets missing before it tail loss probe, needed
   300.1  < 301:100   id 0 ack 301 ts 801/400
   320    > 301:100   id 15 ack 401 ts 420/801`,

  'an answer that comes soon: the packet missing before it was an acknowledgment': `${AT_SERVER}
    20.1  < 1:100     id 0 ack 1 ts 521/120
    40    > 1:100     id 11 ack 101 ts 140/521
   540.1  < 101:100   id 0 ack 101 ts 1041/140
   560    > 101:100   id 13 ack 201 ts 660/1041`,

  'what was only late was sent again, too, once its sender had been told: that is what is missing': `${AT_SERVER}
    21    > 1:1000    id 11 ts 121/500
    21.1  > 2001:1000 id 13 ts 121/500
    21.11 < ACK       id 0 seq 1 ack 1001 sack 2001-3001 ts 522/121
    21.2  > 1001:1000 id 12 ts 121/500 = out-of-order: earlier identification (5)
    21.21 < ACK       id 0 seq 1 ack 3001 ts 522/121
    60    > 3001:1000 id 15 ts 160/522`,

  'a FIN, and more numbers before it than it can have been tried in the pause: they were of other connections': `
     0    > SYN     id 9  seq 0 ack 0
     0.05 < SYN/ACK id 0  seq 0 ack 1
    60    > ACK     id 10 seq 1 ack 1
    60.1  > 1:43    id 11
    60.2  < ACK     id 1  seq 1 ack 44
    80    < 1:9     id 2  ack 44
   155    > ACK     id 12 seq 44 ack 10
 30160    > FIN     id 63 seq 44 ack 10`,

  'a FIN that comes after a pause, and the numbers of its tries are missing': `
     0    > SYN     id 9  seq 0 ack 0
     0.05 < SYN/ACK id 0  seq 0 ack 1
    60    > ACK     id 10 seq 1 ack 1
    60.1  > 1:43    id 11
    60.2  < ACK     id 1  seq 1 ack 44
    80    < 1:9     id 2  ack 44
   155    > ACK     id 12 seq 44 ack 10
  1160    > FIN     id 15 seq 44 ack 10 = retransmission: packets missing before it FIN again, needed`,

  'a long segment that takes one number was one packet: what follows it is numbered next, and nothing comes again': `${AT_SERVER}
    21    > 1:1000     id 11
    21.01 < ACK        seq 1 ack 1001 win 0
    40    < ACK        seq 1 ack 1001
    41    > 1001:8000  id 12
    41.01 < ACK        seq 1 ack 9001
    61.1  > 9001:2633  id 13
    61.11 < ACK        seq 1 ack 11634
    80    > 11634:9000 id 14
    80.01 > 20634:1000 id 15
    80.1  > 20634:1000 id 16 = retransmission: later identification (12) fast retransmit, needless`,

  'numbers were never seen, but then its sender says where it goes on: none of them was of what comes next': `${COUNTED}
    21    > 1:1000    id 21 ts 121/500
    21.1  > 2001:1000 id 23 ts 121/500
    21.2  > 1001:1000 id 22 ts 121/500 = out-of-order: earlier identification (15)
    21.21 < ACK       id 0 seq 1 ack 3001 ts 522/121
    60    > ACK       id 35 seq 3001 ack 1 ts 160/522
    62    > 3001:1000 id 36 ts 162/522
    62.01 < ACK       id 0 seq 1 ack 4001 ts 562/162`,

  'what comes a third time, by times alone: the frame is cited from which on it could be missed': `
     0    > 1:100 ack 1
     0.03 < ACK seq 1 ack 101
    20    > 101:100
   500    > 101:100 = retransmission: late enough for an answer (3) timeout
  1500    > 101:100 = retransmission: late enough for an answer (3) timeout`,

  'SYN and FIN come again too': `
     0    > SYN     id 9 seq 0 ack 0
  1000    > SYN     id 10 seq 0 ack 0 = retransmission: captured at the sender (1) SYN again, needed
  1020    < SYN/ACK id 0 seq 0 ack 1
  1020.05 > ACK     id 11 seq 1 ack 1
  1021    > FIN     id 12 seq 1 ack 1
  1300    > FIN     id 13 seq 1 ack 1 = retransmission: captured at the sender (5) FIN again, needed
  1320    < ACK     id 5 seq 1 ack 2`,
}

describe('verdicts', () => {
  for (const [name, table] of Object.entries(sessions)) {
    test(name, () => {
      expect(found(observe(table))).toEqual(expected(table))
    })
  }

  test('are the same wherever sequence numbers, timestamps, identifications and times begin', () => {
    for (const table of Object.values(sessions)) {
      // past 2³¹, past 2³² (wrapping around inside the session), and a later start
      for (const client of [0x7ffff000, -1500, -500, 1 << 30]) {
        const shift = { client, server: client ^ 0x5a5a5a5a, timestamps: -125, identification: 0xfff8, time: 1e7 }
        expect(found(observe(table, shift))).toEqual(expected(table))
      }
    }
  })

  test('are the same where no checksum fits: the packets were changed after they had arrived', () => {
    for (const table of Object.values(sessions)) {
      if (/ (bad|unfilled)\b/.test(table)) continue
      expect(found(observe(table, { checksum: ChecksumStatus.bad }))).toEqual(expected(table))
    }
  })

  test('that rest on times alone say so, and no others', () => {
    for (const table of Object.values(sessions)) {
      for (const { restsOnTiming, evidence } of observe(table).segments) {
        expect(restsOnTiming).toBe(/\d (µs|ms|s) (after|behind)/.test(evidence[0]?.text ?? ''))
      }
    }
  })

  test('name the frames that show them', () => {
    for (const table of Object.values(sessions)) {
      const count = lines(table).length
      for (const { other, evidence } of observe(table).segments) {
        if (other !== 0) expect(evidence[0]?.frames).toEqual([other])
        for (const { frames, text } of evidence) {
          expect(text).not.toBe('')
          for (const frame of frames) expect(frame > 0 && frame <= count).toBe(true)
        }
      }
    }
  })
})
