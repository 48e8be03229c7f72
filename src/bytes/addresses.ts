/** Addresses as text, the way every tool writes them. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** `192.0.2.1`, from the 4 bytes at `at`. */
export function formatIpv4(view: DataView, at: number): string {
  return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`
}

/**
 * `2001:db8::1`, from the 16 bytes at `at`: the first of the longest runs of two or more zero groups is left out
 * (RFC 5952 §4), and an address that embeds an IPv4 one shows it so (`::ffff:192.0.2.1`, §5).
 */
export function formatIpv6(view: DataView, at: number): string {
  let runStart = -1
  let runLength = 1
  for (let group = 0; group < 8; ) {
    let end = group
    while (end < 8 && view.getUint16(at + 2 * end) === 0) end++
    if (end - group > runLength) {
      runStart = group
      runLength = end - group
    }
    group = end + 1
  }
  const mapped = runLength === 5 && view.getUint16(at + 10) === 0xffff
  const embeds = runStart === 0 && (runLength === 6 || mapped)
  let text = ''
  for (let group = 0; group < 8; group++) {
    if (group === runStart) {
      text += '::'
      group += runLength - 1
      continue
    }
    if (text !== '' && !text.endsWith(':')) text += ':'
    if (group === 6 && embeds) return text + formatIpv4(view, at + 12)
    text += view.getUint16(at + 2 * group).toString(16)
  }
  return text
}

/** `00:50:56:c0:00:01`, from the 6 bytes at `at`. */
export function formatMac(view: DataView, at: number): string {
  return formatBytes(view, at, 6, ':')
}

/** Bytes in hexadecimal, two digits each. */
export function formatBytes(view: DataView, at: number, length: number, separator = ''): string {
  let text = ''
  for (let index = 0; index < length; index++) {
    if (index > 0) text += separator
    text += HEX[view.getUint8(at + index)]
  }
  return text
}
