/** TCP options (RFC 9293 §3.2, and IANA's registry of TCP option kinds). */
import type { Packet } from '../packet.js'
import { missing } from './bounds.js'

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

/** NOP, NOP, timestamps of length 10: all the options that most segments have (RFC 7323 appendix A). */
const NOP_NOP_TIMESTAMPS = 0x0101080a
const MAX_SACK_BLOCKS = 4

/**
 * Reads the options in [at, end) into `packet.tcp`. An option whose length does not fit its kind is passed over, as a
 * receiver would; one that does not fit the header ends the list, with a problem.
 */
export function readOptions(packet: Packet, at: number, end: number): void {
  const view = packet.view
  const header = packet.tcp
  if (end - at === 12 && view.getUint32(at) === NOP_NOP_TIMESTAMPS) {
    header.hasTimestamps = true
    header.timestampValue = view.getUint32(at + 4)
    header.timestampEcho = view.getUint32(at + 8)
    return
  }
  while (at < end) {
    const kind = view.getUint8(at)
    if (kind === OptionKind.end) return
    if (kind === OptionKind.noOperation) {
      at++
      continue
    }
    const length = at + 1 < end ? view.getUint8(at + 1) : 2
    if (length < 2 || at + length > end) {
      missing(packet, at, Math.max(2, length), 'tcp.options')
      return
    }
    readOption(packet, kind, at, length)
    at += length
  }
}

function readOption(packet: Packet, kind: number, at: number, length: number): void {
  const view = packet.view
  const header = packet.tcp
  switch (kind) {
    case OptionKind.maximumSegmentSize:
      if (length === 4) header.mss = view.getUint16(at + 2)
      break
    case OptionKind.windowScale:
      if (length === 3) header.windowScale = view.getUint8(at + 2)
      break
    case OptionKind.sackPermitted:
      if (length === 2) header.sackPermitted = true
      break
    case OptionKind.sack:
      readSack(packet, at + 2, (length - 2) >> 3)
      break
    case OptionKind.timestamps:
      if (length === 10) {
        header.hasTimestamps = true
        header.timestampValue = view.getUint32(at + 2)
        header.timestampEcho = view.getUint32(at + 6)
      }
      break
    case OptionKind.fastOpen:
      header.fastOpen = at + 2
      header.fastOpenLength = length - 2
      break
  }
}

function readSack(packet: Packet, at: number, count: number): void {
  const { sack } = packet.tcp
  const blocks = Math.min(count, MAX_SACK_BLOCKS)
  for (let index = 0; index < blocks * 2; index++) sack[index] = packet.view.getInt32(at + 4 * index)
  packet.tcp.sackBlocks = blocks
}
