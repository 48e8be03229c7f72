/** Header fields as text, the way `tshark -T fields` writes them. */
import { formatBytes, formatIpv4, formatIpv6, formatMac } from '../bytes/addresses.js'
import type { Field } from '../bytes/fields.js'

/** Writes a field of the header that begins at `at`. */
export type Write = (view: DataView, at: number) => string

/** How the field is written, worked out once for many packets. */
export function formatter(field: Field): Write {
  const first = field.bit >> 3
  switch (field.format) {
    case 'decimal':
      return (view, at) => String(field(view, at))
    case 'flag':
      return (view, at) => (field(view, at) === 0 ? '0' : '1')
    case 'hex':
      return hexadecimal(field, ((field.width + 7) >> 3) * 2)
    case 'hex16':
      return hexadecimal(field, 4)
    case 'hex32':
      return hexadecimal(field, 8)
    case 'ipv4':
      return (view, at) => formatIpv4(view, at + first)
    case 'ipv6':
      return (view, at) => formatIpv6(view, at + first)
    case 'mac':
      return (view, at) => formatMac(view, at + first)
    case 'bytes':
      return (view, at) => formatBytes(view, at + first, field.width >> 3)
  }
}

function hexadecimal(field: Field, digits: number): Write {
  return (view, at) => `0x${field(view, at).toString(16).padStart(digits, '0')}`
}
