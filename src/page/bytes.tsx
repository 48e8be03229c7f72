/** The bytes of a packet; those of the chosen field light up, and a byte that is clicked chooses its field. */
import { useEffect, useState } from 'preact/hooks'
import { printable } from '../bytes/printable.js'
import { type ByteRange, bytesOf, type FieldPlace, fieldAt, fieldOf } from './field.js'
import type { Dissection, Octets } from './held-frames.js'
import { useVisibleRows } from './virtual.js'

export interface BytesProps {
  readonly dissection: Dissection
  readonly chosen: FieldPlace | undefined
  readonly choose: (place: FieldPlace) => void
}

const ROW = 20
/** A pane narrower than this, in pixels, has eight bytes in a row. */
const WIDE = 560

export function Bytes({ dissection, chosen, choose }: BytesProps) {
  const range = chosen === undefined ? undefined : bytesOf(dissection, chosen)
  const [shown, setShown] = useState(0)
  useEffect(() => setShown(range?.octets ?? 0), [range?.octets, dissection])
  const octets = dissection.octets[shown] ?? dissection.octets[0]
  if (octets === undefined) return null
  return (
    <>
      {dissection.octets.length > 1 && (
        <div class="chips">
          {dissection.octets.map(({ name }, index) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={index === shown}
              onClick={() => setShown(index)}
            >
              {name}
            </button>
          ))}
        </div>
      )}
      <Dump
        key={`${dissection.frame} ${shown}`}
        dissection={dissection}
        octets={octets}
        index={shown}
        range={range?.octets === shown ? range : undefined}
        choose={choose}
      />
    </>
  )
}

interface DumpProps {
  readonly dissection: Dissection
  readonly octets: Octets
  readonly index: number
  readonly range: ByteRange | undefined
  readonly choose: (place: FieldPlace) => void
}

function Dump({ dissection, octets, index, range, choose }: DumpProps) {
  const [perRow, setPerRow] = useState(16)
  /** the byte that arrow keys move from */
  const [cursor, setCursor] = useState(range?.from ?? 0)
  const length = octets.end - octets.start
  const at = range === undefined || (cursor >= range.from && cursor < range.until) ? cursor : range.from
  const { container, first, end } = useVisibleRows(
    Math.ceil(length / perRow),
    ROW,
    range === undefined ? -1 : Math.floor(at / perRow),
  )
  useEffect(() => {
    const width = container.current?.clientWidth ?? WIDE
    setPerRow(width < WIDE ? 8 : 16)
  })
  const pick = (byte: number) => {
    setCursor(byte)
    const place = fieldOf(dissection, index, byte)
    if (place !== undefined) choose(place)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: perRow,
      ArrowUp: -perRow,
      Home: -length,
      End: length,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    pick(Math.min(length - 1, Math.max(0, at + step)))
  }
  const onClick = (event: MouseEvent) => {
    const byte = (event.target as Element).closest('[data-byte]')?.getAttribute('data-byte')
    if (byte !== null && byte !== undefined) pick(Number(byte))
  }
  const rows = []
  for (let row = first; row < end; row++) rows.push(row)
  return (
    <div
      ref={container}
      class="pane bytes"
      role="grid"
      aria-label={`Bytes: ${octets.name}`}
      aria-rowcount={Math.ceil(length / perRow)}
      aria-activedescendant={`byte-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div role="presentation" style={{ height: `${first * ROW}px` }} />
      {rows.map((row) => (
        <DumpRow
          key={row}
          dissection={dissection}
          octets={octets}
          index={index}
          from={row * perRow}
          until={Math.min(length, (row + 1) * perRow)}
          perRow={perRow}
          range={range}
        />
      ))}
      <div role="presentation" style={{ height: `${(Math.ceil(length / perRow) - end) * ROW}px` }} />
      {length < dissection.originalLength && index === 0 && (
        <p class="faint">
          {length} of its {dissection.originalLength} bytes are here.
        </p>
      )}
    </div>
  )
}

interface DumpRowProps {
  readonly dissection: Dissection
  readonly octets: Octets
  readonly index: number
  readonly from: number
  readonly until: number
  readonly perRow: number
  readonly range: ByteRange | undefined
}

function DumpRow({ dissection, octets, index, from, until, perRow, range }: DumpRowProps) {
  const hex = []
  const text = []
  for (let at = from; at < until; at++) {
    const byte = octets.view.getUint8(octets.start + at)
    const isHit = range !== undefined && at >= range.from && at < range.until
    const className = `${isHit ? 'hit' : ''}${(at - from) % 8 === 7 ? ' eighth' : ''}`
    const digits = byte.toString(16).padStart(2, '0')
    hex.push(
      <span
        key={at}
        id={`byte-${at}`}
        data-byte={at}
        role="gridcell"
        class={className}
        aria-selected={isHit}
        aria-label={`byte ${at}: ${digits}, ${nameOf(dissection, index, at)}`}
      >
        {digits}
      </span>,
    )
    text.push(
      <span key={at} data-byte={at} class={isHit ? 'hit' : ''}>
        {byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'}
      </span>,
    )
  }
  return (
    <div class="dump" role="row">
      <span class="offset" role="rowheader">
        {from.toString(16).padStart(4, '0')}
      </span>
      <span class={`hex per-${perRow}`} role="presentation">
        {hex}
      </span>
      <span class="text" aria-hidden="true">
        {text}
      </span>
    </div>
  )
}

function nameOf(dissection: Dissection, index: number, byte: number): string {
  const place = fieldOf(dissection, index, byte)
  if (place === undefined) return 'no field'
  return printable(fieldAt(dissection, place)?.label ?? dissection.layers[place.layer]?.title ?? '')
}
