/**
 * Where the fields of a classic pcap file lie (draft-ietf-opsawg-pcap): one file header, then records of a fixed header and
 * the captured bytes. Reader and writer stand on this.
 */

/** The file header: magic, version, two unused words, snap length, link type. */
export const FileHeader = {
  magic: 0,
  majorVersion: 4,
  minorVersion: 6,
  /** two words that are zero */
  unused: 8,
  snapLength: 16,
  linkType: 20,
  length: 24,
} as const

/** The record header. The modified kind has two more words after these, which nobody needs. */
export const RecordHeader = {
  seconds: 0,
  fraction: 4,
  capturedLength: 8,
  originalLength: 12,
  length: 16,
  modifiedLength: 24,
} as const

/** The magic numbers, as a reader of the file's own byte order sees them. */
export const Magic = {
  microseconds: 0xa1b2c3d4,
  nanoseconds: 0xa1b23c4d,
  /** written by libpcaps with Kuznetzov's patch: record headers of 24 bytes */
  modified: 0xa1b2cd34,
} as const

export const MAJOR_VERSION = 2
export const MINOR_VERSION = 4

/** The upper six bits of the link type field tell the length of a frame check sequence. */
export const LINK_TYPE_MASK = 0x03ffffff

/** The longest frame that libpcap and Wireshark accept for ordinary link types; a larger snap length may allow more. */
export const MAX_FRAME = 262_144

/** No record is longer, whatever its length field says: what is claimed is never allocated beyond this. */
export const MAX_RECORD = 16 * 1024 * 1024
