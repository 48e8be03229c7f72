/** TCP options (RFC 9293 §3.2, and IANA's registry of TCP option kinds). */
import { bits, type Field, span, u8, u16, u32 } from '../bytes/fields.js'
import { ACK, type Packet, ProblemKind } from '../packet.js'
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
  selectiveNegative: 21,
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

const NOP_NOP_TIMESTAMPS = 0x0101080a

/** NOP, NOP, timestamps of length 10: all the options that most segments have (RFC 7323 appendix A). */
export function startsWithTimestamps(view: DataView, at: number): boolean {
  return view.getUint32(at) === NOP_NOP_TIMESTAMPS
}

const MAX_SACK_BLOCKS = 4
/** bytes before the options */
const HEADER = 20
const SACK_BLOCK = 8

/**
 * Reads the options in [at, end) into `packet.tcp`; `end` is before the header's own where the capture cut it. An option whose
 * length does not fit its kind is passed over, as a receiver would. One that does not fit the header ends the list, with a
 * problem; so does one that ends before what it must say, or before the capture does, and then the list is `optionsBroken`.
 */
export function readOptions(packet: Packet, at: number, end: number): void {
  const view = packet.view
  const segment = packet.tcp
  if (end - at === 12 && startsWithTimestamps(view, at)) {
    segment.hasTimestamps = true
    segment.timestampValue = view.getUint32(at + 4)
    segment.timestampEcho = view.getUint32(at + 8)
    return
  }
  const headerEnd = packet.transport + segment.headerLength
  while (at < end) {
    const kind = option.kind(view, at)
    if (kind === OptionKind.end) return
    if (kind === OptionKind.noOperation) {
      at++
      continue
    }
    const length = at + 1 < end ? option.length(view, at) : 2
    if (at + length > end) {
      // what a cut one still says counts
      if (kind === OptionKind.sack && at + length <= headerEnd) readSack(packet, at, (end - at - 2) >> 3)
      noteMisfit(packet, at, length, headerEnd)
      return
    }
    const isShort = length < shortestLength(view, packet.transport, kind, at, end)
    if (isShort || length < 2) {
      note(packet, ProblemKind.badValue, at + 1, 1, 'tcp.option_len')
      // a length that cannot be ends the list in order; one that is too short is found out too late for that
      segment.optionsBroken = length >= 2
      return
    }
    readOption(packet, kind, at, length)
    at += length
  }
}

/** The option at `at` goes beyond the header that ends at `headerEnd`, or only beyond what was captured of it. */
function noteMisfit(packet: Packet, at: number, length: number, headerEnd: number): void {
  const isLie = at + length > headerEnd
  // Wireshark says so of what is left of the header, reckoned from 2 bytes before, and needs that to be there
  packet.tcp.optionsBroken = !isLie || Math.min(headerEnd, packet.limit) < headerEnd - 2
  note(
    packet,
    isLie ? ProblemKind.lyingLength : ProblemKind.cut,
    at,
    length,
    'tcp.options',
    Math.min(headerEnd, packet.limit),
  )
}

/** Fewer bytes than this, and the option at `at`, of the header at `header`, cannot say what it must. */
function shortestLength(view: DataView, header: number, kind: number, at: number, end: number): number {
  if (kind === OptionKind.sack) return isHalfBlockHarmless(view, header) ? 2 : 2 + SACK_BLOCK
  if (kind === OptionKind.multipath) return shortestMultipath(view, at, end)
  const isSnack = kind === OptionKind.selectiveNegative && view.getUint8(at + 1) === SNACK
  return isSnack ? SNACK + 1 : 2
}

/** Length of SCPS's SNACK option (CCSDS 714.0-B-2 §3.2.5); of that length tshark 4.0 reads a byte too many, and gives up. */
const SNACK = 6

/**
 * A SACK option holds whole blocks, at least one (RFC 2018 §3). As Wireshark then looks for a duplicate SACK (RFC 2883) it
 * reads the first block only if that, or 0 in its place, is below the acknowledgment number: nearly always.
 */
function isHalfBlockHarmless(view: DataView, header: number): boolean {
  return (view.getUint8(header + FLAGS_AT) & ACK) === 0 && view.getInt32(header + ACKNOWLEDGMENT_AT) < 0
}

const ACKNOWLEDGMENT_AT = 8
const FLAGS_AT = 13

/** Bytes of the Multipath TCP option at `at` up to what must be there (RFC 8684 §3). */
function shortestMultipath(view: DataView, at: number, end: number): number {
  if (at + 3 > end) return 3
  const subtype = view.getUint8(at + 2) >> 4
  if (subtype !== DATA_SEQUENCE || at + 4 > end) return MULTIPATH_SHORTEST[subtype] ?? 3
  const flags = view.getUint8(at + 3)
  const acknowledgment = (flags & 1) === 0 ? 0 : (flags & 2) === 0 ? 4 : 8
  // data sequence number, subflow sequence number, length
  const mapping = (flags & 4) === 0 ? 0 : (flags & 8) === 0 ? 4 + 4 + 2 : 8 + 4 + 2
  return 4 + acknowledgment + mapping
}

const DATA_SEQUENCE = 2
/** by subtype; 3 for the others */
const MULTIPATH_SHORTEST: readonly (number | undefined)[] = [4, 3, 4, 4, 3, 3, 12, 12, 4]

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
      // twice: a cookie counts more than the request for one
      if (segment.fastOpen >= 0 && length === 2) break
      segment.fastOpen = at + 2
      segment.fastOpenLength = length - 2
      break
  }
}

/** The blocks of the SACK option at `at`. There should be one; of several the last counts, as for Wireshark. */
function readSack(packet: Packet, at: number, count: number): void {
  if (count <= 0) return
  const { sack } = packet.tcp
  const blocks = Math.min(count, MAX_SACK_BLOCKS)
  for (let block = 0; block < blocks; block++) {
    sack[2 * block] = leftEdge(packet.view, at + SACK_BLOCK * block)
    sack[2 * block + 1] = rightEdge(packet.view, at + SACK_BLOCK * block)
  }
  packet.tcp.sackBlocks = blocks
}

/**
 * Calls `visit` with each left or right edge of the SACK blocks of the packet's segment, as they stand there: also with those of a
 * block that has no other edge, because the option or the capture ends.
 */
export function eachSackEdge(packet: Packet, right: 0 | 1, visit: (edge: number) => void): void {
  const { view, transport, limit } = packet
  const end = transport + packet.tcp.headerLength
  const captured = Math.min(end, limit)
  eachOption(view, transport + HEADER, end, captured, (kind, at, length) => {
    if (kind !== OptionKind.sack) return
    const last = Math.min(at + length, captured) - 4
    for (let edge = at + 2 + 4 * right; edge <= last; edge += SACK_BLOCK) visit(view.getInt32(edge))
  })
}

/**
 * Calls `visit` with kind, place and length of each option in [at, end), of which the bytes before `captured` are there.
 * The end of the list ends it, and so does an option that does not fit, or is too short for its kind.
 */
function eachOption(
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
    if (!single && size < shortestLength(view, at - HEADER, kind, next, captured)) return
    next += size
  }
}

/** The fields of one option after kind and length. None when its length does not fit its kind. */
function fieldsOfOption(kind: number, at: number, size: number): Placed[] {
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
