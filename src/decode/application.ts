/** Just enough of what is above TCP and UDP to label what the lab speaks. All text comes out harmless (bytes/printable.ts). */
import { printable } from '../bytes/printable.js'
import { countOf } from '../bytes/units.js'
import type { Packet } from '../packet.js'
import { type DnsMessage, dnsTypeName, readDns } from './dns.js'

const DNS_PORT = 53
const DAYTIME_PORT = 13
/** bytes of a request or status line that are looked at */
const LINE = 200

const REQUEST = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|TRACE|CONNECT|PATCH) [^\r\n]*? HTTP\/\d\.\d(?=\r?\n|$)/
/** A daytime reply, as a server that prints ctime() says it (RFC 867 leaves the form open), on whatever port. */
const DAYTIME =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d \d{4}\r?\n?$/
const STATUS = /^HTTP\/\d\.\d \d{3}[^\r\n]*/

/** What a packet's payload is, when that is known: `GET / HTTP/1.0`, `DNS query A example.org`; undefined when it is not. */
export function labelOf(packet: Packet): string | undefined {
  const { view, payload, payloadEnd, sourcePort, destinationPort } = packet
  if (payloadEnd <= payload) return undefined
  if (sourcePort === DNS_PORT || destinationPort === DNS_PORT) return dnsLabel(packet)
  const line = textOf(view, payload, Math.min(payloadEnd, payload + LINE))
  const http = REQUEST.exec(line)?.[0] ?? STATUS.exec(line)?.[0]
  if (http !== undefined) return printable(http)
  return sourcePort === DAYTIME_PORT || DAYTIME.test(line) ? 'daytime' : undefined
}

function dnsLabel(packet: Packet): string | undefined {
  // over TCP, two bytes of length come first (RFC 1035 §4.2.2)
  const skip = packet.transportProtocol === 6 ? 2 : 0
  const dns = readDns(packet.view, packet.payload + skip, packet.payloadEnd)
  if (dns === undefined) return undefined
  const question = `${dnsTypeName(dns.type)} ${printable(dns.name) || '.'}`
  if (!dns.response) return `DNS query ${question}`
  const rest = dns.truncated ? ' (truncated: to be asked again over TCP)' : ''
  return `DNS answer ${question}: ${answerOf(dns)}${rest}`
}

function answerOf({ addresses, code, answers }: DnsMessage): string {
  if (addresses.length > 0) return addresses.map(({ text }) => text).join(', ')
  if (code === 3) return 'no such name'
  if (code !== 0) return `code ${code}`
  return answers === 0 ? 'nothing' : countOf(answers, 'record')
}

/** Of so many characters, at most one may be unprintable for the whole to count as text. */
const UNPRINTABLE = 16

/** The first `length` bytes of a payload as harmless text; undefined when they are not text. */
export function previewOf(view: DataView, from: number, to: number, length: number): string | undefined {
  const end = Math.min(to, from + length)
  if (end <= from) return undefined
  const text = textOf(view, from, end)
  const odd = text.match(/[\p{Cc}\ufffd]/gu)?.filter((c) => !/[\r\n\t]/.test(c)).length ?? 0
  // the last character may have been cut in two
  if (odd * UNPRINTABLE > text.length + UNPRINTABLE - 1) return undefined
  return printable(end < to ? text.replace(/\ufffd$/, '') : text)
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function textOf(view: DataView, from: number, to: number): string {
  return utf8.decode(new Uint8Array(view.buffer, view.byteOffset + from, to - from))
}
