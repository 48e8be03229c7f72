/**
 * A decoded segment in a box, for whoever its session is handed over to: what finding out what really happened reads of a packet, and
 * nothing else. There is one of every packet: so numbers lie at fixed places.
 */
import type { Box } from '../../bytes/box.js'
import type { Packet } from '../../packet.js'

/** Words of a segment without rarer options. */
const USUAL = 11
/** Words of one with all of them, those before and after it that make it end and begin at even words included. */
export const LONGEST_SEGMENT = 24

// where its numbers are, in words from an odd one on, behind the piece's first; floats begin at even ones
const FRAME = 0
/** a float */
const TIME = 1
const BITS = 3
const INTERFACE = 4
/** the IP identification, and the window above it */
const IDENTIFICATION = 5
const SEQUENCE = 6
const ACKNOWLEDGMENT = 7
const LENGTH = 8
const TIMESTAMP_VALUE = 9
const TIMESTAMP_ECHO = 10
// behind the usual ones
const MSS = USUAL
/** how many blocks, and above it whether selective acknowledgments are permitted */
const SACK_BLOCKS = USUAL + 1
const SACK = USUAL + 2
const ALL = USUAL + 10

// bits of `BITS`
const HAS_TIMESTAMPS = 1
const HAS_OPTIONS = 2
const IS_IPV6 = 4
// and numbers in it
const CHECKSUM = 3
const DIRECTION = 7
const TIME_TO_LIVE = 9
const FLAGS = 17

const SACK_PERMITTED = 8
const HALF = 16
const LOWER = 0xffff

/** Puts it into a box that has room for it, from an odd word on; `time` in ns since its session's first packet. */
export function packSegment(packet: Packet, time: number, box: Box): void {
  const { tcp } = packet
  const { ints, at } = box
  let bits = (packet.transportChecksum << CHECKSUM) | (packet.direction << DIRECTION)
  bits |= (packet.timeToLive << TIME_TO_LIVE) | (tcp.flags << FLAGS)
  if (packet.networkVersion === 6) bits |= IS_IPV6
  if (tcp.hasTimestamps) {
    bits |= HAS_TIMESTAMPS
    ints[at + TIMESTAMP_VALUE] = tcp.timestampValue
    ints[at + TIMESTAMP_ECHO] = tcp.timestampEcho
  }
  box.floats[(at + TIME) >> 1] = time
  ints[at + FRAME] = packet.number
  ints[at + INTERFACE] = packet.interfaceId
  ints[at + IDENTIFICATION] = packet.identification | (tcp.window << HALF)
  ints[at + SEQUENCE] = tcp.sequence
  ints[at + ACKNOWLEDGMENT] = tcp.acknowledgment
  ints[at + LENGTH] = tcp.length
  box.at = at + USUAL
  if (tcp.sackBlocks > 0 || tcp.mss >= 0 || tcp.sackPermitted) {
    bits |= HAS_OPTIONS
    packOptions(packet, box, at)
  }
  ints[at + BITS] = bits
}

function packOptions({ tcp }: Packet, box: Box, at: number): void {
  const { ints } = box
  ints[at + MSS] = tcp.mss
  ints[at + SACK_BLOCKS] = tcp.sackBlocks | (tcp.sackPermitted ? SACK_PERMITTED : 0)
  for (let edge = 0; edge < 2 * tcp.sackBlocks; edge++) ints[at + SACK + edge] = tcp.sack[edge] ?? 0
  box.at = at + ALL
}

/** Reads the segment where the box is; returns its time. Of `packet` nothing is set but what was packed. */
export function unpackSegment(box: Box, packet: Packet): number {
  const { ints, floats, at } = box
  const { tcp } = packet
  box.at = at + USUAL
  const bits = ints[at + BITS] ?? 0
  packet.networkVersion = (bits & IS_IPV6) !== 0 ? 6 : 4
  packet.transportChecksum = (bits >> CHECKSUM) & 15
  packet.direction = (bits >> DIRECTION) & 3
  packet.timeToLive = (bits >> TIME_TO_LIVE) & 0xff
  packet.number = ints[at + FRAME] ?? 0
  packet.interfaceId = ints[at + INTERFACE] ?? 0
  const identification = ints[at + IDENTIFICATION] ?? 0
  packet.identification = identification & LOWER
  tcp.flags = bits >>> FLAGS
  tcp.window = identification >>> HALF
  tcp.sequence = ints[at + SEQUENCE] ?? 0
  tcp.acknowledgment = ints[at + ACKNOWLEDGMENT] ?? 0
  tcp.length = ints[at + LENGTH] ?? 0
  tcp.hasTimestamps = (bits & HAS_TIMESTAMPS) !== 0
  tcp.timestampValue = tcp.hasTimestamps ? (ints[at + TIMESTAMP_VALUE] ?? 0) >>> 0 : 0
  tcp.timestampEcho = tcp.hasTimestamps ? (ints[at + TIMESTAMP_ECHO] ?? 0) >>> 0 : 0
  if ((bits & HAS_OPTIONS) !== 0) {
    const blocks = ints[at + SACK_BLOCKS] ?? 0
    tcp.mss = ints[at + MSS] ?? 0
    tcp.sackPermitted = (blocks & SACK_PERMITTED) !== 0
    tcp.sackBlocks = blocks & (SACK_PERMITTED - 1)
    for (let edge = 0; edge < 2 * tcp.sackBlocks; edge++) tcp.sack[edge] = ints[at + SACK + edge] ?? 0
    box.at = at + ALL
  } else {
    tcp.mss = -1
    tcp.sackPermitted = false
    tcp.sackBlocks = 0
  }
  return floats[(at + TIME) >> 1] ?? 0
}
