/**
 * A decoded segment in a box, for whoever a session is handed over to: what sessions and the analysis of segments read of a packet,
 * and nothing else. There is one of every packet: so numbers lie at fixed places, mostly in a cache line.
 */
import type { Box } from '../../bytes/box.js'
import type { Packet } from '../../packet.js'

/** Words of a segment without rarer options, and with all of them. */
const USUAL = 16
export const LONGEST_SEGMENT = 32

// where its numbers are, in words; floats begin at even ones
const BITS = 0
const FRAME = 1
/** a float */
const SECONDS = 2
const NANOSECONDS = 4
const ORIGINAL_LENGTH = 5
const IDENTIFICATION = 6
const INTERFACE = 7
/** the VLAN plus one, and the header's length above it */
const VLAN = 8
const SEQUENCE = 9
const ACKNOWLEDGMENT = 10
/** and the flags above it */
const WINDOW = 11
const LENGTH = 12
const TIMESTAMP_VALUE = 13
const TIMESTAMP_ECHO = 14
// behind the usual ones
const MSS = USUAL
const WINDOW_SCALE = USUAL + 1
const MULTIPATH = USUAL + 2
const FAST_OPEN = USUAL + 3
const FAST_OPEN_LENGTH = USUAL + 4
const SACK = USUAL + 5

// bits of the first word
const HAS_TIMESTAMPS = 1
const HAS_OPTIONS = 2
const LENGTH_KNOWN = 4
const IS_IPV6 = 8
const SACK_PERMITTED = 16
const OPTIONS_BROKEN = 32
// and numbers in it
const SACK_BLOCKS = 6
const CHECKSUM = 10
const DIRECTION = 14
const TIME_TO_LIVE = 16

const HALF = 16
const LOWER = 0xffff

/** Puts it into a box that has room for it, from an even word on. */
export function packSegment(packet: Packet, box: Box): void {
  const { tcp } = packet
  const { ints, at } = box
  let bits = (packet.transportChecksum << CHECKSUM) | (packet.direction << DIRECTION)
  bits |= packet.timeToLive << TIME_TO_LIVE
  if (tcp.lengthKnown) bits |= LENGTH_KNOWN
  if (packet.networkVersion === 6) bits |= IS_IPV6
  if (tcp.hasTimestamps) {
    bits |= HAS_TIMESTAMPS
    ints[at + TIMESTAMP_VALUE] = tcp.timestampValue
    ints[at + TIMESTAMP_ECHO] = tcp.timestampEcho
  }
  ints[at + FRAME] = packet.number
  box.floats[(at + SECONDS) >> 1] = packet.seconds
  ints[at + NANOSECONDS] = packet.nanoseconds
  ints[at + ORIGINAL_LENGTH] = packet.originalLength
  ints[at + IDENTIFICATION] = packet.identification
  ints[at + INTERFACE] = packet.interfaceId
  ints[at + VLAN] = (packet.vlan + 1) | (tcp.headerLength << HALF)
  ints[at + SEQUENCE] = tcp.sequence
  ints[at + ACKNOWLEDGMENT] = tcp.acknowledgment
  ints[at + WINDOW] = tcp.window | (tcp.flags << HALF)
  ints[at + LENGTH] = tcp.length
  box.at = at + USUAL
  const isUsual =
    tcp.sackBlocks === 0 &&
    tcp.mss < 0 &&
    tcp.windowScale < 0 &&
    !tcp.sackPermitted &&
    tcp.multipath === 0 &&
    tcp.fastOpen < 0 &&
    !tcp.optionsBroken
  if (!isUsual) bits |= packOptions(packet, box, at)
  ints[at + BITS] = bits
}

/** Returns the bits that tell of them. */
function packOptions({ tcp }: Packet, box: Box, at: number): number {
  const { ints } = box
  ints[at + MSS] = tcp.mss
  ints[at + WINDOW_SCALE] = tcp.windowScale
  ints[at + MULTIPATH] = tcp.multipath
  ints[at + FAST_OPEN] = tcp.fastOpen
  ints[at + FAST_OPEN_LENGTH] = tcp.fastOpenLength
  ints.set(tcp.sack, at + SACK)
  box.at = at + LONGEST_SEGMENT
  const bits = (tcp.sackPermitted ? SACK_PERMITTED : 0) | (tcp.optionsBroken ? OPTIONS_BROKEN : 0)
  return bits | HAS_OPTIONS | (tcp.sackBlocks << SACK_BLOCKS)
}

/** Reads the segment where the box is. Of `packet` nothing is set but what was packed. */
export function unpackSegment({ ints, floats, at }: Box, packet: Packet): void {
  const { tcp } = packet
  const bits = ints[at + BITS] ?? 0
  packet.networkVersion = (bits & IS_IPV6) !== 0 ? 6 : 4
  packet.transportChecksum = (bits >> CHECKSUM) & 15
  packet.direction = (bits >> DIRECTION) & 3
  packet.timeToLive = (bits >> TIME_TO_LIVE) & 0xff
  packet.number = ints[at + FRAME] ?? 0
  packet.seconds = floats[(at + SECONDS) >> 1] ?? 0
  packet.nanoseconds = ints[at + NANOSECONDS] ?? 0
  packet.originalLength = ints[at + ORIGINAL_LENGTH] ?? 0
  packet.identification = ints[at + IDENTIFICATION] ?? 0
  packet.interfaceId = ints[at + INTERFACE] ?? 0
  const vlan = ints[at + VLAN] ?? 0
  packet.vlan = (vlan & LOWER) - 1
  tcp.headerLength = vlan >> HALF
  tcp.lengthKnown = (bits & LENGTH_KNOWN) !== 0
  tcp.sequence = ints[at + SEQUENCE] ?? 0
  tcp.acknowledgment = ints[at + ACKNOWLEDGMENT] ?? 0
  const window = ints[at + WINDOW] ?? 0
  tcp.window = window & LOWER
  tcp.flags = window >> HALF
  tcp.length = ints[at + LENGTH] ?? 0
  tcp.hasTimestamps = (bits & HAS_TIMESTAMPS) !== 0
  tcp.timestampValue = tcp.hasTimestamps ? (ints[at + TIMESTAMP_VALUE] ?? 0) >>> 0 : 0
  tcp.timestampEcho = tcp.hasTimestamps ? (ints[at + TIMESTAMP_ECHO] ?? 0) >>> 0 : 0
  tcp.sackPermitted = (bits & SACK_PERMITTED) !== 0
  tcp.optionsBroken = (bits & OPTIONS_BROKEN) !== 0
  tcp.sackBlocks = (bits >> SACK_BLOCKS) & 15
  if ((bits & HAS_OPTIONS) !== 0) {
    tcp.mss = ints[at + MSS] ?? 0
    tcp.windowScale = ints[at + WINDOW_SCALE] ?? 0
    tcp.multipath = ints[at + MULTIPATH] ?? 0
    tcp.fastOpen = ints[at + FAST_OPEN] ?? 0
    tcp.fastOpenLength = ints[at + FAST_OPEN_LENGTH] ?? 0
    for (let edge = 0; edge < 2 * tcp.sackBlocks; edge++) tcp.sack[edge] = ints[at + SACK + edge] ?? 0
  } else {
    tcp.mss = tcp.windowScale = tcp.fastOpen = -1
    tcp.multipath = 0
  }
}
