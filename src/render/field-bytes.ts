/** The bytes of a field, beside its name. */
import { formatBytes } from '../bytes/addresses.js'
import type { TreeField } from '../decode/tree.js'

/** Bytes of a field that are shown beside it; a dump has the rest. */
export const SHOWN_BYTES = 8

/** The bytes that a field stands in, so many at the most; where it is not whole bytes, its bits among theirs. */
export function bytesText(
  view: DataView,
  field: Pick<TreeField, 'offset' | 'width' | 'bits'>,
  shown = SHOWN_BYTES,
): string {
  const { offset, width, bits } = field
  if (bits !== undefined && width <= 2) return bitsOf(view, offset, width, bits.first, bits.count)
  if (width <= shown) return formatBytes(view, offset, width, ' ')
  return `${formatBytes(view, offset, shown - 1, ' ')} …`
}

/** `.... 0101`: the bits of the field, and dots for the others. */
function bitsOf(view: DataView, offset: number, width: number, first: number, count: number): string {
  let text = ''
  for (let bit = 0; bit < width * 8; bit++) {
    if (bit > 0 && bit % 4 === 0) text += ' '
    const value = (view.getUint8(offset + (bit >> 3)) >> (7 - (bit & 7))) & 1
    text += bit >= first && bit < first + count ? value : '.'
  }
  return text
}
