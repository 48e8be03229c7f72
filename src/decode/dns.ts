/** Domain names (RFC 1035 §4): as much of a message as its story needs. */
import { formatIpv4, formatIpv6 } from '../bytes/addresses.js'

export interface DnsMessage {
  readonly id: number
  readonly response: boolean
  /** 0: no error, 3: no such name (RFC 1035 §4.1.1) */
  readonly code: number
  /** not all of the answer had room: it is to be asked for over TCP (RFC 2181 §9) */
  readonly truncated: boolean
  /** the first question */
  readonly name: string
  readonly type: number
  /** how many records it says there are in the answer */
  readonly answers: number
  /** addresses in the answers */
  readonly addresses: readonly DnsAddress[]
}

export interface DnsAddress {
  readonly version: 4 | 6
  /** where it is in the view that was read */
  readonly at: number
  readonly text: string
}

const HEADER = 12
const RESPONSE = 0x8000
const TRUNCATED = 0x0200
const CODE = 0x000f
const A = 1
const AAAA = 28
/** A name is at most 255 bytes long, so that it has at most 127 labels (RFC 1035 §2.3.4). */
const MAX_LABELS = 127
const MAX_ANSWERS = 32

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  65: 'HTTPS',
}

export function dnsTypeName(type: number): string {
  return TYPES[type] ?? `TYPE${type}`
}

/** Reads the message in [at, end) of `view`; undefined when it is none, or is cut before the end of its question. */
export function readDns(view: DataView, at: number, end: number): DnsMessage | undefined {
  if (end - at < HEADER || view.getUint16(at + 4) === 0) return undefined
  const flags = view.getUint16(at + 2)
  const question = readName(view, at, at + HEADER, end)
  if (question === undefined || question.after + 4 > end) return undefined
  return {
    id: view.getUint16(at),
    response: (flags & RESPONSE) !== 0,
    code: flags & CODE,
    truncated: (flags & TRUNCATED) !== 0,
    name: question.name,
    type: view.getUint16(question.after),
    answers: view.getUint16(at + 6),
    addresses: readAddresses(view, at, question.after + 4, end),
  }
}

function readAddresses(view: DataView, message: number, from: number, end: number): DnsAddress[] {
  const addresses: DnsAddress[] = []
  const answers = Math.min(view.getUint16(message + 6), MAX_ANSWERS)
  let at = from
  for (let i = 0; i < answers; i++) {
    const owner = readName(view, message, at, end)
    if (owner === undefined || owner.after + 10 > end) break
    const type = view.getUint16(owner.after)
    const length = view.getUint16(owner.after + 8)
    const data = owner.after + 10
    if (data + length > end) break
    if (type === A && length === 4) addresses.push({ version: 4, at: data, text: formatIpv4(view, data) })
    else if (type === AAAA && length === 16) addresses.push({ version: 6, at: data, text: formatIpv6(view, data) })
    at = data + length
  }
  return addresses
}

/**
 * The name at `from`, with the labels that a pointer adds (RFC 1035 §4.1.4). A pointer that does not point backwards would
 * be the beginning of a loop, and makes the name unreadable.
 */
function readName(
  view: DataView,
  message: number,
  from: number,
  end: number,
): { name: string; after: number } | undefined {
  const labels: string[] = []
  let after = -1
  let at = from
  let before = from
  while (at < end && labels.length <= MAX_LABELS) {
    const length = view.getUint8(at)
    if (length === 0) return { name: labels.join('.'), after: after < 0 ? at + 1 : after }
    if (length >= 0xc0) {
      if (at + 2 > end) return undefined
      const target = message + (view.getUint16(at) & 0x3fff)
      if (target >= before) return undefined
      if (after < 0) after = at + 2
      at = target
      before = target
    } else {
      if (length > 63 || at + 1 + length > end) return undefined
      labels.push(latin1(view, at + 1, length))
      at += 1 + length
    }
  }
  return undefined
}

function latin1(view: DataView, at: number, length: number): string {
  let text = ''
  for (let index = at; index < at + length; index++) text += String.fromCharCode(view.getUint8(index))
  return text
}
