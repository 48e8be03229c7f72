/** The decoded headers of a packet as a tree: layers, and their fields with what they mean. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { printable } from '../bytes/printable.js'
import { bytesText } from '../render/field-bytes.js'
import type { FieldPlace } from './field.js'
import type { Dissection, PageField, PageLayer } from './held-frames.js'
import { scrollWithin } from './scroll.js'
import { rowAfterKey } from './virtual.js'

export interface HeadersProps {
  readonly dissection: Dissection
  readonly chosen: FieldPlace | undefined
  readonly choose: (place: FieldPlace) => void
}

type Row =
  | { readonly kind: 'layer'; readonly place: FieldPlace; readonly layer: PageLayer; readonly isOpen: boolean }
  | {
      readonly kind: 'field'
      readonly place: FieldPlace
      readonly field: PageField
      readonly group: string | undefined
    }

const PAGE = 10

export function Headers({ dissection, chosen, choose }: HeadersProps) {
  const { layers } = dissection
  // which layers are open stays as it is from packet to packet; at first it is the innermost header and the data
  const [toggledLayers, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map())
  const isOpen = (index: number) =>
    toggledLayers.get(layers[index]?.title ?? '') ?? (index >= layers.length - 2 || index === chosen?.layer)
  const rows = useMemo(() => rowsOf(layers, isOpen), [layers, toggledLayers, chosen?.layer])
  const current = rows.findIndex(
    ({ place }) => place.layer === chosen?.layer && (place.field === chosen.field || !isOpen(place.layer)),
  )
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const line = box.current?.querySelector('[aria-selected=true] > .line, .line[aria-selected=true]')
    if (box.current && line) scrollWithin(box.current, line)
  }, [dissection, chosen])
  const toggle = (index: number, open: boolean) => {
    const title = layers[index]?.title
    if (title !== undefined) setToggled(new Map([...toggledLayers, [title, open]]))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const layer = chosen?.layer ?? 0
    if (event.key === 'ArrowLeft') {
      toggle(layer, false)
      choose({ layer })
    } else if (event.key === 'ArrowRight') toggle(layer, true)
    else if (event.key === 'Enter' || event.key === ' ') toggle(layer, !isOpen(layer))
    else {
      const next = rowAfterKey(event.key, current, rows.length, PAGE)
      const row = next === undefined ? undefined : rows[next]
      if (row === undefined) return
      choose(row.place)
    }
    event.preventDefault()
  }
  return (
    <div
      ref={box}
      class="pane headers"
      role="tree"
      aria-label="Headers"
      aria-activedescendant={current >= 0 ? idOf(rows[current]?.place ?? { layer: 0 }) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {rows.map((row, index) => {
        const isChosen = index === current
        return row.kind === 'layer' ? (
          <LayerRow
            key={idOf(row.place)}
            row={row}
            isChosen={isChosen}
            choose={() => {
              toggle(row.place.layer, !(row.isOpen && chosen?.layer === row.place.layer))
              choose(row.place)
            }}
          />
        ) : (
          <FieldRow
            key={idOf(row.place)}
            row={row}
            octets={dissection.octets[row.field.octets]?.view}
            isChosen={isChosen}
            choose={() => choose(row.place)}
          />
        )
      })}
    </div>
  )
}

function LayerRow({
  row,
  isChosen,
  choose,
}: {
  readonly row: Row & { kind: 'layer' }
  readonly isChosen: boolean
  readonly choose: () => void
}) {
  const { layer, isOpen, place } = row
  return (
    <div
      id={idOf(place)}
      class={`line layer${layer.isBad ? ' wrong' : ''}`}
      role="treeitem"
      aria-level={1}
      aria-expanded={isOpen}
      aria-selected={isChosen}
      onClick={choose}
    >
      <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {printable(layer.title)}
      <span class="faint">
        {layer.width > 0 ? ` bytes ${layer.at}–${layer.at + layer.width - 1}` : ''}
        {layer.remark === '' ? '' : `, ${layer.remark}`}
      </span>
    </div>
  )
}

function FieldRow({
  row,
  octets,
  isChosen,
  choose,
}: {
  readonly row: Row & { kind: 'field' }
  readonly octets: DataView | undefined
  readonly isChosen: boolean
  readonly choose: () => void
}) {
  const { field, place, group } = row
  const isBad = field.meaning?.startsWith('bad') ?? false
  return (
    <div
      id={idOf(place)}
      class="line field"
      role="treeitem"
      aria-level={2}
      aria-selected={isChosen}
      title={field.key}
      onClick={choose}
    >
      {group !== undefined && <span class="group">{printable(group)}</span>}
      <span class="name">{field.label}</span>{' '}
      <span class="value">
        {printable(field.text)}
        {field.meaning !== undefined && <span class={isBad ? 'wrong' : 'faint'}> {printable(field.meaning)}</span>}
      </span>{' '}
      <span class="raw" aria-hidden="true">
        {octets === undefined ? '' : bytesText(octets, field)}
      </span>
    </div>
  )
}

function rowsOf(layers: readonly PageLayer[], isOpen: (layer: number) => boolean): Row[] {
  return layers.flatMap((layer, index): Row[] => {
    const open = isOpen(index)
    const head: Row = { kind: 'layer', place: { layer: index }, layer, isOpen: open }
    if (!open) return [head]
    let group: string | undefined
    return [
      head,
      ...layer.fields.map((field, number): Row => {
        const isNew = field.group !== undefined && field.group !== group
        group = field.group
        return { kind: 'field', place: { layer: index, field: number }, field, group: isNew ? field.group : undefined }
      }),
    ]
  })
}

function idOf({ layer, field }: FieldPlace): string {
  return field === undefined ? `layer-${layer}` : `field-${layer}-${field}`
}
