/**
 * Callable header fields. A header is defined once, as a table of these: call one to read it on the hot path,
 * iterate the table to explain a packet. Every read is big-endian (network order) unless the name says otherwise.
 *
 * A field never checks bounds: the decoder of the header has done that, once, before anything reads it.
 */

/** How a field's value is written for people. `hex` has as many digits as the field's bytes, `hex16` and `hex32` four and eight. */
export type Format = 'decimal' | 'hex' | 'hex16' | 'hex32' | 'flag' | 'ipv4' | 'ipv6' | 'mac' | 'bytes'

export interface Field {
  /** Reads the value from a header that begins at byte `at` of `view`. Addresses and bytes are read by `offset` and `width`. */
  (view: DataView, at: number): number
  /** Wireshark's name of the field, which is also its JSON key: `tcp.srcport`. */
  readonly key: string
  /** The name in words: `Source Port`. */
  readonly label: string
  /** Bits from the start of the header, most significant first, as RFC diagrams count them. */
  readonly bit: number
  /** Width in bits. */
  readonly width: number
  readonly format: Format
}

type Read = (view: DataView, at: number) => number

function field(read: Read, key: string, label: string, bit: number, width: number, format: Format): Field {
  return Object.assign(read, { key, label, bit, width, format })
}

export function u8(offset: number, key: string, label: string, format: Format = 'decimal'): Field {
  return field((view, at) => view.getUint8(at + offset), key, label, offset * 8, 8, format)
}

export function u16(offset: number, key: string, label: string, format: Format = 'decimal'): Field {
  return field((view, at) => view.getUint16(at + offset), key, label, offset * 8, 16, format)
}

export function u16le(offset: number, key: string, label: string, format: Format = 'decimal'): Field {
  return field((view, at) => view.getUint16(at + offset, true), key, label, offset * 8, 16, format)
}

export function u32(offset: number, key: string, label: string, format: Format = 'decimal'): Field {
  return field((view, at) => view.getUint32(at + offset), key, label, offset * 8, 32, format)
}

export function u32le(offset: number, key: string, label: string, format: Format = 'decimal'): Field {
  return field((view, at) => view.getUint32(at + offset, true), key, label, offset * 8, 32, format)
}

/**
 * A field that is not whole bytes: `width` bits (at most 16) at bit `bit` of the header. The value is multiplied by
 * `unit`, for lengths that count 32-bit words.
 */
export function bits(
  bit: number,
  width: number,
  key: string,
  label: string,
  format: Format = width === 1 ? 'flag' : 'decimal',
  unit = 1,
): Field {
  const offset = bit >> 3
  const mask = (1 << width) - 1
  const inByte = bit & 7
  if (inByte + width <= 8) {
    const shift = 8 - inByte - width
    return field((view, at) => ((view.getUint8(at + offset) >> shift) & mask) * unit, key, label, bit, width, format)
  }
  if (inByte + width <= 16) {
    const shift = 16 - inByte - width
    return field((view, at) => ((view.getUint16(at + offset) >> shift) & mask) * unit, key, label, bit, width, format)
  }
  const shift = 32 - inByte - width
  return field((view, at) => ((view.getUint32(at + offset) >>> shift) & mask) * unit, key, label, bit, width, format)
}

/** Bytes that are no number: an address, a digest. Calling one gives its first byte's offset in the buffer. */
export function span(offset: number, length: number, key: string, label: string, format: Format = 'bytes'): Field {
  return field((_view, at) => at + offset, key, label, offset * 8, length * 8, format)
}
