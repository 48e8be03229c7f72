/** The session as a ladder: each arrow is a packet, or a run of them, that can be chosen. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import { countOf, formatCount } from '../bytes/units.js'
import { type Before, before, drawLadder, MOST_EVENTS } from '../render/svg/figure.js'
import { escapeXml, rect } from '../render/svg/markup.js'
import type { RunEvent, Timeline, TimelineEvent } from '../timeline/model.js'
import { useDrawingWidth, WIDEST_LADDER } from './drawing-width.js'
import { spokenOf } from './labels.js'
import { afterPaint } from './loading.js'
import { scrollWithin } from './scroll.js'
import { rowAfterKey } from './virtual.js'

export interface LadderProps {
  readonly timeline: Timeline
  readonly absolute: boolean
  readonly selected: number
  readonly select: (frame: number) => void
  readonly open: (run: number) => void
}

const PAGE = 8
/** Rows that fill a screen, and more. */
const FIRST_SEEN = 30

export function Ladder({ timeline, absolute, selected, select, open }: LadderProps) {
  const [box, width] = useDrawingWidth(WIDEST_LADDER)
  const [from, setFrom] = useState(0)
  const [isWhole, setWhole] = useState(false)
  const { events } = timeline
  const frames = useMemo(() => events.map(spanOf), [events])
  // the part of a long ladder that is drawn is the one with the chosen packet
  const index = frames.findIndex((span) => span !== undefined && span[0] <= selected && selected <= span[1])
  const start =
    index >= 0 && (index < from || index >= from + MOST_EVENTS)
      ? partOf(index)
      : Math.min(from, partOf(events.length - 1))
  useEffect(() => setFrom(start), [start])
  // what is seen at first is drawn first, and the rest of it once that is on the screen
  const most = isWhole || index >= start + FIRST_SEEN ? MOST_EVENTS : FIRST_SEEN
  useEffect(() => (width === 0 || isWhole ? undefined : afterPaint(() => setWhole(true))), [width, isWhole])
  const svg = useMemo(
    () =>
      width === 0
        ? ''
        : draw({ ...timeline, events: events.slice(start, start + most) }, before(events, start), width, absolute),
    [timeline, start, most, width, absolute],
  )
  useEffect(() => mark(box.current, selected), [svg, selected])

  const choose = (element: Element | null) => {
    const row = element?.closest('[data-from]')
    if (row === null || row === undefined) return
    const frame = Number(row.getAttribute('data-from'))
    if (row.hasAttribute('data-run')) open(frame)
    select(frame)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const rows = frames.flatMap((span, at) => (span === undefined ? [] : [at]))
    const place = rows.indexOf(index)
    if (event.key === 'Enter' || event.key === ' ') {
      choose(box.current?.querySelector('[aria-selected=true]') ?? null)
      event.preventDefault()
      return
    }
    const next = rowAfterKey(event.key, place, rows.length, PAGE)
    const span = next === undefined ? undefined : frames[rows[next] ?? -1]
    if (span === undefined) return
    event.preventDefault()
    select(span[0])
  }
  const drawn = Math.min(events.length, start + MOST_EVENTS)
  return (
    <div class="ladder-pane">
      <div
        ref={box}
        class="ladder drawing"
        role="listbox"
        aria-label="Ladder: client at the left, server at the right, time downwards"
        aria-activedescendant={index >= 0 ? `arrow-${frames[index]?.[0]}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={(event) => choose(event.target as Element)}
        dangerouslySetInnerHTML={{ __html: svg }}
      />
      {events.length > MOST_EVENTS && (
        <p class="pager">
          <button type="button" class="button" disabled={start === 0} onClick={() => go(start - MOST_EVENTS)}>
            Earlier
          </button>
          <span>
            rows {formatCount(start + 1)} to {formatCount(drawn)} of {formatCount(events.length)}
          </span>
          <button
            type="button"
            class="button"
            disabled={drawn === events.length}
            onClick={() => go(start + MOST_EVENTS)}
          >
            Later
          </button>
        </p>
      )}
      {timeline.leftOut > 0 && <p class="wrong">{countOf(timeline.leftOut, 'more packet')} of it not in this page.</p>}
    </div>
  )

  function go(to: number): void {
    setFrom(to)
    const span = frames.slice(to).find((one) => one !== undefined)
    if (span !== undefined) select(span[0])
    if (box.current !== null) box.current.scrollTop = 0
  }
}

function partOf(index: number): number {
  return Math.max(0, Math.floor(index / MOST_EVENTS) * MOST_EVENTS)
}

/** First and last frame that an event shows. */
function spanOf(event: TimelineEvent): readonly [number, number] | undefined {
  if (event.kind === 'packet' || event.kind === 'icmp') return [event.frame, event.frame]
  return event.kind === 'run' ? [event.firstFrame, event.lastFrame] : undefined
}

function draw(timeline: Timeline, start: Before | undefined, width: number, absolute: boolean): string {
  const around = (event: TimelineEvent, shapes: readonly string[], top: number, height: number) => {
    const span = spanOf(event)
    if (span === undefined) return shapes.join('')
    const spoken =
      event.kind === 'run'
        ? spokenRun(event)
        : event.kind === 'packet' || event.kind === 'icmp'
          ? spokenOf(event, absolute)
          : ''
    const run = event.kind === 'run' ? ' data-run=""' : ''
    const attributes = `class="row" role="option" aria-selected="false" id="arrow-${span[0]}" data-from="${span[0]}" data-to="${span[1]}"${run}`
    return `<g ${attributes}><title>${escapeXml(spoken)}</title>${rect(0, top, width, height, 'touch')}${shapes.join('')}</g>`
  }
  return drawLadder(timeline, { rawNumbers: absolute, width, before: start, around })
}

function spokenRun({ firstFrame, lastFrame, client, server }: RunEvent): string {
  const count = client.segments + client.acks + server.segments + server.acks
  return `packets ${firstFrame} to ${lastFrame}, folded: ${formatCount(count)} of plain data; choose to unfold`
}

/** Marks the row of the chosen packet, and brings it into view. */
function mark(box: HTMLDivElement | null, selected: number): void {
  if (box === null) return
  for (const row of box.querySelectorAll('[data-from]')) {
    const isSelected =
      Number(row.getAttribute('data-from')) <= selected && selected <= Number(row.getAttribute('data-to'))
    if (isSelected === (row.getAttribute('aria-selected') === 'true')) continue
    row.setAttribute('aria-selected', String(isSelected))
    if (!isSelected) continue
    scrollWithin(box, row, MARGIN)
    const isBelow = row.getBoundingClientRect().bottom > innerHeight
    if (isBelow && matchMedia(BESIDE).matches) box.closest('.workspace')?.scrollIntoView({ block: 'start' })
  }
}

const MARGIN = 40
/** The ladder and the packets stand beside each other. */
const BESIDE = '(min-width: 900px)'
