/** A session's plots; the pointer, or the arrow keys, tell what each point is. */
import { useMemo, useState } from 'preact/hooks'
import { printable } from '../bytes/printable.js'
import { formatSeconds } from '../bytes/time.js'
import type { Plot, Point, Series } from '../plots/model.js'
import { PLOT_NAMES, plotsOf, sendersOf, tellingPlots } from '../plots/plots.js'
import { formatValue } from '../plots/ticks.js'
import { drawPlotPanel, type PlotPanel } from '../render/plots/svg.js'
import { WIDTH } from '../render/svg/columns.js'
import type { Timeline } from '../timeline/model.js'
import { useDrawingWidth } from './drawing-width.js'
import { Words } from './words.js'

export interface PlotsProps {
  /** not folded */
  readonly timeline: Timeline
  readonly select: (frame: number) => void
}

export function Plots({ timeline, select }: PlotsProps) {
  const telling = useMemo(() => tellingPlots(timeline), [timeline])
  const [isAll, setAll] = useState(false)
  const [box, width] = useDrawingWidth(WIDTH)
  const shown = useMemo(
    () => (isAll ? plotsOf(timeline, PLOT_NAMES, sendersOf(timeline)) : telling),
    [timeline, telling, isAll],
  )
  if (sendersOf(timeline).length === 0) return null
  return (
    <section class="plots" ref={box}>
      <h2>Plots</h2>
      {telling.length === 0 && <p class="faint">None of them says what the ladder does not show better.</p>}
      {width > 0 &&
        shown.map((plot, index) => (
          <OnePlot key={`${plot.name} ${plot.sender}`} plot={plot} index={index} width={width} select={select} />
        ))}
      <button type="button" class="button" onClick={() => setAll(!isAll)}>
        {isAll ? 'Only the plots that say something' : 'Every plot of this session'}
      </button>
    </section>
  )
}

interface OnePlotProps {
  readonly plot: Plot
  readonly index: number
  /** a figure's when absent */
  readonly width?: number
  readonly select?: (frame: number) => void
}

interface Mark {
  readonly series: Series
  readonly point: Point
  readonly x: number
  readonly y: number
}

/** In the plot's own pixels. */
const REACH = 30

export function OnePlot({ plot, index, width, select }: OnePlotProps) {
  const panel = useMemo(() => drawPlotPanel(plot, index, width), [plot, index, width])
  const marks = useMemo(() => marksOf(plot, panel), [plot, panel])
  const [at, setAt] = useState<number>()
  const mark = at === undefined ? undefined : marks[at]
  const find = (event: PointerEvent | MouseEvent): number | undefined => {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    const scale = panel.width / box.width
    return nearest(marks, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale)
  }
  const choose = (found: number | undefined) => {
    const frame = found === undefined ? undefined : marks[found]?.point.frame
    if (frame !== undefined) select?.(frame)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') choose(at)
    else if (event.key === 'ArrowRight') setAt(Math.min(marks.length - 1, (at ?? -1) + 1))
    else if (event.key === 'ArrowLeft') setAt(Math.max(0, (at ?? 1) - 1))
    else if (event.key === 'Home') setAt(0)
    else if (event.key === 'End') setAt(marks.length - 1)
    else return
    event.preventDefault()
  }
  return (
    <figure class="plot">
      <div
        class="drawing"
        role="group"
        aria-label={`${plot.title}: ${marks.length} points; arrow keys go from one to the next`}
        tabIndex={0}
        onPointerMove={(event) => setAt(find(event))}
        onPointerLeave={() => setAt(undefined)}
        onClick={(event) => choose(find(event))}
        onKeyDown={onKeyDown}
      >
        <div dangerouslySetInnerHTML={{ __html: panel.svg }} />
        {mark !== undefined && (
          <svg class="over" viewBox={`0 0 ${panel.width} ${panel.height}`} aria-hidden="true">
            <line x1={mark.x} x2={mark.x} y1={panel.area.top} y2={panel.area.bottom} class="l-faint dots" />
            <line x1={panel.area.left} x2={panel.area.right} y1={mark.y} y2={mark.y} class="l-faint dots" />
            <circle cx={mark.x} cy={mark.y} r="6" class="ring" />
          </svg>
        )}
      </div>
      <output class="reading" aria-live="polite">
        {mark === undefined ? ' ' : <Reading plot={plot} mark={mark} />}
      </output>
      <figcaption>
        {plot.caption.map((sentence) => (
          <span key={sentence}>
            <Words text={sentence} />{' '}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

function Reading({ plot, mark }: { readonly plot: Plot; readonly mark: Mark }) {
  const { series, point } = mark
  const { time, value, to, frame, note } = point
  const until = to === undefined ? '' : ` to ${formatValue(plot.value.unit, to)}`
  return (
    <>
      <strong>{series.label}</strong> {formatSeconds(Math.round(time), 6)} s: {formatValue(plot.value.unit, value)}
      {until}
      {frame === undefined ? '' : `, #${frame}`}
      {note === undefined ? '' : ` — ${printable(note)}`}
    </>
  )
}

function marksOf({ series }: Plot, { scale }: PlotPanel): Mark[] {
  const marks = series.flatMap((one) =>
    one.points.map((point): Mark => {
      const middle = point.to === undefined ? point.value : (point.value + point.to) / 2
      return { series: one, point, x: scale.x(point.time), y: scale.y(middle) }
    }),
  )
  return marks.toSorted((a, b) => a.x - b.x)
}

function nearest(marks: readonly Mark[], x: number, y: number): number | undefined {
  let found: number | undefined
  let closest = REACH
  for (const [index, mark] of marks.entries()) {
    const distance = Math.hypot(mark.x - x, mark.y - y)
    if (distance >= closest) continue
    closest = distance
    found = index
  }
  return found
}
