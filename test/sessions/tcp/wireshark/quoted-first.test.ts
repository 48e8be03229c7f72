/** Streams of which an ICMP error quotes a segment before any packet of theirs is seen: what tshark 4.0 knows of them then. */
import { expect, test } from 'vitest'
import { Pipeline } from '../../../../src/pipeline.js'
import { ethernet, fromHex, ipv4, word } from '../../../decode/support.js'
import { batchOf } from '../../../support/conversation.js'

const OPTIONS = '02 04 05b4 01 03 03 07'
const CLIENT = 'c0a83801'
const SERVER = 'c0a8380a'

function segment(isFromClient: boolean, numbers: string, rest: string, options = ''): string {
  const words = 5 + fromHex(options).length / 4
  const payload = rest.startsWith('10') ? '6869' : ''
  const header = ipv4(6, 4 * words + fromHex(payload).length)
  const addressed = isFromClient ? header : header.replace(`${CLIENT} ${SERVER}`, `${SERVER} ${CLIENT}`)
  const ports = isFromClient ? `${word(40_000)} ${word(5001)}` : `${word(5001)} ${word(40_000)}`
  return `${addressed} ${ports} ${numbers} ${words.toString(16)}0 ${rest} 03e8 0000 0000 ${options} ${payload}`
}

const syn = (options = OPTIONS) => segment(true, '00000064 00000000', '02', options)
const synAck = (options = OPTIONS) => segment(false, '000001f4 00000065', '12', options)
const request = segment(true, '00000065 000001f5', '10')
const reply = segment(false, '000001f5 00000065', '10')

function quoteOf(packet: string): string {
  return `${ipv4(1, 8 + fromHex(packet).length)} 0b00 0000 00000000 ${packet}`
}

/** Of the last packet, in a second pass: the window as scaled, the handshake's round trip in milliseconds, the completeness. */
function lastOf(packets: readonly string[]): number[] {
  const frames = packets.map((packet, index) => ({
    bytes: fromHex(`${ethernet('0800')} ${packet}`),
    time: index * 1e6,
  }))
  const first = new Pipeline({})
  first.feed(batchOf(frames))
  first.finish()
  let shown: number[] = []
  const second = new Pipeline({
    visit: (_packet, { wireshark }) => {
      shown = [wireshark.scaledWindow, wireshark.initialRtt / 1e6, wireshark.completeness]
    },
    foreknown: first.tracker.learned,
  })
  second.feed(batchOf(frames))
  second.finish()
  return shown
}

test.each<[string, string[], number[]]>([
  ['nothing is quoted', [request, reply], [1000, 0, 8]],
  ['the SYN: when the handshake began, and its scale', [quoteOf(syn()), synAck(), reply, request], [128_000, 2, 11]],
  ['the SYN without a scale: windows are not scaled', [quoteOf(syn('')), synAck(), request, reply], [1000, 2, 11]],
  ['the SYN/ACK: the scale of its sender alone', [quoteOf(synAck()), request, reply], [128_000, 0, 10]],
  ['both', [quoteOf(syn()), quoteOf(synAck()), reply, request], [128_000, 2, 11]],
  ['a segment of the connection', [quoteOf(reply), reply, request], [1000, 0, 12]],
])('%s', (_, packets, expected) => {
  expect(lastOf(packets)).toEqual(expected)
})
