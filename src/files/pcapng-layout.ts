/**
 * Where the fields of pcapng's blocks lie (draft-ietf-opsawg-pcapng), counted from the start of the block. Every reader and
 * writer of blocks stands on this, and nothing else knows an offset.
 */

/** Every block: type, total length, body, total length again. */
export const Block = {
  type: 0,
  totalLength: 4,
  body: 8,
  trailer: 4,
  /** the shortest block there can be */
  minimum: 12,
} as const

export const BlockType = {
  /** reads the same in both byte orders, as it comes before the byte order is known */
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  systemdJournal: 9,
  custom: 0x0bad,
  customNotCopied: 0x40000bad,
} as const

/** Whether a file that begins with `head` is a pcapng. */
export function isPcapng(head: Uint8Array): boolean {
  return head.length >= 4 && new DataView(head.buffer, head.byteOffset).getUint32(0) === BlockType.section
}

export const SectionHeader = {
  byteOrder: 8,
  majorVersion: 12,
  minorVersion: 14,
  sectionLength: 16,
  options: 24,
} as const
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d

export const InterfaceDescription = { linkType: 8, snapLength: 12, options: 16 } as const

/** The enhanced packet block; the obsolete packet block has the same shape, but a 16-bit interface and a drop count. */
export const EnhancedPacket = {
  interface: 8,
  /** upper half, then lower half */
  time: 12,
  capturedLength: 20,
  originalLength: 24,
  data: 28,
} as const

export const SimplePacket = { originalLength: 8, data: 12 } as const

export const InterfaceStatistics = { interface: 8, time: 12, options: 20 } as const

export const NameResolution = { records: 8 } as const
export const NameRecord = { end: 0, ipv4: 1, ipv6: 2 } as const

/** A custom block begins with the private enterprise number of who made it up. */
export const CustomBlock = { enterprise: 8, data: 12 } as const

/** Option codes. The first two are the same in every block. */
export const Option = {
  end: 0,
  comment: 1,
  section: { hardware: 2, os: 3, application: 4 },
  interface: { name: 2, description: 3, timeResolution: 9, filter: 11, os: 12, timeOffset: 14, hardware: 15 },
  packet: { flags: 2 },
  statistics: { received: 4, droppedByInterface: 5, accepted: 6, droppedByOs: 7, delivered: 8 },
} as const

/** An option's code and length, before its value. */
export const OPTION_HEADER = 4

/** Blocks and options are padded to 32 bits. */
export function padded(length: number): number {
  return (length + 3) & ~3
}

/**
 * Calls `visit` with each option that lies in [at, end): its code, where its value begins, and the value's length. Stops
 * at the list's end, or at an option that does not fit, and returns where that is.
 */
export function forEachOption(
  view: DataView,
  at: number,
  end: number,
  little: boolean,
  visit: (code: number, value: number, length: number) => void,
): number {
  while (at + OPTION_HEADER <= end) {
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    if (code === Option.end || at + OPTION_HEADER + length > end) break
    visit(code, at + OPTION_HEADER, length)
    at = Math.min(at + OPTION_HEADER + padded(length), end)
  }
  return at
}
