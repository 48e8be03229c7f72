/** TCP options (RFC 9293 §3.2, and IANA's registry of TCP option kinds). */
import { bits, type Field, span, u8, u16, u32 } from '../bytes/fields.js'
import { type Packet, ProblemKind } from '../packet.js'
import { note } from './bounds.js'
import type { Placed, Variable } from './header.js'

/** Option kinds. */
export const OptionKind = {
  end: 0,
  noOperation: 1,
  maximumSegmentSize: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  timestamps: 8,
  md5: 19,
  userTimeout: 28,
  authentication: 29,
  multipath: 30,
  fastOpen: 34,
} as const

const option = {
  kind: u8(0, 'tcp.option_kind', 'Kind'),
  length: u8(1, 'tcp.option_len', 'Length'),
} as const
const mss = u16(2, 'tcp.options.mss_val', 'MSS Value')
const shift = u8(2, 'tcp.options.wscale.shift', 'Shift count')
const leftEdge = u32(2, 'tcp.options.sack_le', 'SACK Left Edge (raw)')
const rightEdge = u32(6, 'tcp.options.sack_re', 'SACK Right Edge (raw)')
const timestampValue = u32(2, 'tcp.options.timestamp.tsval', 'Timestamp value')
const timestampEcho = u32(6, 'tcp.options.timestamp.tsecr', 'Timestamp echo reply')
const multipathSubtype = bits(16, 4, 'tcp.options.mptcp.subtype', 'Multipath TCP subtype')

export const granularity = bits(16, 1, 'tcp.options.user_to_granularity', 'Granularity')

/** One option kind: what it is called, how long it must be, and what is in it after kind and length. */
interface Description {
  readonly name: string
  /** in bytes with kind and length; absent where any length goes */
  readonly length?: number
  readonly fields?: readonly Field[]
  /** the fields come again every so many bytes */
  readonly every?: number
  /** key and name of the bytes after the fields, as many as there are */
  readonly rest?: readonly [key: string, label: string]
}

const UNKNOWN: Description = { name: 'Unknown', rest: ['tcp.options.unknown.payload', 'Payload'] }
const EXPERIMENT: Description = {
  name: 'RFC 3692-style Experiment',
  fields: [u16(2, 'tcp.options.experimental.exid', 'Experiment Identifier', 'hex')],
  rest: ['tcp.options.experimental.data', 'Data'],
}

const descriptions = new Map<number, Description>([
  [OptionKind.end, { name: 'End of Option List', length: 1 }],
  [OptionKind.noOperation, { name: 'No-Operation', length: 1 }],
  [OptionKind.maximumSegmentSize, { name: 'Maximum segment size', length: 4, fields: [mss] }],
  [OptionKind.windowScale, { name: 'Window scale', length: 3, fields: [shift] }],
  [OptionKind.sackPermitted, { name: 'SACK permitted', length: 2 }],
  [OptionKind.sack, { name: 'SACK', fields: [leftEdge, rightEdge], every: 8 }],
  [OptionKind.timestamps, { name: 'Timestamps', length: 10, fields: [timestampValue, timestampEcho] }],
  [OptionKind.md5, { name: 'TCP MD5 signature', length: 18, rest: ['tcp.options.md5.digest', 'MD5 digest'] }],
  [
    OptionKind.userTimeout,
    {
      name: 'User Timeout',
      length: 4,
      fields: [granularity, bits(17, 15, 'tcp.options.user_to_val', 'User Timeout')],
    },
  ],
  [
    OptionKind.authentication,
    {
      name: 'TCP Authentication Option',
      fields: [u8(2, 'tcp.options.ao.keyid', 'AO KeyID'), u8(3, 'tcp.options.ao.rnextkeyid', 'AO RNextKeyID')],
      rest: ['tcp.options.ao.mac', 'AO MAC'],
    },
  ],
  [
    OptionKind.multipath,
    {
      name: 'Multipath TCP',
      fields: [multipathSubtype],
      rest: ['synopsis.tcp.options.mptcp.data', 'Subtype data'],
    },
  ],
  [OptionKind.fastOpen, { name: 'TCP Fast Open', rest: ['tcp.options.tfo.cookie', 'Fast Open Cookie'] }],
  [6, { ...UNKNOWN, name: 'Echo (obsolete)' }],
  [7, { ...UNKNOWN, name: 'Echo reply (obsolete)' }],
  [27, { ...UNKNOWN, name: 'Quick-Start Response' }],
  [69, { ...UNKNOWN, name: 'Encryption Negotiation' }],
  [172, { ...UNKNOWN, name: 'Accurate ECN Order 0' }],
  [174, { ...UNKNOWN, name: 'Accurate ECN Order 1' }],
  [253, EXPERIMENT],
  [254, EXPERIMENT],
])

