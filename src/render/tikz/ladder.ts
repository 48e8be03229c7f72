/** A timeline as TikZ pictures: the same figure, for LaTeX, on as many pages as it takes. */
import type { AnyTimeline, TimelineEvent } from '../../timeline/model.js'
import { before, drawPart, firstOf, heightOf, type PartOptions } from '../svg/figure.js'
import { tikzPen, tikzPicture } from './pen.js'

/** Narrower than on a screen, so that the type is larger on paper; with notes beside it, wider. */
const WIDTH = 700
const NOTED_WIDTH = 860
/** Pixels of height for a pixel of width that a page has room for, with the caption below. */
const TALL = 1.36
/** What phases and endpoints take beside the events: pixels of each part, and of each phase that begins in it. */
const AROUND = 60
const PHASE = 16

/** One `tikzpicture` for each page that the timeline takes; `timeline` is folded. */
export function ladderTikz(timeline: AnyTimeline, rawNumbers: boolean): string[] {
  const hasNotes = timeline.events.some((event) => event.kind === 'packet' && event.comments !== undefined)
  const width = hasNotes ? NOTED_WIDTH : WIDTH
  const drawn = firstOf(timeline)
  const parts = partsOf(drawn, { rawNumbers, width })
  let start = 0
  return parts.map((events, index) => {
    const leftOut = index === parts.length - 1 ? drawn.leftOut : 0
    const shapes = drawPart({ ...drawn, events, leftOut }, tikzPen, {
      rawNumbers,
      width,
      before: before(drawn.events, start),
    })
    start += events.length
    return tikzPicture(shapes, width)
  })
}

function partsOf(timeline: AnyTimeline, options: PartOptions): TimelineEvent[][] {
  const parts: TimelineEvent[][] = []
  let room = 0
  let phase: string | undefined
  for (const event of timeline.events) {
    const isNewPhase = 'phase' in event && event.phase !== phase
    if (isNewPhase) phase = event.phase
    const height = heightOf(event, timeline, options) + (isNewPhase ? PHASE : 0)
    if (height > room || parts.length === 0) {
      parts.push([])
      room = options.width * TALL - AROUND
    }
    parts.at(-1)?.push(event)
    room -= height
  }
  return parts
}
