/** What really happened in a TCP session, as `summarizeTruth` says it, written as JSON without making the objects. */
import type { DirectionTruth, Evidence, SegmentTruth, TruthOfSession } from '../sessions/tcp/truth/result.js'
import { type ByteBuffer, Fragment } from './byte-writer.js'

type Direction = 0 | 1

const CLOSE = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const COMMA = 0x2c

const VANTAGE = new Fragment('{"vantage":{"place":')
const EVIDENCE = new Fragment(',"evidence":[')
const TEXT = new Fragment('{"text":')
const FRAMES = new Fragment(',"frames":')
const CLIENT = new Fragment('},"client":')
const SERVER = new Fragment(',"server":')
const SEGMENTS = new Fragment(',"segments":[')
const CAPTURED_TWICE = new Fragment('],"capturedTwice":')
const LOST = new Fragment(',"lost":')

const RETRANSMISSIONS = new Fragment('{"retransmissions":')
const NEEDLESS = new Fragment(',"needless":')
const OUT_OF_ORDER = new Fragment(',"outOfOrder":')
const DUPLICATES = new Fragment(',"duplicates":')
const UNLISTED = new Fragment(',"unlisted":')
const MISSED_BYTES = new Fragment(',"missedBytes":')
const LACKED_BYTES = new Fragment(',"lackedBytes":')
const OFFLOAD = new Fragment(',"offload":{"segments":')
const LONGEST = new Fragment(',"longest":')
const MSS = new Fragment(',"mss":')
const PARTIAL_CHECKSUMS = new Fragment(',"partialChecksums":{"packets":')
const THEIR_FRAME = new Fragment(',"frame":')

const FRAME = new Fragment('{"frame":')
const FROM_CLIENT = new Fragment(',"from":"client","verdict":')
const FROM_SERVER = new Fragment(',"from":"server","verdict":')
const CAUSE = new Fragment(',"cause":')
const NEEDED = new Fragment(',"needed":true')
const NOT_NEEDED = new Fragment(',"needed":false')
const RESTS_ON_TIMING = new Fragment(',"restsOnTiming":true')
const RESTS_ON_HEADERS = new Fragment(',"restsOnTiming":false')

export function writeTruth(out: ByteBuffer, truth: TruthOfSession, clientSide: Direction): void {
  const [first, second] = truth.directions
  out.fragment(VANTAGE)
  out.json(placeOf(truth, clientSide))
  writeEvidence(out, truth.vantage.evidence)
  out.fragment(CLIENT)
  writeDirection(out, clientSide === 0 ? first : second)
  out.fragment(SERVER)
  writeDirection(out, clientSide === 0 ? second : first)
  out.fragment(SEGMENTS)
  truth.segments.forEach((segment, index) => {
    if (index > 0) out.byte(COMMA)
    writeSegment(out, segment, clientSide)
  })
  out.fragment(CAPTURED_TWICE)
  writeNumbers(out, truth.capturedTwice)
  out.fragment(LOST)
  writeNumbers(out, truth.lost)
  out.byte(CLOSE)
}

function placeOf({ vantage }: TruthOfSession, clientSide: Direction): string {
  if (vantage.place !== 'end') return vantage.place
  if (vantage.end === undefined) return 'unknown'
  return vantage.end === clientSide ? 'client' : 'server'
}

function writeDirection(out: ByteBuffer, direction: DirectionTruth): void {
  const { lackedBytes, offload, partialChecksums } = direction
  writeNumber(out, RETRANSMISSIONS, direction.retransmissions)
  writeNumber(out, NEEDLESS, direction.needless)
  writeNumber(out, OUT_OF_ORDER, direction.outOfOrder)
  writeNumber(out, DUPLICATES, direction.duplicates)
  writeNumber(out, UNLISTED, direction.unlisted)
  writeNumber(out, MISSED_BYTES, direction.missedBytes)
  if (lackedBytes !== undefined) writeNumber(out, LACKED_BYTES, lackedBytes)
  if (offload !== undefined) {
    writeNumber(out, OFFLOAD, offload.segments)
    writeNumber(out, THEIR_FRAME, offload.frame)
    writeNumber(out, LONGEST, offload.longest)
    writeNumber(out, MSS, offload.mss)
    out.byte(CLOSE)
  }
  if (partialChecksums !== undefined) {
    writeNumber(out, PARTIAL_CHECKSUMS, partialChecksums.packets)
    writeNumber(out, THEIR_FRAME, partialChecksums.frame)
    out.byte(CLOSE)
  }
  out.byte(CLOSE)
}

function writeSegment(out: ByteBuffer, segment: SegmentTruth, clientSide: Direction): void {
  writeNumber(out, FRAME, segment.frame)
  out.fragment(segment.direction === clientSide ? FROM_CLIENT : FROM_SERVER)
  out.json(segment.verdict)
  if (segment.cause !== undefined) {
    out.fragment(CAUSE)
    out.json(segment.cause)
  }
  if (segment.needed !== undefined) out.fragment(segment.needed ? NEEDED : NOT_NEEDED)
  out.fragment(segment.restsOnTiming ? RESTS_ON_TIMING : RESTS_ON_HEADERS)
  writeEvidence(out, segment.evidence)
  out.byte(CLOSE)
}

/** The list is a member of an object that has others before it, and ends it with `]`; the object stays open. */
function writeEvidence(out: ByteBuffer, evidence: readonly Evidence[]): void {
  out.fragment(EVIDENCE)
  for (let i = 0; i < evidence.length; i++) {
    const fact = evidence[i]
    if (fact === undefined) continue
    if (i > 0) out.byte(COMMA)
    out.fragment(TEXT)
    out.json(fact.text)
    out.fragment(FRAMES)
    writeNumbers(out, fact.frames)
    out.byte(CLOSE)
  }
  out.byte(CLOSE_LIST)
}

function writeNumbers(out: ByteBuffer, numbers: readonly number[]): void {
  out.byte(OPEN_LIST)
  for (let i = 0; i < numbers.length; i++) {
    if (i > 0) out.byte(COMMA)
    out.integer(numbers[i] ?? 0)
  }
  out.byte(CLOSE_LIST)
}

function writeNumber(out: ByteBuffer, key: Fragment, value: number): void {
  out.fragment(key)
  out.integer(value)
}