/** An option kind in words. */
export function optionName(kind: number): string {
  return descriptions.get(kind)?.name ?? `Unknown option (${kind})`
}

/** NOP, NOP, timestamps of length 10: all the options that most segments have (RFC 7323 appendix A). */
const NOP_NOP_TIMESTAMPS = 0x0101080a
const MAX_SACK_BLOCKS = 4
const SACK_BLOCK = 8

/**
 * Reads the options in [at, end) into `packet.tcp`; `end` is before the header's own where the capture cut it. An option whose
 * length does not fit its kind is passed over, as a receiver would; one that does not fit the header ends the list, with a
 * problem.
 */
export function readOptions(packet: Packet, at: number, end: number): void {
  const view = packet.view
  const segment = packet.tcp
  if (end - at === 12 && view.getUint32(at) === NOP_NOP_TIMESTAMPS) {
    segment.hasTimestamps = true
    segment.timestampValue = view.getUint32(at + 4)
    segment.timestampEcho = view.getUint32(at + 8)
    return
  }
  while (at < end) {
    const kind = option.kind(view, at)
    if (kind === OptionKind.end) return
    if (kind === OptionKind.noOperation) {
      at++
      continue
    }
    const length = at + 1 < end ? option.length(view, at) : 2
    if (at + length > end) {
      noteMisfit(packet, at, length)
      return
    }
    if (length < 2 || isPartialSack(kind, length)) {
      note(packet, ProblemKind.badValue, at + 1, 1, 'tcp.option_len')
      return
    }
    readOption(packet, kind, at, length)
    at += length
  }
}

/** A SACK option holds whole blocks, at least one (RFC 2018 §3). */
function isPartialSack(kind: number, length: number): boolean {
  return kind === OptionKind.sack && (length < 2 + SACK_BLOCK || (length - 2) % SACK_BLOCK !== 0)
}

function noteMisfit(packet: Packet, at: number, length: number): void {
  const end = packet.transport + packet.tcp.headerLength
  const kind = at + length > end ? ProblemKind.lyingLength : ProblemKind.cut
  note(packet, kind, at, length, 'tcp.options', Math.min(end, packet.limit))
}

function readOption(packet: Packet, kind: number, at: number, length: number): void {
  const view = packet.view
  const segment = packet.tcp
  switch (kind) {
    case OptionKind.maximumSegmentSize:
      if (length === 4) segment.mss = mss(view, at)
      break
    case OptionKind.windowScale:
      if (length === 3) segment.windowScale = shift(view, at)
      break
    case OptionKind.sackPermitted:
      if (length === 2) segment.sackPermitted = true
      break
    case OptionKind.sack:
      readSack(packet, at, (length - 2) >> 3)
      break
    case OptionKind.timestamps:
      if (length === 10) {
        segment.hasTimestamps = true
        segment.timestampValue = timestampValue(view, at)
        segment.timestampEcho = timestampEcho(view, at)
      }
      break
    case OptionKind.multipath:
      if (length > 2) segment.multipath |= 1 << multipathSubtype(view, at)
      break
    case OptionKind.fastOpen:
      segment.fastOpen = at + 2
      segment.fastOpenLength = length - 2
      break
  }
}

