/**
 * One packet's headers as the RFCs draw them: 32 bits a row, the most significant first, with this packet's values. Where
 * each field lies is read from the same tables that the decoders read; nothing is placed by hand.
 */
import { countOf } from '../../bytes/units.js'
import { Protocol } from '../../decode/protocols.js'
import type { TreeField, TreeLayer } from '../../decode/tree.js'

export const ROW = 32

export interface HeaderDiagram {
  /** tshark's short name: `tcp` */
  readonly name: string
  /** `Transmission Control Protocol, 40 bytes` */
  readonly title: string
  readonly rows: readonly HeaderRow[]
}

export interface HeaderRow {
  /** byte of the header at which it begins */
  readonly byte: number
  /** from left to right, without a gap between them; the last row of a header may be short */
  readonly cells: readonly Cell[]
}

/** What one field takes of one row. */
export interface Cell {
  /** the row's bit that it begins with, the most significant being 0, and how many */
  readonly from: number
  readonly bits: number
  /** undefined: bits that no field of the table has */
  readonly field?: CellField
  /** the field goes on from the row above, and on in the row below */
  readonly isContinued: boolean
  readonly continues: boolean
  /** what the field is stands in this of its cells */
  readonly hasText: boolean
}

export interface CellField {
  readonly label: string
  /** for where the label has no room: `SYN`, `DF` */
  readonly short: string
  readonly value: string
  /** `Transmission Control Protocol`, `good` */
  readonly meaning?: string
  /** a flag that is set */
  readonly isSet: boolean
  /** rows in its middle are left out: it is long, and not of a fixed length */
  readonly isCut: boolean
}

/** Rows of a field that are drawn; of a longer one the first, the last and one that stands for the rest. */
const MOST_ROWS = 4

/** Of each layer that has a header, and of what the last one carries; `names`: only of these. */
export function headerDiagrams(layers: readonly TreeLayer[], names?: readonly string[]): HeaderDiagram[] {
  return layers
    .filter(({ name, fields }) => fields.length > 0 && (names === undefined || names.includes(name)))
    .map((layer) => {
      const { name, title, start, end, quoted, reassembled } = layer
      const where = quoted ? ', quoted' : reassembled ? ', of the datagram put together from fragments' : ''
      const rows = rowsOf(partsOf(layer))
      return { name, title: `${title}${where}, ${countOf(end - start, 'byte')}`, rows }
    })
}

interface Part {
  readonly first: number
  readonly count: number
  readonly field: CellField | undefined
}

/** Every bit of a layer once, in order. */
function partsOf({ protocol, fields, view, start, end }: TreeLayer): Part[] {
  const placed = (protocol === Protocol.data ? payloadOf(fields) : fields).map((field) => {
    const first = (field.offset - start) * 8 + (field.bits?.first ?? 0)
    return { first, count: field.bits?.count ?? field.width * 8, source: field }
  })
  const leaves = placed
    .filter((one) => !placed.some((other) => other.count < one.count && isWithin(other, one)))
    .toSorted((a, b) => a.first - b.first)
  const parts: Part[] = []
  let next = 0
  for (const { first, count, source } of leaves) {
    if (first < next) continue
    if (first > next) parts.push({ first: next, count: first - next, field: undefined })
    parts.push({ first, count, field: cellField(source, view) })
    next = first + count
  }
  const last = (end - start) * 8
  if (next < last) parts.push({ first: next, count: last - next, field: undefined })
  return parts
}

function isWithin(inner: { first: number; count: number }, outer: { first: number; count: number }): boolean {
  return inner.first >= outer.first && inner.first + inner.count <= outer.first + outer.count
}

/** What is carried: its bytes, named by what they are. */
function payloadOf(fields: readonly TreeField[]): TreeField[] {
  const bytes = fields.at(-1)
  if (bytes === undefined) return []
  const [said] = fields.slice(0, -1)
  return [{ ...bytes, text: said === undefined ? bytes.text : `${bytes.text}: ${said.text}` }]
}

function cellField(field: TreeField, view: DataView): CellField {
  const { key, label, group, value, text, bits } = field
  const isFlag = bits?.count === 1
  const last = key.slice(key.lastIndexOf('.') + 1)
  const raw = bits === undefined ? undefined : bitsOf(view, field.offset, field.width, bits)
  // lengths that count words are told in bytes: the diagram has what the bits say
  const isScaled = raw !== undefined && /^\d+$/.test(value) && Number(value) !== raw
  const meaning = isScaled ? `${value} bytes` : field.meaning
  return {
    label: group === undefined ? label.replace(/ \(raw\)$/, '') : optionLabel(group, label),
    short: SHORT[last] ?? last.toUpperCase(),
    value: isScaled ? String(raw) : bits !== undefined && text === 'not set' ? value : isFlag ? value : text,
    ...(meaning !== undefined && meaning !== group && { meaning }),
    isSet: isFlag && value !== '0',
    isCut: false,
  }
}

/** Of a field of at most three bytes that is not whole ones. */
function bitsOf(
  view: DataView,
  offset: number,
  width: number,
  { first, count }: { first: number; count: number },
): number {
  let number = 0
  for (let i = 0; i < width; i++) number = number * 256 + view.getUint8(offset + i)
  return Math.floor(number / 2 ** (width * 8 - first - count)) % 2 ** count
}

/** `Kind` alone says little: it is what names the option. */
function optionLabel(group: string, label: string): string {
  return label === 'Kind' || label === 'Type' ? group : label
}

/** Where Wireshark's name is not the one that diagrams have. */
const SHORT: Readonly<Record<string, string>> = {
  push: 'PSH',
  reset: 'RST',
  res: 'Rsvd',
  hdr_len: 'Len',
  version: 'Ver',
  option_kind: 'Kind',
  option_len: 'Len',
  dscp: 'DSCP',
  ecn: 'ECN',
  frag_offset: 'Offset',
}

function rowsOf(parts: readonly Part[]): HeaderRow[] {
  const rows: { byte: number; cells: Cell[] }[] = []
  for (const { first, count, field } of parts) {
    const pieces = piecesOf(first, count)
    const cut = pieces.length > MOST_ROWS
    const shown = cut ? [...pieces.slice(0, 2), ...pieces.slice(-1)] : pieces
    const speaker = speakerOf(shown)
    for (const [index, piece] of shown.entries()) {
      const byte = Math.floor(piece.first / ROW) * 4
      if (rows.at(-1)?.byte !== byte) rows.push({ byte, cells: [] })
      rows.at(-1)?.cells.push({
        from: piece.first % ROW,
        bits: piece.count,
        ...(field && { field: cut ? { ...field, isCut: true } : field }),
        isContinued: index > 0,
        continues: index < shown.length - 1,
        hasText: index === speaker && field !== undefined,
      })
    }
  }
  return rows
}

/** A run of bits, cut where rows end. */
function piecesOf(first: number, count: number): { first: number; count: number }[] {
  const pieces: { first: number; count: number }[] = []
  let at = first
  while (at < first + count) {
    const end = Math.min(first + count, (Math.floor(at / ROW) + 1) * ROW)
    pieces.push({ first: at, count: end - at })
    at = end
  }
  return pieces
}

/** The middle one of the widest. */
function speakerOf(pieces: readonly { readonly count: number }[]): number {
  const widest = Math.max(...pieces.map(({ count }) => count))
  const candidates = pieces.flatMap(({ count }, index) => (count === widest ? [index] : []))
  return candidates[(candidates.length - 1) >> 1] ?? 0
}
