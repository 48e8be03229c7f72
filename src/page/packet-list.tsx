/** The packets of a session, one a row. */
import { formatSeconds } from '../bytes/time.js'
import type { FrameEvent } from './events.js'
import { paintName, senderOf, textOf } from './labels.js'
import { rowAfterKey, useVisibleRows } from './virtual.js'

export interface PacketListProps {
  readonly events: readonly FrameEvent[]
  readonly digits: number
  readonly absolute: boolean
  readonly selected: number
  readonly select: (frame: number) => void
}

const ROW = 24
const PAGE = 10
const MOST_DIGITS = 6

export function PacketList({ events, digits, absolute, selected, select }: PacketListProps) {
  const current = events.findIndex(({ frame }) => frame === selected)
  const { container, first, end } = useVisibleRows(events.length, ROW, current)
  const onKeyDown = (event: KeyboardEvent) => {
    const next = rowAfterKey(event.key, current, events.length, PAGE)
    const chosen = next === undefined ? undefined : events[next]
    if (chosen === undefined) return
    event.preventDefault()
    select(chosen.frame)
  }
  return (
    <div
      ref={container}
      class="pane packets"
      role="grid"
      aria-label="Packets"
      aria-rowcount={events.length}
      aria-colcount={4}
      aria-activedescendant={current >= first && current < end ? `packet-${selected}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: `${first * ROW}px` }} />
      {events.slice(first, end).map((event, index) => (
        <div
          key={event.frame}
          id={`packet-${event.frame}`}
          class="packet"
          role="row"
          aria-rowindex={first + index + 1}
          aria-selected={event.frame === selected}
          onClick={() => select(event.frame)}
        >
          <span role="gridcell" class="number">
            {event.frame}
          </span>
          <span role="gridcell" class="number">
            {formatSeconds(event.time, Math.min(digits, MOST_DIGITS))}
          </span>
          <span role="gridcell" aria-label={`from the ${senderOf(event)}`}>
            {senderOf(event) === 'client' ? '→' : '←'}
          </span>
          <span role="gridcell" class={`what paint-${paintName(event)}`}>
            {event.kind === 'packet' && event.comments !== undefined ? '✎ ' : ''}
            {textOf(event, absolute)}
          </span>
        </div>
      ))}
      <div role="presentation" style={{ height: `${(events.length - end) * ROW}px` }} />
    </div>
  )
}