function readSack(packet: Packet, at: number, count: number): void {
  const { sack, sackBlocks } = packet.tcp
  const blocks = Math.min(count, MAX_SACK_BLOCKS - sackBlocks)
  for (let block = 0; block < blocks; block++) {
    sack[2 * (sackBlocks + block)] = leftEdge(packet.view, at + SACK_BLOCK * block)
    sack[2 * (sackBlocks + block) + 1] = rightEdge(packet.view, at + SACK_BLOCK * block)
  }
  packet.tcp.sackBlocks += blocks
}

/**
 * Calls `visit` with kind, place and length of each option in [at, end), of which the bytes before `captured` are there.
 * The end of the list ends it, and so does an option that does not fit, or a SACK option without a whole block.
 */
export function eachOption(
  view: DataView,
  at: number,
  end: number,
  captured: number,
  visit: (kind: number, at: number, length: number) => void,
): void {
  for (let next = at; next < captured; ) {
    const kind = option.kind(view, next)
    const single = kind <= OptionKind.noOperation
    const size = single ? 1 : next + 1 < captured ? option.length(view, next) : 0
    if (size < (single ? 1 : 2) || next + size > end) return
    visit(kind, next, size)
    // after the end only padding counts, which is zeros, as the end itself is
    if (kind === OptionKind.end && (next + 1 >= captured || option.kind(view, next + 1) !== OptionKind.end)) return
    if (isPartialSack(kind, size)) return
    next += size
  }
}

/** The fields of one option after kind and length. None when its length does not fit its kind. */
export function fieldsOfOption(kind: number, at: number, size: number): Placed[] {
  const { length, fields = [], every = size, rest } = descriptions.get(kind) ?? UNKNOWN
  const group = optionName(kind)
  if (length !== undefined && length !== size) return []
  const placed: Placed[] = []
  let end = 2
  for (const field of fields) {
    const fieldEnd = Math.ceil((field.bit + field.width) / 8)
    for (let shift = 0; fieldEnd + shift <= size; shift += every) placed.push({ field, at: at + shift, group })
    end = Math.max(end, fieldEnd)
  }
  if (rest !== undefined && end < size) placed.push({ field: span(end, size - end, ...rest), at, group })
  return placed
}

/** Which options have a field of that name; a name that any option can have is not there. */
const kindsByKey = new Map<string, Set<number>>()
for (const [kind, { fields = [] }] of descriptions) {
  for (const { key } of fields) kindsByKey.set(key, (kindsByKey.get(key) ?? new Set()).add(kind))
}

const HEADER = 20
/** where the header says its own length, in units of 4 bytes */
const LENGTH_AT = 12

function read(view: DataView, at: number, end: number, key?: string): Placed[] {
  const found: Placed[] = []
  if (at + HEADER > end) return found
  const claimed = at + 4 * (view.getUint8(at + LENGTH_AT) >> 4)
  const wanted = key === undefined ? undefined : kindsByKey.get(key)
  eachOption(view, at + HEADER, claimed, end, (kind, place, size) => {
    if (wanted !== undefined && !wanted.has(kind)) return
    const group = optionName(kind)
    found.push({ field: option.kind, at: place, group })
    if (size > 1) found.push({ field: option.length, at: place, group })
    found.push(...fieldsOfOption(kind, place, size))
  })
  return found
}

export const optionFields: Variable = {
  keys: [
    ...new Set(
      [option.kind.key, option.length.key].concat(
        [...descriptions.values(), UNKNOWN].flatMap(({ fields = [], rest }) =>
          fields.map((field) => field.key).concat(rest === undefined ? [] : [rest[0]]),
        ),
      ),
    ),
  ],
  read,
}
