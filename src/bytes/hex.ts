/** Hexadecimal dumps, as `xxd`, `hexdump -C` and Wireshark lay them out. */

const PER_LINE = 16

/**
 * The lines of a dump of [start, end): offset counted from `start`, 16 bytes in two groups of eight, and the same bytes as
 * ASCII with a dot for those that are not printable.
 *
 *     0000  45 00 00 3c 1c 46 40 00  40 06 b1 e6 ac 10 0a 63   E..<.F@.@......c
 */
export function* hexDump(view: DataView, start: number, end: number): Generator<string> {
  for (let line = start; line < end; line += PER_LINE) {
    let hex = ''
    let text = ''
    for (let index = 0; index < PER_LINE; index++) {
      if (index === PER_LINE / 2) hex += ' '
      if (line + index >= end) {
        hex += '   '
        continue
      }
      const byte = view.getUint8(line + index)
      hex += byte.toString(16).padStart(2, '0') + ' '
      text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
    }
    yield `${(line - start).toString(16).padStart(4, '0')}  ${hex}  ${text}`
  }
}
